"""A server with keys for tests: on an empty ledger, with a clock that is set by hand."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from limits.storage import RedisStorage
from werkzeug.test import TestResponse

from api import create_app
from api.examples import AVOCADO
from api.key_text import PUBLISHABLE, SECRET, KeyText
from api.keyring import Key, Keyring, Terms
from api.settings import KEYS, Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW

SHOP = "https://shop.example"
REQUEST = {name: AVOCADO[name] for name in ("goods", "incoterm", "costs")}


class Keyed:
    """The application, its keys, and what clients with them are answered."""

    def __init__(self, book: Book, store: Store, **settings: Any) -> None:
        self.now = NOW
        self.store, self.ring = store, Keyring(store.engine)
        self.app: Flask = create_app(Settings(database="", auth=KEYS, **settings), book, store, lambda: self.now)
        self.client: FlaskClient = self.app.test_client()

    def make(
        self, kind: str = SECRET, owner: str = "acme", rate: str = "600/minute", **terms: Any
    ) -> tuple[Key, KeyText]:
        """A key, on the terms of its kind where none are given."""
        if kind == PUBLISHABLE:
            terms.setdefault("origins", (SHOP,))
        return self.ring.make(Terms(kind, owner, rate, **terms), self.now)

    def text(self, kind: str = SECRET, **terms: Any) -> str:
        """The text of a new key."""
        return str(self.make(kind, **terms)[1])

    def get(self, path: str, key: object = None, origin: str = "", **headers: str) -> TestResponse:
        """The answer to a look-up."""
        return self.client.get(path, headers=sent(key, origin, headers))

    def quote(self, key: object = None, query: str = "?store=false", origin: str = "", **headers: str) -> TestResponse:
        """The answer to a request for a quote."""
        return self.client.post(f"/v1/quotes{query}", json=REQUEST, headers=sent(key, origin, headers))

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def at(self, moment: datetime) -> None:
        """Set the clock."""
        self.now = moment

    def flush(self) -> None:
        """Write what is counted, without waiting for it."""
        self.app.extensions["galeon-door"].flush()

    def close(self) -> None:
        """Write the rest, and close what is open to a server of the limits."""
        self.app.extensions["galeon-door"].close()
        for limits in self.app.extensions["limiter"]:
            if isinstance(limits.storage, RedisStorage):
                limits.storage.storage.connection_pool.disconnect()


def sent(key: object, origin: str, headers: dict[str, str]) -> dict[str, str]:
    """The headers that a client sends."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        named["Authorization"] = f"Bearer {key}"
    if origin:
        named["Origin"] = origin
    return named


def kind_of(response: TestResponse) -> tuple[int, str]:
    """The status of a problem and its type."""
    assert response.mimetype == "application/problem+json", response.text
    return response.status_code, response.get_json()["type"].removeprefix("/problems/")
