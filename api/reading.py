"""Strict reading of JSON: the bytes of a body become plain values, or a refusal that says why they are no JSON.

Numbers are kept as they were written, so that no float ever comes into being and an exponent can still be seen.
Duplicate keys, NaN, text that is not UTF-8 and nesting without end are refused rather than guessed at.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from calculator.errors import Unpriceable

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_ECHO = 100


class Malformed(Exception):
    """A body that is no JSON; `code` names the kind and `facts` hold what its sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class Refused(Exception):
    """A body that was understood and is wrong, in one or several places at once."""

    def __init__(self, refusals: Iterable[Unpriceable]) -> None:
        self.refusals = tuple(refusals)
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
    try:
        value = json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise Malformed("malformed_json", line=error.lineno, column=error.colno, because=error.msg) from None
    except RecursionError:
        raise Malformed("nested_too_deep") from None
    # Only an escape can bring half a character; it could neither be stored nor sent back.
    if "\\u" in text and LONE_SURROGATE.search(json.dumps(plain(value), ensure_ascii=False)):
        raise Malformed("lone_surrogate")
    return value


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


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise Malformed("duplicate_key", key=key[:LONGEST_ECHO])
            seen.add(key)
    return result


def _no_constant(name: str) -> object:
    raise Malformed("malformed_json", because=f"{name} is no JSON value", line=None, column=None)
