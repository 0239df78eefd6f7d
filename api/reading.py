"""Strict reading of JSON: the bytes of a body become plain values, or a refusal that says why they are no JSON.

Numbers are kept as they were written, so that no float ever comes into being and an exponent can still be seen.
Duplicate keys, NaN, text that is not UTF-8 and nesting without end are refused rather than guessed at.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from calculator.errors import Unpriceable, Unreadable

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_ECHO = 100
# A request needs six. The parser gives up by itself too, but where depends on the Python and on the thread's stack.
DEEPEST = 64
# An opening, a closing, or a whole text, even one that never ends: it cannot fail, so nothing is read twice.
_NESTING = re.compile(r"""[\[{]|[\]}]|"[^"\\]*+(?:\\(?:.|\Z)[^"\\]*+)*+(?:"|\Z)""", re.DOTALL)
# Nobody reads more; a request may hold tens of thousands of unknown keys.
MOST_REFUSALS = 50


# What the parser of the standard library says, and our code for it; the longer beginning comes first.
FAULTS = {
    "Expecting property name": "json_name_expected",
    "Expecting ':'": "json_colon_expected",
    "Expecting ','": "json_comma_expected",
    "Illegal trailing comma": "json_trailing_comma",
    "Expecting value": "json_value_expected",
    "Extra data": "json_goes_on",
    "Unterminated string": "json_text_open",
    "Invalid control character": "json_control_character",
    "Invalid \\": "json_wrong_escape",
}


class Malformed(Exception):
    """A body that is no JSON: `code` names the kind, `errors` tell the places."""

    def __init__(self, code: str, *errors: Unpriceable, **facts: object) -> None:
        super().__init__(code, errors, facts)
        self.code = code
        self.errors = errors
        self.facts = facts


class Refused(Exception):
    """A body that was understood and is wrong, in one or several places at once; one more than are told is kept."""

    def __init__(self, refusals: Iterable[Unpriceable]) -> None:
        self.refusals = tuple(islice(refusals, MOST_REFUSALS + 1))
        super().__init__(self.refusals)


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number as it stands in the text."""

    text: str


def read_json(body: bytes) -> object:
    """The value of a body. Raises Malformed."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("not_utf8", position=error.start) from None
    if not text.strip():
        raise Malformed("empty_body")
    if too_deep(text):
        raise Malformed("nested_too_deep", Unreadable("nested_too_deep", deepest=DEEPEST))
    faults: list[_Fault] = []
    try:
        value = json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=lambda name: _noted(faults, _Fault("json_no_number", name)),
            object_pairs_hook=lambda pairs: _object(pairs, faults),
        )
    except json.JSONDecodeError as error:
        code = next((code for said, code in FAULTS.items() if error.msg.startswith(said)), "json_value_expected")
        raise Malformed("malformed_json", Unreadable(code, line=error.lineno, column=error.colno)) from None
    # Only an escape can bring half a character; it could neither be stored nor sent back.
    if faults or "\\u" in text:
        _look_through(value)
    return value


def too_deep(text: str) -> bool:
    """Whether objects and lists stand more than DEEPEST levels inside one another, told without parsing."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return False
    depth = 0
    for found in _NESTING.finditer(text):
        sign = text[found.start()]
        if sign in "[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif sign in "]}":
            depth -= 1
    return False


def escaped(key: str) -> str:
    """A key as a part of a JSON pointer (RFC 6901), cut where it is long."""
    return key[:LONGEST_ECHO].replace("~", "~0").replace("/", "~1")


def plain(value: object) -> object:
    """The same value with its numbers as text, as it is stored."""
    match value:
        case Number(text):
            return text
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case _:
            return value


class _Fault:
    """What stands in the value for a place that must be refused, until its pointer is known."""

    def __init__(self, code: str, text: str) -> None:
        self.code = code
        self.text = text

    def at(self, pointer: str) -> Malformed:
        if self.code != "duplicate_key":
            return Malformed("malformed_json", Unreadable(self.code, pointer, text=self.text))
        if LONE_SURROGATE.search(self.text):
            return Malformed("lone_surrogate", Unreadable("lone_surrogate", pointer))
        where = f"{pointer}/{escaped(self.text)}"
        return Malformed(self.code, Unreadable(self.code, where, key=self.text[:LONGEST_ECHO]))


def _noted(faults: list[_Fault], fault: _Fault) -> _Fault:
    faults.append(fault)
    return fault


def _object(pairs: list[tuple[str, object]], faults: list[_Fault]) -> object:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                return _noted(faults, _Fault("duplicate_key", key))
            seen.add(key)
    return result


def _look_through(value: object) -> None:
    """Raise what is wrong inside a value; deep ones too, so that nothing calls itself here."""
    waiting: list[tuple[str, object]] = [("", value)]
    while waiting:
        pointer, each = waiting.pop()
        match each:
            case _Fault():
                raise each.at(pointer)
            case str() if LONE_SURROGATE.search(each):
                raise Malformed("lone_surrogate", Unreadable("lone_surrogate", pointer))
            case list():
                waiting += ((f"{pointer}/{place}", inner) for place, inner in enumerate(each))
            case dict():
                if any(LONE_SURROGATE.search(key) for key in each):
                    raise Malformed("lone_surrogate", Unreadable("lone_surrogate", pointer))
                waiting += ((f"{pointer}/{escaped(key)}", inner) for key, inner in each.items())
