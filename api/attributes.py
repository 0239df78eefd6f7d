"""The facts about a good that decide its class: words, numbers, yes or no, and amounts of yuan, each kept as a text.

The conditions of the tables are written in texts ("mercury_free = yes", "displacement_cc <= 1000"), so that is what a
fact becomes, however JSON carried it.
"""

import re
from typing import ClassVar

from api.fields import CONTROL, Exact, Fragment, text_of, wrong_type
from api.figures import decimal, pair_of
from api.reading import LONGEST_ECHO, Number, escaped
from calculator.errors import Unreadable
from calculator.money import YUAN
from calculator.quantities import read_decimal

MOST = 20
# A number in words of its own ("nan", "1e9") would be taken for one later.
_NO_NUMBER = re.compile(r"[-+]?(?:s?nan|inf(?:inity)?)[0-9]*|[-+]?[0-9.]+e[-+]?[0-9]+", re.IGNORECASE)


class Attributes(Exact):
    """Facts about a good that decide its class."""

    schema: ClassVar[Fragment] = {"$ref": "#/components/schemas/Attributes"}

    def read(self, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise wrong_type("object")
        if len(value) > MOST:
            raise Unreadable("too_many", "", (), most=MOST)
        return {name: _attribute(name, each, f"/{escaped(name)}") for name, each in value.items()}


def _attribute(name: str, value: object, pointer: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise Unreadable("wrong_form", pointer, ("displacement_cc",), text=name[:LONGEST_ECHO])
    match value:
        case bool():
            return "yes" if value else "no"
        case Number(text):
            return str(read_decimal(text, pointer))
        case dict() if {"amount", "currency"} & value.keys():
            return _yuan(value, pointer)
        case _:
            return _word(text_of(value, pointer).strip(), pointer)


def _yuan(value: dict[str, object], pointer: str) -> str:
    """An amount of yuan as its digits; no table compares a fact with other money, and none is exchanged here."""
    amount, given = pair_of(value, pointer, ("amount", "currency"))
    if given != YUAN:
        stated = text_of(given, f"{pointer}/currency", (YUAN,))[:LONGEST_ECHO]
        raise Unreadable("attribute_not_in_yuan", f"{pointer}/currency", (YUAN,), currency=stated)
    return f"{decimal(amount, f'{pointer}/amount'):f}"


def _word(text: str, pointer: str) -> str:
    if not 1 <= len(text) <= 100 or CONTROL.search(text):
        raise Unreadable("text_too_long" if text else "empty_text", pointer, text=text[:LONGEST_ECHO], longest=100)
    if _NO_NUMBER.fullmatch(text):
        raise Unreadable("not_a_number", pointer, text=text, hint="digits_only")
    return text
