"""Which classes of the personal articles (进境物品) a line may fall into on a day.

The rows in force of the longest prefix that has any speak, and a row without a prefix where no other does: so a list price
of 2024 speaks of whisky, and before it the class of all alcohol.
"""

from datetime import date
from functools import lru_cache
from types import MappingProxyType

from calculator.listings import PostalClass
from calculator.tariff_line import Row
from calculator.validity import Validity
from tariffs.tables import CsvTable, Raw, day, open_day, open_number

TABLE, FILE = "postal-articles", "cn/postal_articles.csv"
LENGTHS = (8, 6, 4, 2, 0)


class PostalClasses:
    """The rows of the table by prefix, typed once."""

    def __init__(self, table: CsvTable) -> None:
        self._by_prefix: dict[str, list[PostalClass]] = {}
        prefixes = table.columns.index("prefixes")
        for raw in table.rows:
            typed = postal_class(raw)
            for prefix in raw[prefixes].split() or ("",):
                self._by_prefix.setdefault(prefix, []).append(typed)
        # The same lines are asked about again and again.
        self._seen = lru_cache(maxsize=16384)(self._longest)

    def of(self, hs_code: str, on: date) -> tuple[PostalClass, ...]:
        """The classes of a line on a day, in the order of the table."""
        return self._seen(hs_code, on)

    def _longest(self, hs_code: str, on: date) -> tuple[PostalClass, ...]:
        for length in LENGTHS:
            rows = self._by_prefix.get(hs_code[:length], ())
            if found := tuple(each for each in rows if each.row.validity.covers(on)):
                return found
        return ()


def rate_name(word: str) -> str:
    """The dated figure that holds the rate which the table calls by a word: "low"."""
    return f"postal_rate_{word}"


def postal_class(raw: Raw) -> PostalClass:
    """A row of the table."""
    code, _, en, es, zh, rate, condition, price, unit, first, last, source, confidence, note = raw
    row = Row(TABLE, Validity(day(first), open_day(last)), source, confidence, note)
    names = MappingProxyType({"en": en, "es": es, "zh": zh})
    return PostalClass(code, names, rate_name(rate), condition, open_number(price), unit, row)
