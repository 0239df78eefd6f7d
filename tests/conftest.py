"""What tests share: the real book, read once, an application on a fixed day, and its client."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.settings import Settings
from api.store import Store
from tariffs.book import Book

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


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
def app(real_book: Book, store: Store) -> Flask:
    """The application, on 2026-11-23 in Shanghai."""
    return create_app(Settings(database=""), real_book, store, clock=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()
