"""What stands after the question mark, read strictly, and lists of answers a page at a time.

A parameter that nobody knows is refused like an unknown field of a body: a misspelt filter would give the whole list and
nobody would see it. A page is named by the id of its last entry, so that a list that has grown meanwhile loses nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes, urlencode

from flask import request

from api.fields import NAMELESS, nearest_first
from api.reading import LONGEST_ECHO, Malformed, Refused
from calculator.errors import Unpriceable, Unreadable

Item = TypeVar("Item")
MOST, USUAL = 1000, 100
LONGEST_TEXT = 200
CURSOR = {
    "name": "cursor",
    "in": "query",
    "description": "Where the page begins: `next` of the page before.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    "example": "08044000",
}


def limit_documented(most: int, usual: int) -> dict[str, Any]:
    """The parameter `limit` as the specification has it."""
    return {
        "name": "limit",
        "in": "query",
        "description": "How many entries a page has.",
        "schema": {"type": "integer", "minimum": 1, "maximum": most, "default": usual},
        "example": usual,
    }


def limit_read(most: int, usual: int) -> Callable[[str], int]:
    """The reader of how many entries a page is to have: 1 to `most`."""

    def limit(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) or not 1 <= int(text) <= most:
            raise Unreadable("wrong_form", "", ("1", f"{usual}", f"{most}"), text=text[:LONGEST_ECHO])
        return int(text)

    return limit


LIMIT = limit_documented(MOST, USUAL)
limit = limit_read(MOST, USUAL)


class NotThere(Exception):
    """A parameter or a field names something that there is not, where every other name would do: 404."""

    def __init__(self, refusal: Unpriceable) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, its length, and the cursor of the part after it."""

    items: Sequence[Any]
    total: int
    next: str | None


def read_query(**readers: Callable[[str], Any]) -> dict[str, Any]:
    """The parameters of the request, each as its reader gives it. Raises Refused with all that is wrong, or Malformed."""
    _in_utf8(request.query_string)
    return read_each(request.args.lists(), readers, "?/")


def read_each(
    given: Iterable[tuple[str, Sequence[Any]]], readers: Mapping[str, Callable[[Any], Any]], place: str
) -> dict[str, Any]:
    """What is given under names, each as its reader gives it; a pointer is `place` and the name. Raises Refused."""
    refusals: list[Unpriceable] = []
    found: dict[str, Any] = {}
    for name, values in given:
        pointer = f"{place}{name[:LONGEST_ECHO]}"
        if name not in readers:
            refusals.append(
                Unreadable(
                    "unknown_field", pointer, nearest_first(name, readers), field=name[:LONGEST_ECHO] or NAMELESS
                )
            )
        elif len(values) > 1:
            refusals.append(Unreadable("duplicate_key", pointer, key=name))
        else:
            try:
                found[name] = readers[name](values[0])
            except Unpriceable as refusal:
                refusals.append(refusal.at(pointer))
    if refusals:
        raise Refused(refusals)
    return found


def needed(asked: Mapping[str, Any], **examples: str) -> None:
    """Raises Refused where a parameter that must be given is not; each is named with how it may look."""
    missing = [
        Unreadable("missing_field", f"?/{name}", (example,)) for name, example in examples.items() if name not in asked
    ]
    if missing:
        raise Refused(missing)


def _in_utf8(query: bytes) -> None:
    """Raises Malformed with the parameter that is no UTF-8: to search for what was guessed in its place helps nobody."""
    for parameter in query.split(b"&"):
        try:
            unquote_to_bytes(parameter).decode()
        except UnicodeDecodeError:
            shown = parameter.decode("ascii", "backslashreplace")[:LONGEST_ECHO]
            raise Malformed("bad_request", detail=f"{shown} (UTF-8?)") from None


def words(text: str, longest: int = LONGEST_TEXT) -> str:
    """A short text, to search for as a rule."""
    if len(text) > longest:
        raise Unreadable("text_too_long", text=text[:LONGEST_ECHO], longest=longest)
    return text.strip()


def day(text: str) -> date:
    """A day of the calendar, of any year."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unreadable("not_a_day", "", ("2026-11-23",), text=text[:LONGEST_ECHO])


def page(items: Sequence[Item], name: Callable[[Item], str], asked: Mapping[str, Any]) -> Page:
    """The page that `limit` and `cursor` ask for. Raises NotThere for a cursor that names no entry."""
    start = 0
    if "cursor" in asked:
        cursor = asked["cursor"]
        start = next((at + 1 for at, item in enumerate(items) if name(item) == cursor), 0)
        if not start:
            raise NotThere(Unreadable("unknown_cursor", "?/cursor", text=cursor[:LONGEST_ECHO]))
    end = start + asked.get("limit", USUAL)
    shown = items[start:end]
    return Page(shown, len(items), name(shown[-1]) if shown and end < len(items) else None)


def next_link(found: Page) -> str:
    """The relative address of the next page, "" where this is the last."""
    if found.next is None:
        return ""
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': found.next})}"


def no_body(instead: str = "") -> None:
    """Raises Malformed, which says what to write in its place: what was meant by a body would be overlooked in silence."""
    if request.get_data():
        raise Malformed("bad_request", detail=f"this call has no body{instead and ': '}{instead}")
