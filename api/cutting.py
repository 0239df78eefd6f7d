"""`?fields=totals,goods`: the top level of a quote's answer, cut to what the client reads.

Only the answer is cut: what is kept is whole. A name that no quote has is refused; one that this quote has not is left out.
"""

import json

from api.fields import nearest_first
from api.quote_document import QUOTE
from api.reading import LONGEST_ECHO
from calculator.errors import Unreadable

NAMES: tuple[str, ...] = tuple(QUOTE["properties"])
FIELDS = {
    "name": "fields",
    "in": "query",
    "description": f"Only these parts of the answer, with commas between them: {', '.join(NAMES)}.",
    # A text, not a list: many clients repeat the parameter for each entry of a list, whatever the style.
    "schema": {"type": "string", "pattern": f"^({'|'.join(NAMES)})(,({'|'.join(NAMES)}))*$"},
    "example": "totals,goods",
}


def wanted(text: str) -> frozenset[str]:
    """The names that `fields` lists. Raises Unreadable for nothing, and for a name that no quote has."""
    if not text.strip():
        raise Unreadable("empty_text", "", ("totals,goods",))
    asked = frozenset(name.strip() for name in text.split(","))
    for name in sorted(asked.difference(NAMES)):
        raise Unreadable("unknown_field", "", nearest_first(name, NAMES), field=name[:LONGEST_ECHO])
    return asked


def cut(body: bytes, names: frozenset[str] | None) -> bytes:
    """The bytes of an answer with these of its parts alone, in their order; all of it for None."""
    if names is None:
        return body
    part = {name: each for name, each in json.loads(body).items() if name in names}
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode()
