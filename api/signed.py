"""The signature of a quote as a file: made over everything else that stands in it, and checked with nothing but a public key.

What is signed is the file without `signature` as JSON in UTF-8 with sorted keys and no spaces, so that it may be written anew
with other spaces. What this does not say is whether the quote is right.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from api.signing import ALGORITHM, PublicKey, SigningKey, from_letters, in_letters
from calculator.errors import Unreadable

SIGNATURE = "signature"
# What is told of a quote after it was made: it is no part of what was signed.
SUPERSEDED = "superseded_by_correction"
MEMBERS = frozenset({"algorithm", "key_id", "value"})
LENGTH = 64
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Seal:
    """What there is to say of a file's signature: the key that it names ("" for none), whether that key was at hand and did
    sign the file, and what is wrong."""

    key_id: str = ""
    sound: bool = False
    objection: Unreadable | None = None


def canonical(part: object) -> bytes:
    """The one form of a part of a file that is hashed and signed."""
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "surrogatepass")


def signed_bytes(document: Mapping[str, Any]) -> bytes:
    """What a signature is over: everything but itself and the marks of later corrections."""
    return canonical({name: part for name, part in document.items() if name not in (SIGNATURE, SUPERSEDED)})


def signature(document: Mapping[str, Any], key: SigningKey) -> dict[str, str]:
    """The signature of a file, as it stands in it."""
    value = in_letters(key.signature(signed_bytes(document)))
    return {"algorithm": ALGORITHM, "key_id": key.public.id, "value": value}


def seal(document: Mapping[str, Any], keys: Iterable[PublicKey] | None) -> Seal:
    """Read the signature of a file, and hold it against the keys that its reader trusts; None: against none."""
    if SIGNATURE not in document:
        return Seal(objection=None if keys is None else Unreadable("file_not_signed", f"/{SIGNATURE}"))
    given = document[SIGNATURE]
    if (
        not isinstance(given, dict)
        or given.keys() != MEMBERS
        or not all(isinstance(each, str) for each in given.values())
    ):
        return Seal(objection=Unreadable("signature_unreadable", f"/{SIGNATURE}", sorted(MEMBERS)))
    key_id = given["key_id"][:LONGEST_NAME]
    if given["algorithm"] != ALGORITHM:
        kind = given["algorithm"][:LONGEST_NAME]
        return Seal(
            key_id,
            objection=Unreadable("signature_of_another_kind", f"/{SIGNATURE}/algorithm", (ALGORITHM,), kind=kind),
        )
    value = from_letters(given["value"], LENGTH)
    if value is None:
        return Seal(key_id, objection=Unreadable("signature_unreadable", f"/{SIGNATURE}/value"))
    if keys is None:
        return Seal(key_id)
    trusted = {each.id: each for each in keys}
    if given["key_id"] not in trusted:
        return Seal(key_id, objection=Unreadable("signed_by_another_key", f"/{SIGNATURE}/key_id", trusted, key=key_id))
    if not trusted[key_id].signed(signed_bytes(document), value):
        return Seal(key_id, objection=Unreadable("signature_wrong", f"/{SIGNATURE}/value", key=key_id))
    return Seal(key_id, sound=True)
