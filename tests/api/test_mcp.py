"""`galeon mcp` over stdio: a real client of the protocol starts it, quotes avocados and gets the API's numbers."""

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from mcp import Client
from mcp.shared.exceptions import MCPError

from api import create_app
from api.cli import main
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.quoted import CASES, request_of
from tests.tooled import GALEON, PATIENCE, document_of, environment, message, over_stdio, problem_of, text_of

# (40000 + 6200) USD x 6.7628 = 312441.36; x 1.003 for the premium that customs presumes = 313378.684, so 313378.68.
# Duty 7 %: 21936.5076, so 21936.51. VAT 9 % of 335315.19: 30178.3671, so 30178.37.
# Goods 40000 x 6.7628 = 270512.00, freight 6200 x 6.7628 = 41929.36; all together 364556.24.
AVOCADO = next(path for path in CASES if path.stem == "avocado-at-7")
BY_HAND = {
    "goods": "270512.00",
    "freight": "41929.36",
    "customs_value": "313378.68",
    "customs_duty": "21936.51",
    "vat": "30178.37",
    "landed_cost": "364556.24",
}
# What no two quotes have alike.
OF_THE_MOMENT = ("created_at", "expires_at", "expires_because")
TOOLS = ["quote", "search_tariff_lines", "compare", "target", "explain_step"]
BEGIN = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "1"}}
OPENING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": BEGIN}).encode()
TARGET = {"amount": "18.00", "currency": "CNY", "per": "kg"}


def aimed_at(request: dict[str, Any]) -> dict[str, Any]:
    """The request with its price left open."""
    (line,) = request["goods"]
    price = {"currency": "USD", "per": "kg"}
    return {**request, "goods": [{**line, "price": price}], "target": TARGET}


def lasting(quote: dict[str, Any]) -> dict[str, Any]:
    """A quote without what is of the moment."""
    return {name: each for name, each in quote.items() if name not in OF_THE_MOMENT}


@pytest.fixture(scope="module")
def now(real_book: Book, store: Store) -> FlaskClient:
    """A client of the application on this day, which is that of the command."""
    return create_app(Settings(database=""), real_book, store).test_client()


def posted(client: FlaskClient, path: str, body: dict[str, Any]) -> Any:
    """The API's answer."""
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_a_client_quotes_avocados_and_gets_the_numbers_of_the_api(now: FlaskClient, tmp_path: Path):
    request = request_of(AVOCADO)
    ledger = tmp_path / "quotes.sqlite3"

    async def talk(client: Client) -> None:
        listed = (await client.list_tools()).tools
        assert [each.name for each in listed] == TOOLS
        assert all(each.annotations and each.annotations.read_only_hint for each in listed)
        # The client holds each answer to the schema that the tool promises.
        result = await client.call_tool("quote", request)
        quote = document_of(result)
        assert {name: quote["totals"][name]["amount"] for name in BY_HAND} == BY_HAND
        assert lasting(quote) == lasting(posted(now, "/v1/quotes?store=false", request))
        assert "364,556.24 CNY" in text_of(result)
        assert "id" not in quote

        vary = {"incoterm": ["FOB", {"incoterm": "CIF", "place": "CNSHA"}], "regime": ["general_trade", "cbec_retail"]}
        compared = await client.call_tool("compare", {**request, "vary": vary})
        assert document_of(compared) == posted(now, "/v1/comparisons", {**request, "vary": vary})
        target = document_of(await client.call_tool("target", aimed_at(request)))
        told = posted(now, "/v1/targets", aimed_at(request))
        assert {**target, "quote": lasting(target["quote"])} == {**told, "quote": lasting(told["quote"])}
        found = document_of(await client.call_tool("search_tariff_lines", {"q": "aguacate", "on": "2026-11-23"}))
        assert found == now.get("/v1/tariff-lines?q=aguacate&on=2026-11-23").get_json()
        assert found["items"][0]["hs_code"] == "08044000"
        step = document_of(await client.call_tool("explain_step", {"request": request, "step": "vat"}))
        assert [each["step"] for each in step["steps"]] == [each for each in quote["steps"] if each["code"] == "vat"]

    over_stdio(talk, GALEON_DATABASE=f"sqlite:///{ledger}")
    assert not ledger.exists()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_both_ages_of_the_protocol_are_spoken_and_languages(mode: str):
    request = {name: each for name, each in request_of(AVOCADO).items() if name != "language"}
    words = {"en": "Import VAT", "es": "IVA de importación", "zh": "进口环节增值税"}

    async def talk(client: Client) -> None:
        assert client.server_info
        assert client.server_info.name == "galeon"
        usual = await client.call_tool("quote", request)
        assert words["es"] in text_of(usual)
        for language, word in words.items():
            result = await client.call_tool(
                "explain_step", {"request": {**request, "language": language}, "step": "vat"}
            )
            assert document_of(result)["steps"][0]["step"]["label"] == word
            assert word in text_of(result)
        wrong = problem_of(await client.call_tool("quote", {**request, "incoterm": "FOBB", "language": "zh"}))
        assert (wrong["type"], wrong["title"], wrong["status"]) == ("/problems/not-a-choice", "未知选项", 422)
        assert (wrong["errors"][0]["pointer"], wrong["errors"][0]["allowed"][0]) == ("/incoterm", "FOB")
        assert (
            problem_of(await client.call_tool("explain_step", {"step": "vat", "id": "q_1"}))["errors"][0]["pointer"]
            == "/id"
        )
        with pytest.raises(MCPError, match="Unknown tool: quotes"):
            await client.call_tool("quotes", {})
        # And it goes on.
        assert document_of(await client.call_tool("quote", request))["totals"]["landed_cost"]["amount"] == "364556.24"

    over_stdio(talk, "--language", "es", mode=mode)


