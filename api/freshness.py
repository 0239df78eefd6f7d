"""How old what we compute with is, and what of it soon ends: for whoever watches the server, not for a quote."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from calculator.errors import Unpriceable
from calculator.exchange import STALE_DAYS
from calculator.money import YUAN
from tariffs.announced import SCHEDULE
from tariffs.book import Book
from tariffs.expiring import Expiring
from tariffs.expiring import expiring as rows_expiring
from tariffs.fx import FxTables
from tariffs.records import Records
from tariffs.release import BadRelease, day_of

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
    made = release_day(book)
    if made is not None and today < made - timedelta(days=1):
        found.append({"what": "clock", "name": book.release, "days": (today - made).days})
    ending = ending_rows(book, today, SOON_DAYS)
    for last in sorted({each.last_day for each in ending}):
        found.append({"what": "rates", "name": last.isoformat(), "days": (last - today).days})
    left = sorted(days_left(book, today).items(), key=lambda each: (each[1], each[0]))
    return found + [{"what": "table", "name": name, "days": days} for name, days in left if days <= SOON_DAYS]


def ending_rows(book: Book, today: date, within: int) -> tuple[Expiring, ...]:
    """The rates and rows that ended since the schedule was looked after, or will within so many days, with none after them."""
    return _ending_rows(book.records, today, within)


@lru_cache(maxsize=8)
def _ending_rows(records: Records, today: date, within: int) -> tuple[Expiring, ...]:
    known = next((each.known_until for each in records.tables if each.name == SCHEDULE), today)
    since = min(today, known)
    return rows_expiring(records, since, (today - since).days + within)


def release_day(book: Book) -> date | None:
    """The day on which the tables were sealed, None where their release has no day in its name."""
    try:
        return day_of(book.release.partition("+")[0])
    except BadRelease:
        return None


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
