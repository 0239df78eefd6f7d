"""The plain fields of a line of goods: its code, where it comes from, and the certificate of a tariff quota that is held."""

import re
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from babel import Locale
from babel.core import get_global

from api.fields import Exact, Fragment, Line, text_of
from api.languages import LANGUAGES
from api.reading import LONGEST_ECHO
from calculator.errors import Unreadable
from calculator.fracciones import dotted
from calculator.origins import UNKNOWN
from calculator.part_choice import NO_PART, THE_PART
from tariffs.folding import folded

FRACCION_PATTERN = "^[0-9]([ .]?[0-9]){7}([ .]?[0-9]{2})?$"
# The headings of chapters 01 to 09 (HS 2022) as a spreadsheet leaves them, which takes a code for a number.
_HEADING = (
    "(10[1-6]|20[1-9]|210|30[1-9]|40[1-9]|410|50[1-9]|51[01]|60[1-4]|70[1-9]|71[0-4]|80[1-9]|81[0-4]|90[1-9]|910)"
)
_FRACCION_WITHOUT_ZERO, _CODE_WITHOUT_ZERO = (f"{_HEADING}([0-9]{{2}}){{{least},3}}" for least in (2, 1))
FRACCION_EXAMPLE = "0804.40.01"
_COUNTRY = re.compile(r"[A-Z]{2}")
# The tariff's own words for a part of a line, the longest of which has some 250 characters.
LONGEST_PART = 1000


class HsCode(Exact):
    """A code of the Chinese tariff: 8 digits, or 10 of which the first eight count; points and spaces may stand between."""

    schema: ClassVar[Fragment] = {"type": "string", "pattern": "^[0-9]([ .]?[0-9]){5,9}$", "examples": ["08044000"]}

    def read(self, value: object) -> str:
        text = text_of(value, "", ("08044000",))
        digits = re.sub(r"[ .]", "", text) if len(text) <= LONGEST_ECHO else ""
        if not re.fullmatch(r"[0-9]{6}|[0-9]{8}|[0-9]{10}", digits):
            if re.fullmatch(_CODE_WITHOUT_ZERO, digits, re.ASCII):
                raise without_zero(text, f"0{digits}")
            raise Unreadable("not_an_hs_code", "", ("08044000",), text=text[:LONGEST_ECHO])
        return digits


class FraccionField(Exact):
    """A code of the Mexican tariff (fracción arancelaria): 8 digits, or 10 with its NICO; points and spaces may stand between."""

    schema: ClassVar[Fragment] = {
        "type": "string",
        "pattern": FRACCION_PATTERN,
        "description": (
            "The exporter's own code: its first six digits lead to the Chinese lines. It stands for a code where they have one "
            "line, or all the same taxes; beside `hs_code` or `product` it must agree with them."
        ),
        "examples": ["0804.40.01"],
    }

    def read(self, value: object) -> str:
        return fraccion_of(text_of(value, "", (FRACCION_EXAMPLE,)))


def fraccion_of(text: str) -> str:
    """The digits of a Mexican code. Raises Unreadable; nothing is guessed of one that may have lost its zero."""
    if not re.fullmatch(FRACCION_PATTERN, text, re.ASCII):
        digits = re.sub(r"[ .]", "", text[:LONGEST_ECHO])
        if re.fullmatch(_FRACCION_WITHOUT_ZERO, digits, re.ASCII):
            raise without_zero(text, dotted(f"0{digits}"))
        raise Unreadable("not_a_fraccion", "", (FRACCION_EXAMPLE,), text=text[:LONGEST_ECHO])
    return re.sub(r"[ .]", "", text)


def without_zero(text: str, likely: str) -> Unreadable:
    """The refusal of a code that lacks a digit, with what it may have been; nothing is guessed of it."""
    digits = sum(map(str.isdigit, text))
    return Unreadable("code_without_zero", "", (likely,), text=text[:LONGEST_ECHO], digits=digits)


class OriginField(Exact):
    """The country of origin by its two letters (ISO 3166), or "unknown"; whether the code exists is for the tables."""

    schema: ClassVar[Fragment] = {
        "type": "string",
        "pattern": f"^([A-Z]{{2}}|{UNKNOWN})$",
        "description": (
            "Country or customs territory of origin, by its ISO 3166 code; `unknown` where nobody knows or proves it."
        ),
        "examples": ["MX", UNKNOWN],
    }

    def read(self, value: object) -> str:
        text = text_of(value, "", ("MX", UNKNOWN))
        if text != UNKNOWN and not _COUNTRY.fullmatch(text):
            called = countries().get(folded(text[:LONGEST_ECHO].strip()))
            allowed = (called,) if called else ("MX", UNKNOWN)
            raise Unreadable("not_a_country", "", allowed, text=text[:LONGEST_ECHO])
        return text


@cache
def countries() -> Mapping[str, str]:
    """What people write for a country (its name in our languages, two or three letters), with its ISO 3166 code."""
    found = {folded(UNKNOWN): UNKNOWN}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if _COUNTRY.fullmatch(code):
                found |= {folded(name): code, folded(code): code}
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and len(codes) == 1 and _COUNTRY.fullmatch(codes[0]):
            found.setdefault(folded(alias), codes[0])
    return found


class QuotaField(Exact):
    """The certificate of a tariff quota that is held: true, false, or "sliding" for cotton under the sliding duty."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["sliding"]}],
        "description": (
            "A certificate of the tariff quota is held: `true`; or `sliding`, for cotton within the set amount under the "
            "sliding duty. Without it the rate outside the quota applies."
        ),
        "examples": [True, "sliding"],
    }

    def read(self, value: object) -> str:
        if value is True:
            return "quota"
        if value is False:
            return ""
        if value != "sliding":
            raise Unreadable("wrong_type", "", ("true", "false", '"sliding"'), expected="boolean_or_sliding")
        return "sliding"


class PartField(Line):
    """Whether the goods belong to a part of their line with a rate of its own: true, false, or the part in its own words."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"type": "boolean"}, {"type": "string"}],
        "description": (
            "The goods belong to the part of their line that has a provisional rate of its own (ex in the tariff): `true`, or "
            "the part as the tariff describes it where there are several; `false`: they do not. Without a word both results "
            "are shown where the rate of the part was read."
        ),
        "examples": [True, "冷冻鳄梨"],
    }

    def read(self, value: object) -> str:
        if isinstance(value, bool):
            return THE_PART if value else NO_PART
        if not isinstance(value, str):
            raise Unreadable("wrong_type", "", ("true", "false", '"冷冻鳄梨"'), expected="boolean_or_part")
        return super().read(value)
