"""The application on other days: nothing that it prices by default fails because a table, a rate or the history of rates ended.

What has ended on a day is told here from the files of the tables themselves, and each answer must say so.
"""

import csv
import io
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.contract import ContractClient

Json = dict[str, Any]
ROOT = Path(__file__).parents[2]
DATA = ROOT / "tariffs" / "data"
# The day before the year ends, the days after it, the leap day, and ten years on.
DAYS = (date(2026, 12, 1), date(2027, 1, 4), date(2028, 2, 29), date(2036, 11, 28))
CASES = sorted((ROOT / "tests" / "cases").rglob("*.toml"))


class OfDay(NamedTuple):
    """A client of an application that was started on a day."""

    day: date
    client: FlaskClient


@pytest.fixture(scope="module", params=DAYS, ids=str)
def of_day(
    request: pytest.FixtureRequest, real_book: Book, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OfDay]:
    """The application on each of the days, at noon in Shanghai."""
    day: date = request.param
    store = Store.at(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'quotes.sqlite3'}")
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    made = create_app(Settings(database=""), real_book, store, clock=lambda: noon)
    made.test_client_class = ContractClient
    yield OfDay(day, made.test_client())
    store.close()


def known_until() -> dict[str, date]:
    """The last day of each table, as its makers wrote it."""
    tables = tomllib.loads((DATA / "tables.toml").read_text(encoding="utf-8"))
    return {name: entry["known_until"] for name, entry in tables.items()}


def provisional() -> dict[str, list[tuple[str, str]]]:
    """The first and last days of the whole provisional rates of each code, "" for an open end."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO((DATA / "cn" / "measures.csv").read_text(encoding="utf-8"))):
        if row["measure"] == "provisional" and not row["part"]:
            found.setdefault(row["hs_code"], []).append((row["valid_from"], row["valid_to"]))
    return found


def lapsed(code: str, day: date, rows: dict[str, list[tuple[str, str]]]) -> bool:
    """Whether a code had a provisional rate to the end of what the schedule knows, and none on the day."""
    known, spans = known_until()["customs-schedule"].isoformat(), rows.get(code, [])
    on = day.isoformat()
    covered = any(first <= on and (not last or on <= last) for first, last in spans)
    return not covered and any(known <= last < on for _, last in spans)


def undated(request: Json) -> Json:
    """The request as somebody asks it who names no day."""
    return {name: value for name, value in request.items() if name != "declared_on"}


def reasons(quote: Json) -> list[Json]:
    """Why a quote is no surer than it is."""
    found: list[Json] = quote["outcome"]["reasons"]
    return found


def outdated(quote: Json) -> set[str]:
    """The tables that a quote names as not updated."""
    return {each["facts"]["table"] for each in reasons(quote) if each["code"] == "table_not_updated"}


def assert_honest(quote: Json, day: date) -> None:
    """Each table that a quote of a day after its last day rests on is named, and none else; then it is an estimate."""
    ended = {name for name, last in known_until().items() if last < day}
    named = outdated(quote)
    assert named <= ended
    if named:
        assert quote["outcome"]["status"] == "estimated"
        assert quote["outcome"]["range"] is not None
