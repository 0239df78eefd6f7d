"""The cells of a bank's file: days, months and rates as banks write them, read exactly or refused with what to say.

A day such as 03/04/2026 and a figure such as 1,234 are two things in two countries; neither is guessed.
"""

import re
from datetime import date
from decimal import Decimal

from tariffs.fx.snapshots import rate

DAYS, SIGNS = ("ymd", "dmy", "mdy"), ("point", "comma")
# What banks write where there is no rate.
NOTHING = frozenset({"", "-", "--", "---", "n/e", "n/a", "n.d.", "nd", "na", "…"})

_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?")


def day_of(text: str, order: str = "ymd") -> date:
    """A day, the year first; the year last only where the order of the rest is told."""
    written = text.strip()
    if found := _YEAR_FIRST.fullmatch(written):
        return date(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.fullmatch(written)
    if not found:
        raise ValueError(f"{text!r} is not a day such as 2026-11-20")
    if order == "ymd":
        raise ValueError(f"{text!r} may be two days: say --days dmy where the day comes first, or --days mdy")
    first, second = int(found[1]), int(found[2])
    day, month = (first, second) if order == "dmy" else (second, first)
    return date(int(found[3]), month, day)


def month_of(text: str) -> str:
    """A month as 2026-10."""
    found = _MONTH.fullmatch(text.strip())
    if not found or not 1 <= int(found[2]) <= 12:
        raise ValueError(f"{text!r} is not a month such as 2026-10")
    return f"{found[1]}-{int(found[2]):02}"


def figure_of(text: str, sign: str = "point") -> str:
    """A rate as text with a decimal point, its digits as they were written."""
    written = text.strip()
    if sign == "comma":
        if "." in written:
            raise ValueError(f"{text!r} has a point, and --decimal comma was said")
        written = written.replace(",", ".")
    elif "," in written:
        raise ValueError(f"{text!r} has a comma: if it is the decimal sign, say --decimal comma")
    rate(written)
    return written


def of_one(figure: str, units: int) -> str:
    """The rate of one unit where that of 1, 10, 100 … is told: the point moves, and no digit is lost."""
    return f"{Decimal(figure).scaleb(-(len(str(units)) - 1)):f}"
