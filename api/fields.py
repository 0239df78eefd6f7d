"""The plain fields of a request: each reads one kind of value exactly, or refuses it with a code and what may stand.

They know the form of what people write and nothing about prices. What depends on the tables of the installation
(currencies, the release) comes in as `Known`, set for the time of one reading.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar

from marshmallow import ValidationError, fields
from marshmallow.experimental.context import Context

from api.reading import LONGEST_ECHO, Number, Refused, escaped
from calculator.errors import Unpriceable, Unreadable

FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2099, 12, 31)
_WHOLE = re.compile(r"[0-9]{1,20}[.]0{1,20}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What is told of a field whose name is empty, so that it can be seen.
NAMELESS = '""'
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Known:
    """What reading must know of the installation: its currencies, its data release and the day it is in Shanghai."""

    currencies: frozenset[str]
    release: str
    today: Callable[[], date]
    strict_fx: bool = False


KnownNow = Context[Known]
# A piece of JSON schema.
Fragment = Mapping[str, object]


class Exact(fields.Field[Any]):
    """A field that reads with `read`; its refusals keep their codes and are told by the pointer of the field."""

    schema: ClassVar[Fragment] = {}

    def __init__(self, **kwargs: Any) -> None:
        metadata = {**self.schema, **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def read(self, value: object) -> object:
        """The value as the calculator takes it."""
        raise NotImplementedError

    def _deserialize(self, value: object, attr: object, data: object, **kwargs: object) -> object:
        try:
            return self.read(value)
        except Unpriceable as refusal:
            raise ValidationError([refusal]) from None
        except Refused as refused:
            raise ValidationError(list(refused.refusals)) from None


def first_line(described: type) -> str:
    """What a class is, in the first line of its docstring."""
    return (described.__doc__ or "").partition("\n")[0]


def wrong_type(expected: str, pointer: str = "") -> Unreadable:
    """The refusal of a value of another kind."""
    return Unreadable("wrong_type", pointer, expected=expected)


def text_of(value: object, pointer: str = "", allowed: Iterable[str] = ()) -> str:
    """A JSON text as it is; anything else is refused, an empty one with what is allowed."""
    if not isinstance(value, str):
        raise wrong_type("text", pointer)
    if not value.strip():
        raise Unreadable("empty_text", pointer, allowed)
    return value


def number_text(value: object, pointer: str = "", expected: str = "decimal") -> str:
    """What stands for a number: a text, or a JSON number as written; else the refusal says what was `expected`."""
    if isinstance(value, Number):
        return value.text
    if isinstance(value, str):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise wrong_type(expected, pointer)


class Line(Exact):
    """A text of one line, of at most `longest` characters."""

    schema: ClassVar[Fragment] = {"type": "string"}

    def __init__(self, longest: int = 100, pattern: str = "", **kwargs: Any) -> None:
        self.longest = longest
        self.pattern = re.compile(pattern)
        metadata = {"minLength": 1, "maxLength": longest, **({"pattern": f"^(?:{pattern})$"} if pattern else {})}
        super().__init__(metadata=metadata | kwargs.pop("metadata", {}), **kwargs)

    def read(self, value: object) -> str:
        text = text_of(value).strip()
        if not text:
            raise Unreadable("empty_text")
        if len(text) > self.longest:
            raise Unreadable("text_too_long", text=text[:LONGEST_ECHO], longest=self.longest)
        if CONTROL.search(text):
            raise Unreadable("control_character")
        if self.pattern.pattern and not self.pattern.fullmatch(text):
            raise Unreadable("wrong_form", allowed=map(str, self.metadata.get("examples", ())), text=text)
        return text


class Choice(Exact):
    """One of a few words."""

    schema: ClassVar[Fragment] = {"type": "string"}

    def __init__(self, *choices: str, **kwargs: Any) -> None:
        self.choices = choices
        super().__init__(metadata={"enum": list(choices)} | kwargs.pop("metadata", {}), **kwargs)

    def read(self, value: object) -> str:
        text = text_of(value, "", self.choices)
        if text not in self.choices:
            raise Unreadable("not_a_choice", "", nearest_first(text, self.choices), text=text[:LONGEST_ECHO])
        return text


class Flag(Exact):
    """True or false."""

    schema: ClassVar[Fragment] = {"type": "boolean"}

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise wrong_type("boolean")
        return value


class Whole(Exact):
    """A whole number from `least` (0 or 1) to `most`: a JSON integer or a text of digits."""

    def __init__(self, most: int, least: int = 0, **kwargs: Any) -> None:
        self.most = most
        self.least = least
        either = [
            {"type": "string", "pattern": f"^{'(?!0+$)' if least else ''}({_up_to(most)})$"},
            {"type": "integer", "minimum": least, "maximum": most},
        ]
        super().__init__(metadata={"oneOf": either} | kwargs.pop("metadata", {}), **kwargs)

    def read(self, value: object) -> int:
        text = number_text(value, "", "integer").strip()
        if isinstance(value, Number) and _WHOLE.fullmatch(text):
            # 30.0 is a whole number to JSON, and what some languages write for 30.
            text = text.partition(".")[0]
        if re.fullmatch(r"[-−] ?[0-9.]+", text[:LONGEST_ECHO], re.ASCII):
            raise Unreadable("negative_number", "", (), text=text[:LONGEST_ECHO])
        if not re.fullmatch(rf"[0-9]{{1,{len(str(self.most))}}}", text, re.ASCII) or int(text) > self.most:
            limits = (f"{self.least}", f"{self.most}")
            raise Unreadable("not_a_whole_number", "", limits, text=text[:LONGEST_ECHO], most=self.most)
        if int(text) < self.least:
            raise Unreadable("not_positive", "", (), text=text)
        return int(text)


class Day(Exact):
    """A day of the calendar, 2026-11-23."""

    schema: ClassVar[Fragment] = {"type": "string", "format": "date", "examples": ["2026-11-23"]}

    def read(self, value: object) -> date:
        text = text_of(value, "", ("2026-11-23",))
        try:
            day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            raise Unreadable("not_a_day", "", ("2026-11-23",), text=text[:LONGEST_ECHO])
        if not FIRST_DAY <= day <= LAST_DAY:
            raise Unreadable("day_out_of_range", "", (f"{FIRST_DAY}", f"{LAST_DAY}"), text=text)
        return day


def _up_to(most: int) -> str:
    """The pattern of the whole numbers from 0 to `most`, of at most as many digits; zeros may stand before them."""
    digits = str(most)
    either = [digits, f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else [digits]
    for place, digit in enumerate(digits):
        if digit != "0":
            either.append(f"{digits[:place]}[0-{int(digit) - 1}][0-9]{{{len(digits) - place - 1}}}")
    return "|".join(either)


def nearest_first(text: str, choices: Any) -> tuple[str, ...]:
    """The choices, those that look most like the text first, whatever its case."""
    folded = {str(each).casefold(): each for each in choices}
    found = get_close_matches(text[:LONGEST_ECHO].casefold(), list(folded), n=5, cutoff=0.6)
    near = [folded[each] for each in found]
    return (*near, *(each for each in choices if each not in near))


class Several(fields.List):
    """A list of at most `most` entries."""

    def __init__(self, inner: Any, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(inner, metadata={"maxItems": most} | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise ValidationError([Unreadable("too_many", most=self.most)])
        return super()._deserialize(value, attr, data, **kwargs)


def refusals_of(messages: object, pointer: str = "") -> Iterator[Unpriceable]:
    """What marshmallow gathered, as refusals with their full pointers, each made when it is asked for."""
    match messages:
        case dict():
            for key, each in messages.items():
                yield from refusals_of(each, pointer if key == "_schema" else f"{pointer}/{escaped(str(key))}")
        case list() | tuple():
            for each in messages:
                yield from refusals_of(each, pointer)
        case Unreadable(code="unknown_field") if not messages.facts:
            name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            yield Unreadable("unknown_field", pointer, nearest_first(name, messages.allowed), field=name or NAMELESS)
        case Unpriceable():
            yield messages.at(pointer)
        case _:
            yield Unreadable("wrong_value", pointer, text=str(messages))
