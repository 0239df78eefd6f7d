"""POST /mcp of a server with keys: a real client of the protocol quotes avocados there, within what its key allows."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from api import create_app
from api.key_text import PUBLISHABLE, SECRET, SHEET
from api.keyring import Keyring, Terms
from api.scopes import LOOK_UPS
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.api.test_mcp import AVOCADO, BY_HAND, TOOLS, aimed_at, lasting
from tests.keyed import SHOP
from tests.quoted import request_of
from tests.servers import Serving
from tests.tooled import PATIENCE, document_of, message, over_http, problem_of, text_of

ACCEPT = "application/json, text/event-stream"
LIST = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'
REQUEST = request_of(AVOCADO)
# A server with keys waits for its counts to be written when it stops, and under a clock that is set such a wait has no end.
REAL_CLOCK = pytest.mark.slow


class Served:
    """A running server with keys, and what is posted to it without a client of the protocol."""

    def __init__(self, serving: Serving, ring: Keyring) -> None:
        self.base, self._ring = serving.base, ring

    def key(self, kind: str = SECRET, **terms: Any) -> str:
        """A new key of an owner."""
        terms = {"owner": "acme", "rate": "600/minute"} | terms
        return str(self._ring.make(Terms(kind, **terms), datetime.now(UTC))[1])

    def posted(self, path: str, body: bytes, key: str | None = None, **headers: str) -> tuple[int, Any, Any]:
        """The status, the headers and the JSON of an answer; None for what is no JSON."""
        sent = {"Content-Type": "application/json", "Accept": ACCEPT} | headers
        if key is not None:
            sent["Authorization"] = f"Bearer {key}"
        asked = urllib.request.Request(f"{self.base}{path}", data=body, headers=sent, method="POST")
        try:
            response = urllib.request.urlopen(asked, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            text = response.read()
            told = json.loads(text) if text[:1] in (b"{", b"[") else None
            return response.status, response.headers, told


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with keys, on a ledger of its own."""
    address = f"sqlite:///{tmp_path_factory.mktemp('mcp') / 'quotes.sqlite3'}"
    store = Store.at(address)
    with Serving(address, workers=1, GALEON_AUTH="keys") as serving:
        yield Served(serving, Keyring(store.engine))
    store.close()


@REAL_CLOCK
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_with_a_key_gets_the_numbers_of_the_api(mode: str, served: Served):
    key = served.key()

    def api(path: str, body: dict[str, Any]) -> Any:
        status, _, told = served.posted(path, json.dumps(body).encode(), key, Accept="application/json")
        assert status in (200, 201), told
        return told

    kept = api("/v1/quotes", REQUEST)

    async def talk(client: Client) -> None:
        assert [each.name for each in (await client.list_tools()).tools] == TOOLS
        quote = document_of(await client.call_tool("quote", REQUEST))
        assert {name: quote["totals"][name]["amount"] for name in BY_HAND} == BY_HAND
        assert lasting(quote) == lasting(api("/v1/quotes?store=false", REQUEST))
        vary = {**REQUEST, "vary": {"regime": ["general_trade", "cbec_retail"]}}
        assert document_of(await client.call_tool("compare", vary)) == api("/v1/comparisons", vary)
        aim = aimed_at(REQUEST)
        target = document_of(await client.call_tool("target", aim))
        assert target["price"] == api("/v1/targets", aim)["price"]

        asked = {"id": kept["id"], "step": "customs_value"}
        (step,) = document_of(await client.call_tool("explain_step", asked))["steps"]
        assert step["step"] == next(each for each in kept["steps"] if each["code"] == "customs_value")
        assert step["step"]["amount"] == {"amount": "313378.68", "currency": "CNY"}
        assert {each["code"] for each in step["feeds"]} >= {"customs_duty", "vat"}
        told = await client.call_tool("explain_step", {**asked, "language": "zh"})
        assert document_of(told)["steps"][0]["step"]["label"] == "计税价格"
        assert "计税价格 → " in text_of(told)

    over_http(talk, served.base, key, mode)


