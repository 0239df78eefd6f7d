"""What tests share: the real book, read once, an application on a fixed day, and its client."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from api import create_app
from api.database import database, upgrade
from api.garbage import leave_alone
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.contract import ContractClient
from tests.postgres import Postgres

if TYPE_CHECKING:
    from tests.keyed import Keyed

# How long an example takes is the machine's affair.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONGEST = {"test_generated_requests_find_no_lie_in_the_specification"}
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes begins first: begun last it would keep one worker busy when the others have nothing left."""
    items.sort(key=lambda each: each.name not in LONGEST)


def pytest_collection_finish() -> None:
    """Have the collector of garbage pass over what stays as long as the session, as a server has it do (api/garbage.py)."""
    leave_alone()


def pytest_sessionfinish() -> None:
    """Wake the threads that wait before they tidy up the counters of rates (limits.storage.MemoryStorage).

    Where faketime sets the clock, a timed wait of a thread has no end (its sem_clockwait(3) is left as it is), and the
    interpreter would wait for these.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


@pytest.fixture(scope="session")
def real_book() -> Book:
    """The tables of this installation."""
    return Book.load()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A ledger in a file of its own; tests share it, since nothing in it ever changes."""
    kept = Store.at(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'quotes.sqlite3'}")
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server, started when the first test asks for it."""
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Either kind of database: what takes it runs twice, on PostgreSQL only where the slow tests run."""
    return str(request.param)


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a new database, still without tables, of either kind."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with its tables: it is copied, since to make it takes longer than many a test."""
    path = tmp_path_factory.mktemp("ready") / "quotes.sqlite3"
    _upgraded(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def ready_postgres(postgres: Postgres) -> Postgres:
    """The PostgreSQL server, which has by now an empty database with its tables to copy."""
    postgres.model = postgres.database()
    _upgraded(postgres.model)
    return postgres


@pytest.fixture
def ready_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a new, empty database of either kind, with its tables."""
    if database_kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("ready_file"), tmp_path / "quotes.sqlite3")
        return f"sqlite:///{tmp_path / 'quotes.sqlite3'}"
    server: Postgres = request.getfixturevalue("ready_postgres")
    return server.database(server.model)


def _upgraded(url: str) -> None:
    engine = database(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def ledger(ready_url: str) -> Iterator[Store]:
    """An empty ledger of a test's own, on either kind of database."""
    kept = Store.at(ready_url)
    yield kept
    kept.close()


@pytest.fixture(scope="session")
def app(real_book: Book, store: Store) -> Flask:
    """The application, on 2026-11-23 in Shanghai."""
    made = create_app(Settings(database=""), real_book, store, clock=lambda: NOW)
    made.test_client_class = ContractClient
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture
def keyed(real_book: Book, tmp_path: Path) -> Iterator["Keyed"]:
    """A server with keys, on an empty ledger of its own."""
    from tests.keyed import Keyed

    kept = Store.at(f"sqlite:///{tmp_path / 'keyed.sqlite3'}")
    found = Keyed(real_book, kept)
    yield found
    found.close()
    kept.close()
