"""A quote as a file that anybody can carry away and reckon again: what was asked, the rows of law, and the answer.

The file needs neither our tables nor our server: the rows that the quote rests on are in it. Its bytes are the same wherever it
is written. Each part has its hash, so that a change of one is told apart from a quote that comes out otherwise.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from api import day_in_china
from api.answers import answer
from api.corrected import told
from api.dossier_json import WrittenDossier, read_dossier
from api.fields import Known
from api.figures import iso_currencies
from api.reading import Malformed, Refused, escaped, read_json
from api.schemas import QuoteIn
from api.signed import SIGNATURE, SUPERSEDED, Seal, canonical, seal, signature
from api.signing import PublicKey, SigningKey
from api.store import KeptQuote
from api.writing import json_bytes
from calculator.errors import Unpriceable, Unreadable
from calculator.quote import EARLIER_ENGINES, ENGINE_VERSION, Quote, quote_of

FORMAT, VERSION = "galeon-quote", "1"
PARTS = ("request", "dossier", "sources", "quote")
# Of a quote that comes out otherwise, so many places are told.
MOST_TOLD = 50
ABSENT = "—"


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of the quote (RFC 6901) at which it comes out otherwise than the file says; "—" for what is not there."""

    pointer: str
    filed: str
    reckoned: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a file: the parts that are not what their hash says, and where the quote comes out otherwise.

    `refusal` says why it could not be reckoned again at all, or why this engine cannot judge what it found; `seal` what there is
    to say of its signature; `engine` names the earlier engine that made the quote, "" where it was this one.
    """

    id: str
    changed: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    refusal: Unpriceable | None = None
    seal: Seal = field(default_factory=Seal)
    engine: str = ""

    @property
    def equal(self) -> bool:
        """Whether the quote is what it says, and signed as was asked."""
        return not self.changed and not self.differences and self.refusal is None and self.seal.objection is None


def carried(kept: KeptQuote, dossier: WrittenDossier, key: SigningKey | None = None) -> bytes:
    """The file of a kept quote and of the rows that it rests on, signed where there is a key."""
    parts = {
        "request": kept.request,
        "dossier": json.loads(dossier.document),
        "sources": json.loads(dossier.sources),
        "quote": json.loads(kept.quote),
    }
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "engine_version": kept.engine_version,
        "release": kept.release,
        "fx_release": kept.fx_release,
        "id": kept.id,
        "created_at": kept.created_at.isoformat(),
        "language": kept.language,
        **parts,
        "sha256": {name: _hash(part) for name, part in parts.items()},
    }
    if key is not None:
        document[SIGNATURE] = signature(document, key)
    if kept.superseded_by:
        document[SUPERSEDED] = told(kept.superseded_by)
    return f"{json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def verified(body: bytes, keys: Iterable[PublicKey] | None = None) -> Verdict:
    """Reckon the quote of a file again, with nothing but the file, and hold its signature against the keys where some are given.

    Raises Unreadable for what is no such file.
    """
    document = _document(body)
    changed = tuple(name for name in PARTS if _hash(document[name]) != document["sha256"].get(name))
    verdict = Verdict(document["id"], changed, seal=seal(document, keys))
    made_by = document["engine_version"]
    if made_by == ENGINE_VERSION:
        return _judged(verdict, document, frozenset())
    another = Unreadable("file_of_another_engine", "/engine_version", (), engine=made_by, ours=ENGINE_VERSION)
    if made_by not in EARLIER_ENGINES:
        return replace(verdict, refusal=another)
    # What this engine makes of it as the earlier one did is proved; what it makes otherwise may be its own doing.
    found = _judged(replace(verdict, engine=made_by), document, EARLIER_ENGINES[made_by])
    unproved = not changed and (found.differences or found.refusal)
    return replace(found, refusal=another) if unproved else found


def _judged(verdict: Verdict, document: Mapping[str, Any], untold: frozenset[str]) -> Verdict:
    """The verdict with what comes of reckoning again; the places that its engine did not tell of count for nothing."""
    try:
        reckoned = _reckoned(document)
    except Refused as refused:
        return replace(verdict, refusal=refused.refusals[0].at("/request"))
    except Unpriceable as refusal:
        return replace(verdict, refusal=refusal.at("/request"))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, ExceptionGroup) as error:
        # Rows that nobody wrote so, in any of the ways in which rows can be wrong.
        told = Unreadable("rows_not_read", "/dossier", (), why=f"{type(error).__name__}: {error}"[:200])
        return replace(verdict, refusal=told)
    found = (
        each
        for each in _differences(document["quote"], reckoned, "")
        if each.pointer not in untold or each.filed != ABSENT
    )
    return replace(verdict, differences=tuple(islice(found, MOST_TOLD)))


def quote_in(body: bytes, name: str) -> tuple[str, Quote]:
    """The quote of a file that is what it says, with its id. Raises Unpriceable where it is not; `name` is the file's."""
    verdict = verified(body)
    if verdict.refusal is not None:
        raise verdict.refusal
    if not verdict.equal:
        place = verdict.differences[0].pointer if verdict.differences else None
        raise Unreadable("quote_file_changed", "", (), file=name, parts=verdict.changed or None, place=place)
    return verdict.id, _quote(_document(body))


