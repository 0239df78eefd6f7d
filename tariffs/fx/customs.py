"""The customs desk: the rate at which customs turns a foreign price into yuan, one for each month of declaration.

Official rates are rows of `data/fx/customs_rates.csv` and keep the direction in which they were published, because
CFETS quotes the peso as pesos for yuan and an inverse cut to four decimals would be another rate. Where no row is
stored, the rate is estimated from the market rates of the legal source day and says so: the market of Frankfurt in the
afternoon is not the parity of Shanghai in the morning (up to one percent apart), so it is never passed off as official.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources.abc import Traversable

from calculator.errors import NotInForce
from calculator.money import ExchangeRate
from tariffs.findings import Finding, at_row, unread_cells
from tariffs.fx.calendar import customs_source_day, last_day_of_month
from tariffs.fx.embedded import SOURCE
from tariffs.fx.market import Desk
from tariffs.tables import DATA, CsvTable, Raw, TableError, csv_table, number, open_day

FILE = "fx/customs_rates.csv"
TABLE = "fx/customs_rates"
COLUMNS = ("month", "currency", "rate", "quoted_as", "source_day", "source", "confidence", "note")

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_CURRENCY = re.compile(r"[A-Z]{3}")
_QUOTED_AS = re.compile(r"CNY per (?P<foreign>[1-9]0*)|per (?P<yuan>[1-9]0*) CNY")
_CONFIDENCES = frozenset("ABC")
_Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class CustomsRow:
    """One official rate: `multiplier ÷ divisor` yuan for one unit, and the words it was published in."""

    multiplier: Decimal
    divisor: Decimal
    published_as: str
    source_day: date | None
    source: str
    confidence: str


class CustomsRates:
    """The official customs rates that are stored, by month and currency."""

    __slots__ = ("_rows",)

    def __init__(self, rows: dict[_Key, CustomsRow]) -> None:
        self._rows = rows

    @classmethod
    def load(cls, root: Traversable = DATA) -> "CustomsRates":
        """The rows of a folder's table, or a TableError that says file:line:column."""
        return cls.of(csv_table(FILE, COLUMNS, root))

    @classmethod
    def of(cls, table: CsvTable) -> "CustomsRates":
        """The rows of a table, or a TableError that says file:line:column."""
        rows: dict[_Key, CustomsRow] = {}
        for index, raw in enumerate(table.rows):
            month = table.cell(index, "month", _month)
            currency = table.cell(index, "currency", _currency)
            foreign, yuan = table.cell(index, "quoted_as", quoted_as)
            rate = table.cell(index, "rate", _rate)
            confidence = table.cell(index, "confidence", _confidence)
            source_day = table.cell(index, "source_day", open_day)
            key = (month.year, month.month, currency)
            if key in rows:
                raise TableError(*table.place(index), "month", f"{currency} has a rate for this month already")
            if foreign:
                pair, words = (rate, foreign), f"{foreign} {currency} = {rate} CNY"
            else:
                pair, words = (yuan, rate), f"{yuan} CNY = {rate} {currency}"
            rows[key] = CustomsRow(*pair, words, source_day, raw[COLUMNS.index("source")], confidence)
        return cls(rows)

    def over(self, own: "CustomsRates") -> "CustomsRates":
        """These rates with others in place of those of the same month and currency."""
        return CustomsRates({**self._rows, **own._rows})

    def official(self, currency: str, on: date) -> ExchangeRate | None:
        """The stored rate of the month of a day, None where there is none."""
        row = self._rows.get((on.year, on.month, currency))
        if row is None:
            return None
        return ExchangeRate(
            base=currency,
            quote="CNY",
            multiplier=row.multiplier,
            divisor=row.divisor,
            on=row.source_day or customs_source_day(on),
            desk="customs",
            source=row.source,
            confidence=row.confidence,
            published_as=row.published_as,
            valid_to=last_day_of_month(on),
        )

    def currencies(self, month: date) -> frozenset[str]:
        """The currencies that have a stored rate for the month of a day."""
        return frozenset(code for year, number, code in self._rows if (year, number) == (month.year, month.month))

    def sources(self) -> frozenset[str]:
        """The source ids that the rows cite."""
        return frozenset(row.source for row in self._rows.values())


def findings(table: CsvTable) -> Iterator[Finding]:
    """Every cell of a table of customs rates that cannot be read, where `load` stops at the first."""
    readers: dict[str, Callable[[str], object]] = {
        "month": _month,
        "currency": _currency,
        "quoted_as": quoted_as,
        "rate": _rate,
        "confidence": _confidence,
        "source_day": open_day,
    }
    seen: set[Raw] = set()
    for at, row in enumerate(table.rows):
        yield from unread_cells(table, at, readers)
        if row[:2] in seen:
            yield at_row(table, at, "month", "double_row", f"{row[1]} has a rate for {row[0]} already")
        seen.add(row[:2])


def estimate(reference: Desk, currency: str, on: date) -> ExchangeRate:
    """The customs rate of the month of a day as the market rates of its legal source day suggest it.

    `on` of the answer is the source day, `age_days` how much older the reference rate is that was known on it.
    """
    try:
        source_day = customs_source_day(on)
        market = reference.rate(currency, "CNY", source_day)
    except NotInForce as refusal:
        raise NotInForce(
            "no_exchange_rate",
            table=TABLE,
            key=f"{currency}/CNY",
            on=on,
            month=f"{on:%Y-%m}",
            covered_from=_first_estimable_month(reference, currency),
            last_known=refusal.facts.get("last_known"),
        ) from refusal
    return ExchangeRate(
        base=currency,
        quote="CNY",
        multiplier=market.multiplier,
        divisor=market.divisor,
        on=source_day,
        desk="customs",
        source=market.source,
        confidence="C",
        published_as=f"{market.published_as} ({'ECB' if market.source == SOURCE else market.source} {market.on})",
        estimate=True,
        valid_to=last_day_of_month(on),
        age_days=market.age_days,
    )


def _first_estimable_month(reference: Desk, currency: str) -> date:
    """The first month whose source day lies in the history of both the currency and the yuan."""
    known_from = max(reference.first_day(currency), reference.first_day("CNY"))
    month = last_day_of_month(known_from) + timedelta(1)
    return month if customs_source_day(month) >= known_from else last_day_of_month(month) + timedelta(1)


def _month(text: str) -> date:
    if not _MONTH.fullmatch(text):
        raise ValueError(f"{text!r} is not a month such as 2026-01")
    return date(int(text[:4]), int(text[5:]), 1)


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text) or text == "CNY":
        raise ValueError(f"{text!r} is not a foreign currency")
    return text


def _rate(text: str) -> Decimal:
    rate = number(text)
    if rate <= 0:
        raise ValueError(f"{text!r} is not a rate")
    return rate


def quoted_as(text: str) -> tuple[Decimal, Decimal]:
    """Foreign units that the rate prices in yuan, yuan that it prices in foreign units: one of them is zero."""
    found = _QUOTED_AS.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is neither 'CNY per 1', 'CNY per 100' nor 'per 100 CNY'")
    return Decimal(found["foreign"] or 0), Decimal(found["yuan"] or 0)


def _confidence(text: str) -> str:
    if text not in _CONFIDENCES:
        raise ValueError(f"{text!r} is not A, B or C")
    return text
