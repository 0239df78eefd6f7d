"""Quantities: a number and a unit, read from what people write and converted without losing a digit.

The grammar of a number is our own and small: where a text could mean two numbers ("1,5") it is refused and the reader
is told what to write. No expression is ever evaluated, and the length of a text is checked before anything else.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from calculator.blank import BlankQuantity
from calculator.errors import Unpriceable, Unreadable
from calculator.money import EXACT, Number, Quotient
from calculator.units import LONGEST, UNITS, Unit, unit

__all__ = ["UNITS", "Quantity", "Unit", "convert", "format_decimal", "read_decimal", "read_quantity", "unit"]

LONGEST_NUMBER = 64  # characters

SPACES = " \u00a0\u2009\u202f"  # space, no-break space, thin space, narrow no-break space
MINUSES = "-\u2212\u2013\ufe63\uff0d"
PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}(?:([,{SPACES}])[0-9]{{3}})(?:\1[0-9]{{3}})*(?:\.[0-9]+)?")
# What stands before the unit: more than the grammar allows, so that "1e3 kg" is refused as a number, not as a unit.
NUMBER_PART = re.compile(rf"[\d.,{SPACES}{re.escape(MINUSES)}+_'’*/^]*(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of a unit; `unit` is a code of UNITS."""

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if not isinstance(self.value, Decimal):
            raise TypeError("the value of a quantity is a Decimal")
        if not self.value.is_finite():
            raise ValueError("the value of a quantity is finite")
        if self.unit not in UNITS:
            raise ValueError(f"{self.unit!r} is not the code of a unit")


def read_decimal(text: str, pointer: str = "", *, digits: int = 15, places: int = 9) -> Decimal:
    """The number that a text states: 0 or more, at most `digits` before the point and `places` after it.

    ASCII digits, the point as decimal sign, comma or space only between well-formed thousands. Raises Unreadable:
    "text_too_long", "too_many_digits", "negative_number", "not_a_number" (fact `hint`), and "ambiguous_number"
    (fact `write`: the number without doubt, where there is only one).
    """
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        raise Unreadable("text_too_long", pointer, text=text[:LONGEST_NUMBER], longest=LONGEST_NUMBER)
    if not (PLAIN.fullmatch(text) or GROUPED.fullmatch(text)):
        raise _refusal(text, pointer)
    plain = re.sub(rf"[,{SPACES}]", "", text)
    whole, _, decimals = plain.partition(".")
    if len(whole) > digits or len(decimals) > places:
        raise Unreadable("too_many_digits", pointer, text=text, digits=digits, places=places)
    return Decimal(plain)


def read_quantity(text: str, pointer: str = "") -> Quantity:
    """The quantity that a text states, number first: "20.16 t", "5 040 cartons", "1000斤". Always more than zero.

    Raises what read_decimal and unit raise, "missing_unit" for a bare number and "not_positive" for zero.
    """
    text = text.strip()
    if len(text) > LONGEST_NUMBER + LONGEST:
        raise Unreadable("text_too_long", pointer, text=text[:LONGEST_NUMBER], longest=LONGEST_NUMBER + LONGEST)
    number, name = _parted(text)
    if not number.strip():
        raise Unreadable("not_a_number", pointer, text=text, hint="number_first")
    try:
        value = read_decimal(number, pointer)
    except Unreadable as refusal:
        allowed = (f"{write} {name}".strip() for write in refusal.allowed)
        raise Unreadable(refusal.code, pointer, allowed, **refusal.facts) from None
    if not name:
        raise Unreadable("missing_unit", pointer, text=text)
    code = unit(name, pointer).code
    if value == 0:
        raise Unreadable("not_positive", pointer, text=text)
    return Quantity(value, code)


def _parted(text: str) -> tuple[str, str]:
    """The number and the unit of a text; a container's code ("1 40RH") begins with a digit of its own."""
    head, _, tail = text.rpartition(" ")
    if tail[:1].isdigit() and tail.upper() in UNITS:
        return head, tail.upper()
    found = NUMBER_PART.match(text)
    number = found.group() if found else ""
    return number, text[len(number) :]


