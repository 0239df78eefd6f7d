"""Living is not the same as being able to work: the one asks nobody, the other asks the database."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sql
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    TimeoutError,
)

from api import create_app
from api.away import away
from api.database import HEAD, database, upgrade
from api.examples import AVOCADO
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW
from tests.postgres import Postgres


def served(url: str, book: Book, now: datetime = NOW) -> tuple[FlaskClient, Store]:
    """A client of an application over a database, which is made ready first."""
    engine = database(url)
    upgrade(engine)
    engine.dispose()
    store = Store.at(url)
    return create_app(Settings(database=url), book, store, clock=lambda: now).test_client(), store


def codes(client: FlaskClient) -> list[str]:
    """Why a server is not ready; nothing where it is."""
    response = client.get("/readyz")
    if response.status_code == 200:
        return []
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert response.json is not None
    assert response.json["type"] == "/problems/unavailable"
    return [each["code"] for each in response.json["errors"]]


def test_who_lives_asks_nobody(client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "engine", None)
    response = client.get("/healthz")
    assert (response.status_code, response.json["status"]) == (200, "ok")  # type: ignore[index]


def test_who_can_work_says_with_what(client: FlaskClient, real_book: Book):
    document = client.get("/readyz").json
    assert document is not None
    expiring = document.pop("expiring")
    lives = client.get("/healthz").json
    assert document == {**lives, "status": "ready", "revision": HEAD, "release_not_taken": None}  # type: ignore[dict-item]
    spec = client.get("/openapi.json").json
    schema = spec["paths"]["/readyz"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]  # type: ignore[index]
    described = {**schema, "components": spec["components"]}  # type: ignore[index]
    assert not list(Draft202012Validator(described).iter_errors({**document, "expiring": expiring}))


def test_what_soon_ends_is_told_and_stops_nothing(tmp_path: Path, real_book: Book):
    def told(on: datetime) -> set[tuple[str, str, int | None]]:
        client, store = served(f"sqlite:///{tmp_path / f'{on:%Y%m%d}.sqlite3'}", real_book, on)
        response = client.get("/readyz")
        store.close()
        assert response.status_code == 200
        return {(each["what"], each["name"], each["days"]) for each in response.json["expiring"]}  # type: ignore[index]

    # The schedule of 2026 is known until the last day of that year; thirty days before is soon, and a day before that is not.
    assert ("table", "customs-schedule", 30) in told(datetime(2026, 12, 1, tzinfo=UTC))
    assert not {each for each in told(datetime(2026, 11, 30, tzinfo=UTC)) if each[1] == "customs-schedule"}
    later = told(datetime(2027, 1, 2, tzinfo=UTC))
    assert ("table", "customs-schedule", -2) in later
    last = real_book.fx.last_day("USD")
    assert ("market_rate", "USD", (date(2027, 1, 2) - last).days) in later
    assert ("customs_rate_of_month", "MXN", None) in later
    # Fourteen days are no age yet, and a day more is.
    for days, ages in ((14, set()), (15, {15})):
        on = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=days)
        assert {each[2] for each in told(on) if each[:2] == ("market_rate", "USD")} == ages


def test_tables_of_another_version(database_url: str, real_book: Book):
    client, store = served(database_url, real_book)
    assert codes(client) == []
    with store.engine.begin() as connection:
        connection.execute(sql.text("UPDATE alembic_version SET version_num = 'later'"))
    assert codes(client) == ["tables_of_another_version"]
    assert "later" in client.get("/readyz").text
    with store.engine.begin() as connection:
        connection.execute(sql.text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})
    assert codes(client) == []
    store.close()


def test_a_locked_file_is_away_until_it_is_let_go(tmp_path: Path, real_book: Book):
    file = tmp_path / "quotes.sqlite3"
    client, store = served(f"sqlite:///{file}", real_book)
    # The house waits five seconds for another writer; here a moment does.
    sql.event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 20"))
    store.engine.dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused = client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "locked"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.json["type"] == "/problems/unavailable"  # type: ignore[index]
        # A reader does not wait for a writer.
        assert client.get("/v1/quotes/q_0000000000000000000000").status_code == 404
        assert client.post("/v1/quotes?store=false", json=AVOCADO).status_code == 200
        other.execute("ROLLBACK")
    assert client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "locked"}).status_code == 201
    store.close()


@pytest.mark.slow
def test_a_server_that_stops_is_away_until_it_is_back(real_book: Book):
    postgres = Postgres()
    try:
        client, store = served(postgres.database(), real_book)
        calls: list[Callable[[], Any]] = [
            lambda: client.post("/v1/quotes", json=AVOCADO),
            lambda: client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "k"}),
            lambda: client.get("/v1/quotes/q_0000000000000000000000"),
            lambda: client.get("/v1/quotes?idempotency_key=none"),
        ]
        expected = [201, 201, 404, 404]
        for signal in ("INT", "QUIT"):
            assert [call().status_code for call in calls] == expected
            assert codes(client) == []
            postgres.stop(signal)
            for call in calls:
                response = call()
                assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
            assert codes(client) == ["database_away"]
            assert client.get("/healthz").status_code == 200
            assert "galeon_database_reachable 0.0" in client.get("/metrics").text
            assert client.post("/v1/quotes?store=false", json=AVOCADO).status_code == 200
            postgres.start()
        assert [call().status_code for call in calls] == expected
        assert codes(client) == []
        store.close()
    finally:
        postgres.close()


def damaged(name: str) -> DatabaseError:
    """An exception as SQLAlchemy raises it for what sqlite3 says of a file."""
    original: Any = Exception("of the driver")
    original.sqlite_errorname = name
    return DatabaseError("SELECT 1", {}, original)


def raised(kind: type[DBAPIError], state: str | None = None, invalidated: bool = False) -> DBAPIError:
    """An exception as SQLAlchemy raises it, with the SQLSTATE that PostgreSQL gave."""
    original: Any = Exception("of the driver")
    original.sqlstate = state
    return kind("SELECT 1", {}, original, connection_invalidated=invalidated)


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        (raised(OperationalError), True),
        (raised(InterfaceError), True),
        (TimeoutError("the pool"), True),
        (DisconnectionError(), True),
        (raised(DBAPIError, "57P01"), True),
        (raised(DBAPIError, "08006"), True),
        (raised(DBAPIError, "53300"), True),
        (raised(DBAPIError, "40001"), True),
        (raised(InternalError, "25006"), True),
        (raised(ProgrammingError, invalidated=True), True),
        (damaged("SQLITE_CORRUPT_VTAB"), True),
        (damaged("SQLITE_NOTADB"), True),
        (damaged("SQLITE_CONSTRAINT"), False),
        (raised(ProgrammingError, "42601"), False),
        (raised(IntegrityError, "23505"), False),
        (raised(DataError, "22003"), False),
        (ValueError(), False),
    ],
)
def test_what_away_means(exception: Exception, expected: bool):
    assert away(exception) is expected


@pytest.mark.parametrize(
    ("exception", "status"),
    [(raised(InterfaceError), 503), (TimeoutError("the pool"), 503), (raised(DataError, "22003"), 500)],
)
def test_away_is_503_and_a_mistake_is_ours(
    exception: Exception, status: int, client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_: Any, **__: Any) -> None:
        raise exception

    monkeypatch.setattr(store, "save", refused)
    response = client.post("/v1/quotes", json=AVOCADO)
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)


def test_a_database_that_was_never_there_is_away(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, store: Store):
    gone = SimpleNamespace(connect=lambda: (_ for _ in ()).throw(raised(OperationalError)))
    monkeypatch.setattr(store, "engine", gone)
    assert codes(client) == ["database_away"]