def _quote(document: Mapping[str, Any]) -> Quote:
    """The quote of the request and the rows of a file."""
    created_at = datetime.fromisoformat(document["created_at"])
    known = Known(iso_currencies(), document["release"], lambda: day_in_china(created_at))
    asked = replace(QuoteIn(known).load(document["request"]), language=document["language"])
    return quote_of(asked, read_dossier(json.dumps(document["dossier"]), json.dumps(document["sources"])))


def _reckoned(document: Mapping[str, Any]) -> Any:
    """The same, as it was told."""
    created_at, spoken = datetime.fromisoformat(document["created_at"]), document["language"]
    return json.loads(json_bytes(answer(_quote(document), id=document["id"], created_at=created_at, language=spoken)))


def _document(body: bytes) -> dict[str, Any]:
    """The file as JSON. Raises Unreadable."""
    try:
        read_json(body)
        document = json.loads(body)
    except (Malformed, ValueError, RecursionError):
        raise Unreadable("no_quote_file", "", ()) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Unreadable("no_quote_file", "", ())
    if document.get("version") != VERSION:
        raise Unreadable("file_of_another_version", "/version", (VERSION,), version=str(document.get("version"))[:20])
    texts = ("engine_version", "release", "id", "created_at", "language")
    missing = [name for name in texts if not isinstance(document.get(name), str)]
    missing += [name for name in (*PARTS, "sha256") if not isinstance(document.get(name), dict)]
    if missing:
        raise Unreadable("missing_field", f"/{missing[0]}", ())
    try:
        moment = datetime.fromisoformat(document["created_at"])
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unreadable(
            "not_a_moment", "/created_at", ("2026-11-23T09:30:00+00:00",), text=document["created_at"][:60]
        )
    return document


def _hash(part: object) -> str:
    return hashlib.sha256(canonical(part)).hexdigest()


def _differences(filed: object, reckoned: object, pointer: str) -> Iterator[Difference]:
    """Where two documents are not the same, in the order of the first."""
    if isinstance(filed, dict) and isinstance(reckoned, dict):
        for name in (*filed, *(each for each in reckoned if each not in filed)):
            yield from _differences(filed.get(name, ABSENT), reckoned.get(name, ABSENT), f"{pointer}/{escaped(name)}")
    elif isinstance(filed, list) and isinstance(reckoned, list) and len(filed) == len(reckoned):
        for number, (one, other) in enumerate(zip(filed, reckoned, strict=True)):
            yield from _differences(one, other, f"{pointer}/{number}")
    elif type(filed) is not type(reckoned) or filed != reckoned:
        yield Difference(pointer, _told(filed), _told(reckoned))


def _told(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:200]
