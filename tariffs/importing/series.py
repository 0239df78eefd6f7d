"""The dated rows of one rate of one line, and how a new rate is put into them: nothing before its first day changes.

A row that is in force on the day before stays, and is closed on that day where it would have gone on. Days are compared
as they are written, since 2026-12-31 sorts as a text where it stands in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from tariffs.importing.cells import same_rate
from tariffs.tables import Raw

OPEN = "9999-12-31"
HS_CODE, MEASURE, EXPRESSION, PART, ORIGINS, FIRST, LAST = range(7)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a series: its rows now, the rate before and after the first day, and whether a row was closed."""

    rows: tuple[Raw, ...]
    before: str
    after: str
    closed: bool
    later: str  # the first day of rows that follow and were left alone, "" where there are none


def entered(series: Iterable[Raw], row: Raw) -> Change | None:
    """A series with a new row in it; None where it says so already."""
    series = tuple(series)
    first, last = row[FIRST], row[LAST] or OPEN
    now = next((each for each in series if each[FIRST] <= first <= (each[LAST] or OPEN)), None)
    after = [each[FIRST] for each in series if each[FIRST] > first]
    later = min(after, default="")
    if later and later <= last:
        last = day_before(later)
    if now is not None and same_rate(now[EXPRESSION], row[EXPRESSION]) and (now[LAST] or OPEN) == last:
        return None
    new = (*row[:LAST], "" if last == OPEN else last, *row[LAST + 1 :])
    kept, closed = _until(series, first)
    rows = sorted((*kept, new, *(each for each in series if each[FIRST] > first)), key=lambda each: each[FIRST])
    return Change(tuple(rows), now[EXPRESSION] if now else "", new[EXPRESSION], closed, later)


def ended(series: Iterable[Raw], first: str) -> Change | None:
    """A series that says nothing from a day on; None where it says nothing then already."""
    series = tuple(series)
    now = next((each for each in series if each[FIRST] <= first <= (each[LAST] or OPEN)), None)
    if now is None:
        return None
    later = min((each[FIRST] for each in series if each[FIRST] > first), default="")
    kept, _ = _until(series, first)
    rows = (*kept, *(each for each in series if each[FIRST] > first))
    return Change(rows, now[EXPRESSION], "", True, later)


def _until(series: tuple[Raw, ...], first: str) -> tuple[list[Raw], bool]:
    """The rows that began before a day, closed on the day before it."""
    kept, closed = [], False
    for each in series:
        if each[FIRST] >= first:
            continue
        if (each[LAST] or OPEN) >= first:
            each = (*each[:LAST], day_before(first), *each[LAST + 1 :])  # noqa: PLW2901
            closed = True
        kept.append(each)
    return kept, closed


@lru_cache(maxsize=1024)
def day_before(day: str) -> str:
    """The day before one."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