@REAL_CLOCK
def test_the_quote_of_another_owner_is_not_explained(served: Served):
    _, _, kept = served.posted("/v1/quotes", json.dumps(REQUEST).encode(), served.key())

    async def talk(client: Client) -> None:
        wrong = problem_of(await client.call_tool("explain_step", {"id": kept["id"], "step": "vat"}))
        assert (wrong["type"], wrong["status"]) == ("/problems/no-such-quote", 404)
        assert [each["pointer"] for each in wrong["errors"]] == ["/id"]

    over_http(talk, served.base, served.key(owner="other"))


@REAL_CLOCK
def test_a_key_is_needed_and_the_right_one(served: Served):
    for key, code in ((None, "unauthorized"), ("sk_wrong", "key-refused"), (served.key(SHEET), "sheet-key-elsewhere")):
        status, headers, told = served.posted("/mcp", LIST, key)
        assert (status, told["type"]) == (401 if code != "sheet-key-elsewhere" else 403, f"/problems/{code}")
        assert headers["Content-Type"] == "application/problem+json"
        assert ("WWW-Authenticate" in headers) == (status == 401)

    async def talk(client: Client) -> None:
        await client.list_tools()

    with pytest.raises(ExceptionGroup) as refused:
        over_http(talk, served.base, "sk_wrong")
    assert refused.group_contains(MCPError, match="error response")


@REAL_CLOCK
def test_a_publishable_key_prices_from_its_pages_and_explains_no_kept_quote(served: Served):
    key = served.key(PUBLISHABLE, origins=(SHOP,))
    _, _, kept = served.posted("/v1/quotes", json.dumps(REQUEST).encode(), served.key())

    async def talk(client: Client) -> None:
        quote = document_of(await client.call_tool("quote", REQUEST))
        assert quote["totals"]["landed_cost"]["amount"] == BY_HAND["landed_cost"]
        wrong = problem_of(await client.call_tool("explain_step", {"id": kept["id"], "step": "vat"}))
        assert (wrong["type"], wrong["status"]) == ("/problems/key-of-wrong-kind", 403)

    over_http(talk, served.base, key, Origin=SHOP)
    for origin, code in (("", "origin-missing"), ("https://evil.example", "origin-not-registered")):
        status, _, told = served.posted("/mcp", LIST, key, **({"Origin": origin} if origin else {}))
        assert (status, told["type"]) == (403, f"/problems/{code}")


@REAL_CLOCK
def test_a_key_calls_the_tools_that_its_scopes_allow(served: Served):
    key = served.key(scopes=frozenset({"prices"}))

    async def talk(client: Client) -> None:
        assert not (await client.call_tool("quote", REQUEST)).is_error
        wrong = problem_of(await client.call_tool("search_tariff_lines", {"q": "aguacate", "language": "es"}))
        assert (wrong["type"], wrong["status"]) == ("/problems/scope-missing", 403)
        assert LOOK_UPS in wrong["detail"]

    over_http(talk, served.base, key)
    status, _, told = served.posted("/mcp", LIST, served.key(scopes=frozenset({LOOK_UPS})))
    assert (status, told["type"]) == (403, "/problems/scope-missing")


@REAL_CLOCK
def test_calls_are_counted_as_all_others(served: Served):
    key = served.key(rate="3/minute")
    for left in ("r=2", "r=1", "r=0"):
        status, headers, _ = served.posted("/mcp", LIST, key)
        assert status == 200
        assert left in headers["RateLimit"]
    status, headers, told = served.posted("/mcp", LIST, key)
    assert (status, told["type"]) == (429, "/problems/too-many-requests")
    assert int(headers["Retry-After"]) > 0
    assert served.posted("/v1/quotes?store=false", json.dumps(REQUEST).encode(), key)[0] == 429


@REAL_CLOCK
def test_a_page_of_another_site_calls_with_no_secret_key(served: Served):
    status, _, _ = served.posted("/mcp", LIST, served.key(), Origin="https://evil.example")
    assert status == 403


