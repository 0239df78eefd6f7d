"""The door: HTTP, JSON, the database and the command line, around the tables and the calculator. Only this package wires."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from api.fields import Known
    from api.settings import Settings
    from api.store import Store
    from tariffs.book import Book

# China keeps one time and no summer time; a machine without a time zone database knows it too.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def utc_now() -> datetime:
    """The clock of the installation, read once for each request, here at the door."""
    return datetime.now(UTC)


def day_in_china(moment: datetime) -> date:
    """The calendar day on which a moment falls in China."""
    return moment.astimezone(SHANGHAI).date()


def known_of(settings: "Settings", book: "Book", clock: Callable[[], datetime]) -> "Known":
    """What the reading of requests must know of this installation."""
    from api.fields import Known

    def today() -> date:
        return day_in_china(clock())

    return Known(book.fx.currencies, book.release, today, settings.fx_strict)


def create_app(settings: "Settings", book: "Book", store: "Store", clock: Callable[[], datetime] = utc_now) -> "Flask":
    """The web application over one book and one store. Raises BadSetting for a key that cannot sign."""
    from api.access import guard
    from api.application import application
    from api.job_helper import begin_worker, leave_to_others
    from api.settings import APART
    from api.signing import Signing

    def door(app: "Flask") -> None:
        guard(app, settings, store.engine, clock)

    begin = leave_to_others if settings.workers == APART else begin_worker
    return application(known_of(settings, book, clock), book, store, clock, door, begin, Signing.of(settings))


def from_environment() -> "Flask":
    """The application as a server's worker starts it."""
    from api.logs import open_log
    from api.settings import Settings
    from api.store import Store
    from tariffs.book import Book

    settings = Settings.read()
    open_log(settings)
    return create_app(settings, Book.load(settings.tables, settings.fx), Store.at(settings.database))
