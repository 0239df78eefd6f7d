"""The log tells what happened in one line for each call, and nothing of what a client sent."""

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sql
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from api.errors import problem
from api.examples import AVOCADO
from api.key_text import SHEET
from api.logs import open_log
from api.settings import BadSetting, Settings
from api.store import Store
from tests.keyed import Keyed

CANARY = "hunter2canary"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is written to the log, which is closed again after the test."""
    root, ours = logging.getLogger(), logging.getLogger("galeon")
    handlers, level = list(root.handlers), ours.level
    yield io.StringIO()
    root.handlers[:] = handlers
    ours.setLevel(level)
    open_log(Settings(database=""), io.StringIO())
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    """An open log in JSON, and what stands in it."""
    open_log(Settings(database="", log="json"), stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_call_is_one_line(client: FlaskClient, lines: Lines):
    response = client.post("/v1/quotes?store=false", json=AVOCADO, headers={"X-Request-Id": "mine-1"})
    (line,) = lines()
    assert list(line)[:4] == ["time", "level", "event", "request_id"]
    assert datetime.fromisoformat(line.pop("time")).utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert 0 < line.pop("ms") < 60_000
    assert line == {
        "level": "info",
        "event": "call",
        "request_id": "mine-1",
        "method": "POST",
        "route": "/v1/quotes",
        "status": 200,
        "bytes_in": int(response.request.headers["Content-Length"]),
        "bytes_out": len(response.data),
    }


def test_a_route_is_told_by_its_pattern(client: FlaskClient, lines: Lines):
    client.get("/v1/quotes/q_0000000000000000000000")
    client.get("/v1/tables/vat-lines.csv")
    client.get("/nowhere/at/all")
    client.open("/v1/meta", method="BREW")
    assert [(line["method"], line["route"], line["status"], line.get("problem")) for line in lines()] == [
        ("GET", "/v1/quotes/{id}", 404, "not-found"),
        ("GET", "/v1/tables/{name}.csv", 200, None),
        ("GET", "unmatched", 404, "not-found"),
        ("OTHER", "unmatched", 405, "method-not-allowed"),
    ]


def test_what_was_not_sent_is_not_counted(client: FlaskClient, lines: Lines):
    tag = client.get("/v1/meta").headers["ETag"]
    client.head("/v1/meta")
    client.get("/v1/meta", headers={"If-None-Match": tag})
    assert [line["bytes_out"] > 0 for line in lines()] == [True, False, False]


def test_the_key_is_told_by_its_name(app: Flask, lines: Lines, monkeypatch: pytest.MonkeyPatch):
    def held() -> None:
        g.caller = SimpleNamespace(owner="", key_id="key_7")

    monkeypatch.setitem(app.before_request_funcs, None, [*app.before_request_funcs[None], held])
    app.test_client().get("/v1/meta")
    assert lines()[0]["key_id"] == "key_7"


@pytest.mark.parametrize("wanted", [True, False])
def test_clients_are_named_where_that_is_a_setting(wanted: bool, client: FlaskClient, stream: io.StringIO):
    open_log(Settings(database="", log="json", log_clients=wanted), stream)
    client.get("/v1/meta", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert ("192.0.2.7" in stream.getvalue()) is wanted


def secrets_everywhere(client: FlaskClient) -> Iterator[Any]:
    """Calls of every kind with the canary wherever a client can put a word."""
    headers = {
        "Authorization": f"Bearer sk_{CANARY}",
        "Idempotency-Key": CANARY,
        "Cookie": f"session={CANARY}",
        "Referer": f"https://example.org/{CANARY}",
        "User-Agent": CANARY,
        "If-None-Match": f'"{CANARY}"',
        "X-Forwarded-For": CANARY,
        "Accept-Language": f"es, {CANARY}",
        "X-Request-Id": f"{CANARY} is no id",
    }
    good = {
        **AVOCADO,
        "goods": [{**AVOCADO["goods"][0], "price": {"amount": "31337313.37", "currency": "USD", "per": "kg"}}],
    }
    wrong = [
        {"goods": CANARY},
        {CANARY: 1},
        {**AVOCADO, "incoterm": CANARY},
        {**AVOCADO, "fx": {CANARY: CANARY}},
        {**AVOCADO, "goods": [{"product": CANARY, "quantity": CANARY}]},
    ]
    for query in ("", "?store=false", f"?{CANARY}={CANARY}", f"?store={CANARY}"):
        yield client.post(f"/v1/quotes{query}", json=good, headers=headers)
    for document in wrong:
        yield client.post("/v1/quotes", json=document, headers=headers)
    for kind in ("application/json", "text/plain", f"application/{CANARY}"):
        yield client.post("/v1/quotes", data=f'{{"{CANARY}', content_type=kind, headers=headers)
    yield client.post("/v1/quotes", data=CANARY, headers={**headers, "Content-Encoding": CANARY})
    for address in (
        f"/v1/quotes/q_{CANARY}",
        f"/v1/quotes?idempotency_key={CANARY}",
        f"/v1/sheet/k_{CANARY}/landed_cost",
        f"/v1/products/{CANARY}",
        f"/v1/products?q={CANARY}&cursor={CANARY}",
        f"/v1/tariff-lines?q={CANARY}",
        f"/v1/fx?base={CANARY}&quote=CNY",
        f"/v1/meta?api_key={CANARY}",
        f"/problems/{CANARY}",
        f"/docs/{CANARY}",
        f"/docs//{CANARY}",
        f"/{CANARY}",
    ):
        for method in ("GET", "HEAD", "DELETE", "OPTIONS", CANARY.upper()):
            yield client.open(address, method=method, headers=headers)


@pytest.mark.parametrize("form", ["json", "text"])
def test_nothing_that_a_client_sent_is_in_the_log(form: str, client: FlaskClient, stream: io.StringIO):
    open_log(Settings(database="", log=form, log_level="debug"), stream)
    answers = list(secrets_everywhere(client))
    assert {each.status_code for each in answers} >= {200, 201, 304, 404, 405, 415, 422, 308} - {304}
    written = stream.getvalue()
    assert len(written.splitlines()) == len(answers)
    for secret in (CANARY, CANARY.upper(), "31337313"):
        assert secret not in written, secret


MARK = "MarkedWordOfAClient"
PRICE = "7654321.98"


def marked_calls(keyed: Keyed) -> Iterator[tuple[TestResponse, list[str]]]:
    """Calls with a genuine key, with what each holds that no log may: names, prices, keys, what opens something by itself."""
    text, sheet = keyed.text(), keyed.text(SHEET)
    headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": MARK}
    good = json.loads(json.dumps(AVOCADO))
    good["goods"][0] |= {
        "description": MARK,
        "price": {"amount": PRICE, "currency": "USD", "per": "kg"},
        "attributes": {"brand": MARK},
    }
    unpriceable = json.loads(json.dumps(good))
    del unpriceable["goods"][0]["attributes"]
    wrong = json.loads(json.dumps(unpriceable))
    wrong["goods"][0]["quantity"] = MARK
    # A secret may hold underscores itself.
    secrets = [*(key.split("_", 2)[2] for key in (text, sheet)), text, sheet, MARK, PRICE]
    made = keyed.client.post("/v1/quotes", json=unpriceable, headers=headers)
    assert made.status_code == 201, made.text
    figure = made.json["totals"]["landed_cost"]["amount"]  # type: ignore[index]
    quote = made.headers["Location"].rpartition("/")[2]
    secrets += [figure, quote]
    yield made, secrets
    for body in (good, wrong):
        yield keyed.client.post("/v1/quotes", json=body, headers=headers), secrets
    share = keyed.client.post(f"/v1/quotes/{quote}/share", headers=headers)
    yield share, secrets
    at = share.headers["Location"]
    secrets.append(at.rpartition("/")[2])
    for suffix in ("", ".csv", ".nothing"):
        yield keyed.client.get(f"{at}{suffix}"), secrets
    bill = {
        "quote": quote,
        "bill": [{"line": "vat", "amount": {"amount": PRICE, "currency": "CNY"}, "on": "2026-11-23"}],
    }
    for path, body in (
        ("/v1/reconciliations", bill),
        ("/v1/comparisons", {**unpriceable, "vary": {"incoterm": [MARK]}}),
        ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "quote", "arguments": wrong}}),
    ):
        accepted = {"Accept": "application/json, text/event-stream"} if path == "/mcp" else {}
        yield keyed.client.post(path, json=body, headers={**headers, **accepted}), secrets
    rows = f"SKU,description,price,currency\r\n{MARK},{MARK},{PRICE},USD\r\n".encode()
    yield keyed.client.post("/v1/batches", data=rows, content_type="text/csv", headers=headers), secrets
    for path in (
        f"/v1/sheet/{sheet}/vat?quote={quote}",
        f"/v1/sheet/{sheet}/vat?description={MARK}&price={PRICE}",
        f"/v1/units?key={text}",
        f"/v1/quotes?idempotency_key={MARK}",
    ):
        yield keyed.client.get(path, headers=headers), secrets
    for _ in range(2):
        yield keyed.client.delete(f"/v1/quotes/{quote}", headers=headers), secrets
    yield keyed.client.get(f"/v1/quotes/{quote}", headers=headers), secrets
    yield keyed.client.post("/v1/reconciliations", json=bill, headers=headers), secrets


@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_no_level_tells_what_a_customer_asked_and_was_answered(
    level: str, broken: bool, keyed: Keyed, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    """Keys, prices, words, attributes, addresses that open something, and ids; nor when what they are priced by breaks."""
    open_log(Settings(database="", log="json", log_level=level), stream)
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG if level == "debug" else root.level)
    statuses, secrets = [], list[str]()
    for answer, known in marked_calls(keyed):
        statuses.append(answer.status_code)
        secrets = known
        if broken and len(statuses) == 1:

            def failing(*asked: Any, **named: Any) -> Any:
                raise RuntimeError(f"{asked} {named} {MARK} {PRICE}")

            # Every quote from now on, of whatever route, and every look at a kept one.
            monkeypatch.setattr("api.quotes.answered", failing)
            monkeypatch.setattr("api.reconciling.reckoned_again", failing)
            monkeypatch.setattr("api.renderings.table.table", failing)
    keyed.flush()
    assert {201, 204, 404, 410} <= set(statuses)
    assert (500 in statuses) is broken
    written = stream.getvalue()
    assert bool(written) is (level in ("debug", "info") or broken)
    assert [each for each in secrets if each in written] == []


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_mistake_is_told_by_its_way_and_not_by_its_words(
    form: str, client: FlaskClient, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    def broken(asked: Any, *_: Any) -> None:
        try:
            raise KeyError(asked.goods[0].product)
        except KeyError as error:
            error.add_note(f"{asked}")
            raise RuntimeError(f"no price for {asked}") from error

    # The examples of the specification are priced as well, when somebody reads it first.
    client.get("/openapi.json")
    open_log(Settings(database="", log=form), stream)
    monkeypatch.setattr("api.quotes.price", broken)
    asked = {**AVOCADO, "goods": [{**AVOCADO["goods"][0], "price": {"amount": PRICE, "currency": "USD", "per": "kg"}}]}
    response = client.post("/v1/quotes", json=asked, headers={"Idempotency-Key": f"{CANARY}-{form}"})
    assert response.status_code == 500
    written = stream.getvalue()
    for told in ("RuntimeError", "KeyError", "in broken", "test_logs.py", response.headers["X-Request-Id"]):
        assert told in written, told
    for kept in ("avocado", PRICE, CANARY):
        assert kept not in written, kept


def test_a_mistake_after_the_route_is_told_in_the_same_way(app: Flask, lines: Lines, monkeypatch: pytest.MonkeyPatch):
    def broken(_: Any) -> Any:
        raise RuntimeError(CANARY.upper().lower())

    monkeypatch.setitem(app.after_request_funcs, None, [*app.after_request_funcs[None], broken])
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    response = app.test_client().get(f"/v1/products/{CANARY}")
    assert response.status_code == 500
    told = lines()
    assert [line["event"] for line in told][:1] == ["unforeseen"]
    assert CANARY not in json.dumps(told)


def test_a_database_that_is_away_is_told_without_its_rows(
    client: FlaskClient, store: Store, lines: Lines, monkeypatch: pytest.MonkeyPatch
):
    def refused(*_: Any, **__: Any) -> None:
        raise OperationalError(f"INSERT {CANARY}", {"quote": CANARY}, Exception(CANARY))

    monkeypatch.setattr(store, "save", refused)
    assert client.post("/v1/quotes", json=AVOCADO).status_code == 503
    away, call = lines()
    assert (away["event"], away["kind"], away["route"]) == (
        "database away",
        "OperationalError (Exception)",
        "/v1/quotes",
    )
    assert (call["event"], call["level"], call["problem"]) == ("call", "error", "unavailable")
    assert away["request_id"] == call["request_id"]
    assert CANARY not in json.dumps([away, call])


def test_libraries_speak_in_the_same_stream(client: FlaskClient, lines: Lines):
    engine = sql.create_engine("sqlite://")
    try:
        with engine.connect() as connection:
            connection.execute(sql.text("SELECT :word FROM nowhere"), {"word": CANARY})
    except OperationalError:
        logging.getLogger("sqlalchemy.pool").exception("a connection was lost")
    engine.dispose()
    logging.getLogger("galeon.fx").info("rates refreshed: %d new", 7)
    logging.getLogger("a.library").info("chatter")
    # One that is wrong itself is left out, and not told with what it was made of.
    for handler in logging.getLogger().handlers:
        if type(handler).__module__ == "api.logs":
            handler.handle(logging.LogRecord("a.library", logging.ERROR, "", 0, "%d %d", (CANARY,), None))
    lost, refreshed = lines()
    assert (lost["logger"], lost["level"], lost["event"]) == ("sqlalchemy.pool", "error", "a connection was lost")
    assert "OperationalError" in lost["exception"]
    assert (refreshed["logger"], refreshed["event"]) == ("galeon.fx", "rates refreshed: 7 new")
    assert CANARY not in json.dumps(lines())


@pytest.mark.parametrize(
    ("settings", "statuses"),
    [
        ({"log": "off"}, []),
        ({"log": "json", "log_level": "error"}, [503]),
        ({"log": "json", "log_level": "info"}, [200, 503]),
    ],
)
def test_levels(settings: dict[str, Any], statuses: list[int], app: Flask, stream: io.StringIO, monkeypatch: Any):
    open_log(Settings(database="", **settings), stream)
    client = app.test_client()
    client.get("/healthz")
    monkeypatch.setitem(app.view_functions, "health.health", lambda: problem(503, "unavailable"))
    client.get("/healthz")
    assert [json.loads(line)["status"] for line in stream.getvalue().splitlines()] == statuses


def test_a_log_that_cannot_be_written_stops_no_call(client: FlaskClient, stream: io.StringIO):
    class Full(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

    open_log(Settings(database="", log="json"), Full())
    assert client.get("/v1/meta").status_code == 200
    logging.getLogger("galeon").error("lost")
    stream.close()
    open_log(Settings(database="", log="json"), stream)
    assert client.get("/v1/meta").status_code == 200


@pytest.mark.slow
def test_an_application_whose_log_was_never_opened_is_quiet():
    code = (
        "from tests.conftest import *; from api.store import Store; from tariffs.book import Book\n"
        "app = create_app(Settings(database=''), Book.load(), Store.at('sqlite://'))\n"
        "assert app.test_client().get('/v1/meta').status_code == 200"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_settings(monkeypatch: pytest.MonkeyPatch):
    assert Settings(database="").log == "off"
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert (Settings.read({}).log, Settings.read({}).log_level, Settings.read({}).log_clients) == (
        "json",
        "info",
        False,
    )
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert Settings.read({}).log == "text"
    read = Settings.read({"GALEON_LOG": "OFF", "GALEON_LOG_LEVEL": "Warning", "GALEON_LOG_CLIENTS": "1"})
    assert (read.log, read.log_level, read.log_clients) == ("off", "warning", True)
    for name in ("GALEON_LOG", "GALEON_LOG_LEVEL", "GALEON_LOG_CLIENTS"):
        with pytest.raises(BadSetting, match=f"^{re.escape(name)}="):
            Settings.read({name: "loud"})


@pytest.mark.slow
def test_a_server_logs_on_stderr(tmp_path: Any):
    code = "from api import from_environment; from_environment().app.test_client().get('/v1/meta')"
    environment = {**os.environ, "GALEON_DATABASE": f"sqlite:///{tmp_path / 'quotes.sqlite3'}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert [json.loads(line)["route"] for line in done.stderr.splitlines()] == ["/v1/meta"]