def spoken(*lines: bytes, until: set[int]) -> dict[int, Any]:
    """What `galeon mcp` answers on its standard output by id, where each line is a message of the protocol and nothing else.

    The input stays open until it has answered these: a client that closes it has gone.
    """
    started = b'{"jsonrpc": "2.0", "method": "notifications/initialized"}'
    found: dict[int, Any] = {}
    with subprocess.Popen(
        [sys.executable, "-c", GALEON, "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(GALEON_LOG="json"),
    ) as process:
        patience = threading.Timer(PATIENCE, process.kill)
        patience.start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"\n".join([OPENING, started, *lines, b""]))
        process.stdin.flush()
        while not until <= found.keys():
            answer = json.loads(process.stdout.readline())
            assert answer["jsonrpc"] == "2.0"
            if answer.get("id") is not None:
                found[answer["id"]] = answer
        rest, _ = process.communicate()
        patience.cancel()
    assert (process.returncode, rest) == (0, b"")
    return found


def test_only_the_protocol_is_on_standard_output_and_numbers_are_read_as_they_are_written():
    request = request_of(AVOCADO)
    exact = json.dumps(request).replace('"40000"', "12345678901.23456789")
    power = json.dumps(request).replace('"40000"', "4e4")
    twice = json.dumps(request).replace('"incoterm"', '"place": "MXZLO", "place": "MXVER", "incoterm"')
    by_id = spoken(
        message("quote", exact),
        b"no JSON at all",
        b'{"jsonrpc": "2.0", "id": 8, "method": "tools/call", "params": \xff\xfe}',
        b"",
        message("quote", power).replace(b'"id": 7', b'"id": 9'),
        message("quote", twice).replace(b'"id": 7', b'"id": 10'),
        message("quote", "[" * 5000 + "]" * 5000).replace(b'"id": 7', b'"id": 11'),
        message("quote", '{"goods": ' + "[" * 70 + "]" * 70 + "}").replace(b'"id": 7', b'"id": 12'),
        until={7, 9, 10, 12},
    )
    steps = by_id[7]["result"]["structuredContent"]["steps"]
    given = [each["value"] for step in steps for each in step["inputs"] if each["from"] == "request:/goods/0/price"]
    # A float of 64 bits holds 17 digits, and this has 19.
    assert given
    assert set(given) == {"12345678901.23456789"}
    for id, code, pointer in (
        (9, "not_a_number", "/goods/0/price/amount"),
        (10, "duplicate_key", "/place"),
        (12, "nested_too_deep", ""),
    ):
        result = by_id[id]["result"]
        assert result["isError"]
        (error,) = result["structuredContent"]["errors"]
        assert (error["code"], error["pointer"]) == (code, pointer)
    assert "result" not in by_id.get(11, {})


def test_ctrl_c_ends_it_while_its_input_is_open():
    with subprocess.Popen(
        [sys.executable, "-c", GALEON, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    ) as process:
        patience = threading.Timer(PATIENCE, process.kill)
        patience.start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(OPENING + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == -signal.SIGINT
        patience.cancel()


def test_without_the_sdk_everything_else_works_and_the_command_says_how_to_get_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    without = "import sys; sys.modules['mcp'] = None; from api.cli import main; main()"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", without, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment())

    said = run("mcp")
    assert (said.returncode, said.stdout) == (1, "")
    assert "pip install 'galeon[mcp]'" in said.stderr
    goods = ("--product", "avocado-fresh", "--quantity", "20.16 t", "--price", "40000", "--currency", "USD")
    assert run("quote", *goods, "--freight", "6200", "--fx", "USD/CNY=6.7628").returncode == 0
    monkeypatch.setitem(sys.modules, "mcp", None)
    response = app.test_client().post("/mcp", json={})
    assert (response.status_code, response.get_json()["type"]) == (404, "/problems/mcp-not-installed")
    assert "galeon[mcp]" in response.get_json()["detail"]


def test_schemas_are_those_of_the_specification_and_stand_by_themselves(app: Flask):
    tools = app.extensions["galeon-mcp"]
    specification = app.test_client().get("/openapi.json").get_json()["components"]["schemas"]
    for tool in tools.all.values():
        for schema in (tool.asked, tool.answered):
            assert schema["type"] == "object"
            assert "#/components" not in json.dumps(schema)
            Draft202012Validator(schema)  # what it points at is there
    assert tools.all["quote"].asked["properties"].keys() == specification["QuoteRequest"]["properties"].keys()
    assert tools.all["quote"].answered["properties"].keys() == specification["Quote"]["properties"].keys()
    assert "id" in tools.all["explain_step"].asked["properties"]
    assert "id" not in tools.without_store().all["explain_step"].asked["properties"]
    asked = Draft202012Validator(tools.all["quote"].asked)
    request = request_of(AVOCADO)
    assert asked.is_valid(request)
    assert not asked.is_valid({**request, "incotern": "FOB"})


def test_the_guide_names_the_tools_and_how_to_start_them():
    guide = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    section = guide.partition("\n## MCP\n")[2].partition("\n## ")[0]
    local, remote = (json.loads(each)["mcpServers"]["galeon"] for each in re.findall(r"```json\n(.*?)\n```", section))
    assert (local["command"], remote["url"].rpartition("/")[2]) == ("galeon", "mcp")
    command, *options = local["args"]
    assert main.commands[command].make_context(command, options).params == {"language": "es"}
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == TOOLS
