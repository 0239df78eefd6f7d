"""The door: HTTP, JSON, the database and the command line, around the tables and the calculator. Only this package wires."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from api.fields import Known
    from api.following import Following, Takeover
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


def create_app(
    settings: "Settings",
    book: "Book",
    store: "Store",
    clock: Callable[[], datetime] = utc_now,
    takeover: "Takeover | None" = None,
    before: "Flask | None" = None,
) -> "Flask":
    """The web application over one book and one store. Raises BadSetting for a key that cannot sign.

    `takeover` is what it tells of a release that it could not take. Where it follows another one over the same store, `before`,
    it goes on with what that one has counted of its callers.
    """
    from api.access import guard
    from api.application import application
    from api.job_helper import begin_worker, leave_to_others
    from api.settings import APART
    from api.signing import Signing

    def door(app: "Flask") -> None:
        guard(app, settings, store.engine, clock, before)

    begin = leave_to_others if settings.workers == APART else begin_worker
    known = known_of(settings, book, clock)
    told = (lambda: "") if takeover is None else (lambda: takeover.code)
    return application(known, book, store, clock, door, begin, Signing.of(settings), told, before)


def from_environment() -> "Following":
    """The application as a server's worker starts it, of the release that serves."""
    from api.following import Following
    from api.logs import open_log
    from api.settings import Settings
    from api.store import Store

    settings = Settings.read()
    open_log(settings)
    return Following(settings, Store.at(settings.database), utc_now)
