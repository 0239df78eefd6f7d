"""The market rates that an installation keeps itself: dated rows of a bank, a refresh or a file, newer than the history.

A row stays as it was published. The inverse and the cross through a third currency keep the published figures and divide
last; a cross is made of rates of one day and one source alone, since two sources taken together are nobody's rate.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable

from calculator.money import EXACT, ExchangeRate
from tariffs.findings import Finding, at_row, unread_cells
from tariffs.fx.embedded import last_common
from tariffs.tables import CsvTable, Raw, TableError, csv_table, day, number

FILE = "fx/market_rates.csv"
COLUMNS = ("day", "base", "quote", "rate", "source", "fetched_at")
# What makes two rows the same rate: all but the figure and the moment at which it was fetched.
KEY = ("day", "base", "quote", "source")
# Beyond these a figure is a slip: a rial is worth more than the one, and a bitcoin in dongs less than the other.
LEAST, MOST = Decimal("0.000000001"), Decimal(1_000_000_000_000)
LONGEST_RATE, LONGEST_SOURCE = 40, 100
# A source whose rates come from a server that nobody vouches for; whoever imports a file vouches for it.
FETCHED = "forex-python"

_CURRENCY = re.compile(r"[A-Z]{3}")
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Leg:
    """The days and figures of a published pair, straight or turned round."""

    pair: str
    days: list[date]
    figures: list[str]
    straight: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The last known rate of one source: its day, and the published figures that multiply and divide."""

    on: date
    source: str
    times: tuple[tuple[str, str], ...]
    by: tuple[tuple[str, str], ...]

    @property
    def published_as(self) -> str:
        """The figures with their pairs, as they were published."""
        over = " × ".join(" ".join(each) for each in self.times) or "1"
        return over + "".join(f" ÷ {pair} {figure}" for pair, figure in self.by)


class Sheet:
    """The rates of one source."""

    def __init__(self, source: str, rows: Iterable[Raw]) -> None:
        self.source = source
        self._series: dict[tuple[str, str], tuple[list[date], list[str]]] = {}
        self._partners: dict[str, set[str]] = {}
        for row in sorted(rows):
            days, figures = self._series.setdefault((row[1], row[2]), ([], []))
            days.append(date.fromisoformat(row[0]))
            figures.append(row[3])
            self._partners.setdefault(row[1], set()).add(row[2])
            self._partners.setdefault(row[2], set()).add(row[1])

    def newest(self, base: str, quote: str, on: date) -> Found | None:
        """The last rate on or before a day; of the same day, the one that was published rather than crossed."""
        return max(self._ways(base, quote, on), key=lambda each: each.on, default=None)

    def days(self, base: str, quote: str) -> set[date]:
        """Every day on which the pair may have a rate."""
        found = {each for leg in self._legs(base, quote) for each in leg.days}
        for pivot in self._between(base, quote):
            starts = {each for leg in self._legs(base, pivot) for each in leg.days}
            found |= starts & {each for leg in self._legs(pivot, quote) for each in leg.days}
        return found

    def _ways(self, base: str, quote: str, on: date) -> Iterator[Found]:
        for leg in self._legs(base, quote):
            at = bisect_right(leg.days, on) - 1
            if at >= 0:
                yield self._found(leg.days[at], (leg, at))
        for pivot in self._between(base, quote):
            for first in self._legs(base, pivot):
                for second in self._legs(pivot, quote):
                    places = last_common(first.days, second.days, on)
                    if places is not None:
                        yield self._found(first.days[places[0]], (first, places[0]), (second, places[1]))

    def _between(self, base: str, quote: str) -> list[str]:
        return sorted(self._partners.get(base, set()) & self._partners.get(quote, set()))

    def _legs(self, base: str, quote: str) -> Iterator[Leg]:
        for pair, straight in (((base, quote), True), ((quote, base), False)):
            if pair in self._series:
                yield Leg("/".join(pair), *self._series[pair], straight)

    def _found(self, on: date, *legs: tuple[Leg, int]) -> Found:
        times = tuple((leg.pair, leg.figures[at]) for leg, at in legs if leg.straight)
        by = tuple((leg.pair, leg.figures[at]) for leg, at in legs if not leg.straight)
        return Found(on, self.source, times, by)


