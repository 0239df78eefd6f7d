"""What a number of a cell says, by its format: a day, a share, a code with its zeros, or a number.

A spreadsheet shows and keeps fifteen digits; what stands behind these (3.1900000000000004) is the dust of its reckoning in binary
and is left out.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, InvalidOperation
from enum import Enum, auto
from functools import lru_cache

from calculator.quantities import format_decimal

DIGITS = 15
KEPT = Context(prec=DIGITS)
# The powers of ten of binary numbers of 64 bits.
FARTHEST = 324
FIRST_1900, FIRST_1904 = date(1899, 12, 30), date(1904, 1, 1)
FEIGNED, LAST_DAY, IN_A_DAY = 60, 2_900_000, 86_400
# Formats that every workbook has without saying so (ECMA-376 part 1, 18.8.30).
DAYS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
SHARES = frozenset({9, 10})
# What of a format is shown as it stands: quoted, escaped, in brackets; the sections behind the first are for other signs.
SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
ZEROS = re.compile("0+")


class Kind(Enum):
    """What a format makes of a number."""

    NUMBER = auto()
    DAY = auto()
    SHARE = auto()


Meaning = tuple[Kind, int]
PLAIN: Meaning = (Kind.NUMBER, 0)


def meaning(number: int, code: str | None) -> Meaning:
    """What a format means, by its number and its code; and to how many digits it fills whole numbers with zeros."""
    if code is None:
        return (Kind.DAY if number in DAYS else Kind.SHARE if number in SHARES else Kind.NUMBER), 0
    first = SHOWN.sub("", code.partition(";")[0])
    if ZEROS.fullmatch(first):
        return Kind.NUMBER, len(first)
    if "%" in first:
        return Kind.SHARE, 0
    days = re.search("[dmyhsge]", first, re.IGNORECASE) and not re.search("general|[0#]e[+-]", first, re.IGNORECASE)
    return (Kind.DAY if days else Kind.NUMBER), 0


@lru_cache(maxsize=16_384)
def told(text: str, means: Meaning, from_1904: bool) -> str:
    """The number of a cell as a text; one that cannot be read is told as it stands."""
    try:
        value = KEPT.create_decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > FARTHEST:
        return text
    kind, zeros = means
    if kind is Kind.DAY and 0 <= value <= LAST_DAY:
        return _day(value, from_1904)
    if kind is Kind.SHARE:
        return f"{_digits(value * 100)}%"
    return _digits(value).zfill(zeros) if value >= 0 else _digits(value)


def _digits(value: Decimal) -> str:
    return format_decimal(value.normalize()).removesuffix(".0") if value else "0"


def _day(serial: Decimal, from_1904: bool) -> str:
    """A day, and its time where it has one. Excel counts a 29 February 1900 that never was."""
    begun = 0 if from_1904 or serial >= FEIGNED else 1
    days, seconds = divmod(int((serial * IN_A_DAY).to_integral_value()), IN_A_DAY)
    day = (FIRST_1904 if from_1904 else FIRST_1900) + timedelta(days=days + begun)
    return f"{datetime.combine(day, time()) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}" if seconds else f"{day}"
