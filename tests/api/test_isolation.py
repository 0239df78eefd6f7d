"""Two owners against every operation of the specification: what is one's is to the other as if it had never been.

The operations are read from the specification. One that takes an id, by its path, its query, its headers or its body, must stand
in OWN (and then its whole test is written by that), or be named among those whose names are everybody's; a new route that
does neither fails here.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sql
from werkzeug.test import TestResponse

from api.jobs import Asked, Job, Jobs
from api.keeping import tidy
from api.key_text import PUBLISHABLE, SECRET, SHEET
from api.scopes import LOOK_UPS, PRICES, QUOTES
from api.store import Store
from tariffs.book import Book
from tests.contract import ContractClient
from tests.keyed import REQUEST, SHOP, Keyed, kind_of

# Names under which a query, a header or a body may speak of what somebody keeps.
SPEAKING = re.compile(r"(?i)(?:.*[-_])?(?:id|quote|job|batch|declaration|key)s?")
# Which names a call and nothing that is kept.
OF_A_CALL = "X-Request-Id"
# Operations whose path, query or body names what is in the tables, the documentation or the request itself.
EVERYBODYS = {
    *("getSheetFile", "getSource", "getTable", "getTariffLine", "getProduct", "getRule", "getPaymentRail"),
    *("getProblemType", "getWidgetCopy", "getExchangeRate", "getExchangeRateTable", "getExchangeRatePicture"),
    # The publishable key of a page for frames: it opens nothing, and says who may frame the page.
    "embedWidget",
}
# Whoever has the address may see the quote: tests/api/test_sharing.py.
BY_THEIR_ADDRESS = {"getSharedQuote", "getSharedTable", "getSharedWorkbook", "getSharedPage", "getSharedPicture"}
# An Idempotency-Key is a name for a call of one's own: two owners may use the same.
UNDER_A_KEY = {"createQuote", "priceRows"}
UNKNOWN = {"quote": f"q_{'A' * 22}", "job": f"j_{'A' * 22}", "key": "B" * 8}
# The answers to other forms of the same question: none may tell what the plain one does not.
MANNERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept-Encoding": "gzip"},
    {"Range": "bytes=0-99"},
    {"Accept-Language": "zh"},
    {"Accept": "text/csv"},
    {"If-None-Match": "*"},
)
# What no two answers have alike, and what counts the calls of a key.
OF_THE_CALL = {"X-Request-Id", "Date", "RateLimit", "RateLimit-Policy"}


@dataclass(frozen=True)
class Ask:
    """One operation on what an owner keeps: `path` and `body` with the name of the thing in braces."""

    path: str
    thing: str = "quote"
    body: str = ""
    sheet: bool = False


BILL = '{"quote": "{quote}", "bill": [{"line": "vat", "amount": {"amount": "44683.20", "currency": "CNY"}, "on": "2026-11-23"}]}'
CELL = "?quote={quote}&errors=status"
OWN: dict[str, Ask] = {
    "getQuote": Ask("/v1/quotes/{quote}"),
    "deleteQuote": Ask("/v1/quotes/{quote}"),
    "getQuoteToCarry": Ask("/v1/quotes/{quote}.galeon.json"),
    "getQuoteTable": Ask("/v1/quotes/{quote}.csv"),
    "getQuoteWorkbook": Ask("/v1/quotes/{quote}.xlsx"),
    "getQuotePage": Ask("/v1/quotes/{quote}.html"),
    "getQuotePicture": Ask("/v1/quotes/{quote}.svg"),
    "getDeclaration": Ask("/v1/quotes/{quote}/declaration"),
    "getDeclarationDocument": Ask("/v1/quotes/{quote}/declaration.json"),
    "getDeclarationWorkbook": Ask("/v1/quotes/{quote}/declaration.xlsx"),
    "createSharedAddress": Ask("/v1/quotes/{quote}/share"),
    "deleteSharedAddresses": Ask("/v1/quotes/{quote}/share"),
    "recoverQuote": Ask("/v1/quotes?idempotency_key={key}", "key"),
    "reconcileBill": Ask("/v1/reconciliations", body=BILL),
    "getJob": Ask("/v1/batches/{job}", "job"),
    "deleteJob": Ask("/v1/batches/{job}", "job"),
    "getJobResult": Ask("/v1/batches/{job}/result", "job"),
    "cancelJob": Ask("/v1/batches/{job}/cancel", "job"),
    "getCell": Ask(f"/v1/sheet/vat{CELL}"),
    "getCellsCsv": Ask(f"/v1/sheet.csv{CELL}"),
    "getCellsXml": Ask(f"/v1/sheet.xml{CELL}"),
    "getKeyedCell": Ask(f"/v1/sheet/{{sheet}}/vat{CELL}", sheet=True),
    "getKeyedCellsCsv": Ask(f"/v1/sheet/{{sheet}}/csv{CELL}", sheet=True),
    "getKeyedCellsXml": Ask(f"/v1/sheet/{{sheet}}/xml{CELL}", sheet=True),
}


class Owner:
    """Somebody with keys, a quote and a job that is done."""

    def __init__(self, keyed: Keyed, name: str) -> None:
        self.name, self._keyed = name, keyed
        self.key = keyed.text(owner=name, rate="100000/minute")
        self.sheet = keyed.text(SHEET, owner=name, rate="100000/minute")
        self.things: dict[str, str] = {}

    def keeps(self) -> dict[str, str]:
        """A quote asked under an idempotency key, and a job that is done, both of this owner; their names."""
        key = f"k{len(self.things):07}"
        made = self._keyed.quote(self.key, "", Idempotency_Key=key)
        assert made.status_code == 201
        jobs, now = Jobs(self._keyed.store.engine), self._keyed.now
        job = jobs.add(Job.new(self.name, "csv", Asked("en"), now.date(), now), [b"price"])
        claimed = jobs.claim(now)
        assert claimed is not None
        jobs.finish(claimed, [b"product,price\r\n", b"avocado,2.9\r\n"])
        self.things = {"quote": made.headers["Location"].rpartition("/")[2], "job": job.id, "key": key}
        return self.things

    def asks(self, method: str, ask: Ask, things: dict[str, str], key: str | None = "", **headers: str) -> TestResponse:
        """The answer to a question of this owner, or of a key that is given, about things."""
        key = self.key if key == "" else key
        named = {"sheet": self.sheet, **things}
        sent = dict(headers)
        if key is not None and not ask.sheet:
            sent["Authorization"] = f"Bearer {key}"
        more: dict[str, Any] = {}
        if ask.body:
            more = {"data": filled(ask.body, named), "content_type": "application/json"}
        self._keyed.calls += 1  # type: ignore[attr-defined]
        address = f"10.{self._keyed.calls // 65536}.{self._keyed.calls // 256 % 256}.{self._keyed.calls % 256}"  # type: ignore[attr-defined]
        return self._keyed.client.open(
            filled(ask.path, named), method=method, headers=sent, environ_overrides={"REMOTE_ADDR": address}, **more
        )


def filled(text: str, named: dict[str, str]) -> str:
    for name, value in named.items():
        text = text.replace(f"{{{name}}}", value)
    return text


@pytest.fixture
def keyed(real_book: Book, ledger: Store) -> Iterator[Keyed]:
    """A server with keys, on an empty ledger of either kind."""
    found = Keyed(real_book, ledger)
    found.app.test_client_class = ContractClient
    found.client = found.app.test_client()
    found.calls = 0  # type: ignore[attr-defined]
    yield found
    found.close()


@pytest.fixture(scope="module")
def spec(real_book: Book, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The specification, of a server with keys; to write it takes longer than a test."""
    store = Store.at(f"sqlite:///{tmp_path_factory.mktemp('spec') / 'quotes.sqlite3'}")
    told: dict[str, Any] = json.loads(Keyed(real_book, store).get("/openapi.json").data)
    store.close()
    return told


