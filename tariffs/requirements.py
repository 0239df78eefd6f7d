"""Which requirements a good meets on a day: of several rows with one code, the one that names the good most closely.

A row for a heading speaks of whatever no narrower row speaks of; so "no admission seen" of fresh fruit gives way to
"admitted" of avocados, and comes back for the days before a protocol.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from calculator.requirements import Requirement
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.tables import CsvTable, Raw, day, open_day

TABLE, FILE = "requirements", "cn/requirements.csv"
# A row that names the product itself is closer than any prefix of its code.
PRODUCT_IS_CLOSER = 100


class Requirements:
    """The rows of the table, typed once."""

    def __init__(self, table: CsvTable) -> None:
        self.rows: tuple[Requirement, ...] = tuple(map(requirement, table.rows))
        self._of_all_goods = frozenset(number for number, each in enumerate(self.rows) if not each.prefixes)
        self._beginning: dict[str, set[int]] = {}
        for number, each in enumerate(self.rows):
            for prefix in each.prefixes:
                self._beginning.setdefault(prefix, set()).add(number)
        # The same goods are asked about again and again, on many days.
        self._fitting = lru_cache(maxsize=4096)(self._of_all_days)

    def of(self, hs_code: str, product: str, on: date) -> tuple[Requirement, ...]:
        """What is asked of a good on a day, in the order of the table."""
        in_force = [each for each in self._fitting(hs_code, product) if each[1].row.validity.covers(on)]
        closest: dict[str, int] = {}
        for near, each in in_force:
            closest[each.code] = max(near, closest.get(each.code, -1))
        return tuple(each for near, each in in_force if near == closest[each.code])

    def under(self, prefix: str) -> Iterator[Requirement]:
        """Every row, of all days, that speaks of a code beginning so and not of all goods."""
        for each in self.rows:
            if any(prefix.startswith(mine) or mine.startswith(prefix) for mine in each.prefixes):
                yield each

    def _of_all_days(self, hs_code: str, product: str) -> tuple[tuple[int, Requirement], ...]:
        beginnings = (self._beginning.get(hs_code[:length], ()) for length in range(len(hs_code) + 1))
        numbers = sorted(self._of_all_goods.union(*beginnings))
        measured = ((closeness(each, hs_code, product), each) for each in map(self.rows.__getitem__, numbers))
        return tuple(pair for pair in measured if pair[0] >= 0)


def closeness(each: Requirement, hs_code: str, product: str) -> int:
    """How closely a row names a good; below zero where it does not."""
    if each.product and each.product != product:
        return -1
    longest = max((len(prefix) for prefix in each.prefixes if hs_code.startswith(prefix)), default=-1)
    if each.prefixes and longest < 0:
        return -1
    return max(longest, 0) + (PRODUCT_IS_CLOSER if each.product else 0)


def requirement(raw: Raw) -> Requirement:
    """A row of the table."""
    prefixes, product, code, en, es, zh, authority, access, first, last, source, confidence, note = raw
    row = Row(TABLE, Validity(day(first), open_day(last)), source, confidence, note)
    texts = MappingProxyType({"en": en, "es": es, "zh": zh})
    return Requirement(code, texts, authority, access, tuple(prefixes.split()), product, row)
