"""How old what we compute with is, and what of it soon ends: for whoever watches the server, not for a quote."""

from dataclasses import dataclass
from datetime import date

from calculator.errors import Unpriceable
from calculator.exchange import STALE_DAYS
from calculator.money import YUAN
from tariffs.book import Book
from tariffs.fx import FxTables

# The currencies that the trade is invoiced in; the others are as old as these.
WATCHED = ("USD", "MXN")
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class FxAge:
    """A watched currency on a day: the age of its market rate in days, and whether customs' rate of the month is official.

    None where there is no rate.
    """

    currency: str
    market_days: int | None
    customs_official: bool | None


def fx_ages(book: Book, today: date) -> tuple[FxAge, ...]:
    """The rates of the watched currencies, as they are on a day."""
    fx = book.fx
    return tuple(FxAge(each, _market_days(fx, each, today), _official(fx, each, today)) for each in WATCHED)


def days_left(book: Book, today: date) -> dict[str, int]:
    """For how many days each dated table is still known to hold; negative where that has passed."""
    return {each.name: (each.known_until - today).days for each in book.records.tables}


def expiring(book: Book, today: date) -> list[dict[str, object]]:
    """What has ended or soon ends, worst first; nothing of it stops a server, which says so in its quotes."""
    found: list[dict[str, object]] = []
    for each in fx_ages(book, today):
        if each.market_days is None or each.market_days > STALE_DAYS:
            found.append({"what": "market_rate", "name": each.currency, "days": each.market_days})
        if not each.customs_official:
            found.append({"what": "customs_rate_of_month", "name": each.currency, "days": None})
    left = sorted(days_left(book, today).items(), key=lambda each: (each[1], each[0]))
    return found + [{"what": "table", "name": name, "days": days} for name, days in left if days <= SOON_DAYS]


def _market_days(fx: FxTables, currency: str, today: date) -> int | None:
    try:
        return fx.market(currency, YUAN, today).age_days
    except Unpriceable:
        return None


def _official(fx: FxTables, currency: str, today: date) -> bool | None:
    try:
        return not fx.customs(currency, today).estimate
    except Unpriceable:
        return None
