"""How a key is written: what it is for, its public id, and a secret of 32 random bytes.

    sk_0123456789ab_…  secret        pk_…  publishable        k_…  sheet

The id may be shown and logged; the secret is shown once, when the key is made, and only its hash is kept. The secret has 256
bits of chance, so that no slow hash is needed: nobody tries them out, whatever one try costs.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass

SECRET, PUBLISHABLE, SHEET = "secret", "publishable", "sheet"
PREFIXES = {SECRET: "sk", PUBLISHABLE: "pk", SHEET: "k"}
KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
ID = re.compile(r"(?:(?:sk|pk|k)_)?([0-9a-f]{12})(?:_.*)?")
_FORM = re.compile(r"(sk|pk|k)_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
# What is taken for a key inside a longer text: one that is whole, and what begins like one. A quote's id may hold such letters
# by chance, but never at its beginning.
_INSIDE = re.compile(
    r"(?:[sp]?k_)(?P<whole>[0-9a-f]{12})_[A-Za-z0-9_-]{16,}"
    r"|(?<![A-Za-z0-9_-])[sp]k_(?:(?P<id>[0-9a-f]{12})_)?[A-Za-z0-9_-]*"
)


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as somebody sent it, taken apart; nothing says yet that there is such a key."""

    kind: str
    id: str
    secret: str

    @classmethod
    def read(cls, text: str) -> "KeyText | None":
        """The parts of a key, None for what is not written like one."""
        found = _FORM.fullmatch(text)
        return None if found is None else cls(KINDS[found[1]], found[2], found[3])

    @classmethod
    def fresh(cls, kind: str) -> "KeyText":
        """A key that nobody has had before."""
        return cls(kind, secrets.token_hex(6), secrets.token_urlsafe(32))

    @property
    def hash(self) -> str:
        """What is kept of the secret: its SHA-256, in hex."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def __str__(self) -> str:
        return f"{PREFIXES[self.kind]}_{self.id}_{self.secret}"

    def __repr__(self) -> str:
        return f"KeyText({redacted(str(self))})"


def key_inside(text: str) -> str | None:
    """The first key that stands in a text, "" for one without a whole id, None where there is none."""
    if "k_" not in text:
        return None
    found = _INSIDE.search(text)
    return None if found is None else found["whole"] or found["id"] or ""


def redacted(text: str) -> str:
    """A text as it may be logged or told: of the keys in it, their ids alone."""
    return _INSIDE.sub(_without_secret, text) if "k_" in text else text


def _without_secret(found: re.Match[str]) -> str:
    id = found["whole"] or found["id"]
    return f"{found[0].partition('_')[0]}_{f'{id}_' if id else ''}…"