class Snapshots:
    """The stored rows of market rates. Nothing changes after it is made."""

    def __init__(self, rows: Iterable[Raw] = ()) -> None:
        self._rows: Mapping[Raw, Raw] = {keyed(row): row for row in rows}
        by_source: dict[str, list[Raw]] = {}
        for row in self._rows.values():
            by_source.setdefault(row[4], []).append(row)
        self._sheets = [Sheet(source, by_source[source]) for source in sorted(by_source)]
        self.currencies = frozenset(code for row in self._rows.values() for code in row[1:3])
        self.known_until = max((date.fromisoformat(row[0]) for row in self._rows.values()), default=None)

    @classmethod
    def of(cls, table: CsvTable) -> "Snapshots":
        """The rows of a table, or a TableError that says file:line:column."""
        fault = next(findings(table), None)
        if fault is not None:
            raise TableError(fault.file, fault.line, fault.column, fault.text)
        return cls(table.rows)

    @classmethod
    def load(cls, root: Traversable, file: str = FILE) -> "Snapshots":
        """The rows of a file in a folder; none where there is no such file."""
        if not root.joinpath(*file.split("/")).is_file():
            return cls()
        return cls.of(csv_table(file, COLUMNS, root))

    def over(self, own: "Snapshots") -> "Snapshots":
        """These rows with others in place of those of the same day, pair and source."""
        return Snapshots((self._rows | own._rows).values()) if own._rows else self  # type: ignore[operator]

    def rate(self, base: str, quote: str, on: date) -> ExchangeRate | None:
        """The last rate known on a day from whichever source is newest, None where no source has one.

        Of the same day, one that somebody vouches for goes before one that was fetched.
        """
        ways = (found for sheet in self._sheets if (found := sheet.newest(base, quote, on)) is not None)
        best = max(ways, key=lambda each: (each.on, not each.source.startswith(FETCHED)), default=None)
        if best is None:
            return None
        return ExchangeRate(
            base=base,
            quote=quote,
            multiplier=_product(best.times),
            divisor=_product(best.by),
            on=best.on,
            desk="market",
            source=best.source,
            confidence="B" if best.source.startswith(FETCHED) else "A",
            published_as=best.published_as,
            age_days=(on - best.on).days,
        )

    def days(self, base: str, quote: str) -> set[date]:
        """Every day on which the pair may have a rate."""
        return set().union(*(sheet.days(base, quote) for sheet in self._sheets))

    def first_day(self, currency: str) -> date | None:
        """The first day on which a currency is quoted."""
        days = (row[0] for row in self._rows.values() if currency in row[1:3])
        return date.fromisoformat(first) if (first := min(days, default="")) else None


def keyed(row: Raw) -> Raw:
    """What makes a row the same rate as another."""
    return tuple(row[COLUMNS.index(name)] for name in KEY)


def findings(table: CsvTable) -> Iterator[Finding]:
    """Every cell of a table of market rates that cannot be read, and every rate that stands twice."""
    readers: dict[str, Callable[[str], object]] = {
        "day": day,
        "base": currency,
        "quote": currency,
        "rate": rate,
        "source": source,
    }
    seen: set[Raw] = set()
    for at, row in enumerate(table.rows):
        yield from unread_cells(table, at, readers)
        if row[1] == row[2]:
            yield at_row(table, at, "quote", "bad_cell", "is the base itself")
        if keyed(row) in seen:
            yield at_row(
                table, at, "day", "double_row", f"{row[1]}/{row[2]} has a rate of {row[4]} for this day already"
            )
        seen.add(keyed(row))


def currency(text: str) -> str:
    """A currency by its three letters."""
    if not _CURRENCY.fullmatch(text):
        raise ValueError(f"{text!r} is not a currency such as USD")
    return text


def rate(text: str) -> Decimal:
    """A rate that can be one: above zero, and of a size that money has."""
    found = number(text)
    if len(text) > LONGEST_RATE or not LEAST <= found <= MOST:
        raise ValueError(f"{text[:LONGEST_RATE]!r} is no rate between {LEAST:f} and {MOST}")
    return found


def source(text: str) -> str:
    """Who published a rate, in a few words."""
    if not text.strip() or len(text) > LONGEST_SOURCE or not text.isprintable():
        raise ValueError(f"{text[:LONGEST_SOURCE]!r} does not name a source")
    return text


def _product(figures: Iterable[tuple[str, str]]) -> Decimal:
    found = _ONE
    for _, figure in figures:
        found = EXACT.multiply(found, Decimal(figure))
    return found