@REAL_CLOCK
def test_wrong_calls_are_answered_and_nothing_of_the_inside_is_told(served: Served):
    key = served.key()
    cases: list[tuple[bytes, int, Any]] = [
        (b"", 400, -32700),
        (b"{", 400, -32700),
        (b"[]", 400, None),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}', 200, -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": 5, "arguments": {}}}', 200, -32602),
        (message("quote", "[]"), 200, -32602),
        (message("nothing", "{}"), 200, -32602),
        (message("__class__", "{}"), 200, -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', 200, -32601),
        (message("quote", "[" * 100_000 + "]" * 100_000), 400, -32700),
    ]
    for body, status, code in cases:
        found, _, told = served.posted("/mcp", body, key)
        assert found == status, body[:80]
        assert code in (None, told["error"]["code"]), body[:80]
        assert "Traceback" not in json.dumps(told)
    for arguments, kind in (
        ('{"goods": NaN}', "malformed-json"),
        ('{"goods": 1, "goods": 2}', "duplicate-key"),
        ('{"goods": "\\ud800"}', "lone-surrogate"),
        ('{"message": "x"}', "invalid-request"),
        ('{"goods": [' + ", ".join(["{}"] * 201) + "]}", "too-many"),
        ('{"goods": []}', "no-goods"),
    ):
        status, _, told = served.posted("/mcp", message("quote", arguments), key)
        assert (status, told["result"]["isError"]) == (200, True)
        assert told["result"]["structuredContent"]["type"] == f"/problems/{kind}", arguments[:40]
    long = message("quote", '{"goods": "' + "x" * 1024 * 1024 + '"}')
    assert served.posted("/mcp", long, key)[0] == 413
    status, _, told = served.posted("/mcp", LIST, key, **{"Content-Type": "text/plain"})
    assert (status, told["type"]) == (415, "/problems/wrong-media-type")
    assert served.posted("/mcp", LIST, key, Accept="text/html")[0] == 406
    # Only messages are taken: there is no stream to open, and no session to end.
    for method in ("GET", "DELETE"):
        asked = urllib.request.Request(
            f"{served.base}/mcp", headers={"Authorization": f"Bearer {key}", "Accept": ACCEPT}, method=method
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=PATIENCE)
        with refused.value as told_of:
            assert (told_of.status, "POST" in told_of.headers["Allow"]) == (405, True)


@REAL_CLOCK
def test_the_language_is_that_of_the_arguments_or_of_the_client(served: Served):
    plain = {name: each for name, each in REQUEST.items() if name != "language"}

    async def talk(client: Client) -> None:
        assert "IVA de importación" in text_of(await client.call_tool("quote", plain))
        assert "进口环节增值税" in text_of(await client.call_tool("quote", {**plain, "language": "zh"}))
        wrong = problem_of(await client.call_tool("quote", {**plain, "goods": []}))
        assert wrong["title"] == "No hay mercancías"

    over_http(talk, served.base, served.key(), Accept_Language="es-MX, en;q=0.5")


def test_without_keys_this_machine_alone_may_call(real_book: Book, store: Store):
    client = create_app(Settings(database=""), real_book, store).test_client()

    def status(**headers: str) -> int:
        sent = {"Accept": ACCEPT, "Content-Type": "application/json", **headers}
        return client.post("/mcp", data=LIST, headers=sent).status_code

    assert status() == 200
    assert status(Host="127.0.0.1:8000", Origin="http://localhost:5173") == 200
    # A name of somebody else's that leads to this machine, and a page of another site (DNS rebinding).
    assert status(Host="rebound.example:8000") == 421
    assert status(Host="localhost.evil.example") == 421
    assert status(Origin="https://evil.example") == 403
    assert status(Origin="null") == 403


def test_what_nobody_foresaw_is_told_without_the_inside(real_book: Book, store: Store, monkeypatch: pytest.MonkeyPatch):
    app = create_app(Settings(database=""), real_book, store)
    client = app.test_client()
    monkeypatch.setattr("api.mcp.doing.answered", lambda *_: 1 / 0)
    response = client.post(
        "/mcp",
        data=message("quote", json.dumps(REQUEST)),
        headers={"Accept": ACCEPT, "Content-Type": "application/json"},
    )
    result = response.get_json()["result"]
    assert result["isError"]
    assert result["structuredContent"]["type"] == "/problems/internal-error"
    assert "ZeroDivisionError" not in response.text
    assert response.headers["X-Request-Id"] in result["structuredContent"]["detail"]
