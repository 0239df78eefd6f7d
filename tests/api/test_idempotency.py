"""The same call made again, or a hundred times at once, or after a crash, is worked on once and answered alike."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sql
from flask.testing import FlaskClient

from api import create_app, idempotency
from api.database import database, upgrade
from api.settings import Settings
from api.store import KEYS, LEASE, QUOTES, IdempotencyKey, Store
from tariffs.book import Book
from tests.api.test_quotes import avocado
from tests.conftest import NOW
from tests.crash import Answers, post_all, read
from tests.postgres import Postgres
from tests.servers import Serving

NAMED = {"Idempotency-Key": "order-1"}


@pytest.fixture
def asking(ledger: Store, real_book: Book) -> Any:
    """Clients of an application over an empty ledger, on either kind of database."""
    return create_app(Settings(database=""), real_book, ledger, clock=lambda: NOW).test_client


def count(store: Store) -> int:
    with store.engine.connect() as connection:
        return connection.execute(sql.select(sql.func.count()).select_from(QUOTES)).scalar_one()


def test_a_hundred_at_once_are_one(asking: Any, ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    # However long the one that prices is kept from it by those that look.
    monkeypatch.setattr(idempotency, "WAIT", 30.0)
    together = Barrier(20)

    def ask(number: int) -> tuple[int, bytes, str]:
        client: FlaskClient = asking()
        if number < 20:
            together.wait()
        made = client.post("/v1/quotes", json=avocado(), headers=NAMED)
        return made.status_code, made.data, made.headers["Location"]

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(ask, range(100)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert count(ledger) == 1


def test_another_body_is_a_conflict_before_and_after_the_answer(asking: Any, ledger: Store) -> None:
    client = asking()
    client.post("/v1/quotes", json=avocado(), headers=NAMED)
    for asked in (avocado(incoterm="CIF"), avocado(language="es")):
        told = client.post("/v1/quotes", json=asked, headers=NAMED)
        assert (told.status_code, told.json["type"]) == (409, "/problems/idempotency-conflict")
    ledger.claim(IdempotencyKey("", "order-2", "0" * 64), NOW)
    told = client.post("/v1/quotes", json=avocado(), headers={"Idempotency-Key": "order-2"})
    assert (told.status_code, told.json["type"]) == (409, "/problems/idempotency-conflict")
    assert count(ledger) == 1


def test_what_is_still_worked_on_says_so(asking: Any, ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT", 0.0)
    client = asking()
    client.post("/v1/quotes", json=avocado(), headers=NAMED)
    with ledger.engine.begin() as connection:
        connection.execute(KEYS.update().values(quote_id=None, claim="another's", claimed_at=NOW))
    for told in (
        client.post("/v1/quotes", json=avocado(), headers=NAMED),
        client.get("/v1/quotes?idempotency_key=order-1"),
    ):
        assert (told.status_code, told.json["type"]) == (409, "/problems/idempotency-in-progress")
        assert told.headers["Retry-After"] == "1"
    with ledger.engine.begin() as connection:
        connection.execute(KEYS.update().values(claimed_at=NOW - LEASE))
    assert client.post("/v1/quotes", json=avocado(), headers=NAMED).status_code == 201
    assert count(ledger) == 2


def test_a_call_waits_for_the_one_before_it(asking: Any, ledger: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    began, go_on = Event(), Event()
    save = Store.save

    def slow(*arguments: Any) -> None:
        began.set()
        assert go_on.wait(30)
        save(*arguments)

    monkeypatch.setattr(Store, "save", slow)
    monkeypatch.setattr(idempotency, "WAIT", 30.0)
    answers: list[bytes] = []

    def ask() -> None:
        answers.append(asking().post("/v1/quotes", json=avocado(), headers=NAMED).data)

    first, second = Thread(target=ask), Thread(target=ask)
    first.start()
    assert began.wait(30)
    second.start()
    go_on.set()
    first.join(30)
    second.join(30)
    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert count(ledger) == 1


def test_what_could_not_be_priced_leaves_the_key_free(asking: Any, ledger: Store) -> None:
    client = asking()
    wrong = avocado(line={"product": "avocado-fresh", "hs_code": "22089010"})
    assert client.post("/v1/quotes", json=wrong, headers=NAMED).status_code == 422
    assert client.get("/v1/quotes?idempotency_key=order-1").status_code == 404
    assert client.post("/v1/quotes", json=avocado(), headers=NAMED).status_code == 201


def test_a_lost_answer_is_recovered(asking: Any) -> None:
    client = asking()
    made = client.post("/v1/quotes", json=avocado(), headers=NAMED)
    found = client.get("/v1/quotes?idempotency_key=order-1")
    assert (found.status_code, found.data) == (200, made.data)
    assert found.headers["ETag"] == made.headers["ETag"]
    unchanged = client.get("/v1/quotes?idempotency_key=order-1", headers={"If-None-Match": made.headers["ETag"]})
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "missing_field"),
        ("?idempotency_key=", 422, "idempotency_key_wrong"),
        ("?idempotency_key=a%20b", 422, "idempotency_key_wrong"),
        ("?idempotency_key=x&idempotency_key=y", 422, "duplicate_key"),
        ("?key=order-1", 422, "unknown_field"),
        ("?idempotency_key=never", 404, None),
    ],
)
def test_what_cannot_be_recovered_is_a_problem(query: str, status: int, code: str | None, client: FlaskClient) -> None:
    told = client.get(f"/v1/quotes{query}")
    assert told.status_code == status
    document: dict[str, Any] = told.get_json()
    assert [each["code"] for each in document["errors"]] == ([code] if code else [])


@pytest.fixture
def durable() -> Iterator[Postgres]:
    """A PostgreSQL server of one test's own, which that test may stop."""
    server = Postgres(durable=True)
    yield server
    server.close()