@pytest.fixture
def owners(keyed: Keyed) -> tuple[Owner, Owner]:
    return Owner(keyed, "acme"), Owner(keyed, "rival")


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
    """Path, method, operation and all parameters of each."""
    for path, item in spec["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                told = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield path, method, item[method], [resolved(spec, each) for each in told]


def resolved(spec: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for name in part["$ref"].split("/")[1:] if "$ref" in part else ():
        spec = spec[name]
    return spec if "$ref" in part else part


def members(spec: dict[str, Any], schema: Any, seen: set[str]) -> Iterator[str]:
    """The names of all members of a schema, those of what it refers to among them."""
    if isinstance(schema, list):
        for each in schema:
            yield from members(spec, each, seen)
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        if schema["$ref"] not in seen:
            seen.add(schema["$ref"])
            yield from members(spec, resolved(spec, schema), seen)
        return
    yield from schema.get("properties", {})
    for name, each in schema.items():
        if name not in ("example", "examples", "enum", "default"):
            yield from members(spec, list(each.values()) if name == "properties" else each, seen)


def ids_of(spec: dict[str, Any], operation: dict[str, Any], parameters: list[dict[str, Any]]) -> set[str]:
    """The names by which an operation may be told whose thing is meant."""
    found = {each["name"] for each in parameters if each["in"] == "path"}
    found |= {each["name"] for each in parameters if SPEAKING.fullmatch(each["name"]) and each["name"] != OF_A_CALL}
    bodies = resolved(spec, operation.get("requestBody", {})).get("content", {})
    named = members(spec, [each.get("schema") for each in bodies.values()], set())
    return found | {each for each in named if SPEAKING.fullmatch(each)}


def test_every_operation_with_an_id_is_held_to_its_owner(spec: dict[str, Any]):
    """A new route with an id fails here, until OWN says how to ask it; one in OWN that is gone fails too."""
    known = set(OWN) | EVERYBODYS | BY_THEIR_ADDRESS | UNDER_A_KEY
    naming = {
        operation["operationId"]: sorted(ids)
        for _, _, operation, parameters in operations(spec)
        if (ids := ids_of(spec, operation, parameters))
    }
    assert {name: ids for name, ids in naming.items() if name not in known} == {}
    assert known - set(naming) == set()


def test_a_new_route_would_be_seen():
    """What the test above looks for, in a specification with routes that nobody has entered."""
    schema = {"$ref": "#/components/schemas/Held"}
    against: dict[str, Any] = {"items": {"properties": {"quote_id": {}}}}
    spec = {"components": {"schemas": {"Held": {"oneOf": [{"properties": {"against": against}}]}}}, "paths": {}}
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    assert ids_of(spec, body, []) == {"quote_id"}
    assert ids_of(spec, {}, [{"in": "path", "name": "anything"}]) == {"anything"}
    assert ids_of(spec, {}, [{"in": "query", "name": "batch"}, {"in": "query", "name": "limit"}]) == {"batch"}


def alike(first: TestResponse, second: TestResponse, names: tuple[dict[str, str], dict[str, str]]) -> None:
    """See that two answers are the same but for the names that were asked about."""
    assert first.status_code == second.status_code
    texts = []
    for answer, things in zip((first, second), names, strict=True):
        text = answer.get_data()
        for name, value in things.items():
            text = text.replace(value.encode(), name.encode())
        texts.append(text)
    assert texts[0] == texts[1]
    headers = [{name: value for name, value in each.headers if name not in OF_THE_CALL} for each in (first, second)]
    for told in headers:
        told.pop("Content-Length", None) if "Content-Encoding" in told else None
    assert headers[0] == headers[1]


def methods_of(spec: dict[str, Any], name: str) -> tuple[str, ...]:
    (method,) = (each for _, each, operation, _ in operations(spec) if operation["operationId"] == name)
    return ("GET", "HEAD") if method == "get" else (method.upper(),)


@pytest.mark.parametrize("name", OWN)
def test_another_owner_finds_nothing(name: str, owners: tuple[Owner, Owner], spec: dict[str, Any]):
    ask, (owner, stranger) = OWN[name], owners
    things = owner.keeps()
    unknown = {**UNKNOWN, "key": "B" * len(things["key"])}
    for method in methods_of(spec, name):
        manners = MANNERS if method in ("GET", "HEAD") else MANNERS[:1]
        if method in ("GET", "HEAD") and (tag := owner.asks(method, ask, things).headers.get("ETag")):
            # Which an answer that has not changed would be told by.
            assert owner.asks(method, ask, things, **{"If-None-Match": tag}).status_code == 304
            manners = (*manners, {"If-None-Match": tag})
        for headers in manners:
            mine = stranger.asks(method, ask, things, **headers)
            # 406 is said before anything is looked for.
            assert mine.status_code in ((404, 406) if "Accept" in headers else (404,)), (method, headers)
            if method != "HEAD":
                assert mine.mimetype == "application/problem+json"
            alike(mine, stranger.asks(method, ask, unknown, **headers), (things, unknown))
        if "language" in {
            each["name"] for _, _, told, them in operations(spec) for each in them if told["operationId"] == name
        }:
            translated = Ask(f"{ask.path}{'&' if '?' in ask.path else '?'}language=es", ask.thing, ask.body, ask.sheet)
            alike(
                stranger.asks(method, translated, things), stranger.asks(method, translated, unknown), (things, unknown)
            )
    # Nothing that the other did has changed anything for its owner.
    for method in methods_of(spec, name):
        assert owner.asks(method, ask, things).status_code in (200, 201, 204)


@pytest.mark.parametrize("name", [each for each in OWN if not OWN[each].sheet])
def test_a_key_that_may_not_hears_the_same_of_what_is_and_what_is_not(
    name: str, keyed: Keyed, owners: tuple[Owner, Owner], spec: dict[str, Any]
):
    """No key, a revoked one, another kind, another scope: of the very owner."""
    ask, (owner, _) = OWN[name], owners
    things = owner.keeps()
    unknown = {**UNKNOWN, "key": "B" * len(things["key"])}
    revoked, text = keyed.make(owner="acme")
    keyed.ring.revoke(revoked.id, keyed.now)
    cell = ask.path.startswith("/v1/sheet")
    keys = {
        None: 401,
        str(text): 401,
        keyed.text(PUBLISHABLE, owner="acme"): 403,
        keyed.text(SECRET, owner="acme", scopes=(LOOK_UPS,)): 403,
    }
    if not cell:
        keys[keyed.text(SHEET, owner="acme")] = 403
    for method in methods_of(spec, name):
        for key, status in keys.items():
            if ask.path == "/v1/reconciliations" and status == 403:
                # It also holds bills against requests that are not kept.
                continue
            answer = owner.asks(method, ask, things, key, Origin=SHOP)
            assert answer.status_code == status, (method, key)
            alike(answer, owner.asks(method, ask, unknown, key, Origin=SHOP), (things, unknown))
    assert owner.asks(methods_of(spec, name)[0], ask, things).status_code in (200, 201, 204)


@pytest.mark.parametrize("scope", [LOOK_UPS, PRICES, QUOTES])
def test_to_delete_a_key_must_be_one_that_keeps_quotes(scope: str, keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, _ = owners
    things = owner.keeps()
    key = keyed.text(SECRET, owner="acme", scopes=(scope,))
    for name in ("deleteQuote", "deleteJob"):
        assert owner.asks("DELETE", OWN[name], things, key).status_code == (204 if scope == QUOTES else 403)


def test_the_same_idempotency_key_is_two_owners_own(keyed: Keyed, owners: tuple[Owner, Owner], spec: dict[str, Any]):
    """On each operation that takes one: neither a conflict nor the other's answer, whatever is asked."""
    taking = {
        operation["operationId"]
        for _, _, operation, parameters in operations(spec)
        if any(each["name"] == "Idempotency-Key" for each in parameters)
    }
    assert taking == UNDER_A_KEY
    first, second = owners
    dearer = json.loads(json.dumps(REQUEST).replace("2.90", "3.90"))
    assert dearer != REQUEST
    made = [
        keyed.client.post(
            "/v1/quotes", json=body, headers={"Authorization": f"Bearer {each.key}", "Idempotency-Key": "order"}
        )
        for each, body in ((first, REQUEST), (second, dearer))
    ]
    assert [each.status_code for each in made] == [201, 201]
    for each, answer in zip(owners, made, strict=True):
        assert each.asks("GET", OWN["recoverQuote"], {"key": "order"}).data == answer.data
    assert made[0].json["totals"] != made[1].json["totals"]  # type: ignore[index]
    jobs, now = Jobs(keyed.store.engine), keyed.now
    asked = [Job.new(each.name, "csv", Asked("en"), now.date(), now, key="order") for each in owners]
    assert [jobs.add(each, [b"x"]).id for each in asked] == [each.id for each in asked]


def test_what_a_worker_remembers_is_nobodys_answer(keyed: Keyed, owners: tuple[Owner, Owner]):
    """The same questions, asked in turn often enough to be answered from memory: each owner's have his own ids and prices."""
    first, second = owners
    dearer = json.loads(json.dumps(REQUEST).replace("2.90", "3.90"))
    ids: list[str] = []
    for _ in range(5):
        for owner, body in ((first, REQUEST), (second, dearer)):
            made = keyed.client.post("/v1/quotes", json=body, headers={"Authorization": f"Bearer {owner.key}"})
            price = made.json["goods"][0]["landed_cost"]  # type: ignore[index]
            assert (price == keyed.quote(owner.key).json["goods"][0]["landed_cost"]) is (owner is first)  # type: ignore[index]
            ids.append(made.json["id"])  # type: ignore[index]
    assert len(set(ids)) == 10
    # A cell of a kept quote that its owner has just read, under the very address.
    things = first.keeps()
    for _ in range(3):
        assert first.asks("GET", OWN["getCell"], things).status_code == 200
        assert second.asks("GET", OWN["getCell"], things).status_code == 404


def tool(keyed: Keyed, key: str, method: str, **params: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    headers = {"Authorization": f"Bearer {key}", "Accept": "application/json, text/event-stream"}
    answer = keyed.client.post("/mcp", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json["result"]  # type: ignore[index]


def test_the_tools_of_models_are_held_to_their_owner_too(keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, stranger = owners
    things = owner.keeps()
    told = tool(keyed, owner.key, "tools/list")["tools"]
    naming = {
        each["name"] for each in told if any(SPEAKING.fullmatch(name) for name in each["inputSchema"]["properties"])
    }
    assert naming == {"explain_step"}

    def explained(who: Owner, id: str) -> Any:
        return tool(keyed, who.key, "tools/call", name="explain_step", arguments={"id": id, "step": "vat"})

    assert explained(owner, things["quote"]).get("isError") in (None, False)
    other, nobody = explained(stranger, things["quote"]), explained(stranger, UNKNOWN["quote"])
    assert other["isError"] is True
    assert json.dumps(other).replace(things["quote"], "ID") == json.dumps(nobody).replace(UNKNOWN["quote"], "ID")
    owner.asks("DELETE", OWN["deleteQuote"], things)
    assert "/problems/quote-deleted" in json.dumps(explained(owner, things["quote"]))
    assert json.dumps(explained(stranger, things["quote"])) == json.dumps(other)


GONE = [each for each in OWN if OWN[each].thing != "key"]


@pytest.mark.parametrize("name", GONE)
def test_what_is_deleted_is_gone_for_its_owner_and_never_was_for_others(
    name: str, owners: tuple[Owner, Owner], spec: dict[str, Any]
):
    ask, (owner, stranger) = OWN[name], owners
    things = owner.keeps()
    tag = owner.asks("GET", ask, things).headers.get("ETag", '"x"') if methods_of(spec, name)[0] == "GET" else '"x"'
    for deletion in ("deleteQuote", "deleteJob"):
        for _ in range(2):
            answer = owner.asks("DELETE", OWN[deletion], things)
            assert (answer.status_code, answer.data) == (204, b"")
    for method in methods_of(spec, name):
        for headers in (*MANNERS, {"If-None-Match": tag}):
            answer = owner.asks(method, ask, things, **headers)
            if "Accept" in headers and answer.status_code == 406:
                continue
            assert answer.status_code == (204 if method == "DELETE" and name in ("deleteQuote", "deleteJob") else 410)
            if answer.status_code == 410 and method != "HEAD":
                assert kind_of(answer) == (410, f"{ask.thing}-deleted")
                assert answer.headers["Cache-Control"] == "no-store"
                if "Content-Encoding" not in answer.headers and not headers:
                    assert "2026-11-23" in answer.json["detail"]  # type: ignore[index]
        alike(stranger.asks(method, ask, things), stranger.asks(method, ask, UNKNOWN), (things, UNKNOWN))
        assert stranger.asks(method, ask, things).status_code == 404


def test_nothing_of_a_deleted_quote_is_left(keyed: Keyed, owners: tuple[Owner, Owner]):
    """No row of any table holds its id, but for the tombstone; nor its key, its addresses or its dossier."""
    owner, _ = owners
    things = owner.keeps()
    shared = owner.asks("POST", OWN["createSharedAddress"], things).headers["Location"]
    assert keyed.get(shared).status_code == 200
    owner.asks("DELETE", OWN["deleteQuote"], things)
    owner.asks("DELETE", OWN["deleteJob"], things)
    assert keyed.get(shared).status_code == 404
    assert owner.asks("GET", OWN["recoverQuote"], things).status_code == 404
    with keyed.store.engine.connect() as connection:
        tables = sql.MetaData()
        tables.reflect(connection)
        count = {
            name: connection.execute(sql.select(sql.func.count()).select_from(table)).scalar_one()
            for name, table in tables.tables.items()
        }
    left = {name: count[name] for name in ("quotes", "dossiers", "idempotency_keys", "shares", "jobs", "job_bytes")}
    assert left == dict.fromkeys(left, 0)
    assert count["tombstones"] == 2


def test_nothing_of_it_is_left_in_the_files_of_sqlite(real_book: Book, tmp_path: Path):
    """Neither in free pages nor in the write-ahead log; with marks that would be found."""
    keyed = Keyed(real_book, Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}"))
    key, described = keyed.text(), b"Marked goods of nobody else"
    body = json.loads(json.dumps(REQUEST))
    body["goods"][0] |= {"description": described.decode()}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "marked-key-of-a-call"}
    made = keyed.client.post("/v1/quotes", json=body, headers=headers)
    assert made.status_code == 201
    assert described in made.data
    jobs = Jobs(keyed.store.engine)
    rows = described * 20_000
    job = jobs.add(Job.new("acme", "csv", Asked("en"), keyed.now.date(), keyed.now), [rows])
    claimed = jobs.claim(keyed.now)
    assert claimed is not None
    jobs.keep(claimed, 0, rows, 1, 0, 50)
    jobs.finish(claimed, [rows])

    def written() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert described in written()
    assert b"marked-key-of-a-call" in written()
    for path, mark in ((made.headers["Location"], b"marked-key-of-a-call"), (f"/v1/batches/{job.id}", described)):
        assert keyed.client.delete(path, headers={"Authorization": f"Bearer {key}"}).status_code == 204
        assert mark not in written()
    keyed.close()
    keyed.store.close()


def test_a_deletion_waits_for_no_reader_of_sqlite(real_book: Book, tmp_path: Path):
    """Who reads an older state keeps the log from being emptied: the next deletion does it, or `galeon db prune`."""
    keyed = Keyed(real_book, Store.at(f"sqlite:///{tmp_path / 'quotes.sqlite3'}"))
    owner = {"Authorization": f"Bearer {keyed.text()}"}
    made = keyed.client.post("/v1/quotes", json=REQUEST, headers=owner).headers["Location"]
    with closing(sqlite3.connect(tmp_path / "quotes.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM quotes").fetchone() == (1,)
        begun = monotonic()
        assert keyed.client.delete(made, headers=owner).status_code == 204
        # A writer would wait for five seconds (PATIENCE).
        assert monotonic() - begun < 4
        reader.execute("COMMIT")
    assert (tmp_path / "quotes.sqlite3-wal").stat().st_size > 0
    tidy(keyed.store.engine, keyed.now)
    assert (tmp_path / "quotes.sqlite3-wal").stat().st_size == 0
    keyed.close()
    keyed.store.close()


def test_what_was_deleted_can_be_asked_again_and_is_another(keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, _ = owners
    things = owner.keeps()
    owner.asks("DELETE", OWN["deleteQuote"], things)
    again = keyed.quote(owner.key, "", Idempotency_Key=things["key"])
    assert again.status_code == 201
    assert again.headers["Location"].rpartition("/")[2] != things["quote"]
    assert owner.asks("GET", OWN["recoverQuote"], things).data == again.data
    assert owner.asks("GET", OWN["getQuote"], things).status_code == 410


def test_a_deletion_takes_neither_body_nor_query(keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, _ = owners
    things = owner.keeps()
    for path in (f"/v1/quotes/{things['quote']}", f"/v1/batches/{things['job']}"):
        headers = {"Authorization": f"Bearer {owner.key}"}
        assert keyed.client.delete(path, json={"reason": "x"}, headers=headers).status_code == 400
        assert kind_of(keyed.client.delete(f"{path}?force=true", headers=headers))[0] == 422
        assert keyed.client.get(path, headers=headers).status_code == 200


def test_a_shared_address_ends_by_itself_and_with_its_quote(keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, _ = owners
    things = owner.keeps()
    short, long = (
        owner.asks("POST", Ask(f"/v1/quotes/{{quote}}/share?days={days}"), things).headers["Location"]
        for days in (1, 30)
    )
    keyed.later(days=1)
    assert kind_of(keyed.get(short)) == (410, "share-ended")
    assert keyed.get(long).status_code == 200
    owner.asks("DELETE", OWN["deleteQuote"], things)
    assert [kind_of(keyed.get(each)) for each in (short, long)] == [(404, "not-found")] * 2


def test_a_job_that_is_worked_on_is_stopped_and_gone(keyed: Keyed, owners: tuple[Owner, Owner]):
    from api.jobs import JobLost

    owner, _ = owners
    jobs, now = Jobs(keyed.store.engine), keyed.now
    job = jobs.add(Job.new(owner.name, "csv", Asked("en"), now.date(), now, key="order"), [b"x"])
    claimed = jobs.claim(now)
    assert claimed is not None
    assert owner.asks("DELETE", OWN["deleteJob"], {"job": job.id}).status_code == 204
    for write in (
        lambda: jobs.renew(claimed, now),
        lambda: jobs.keep(claimed, 0, b"y", 1, 0, 1),
        lambda: jobs.finish(claimed, []),
    ):
        with pytest.raises(JobLost):
            write()
    assert list(jobs.pieces(job, "source")) == []
    # Its key is free for another file.
    again = jobs.add(Job.new(owner.name, "csv", Asked("en"), now.date(), now, key="order"), [b"z"])
    assert again.id != job.id


def test_a_job_is_no_longer_its_owners_when_its_time_is_over(keyed: Keyed, owners: tuple[Owner, Owner]):
    owner, _ = owners
    things = owner.keeps()
    keyed.later(days=7)
    for name in ("getJob", "deleteJob", "cancelJob", "getJobResult"):
        method = {"deleteJob": "DELETE", "cancelJob": "POST"}.get(name, "GET")
        assert owner.asks(method, OWN[name], things).status_code == 404
