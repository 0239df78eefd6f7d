"""A dossier as JSON and back, so that a stored quote can be computed again when the tables have moved on.

The documents that a release cites are the same for every dossier of it, and longer than the rest, so they are written apart:
a dossier names them by their hash. Exact decimals stand as text; what is written is the same on every machine.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from threading import Lock
from zlib import compress, decompress

from cattrs import Converter
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from calculator.citations import Source
from calculator.dossier import Dossier
from calculator.tariff_line import AdValorem, Compound, DutyRate, Specific

Sources = Mapping[str, Source]
# A dossier serves many quotes, one after the other; as many as a busy hour has.
MOST_REMEMBERED = 512
# The level of zlib that takes the least time.
QUICKLY = 1


@dataclass(frozen=True, slots=True)
class WrittenDossier:
    """A dossier as text: its rows, and the documents they cite, each with its hash (SHA-256).

    Some hundreds are held at a time and hardly one is read, so that the rows are packed to a tenth of their size.
    """

    packed: bytes
    sources: str
    hash: str
    sources_hash: str

    @classmethod
    def of(cls, document: str, sources: str, hash: str, sources_hash: str) -> "WrittenDossier":
        """The dossier of these rows."""
        return cls(compress(document.encode(), QUICKLY), sources, hash, sources_hash)

    @property
    def document(self) -> str:
        """The rows."""
        return decompress(self.packed).decode()


class DossierWriter:
    """Writes dossiers, and remembers those it wrote: the same object is asked for again and again."""

    def __init__(self) -> None:
        self._lock = Lock()
        # Each with the object that it was written from, which keeps another from taking its identity.
        self._written: dict[int, tuple[Dossier, WrittenDossier]] = {}
        self._sources: tuple[Sources, str, str] | None = None

    def written(self, dossier: Dossier) -> WrittenDossier:
        """The dossier as text."""
        known = self._written.get(id(dossier))
        if known is not None and known[0] is dossier:
            return known[1]
        sources, sources_hash = self._cited(dossier.sources)
        document = _text({**_converter().unstructure(replace(dossier, sources={}), Dossier), "sources": sources_hash})
        fresh = WrittenDossier.of(document, sources, _hash(document), sources_hash)
        with self._lock:
            while len(self._written) >= MOST_REMEMBERED:
                del self._written[next(iter(self._written))]
            self._written[id(dossier)] = (dossier, fresh)
        return fresh

    def _cited(self, sources: Sources) -> tuple[str, str]:
        known = self._sources
        if known is None or known[0] is not sources:
            text = _text(_converter().unstructure(dict(sources), dict[str, Source]))
            known = self._sources = (sources, text, _hash(text))
        return known[1:]


def read_dossier(document: str, sources: str) -> Dossier:
    """The dossier that was written as these two texts."""
    rows = {**json.loads(document), "sources": json.loads(sources)}
    return _converter().structure(rows, Dossier)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _converter() -> Converter:
    """Reads and writes every type that a dossier is made of."""
    converter = make_converter(omit_if_default=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    for union in (AdValorem | Specific | Compound, DutyRate):
        configure_tagged_union(union, converter, tag_name="form", tag_generator=_form)
    write, read = converter.get_unstructure_hook(DutyRate), converter.get_structure_hook(DutyRate)
    # A trade remedy may be in force at a rate that nobody has read.
    converter.register_unstructure_hook_func(_may_be_unread, lambda value: None if value is None else write(value))
    converter.register_structure_hook_func(
        _may_be_unread, lambda value, _: None if value is None else read(value, DutyRate)
    )
    return converter


def _may_be_unread(kind: object) -> bool:
    return bool(kind == DutyRate | None)


def _form(kind: type) -> str:
    return kind.__name__