def proved(server: Serving, answers: Answers, keys: list[str], url: str) -> None:
    """Every answered quote is there as it was answered, and each key has one."""
    assert sorted(answers.bodies) == sorted(keys)
    for key, location in answers.locations.items():
        assert read(server.port, location) == (200, answers.bodies[key])
        assert json.loads(answers.bodies[key])["links"]["self"] == location
    assert len(set(answers.locations.values())) == len(keys)
    store = Store.at(url)
    assert count(store) == len(keys)
    store.close()


@pytest.mark.slow
def test_a_killed_server_loses_nothing_and_doubles_nothing(ready_url: str) -> None:
    keys = [f"order-{number}" for number in range(200)]
    answers, half = Answers(), Event()

    def heard(so_far: int) -> None:
        if so_far > 80:
            half.set()

    with Serving(ready_url) as server:
        clients = Thread(target=post_all, args=(server.port, keys, answers, heard))
        clients.start()
        assert half.wait(60)
        server.kill()
        server.start()
        clients.join(120)
        again = Answers()
        post_all(server.port, keys[:50], again)
        assert again.bodies == {key: answers.bodies[key] for key in keys[:50]}
        proved(server, answers, keys, ready_url)
    assert answers.dropped > 0


@pytest.mark.slow
def test_a_database_that_is_restarted_is_waited_for(durable: Postgres) -> None:
    url = durable.database()
    engine = database(url)
    upgrade(engine)
    engine.dispose()
    keys = [f"order-{number}" for number in range(200)]
    answers, half = Answers(), Event()
    with Serving(url) as server:

        def heard(so_far: int) -> None:
            if so_far > 60:
                half.set()

        clients = Thread(target=post_all, args=(server.port, keys, answers, heard))
        clients.start()
        assert half.wait(60)
        durable.stop()
        for _ in range(600):
            if 503 in answers.statuses:
                break
            sleep(0.05)
        durable.start()
        clients.join(120)
        proved(server, answers, keys, url)
    assert 503 in answers.statuses
    assert answers.without_retry_after == 0
    assert set(answers.statuses) <= {201, 409, 503}