def convert(quantity: Quantity, to: str, pointer: str = "") -> Number:
    """The quantity's value in another unit, exactly: a Decimal where it terminates, otherwise a Quotient.

    Raises Unpriceable: "unit_kind_mismatch" where the kinds differ (`allowed`: the units of the kind that is wanted),
    "no_fixed_factor" between two units that only a product or a shipment relates.
    """
    have, wanted = UNITS[quantity.unit], unit(to, pointer)
    if have.code == wanted.code:
        return quantity.value
    if have.kind != wanted.kind:
        allowed = [code for code, other in UNITS.items() if other.kind == wanted.kind]
        raise Unpriceable(
            "unit_kind_mismatch",
            pointer,
            allowed,
            unit=have.code,
            kind=have.kind,
            wanted=wanted.code,
            wanted_kind=wanted.kind,
        )
    numerator, denominator = _ratio(have.code, wanted.code, pointer)
    if isinstance(quantity.value, BlankQuantity):
        return quantity.value.times(numerator, denominator)
    product = EXACT.multiply(quantity.value, numerator)
    if denominator == 1:
        # Without the zeros that the factors brought along, and never with an exponent.
        whole = product.to_integral_value()
        return whole if whole == product else product.normalize(EXACT)
    exact = Fraction(product) / Fraction(denominator)
    return EXACT.divide(product, denominator) if _terminates(exact) else Quotient(product, denominator)


def format_decimal(value: Decimal) -> str:
    """The number in plain digits, never with an exponent; trailing zeros stay as they are. ValueError if not finite."""
    if not value.is_finite():
        raise ValueError(f"{value} has no digits to write")
    return format(value.copy_abs() if value == 0 else value, "f")


@lru_cache(maxsize=4096)
def _ratio(have: str, wanted: str, pointer: str) -> tuple[Decimal, Decimal]:
    """What one unit is in another, as numerator and denominator; the denominator is 1 where the ratio terminates."""
    exact = _factor(UNITS[have], UNITS[wanted], pointer) / _factor(UNITS[wanted], UNITS[have], pointer)
    numerator, denominator = Decimal(exact.numerator), Decimal(exact.denominator)
    return (EXACT.divide(numerator, denominator), Decimal(1)) if _terminates(exact) else (numerator, denominator)


def _factor(of: Unit, other: Unit, pointer: str) -> Fraction:
    if of.numerator is None or of.denominator is None:
        raise Unpriceable("no_fixed_factor", pointer, unit=of.code, wanted=other.code, kind=of.kind)
    return Fraction(of.numerator, of.denominator)


def _terminates(exact: Fraction) -> bool:
    """Whether the decimal digits end: no prime but 2 and 5 in the denominator."""
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _refusal(text: str, pointer: str) -> Unreadable:
    """Why a text is not a number, with what to write instead where that is beyond doubt."""
    if text[:1] in MINUSES and text[1:].strip()[:1].isdecimal():
        return Unreadable("negative_number", pointer, text=text)
    if any(char.isdigit() and not char.isascii() for char in text):
        return Unreadable("not_a_number", pointer, text=text, hint="ascii_digits")
    if re.fullmatch(r"[0-9.]+[eE][+-]?[0-9]+", text):
        return Unreadable("not_a_number", pointer, text=text, hint="no_exponent")
    if not re.fullmatch(rf"[0-9.,{SPACES}]*[0-9][0-9.,{SPACES}]*", text):
        return Unreadable("not_a_number", pointer, text=text, hint="digits_only")
    if "," in text or text.count(".") > 1:
        write = _without_doubt(text)
        if write:
            return Unreadable("ambiguous_number", pointer, [write], text=text, write=write)
        return Unreadable("ambiguous_number", pointer, text=text)
    hint = "digits_around_point" if text[0] == "." or text[-1] == "." else "groups_of_three"
    return Unreadable("not_a_number", pointer, text=text, hint=hint)


def _without_doubt(text: str) -> str:
    """The number that a text with commas or several points must mean: "1,5" is 1.5, "1.500,25" is 1500.25."""
    last = max(",.", key=text.rfind)
    head, _, tail = text.rpartition(last)
    whole = re.sub(rf"[.,{SPACES}]", "", head) or "0"
    # A sign that comes several times cannot be the decimal one: "1.234.567", "1,50,000".
    write = text.replace(last, "") if last in head else f"{whole}.{tail}"
    return write if PLAIN.fullmatch(write) else ""
