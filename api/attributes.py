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
LONGEST = 100
NUMBER = ("1998",)
# What is meant for a number and is none of ours ("nan", "1e9", "-1"): as text it is refused as JSON's own would be.
_NO_NUMBER = re.compile(
    r"[-−+]? ?(?:s?nan|inf(?:inity)?)[0-9]*|[-−+]? ?[0-9.]+e[-+]?[0-9]+|[-−+] ?[0-9., ]+", re.IGNORECASE
)
# Facts that are amounts of money, by their names; nothing else is stated in a currency.
_OF_MONEY = re.compile(r"retail_price|[a-z0-9_]+_cny")


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
            return _number(text, pointer)
        case dict() if _OF_MONEY.fullmatch(name) and {"amount", "currency"} & value.keys():
            return _yuan(value, pointer)
        case str():
            return _word(text_of(value, pointer).strip(), pointer)
        case _:
            raise wrong_type("attribute_of_money" if _OF_MONEY.fullmatch(name) else "attribute", pointer)


def _yuan(value: dict[str, object], pointer: str) -> str:
    """An amount of yuan as its digits; no table compares a fact with other money, and none is exchanged here."""
    amount, given = pair_of(value, pointer, ("amount", "currency"))
    if given != YUAN:
        stated = text_of(given, f"{pointer}/currency", (YUAN,))[:LONGEST_ECHO]
        raise Unreadable("attribute_not_in_yuan", f"{pointer}/currency", (YUAN,), currency=stated)
    return f"{decimal(amount, f'{pointer}/amount'):f}"


def _word(text: str, pointer: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable("text_too_long", pointer, text=text[:LONGEST_ECHO], longest=LONGEST)
    if CONTROL.search(text):
        raise Unreadable("control_character", pointer)
    return _number(text, pointer) if _NO_NUMBER.fullmatch(text) else text


def _number(text: str, pointer: str) -> str:
    """The digits of a number; a refusal says how one is written."""
    try:
        return str(read_decimal(text, pointer))
    except Unreadable as refusal:
        raise Unreadable(refusal.code, pointer, refusal.allowed or NUMBER, **refusal.facts) from None
