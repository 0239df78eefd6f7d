"""The tools behind the protocol: a step of a quote and what leans on it, and arguments read as they were written."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from api.mcp.exact import arguments_of, carried
from api.mcp.problems import problem_of
from api.mcp.telling import text_of
from api.mcp.tools import Tools
from api.queries import NotThere
from api.reading import Malformed, Number, Refused
from calculator.errors import Unpriceable
from tests.quoted import CASES, quoted, request_of
from tests.tooled import message

AVOCADO = next(path for path in CASES if path.stem == "avocado-at-7")


@pytest.fixture
def tools(app: Flask) -> Tools:
    """The tools of the application on 2026-11-23, without kept quotes."""
    found: Tools = app.extensions["galeon-mcp"]
    return found.without_store()


def explained(tools: Tools, request: Mapping[str, Any], step: str, **more: Any) -> dict[Any, Any]:
    """What leans on each step of a code, by its line."""
    done = tools.all["explain_step"].run({"request": request, "step": step, **more}, "en")
    return {
        each["step"]["goods"]: [(fed["code"], fed["goods"]) for fed in each["feeds"]] for each in done.document["steps"]
    }


def refusal_of(tools: Tools, name: str, **given: Any) -> tuple[int, str, str, list[str]]:
    """The status, code, pointer and choices of the only thing that is wrong."""
    with pytest.raises((Refused, Unpriceable, Malformed, NotThere)) as refused:
        tools.all[name].run(given, "en")
    told = problem_of(refused.value, "en")
    (error,) = told["errors"]
    return told["status"], error["code"], error["pointer"], error["allowed"]


def two_lines() -> dict[str, Any]:
    """Two lines of avocados that share the freight by their values."""
    request = request_of(AVOCADO)
    (line,) = request["goods"]
    return {**request, "goods": [line, {**line, "quantity": "10 t"}]}


def test_a_step_of_one_line_says_what_leans_on_it(tools: Tools):
    # The customs value is what duty is charged on, and VAT on both (RULES.md: (value + duty + consumption tax) x rate).
    assert explained(tools, request_of(AVOCADO), "customs_value") == {0: [("customs_duty", 0), ("vat", 0)]}
    assert explained(tools, request_of(AVOCADO), "customs_duty") == {0: [("vat", 0), ("taxes", 0)]}
    # Nothing follows from the landed cost.
    assert explained(tools, request_of(AVOCADO), "landed_cost") == {0: []}


def test_a_step_of_one_line_leans_on_no_other_line_unless_it_sums_them(tools: Tools):
    request = two_lines()
    assert explained(tools, request, "customs_value") == {
        0: [("customs_duty", 0), ("vat", 0)],
        1: [("customs_duty", 1), ("vat", 1)],
    }
    assert explained(tools, request, "customs_value", goods=1) == {1: [("customs_duty", 1), ("vat", 1)]}
    # The price of either line is in the share of the freight that both bear, and in its own value alone.
    for line, feeds in explained(tools, request, "transaction_value").items():
        assert {each for each in feeds if each[0] == "carriage_share"} == {("carriage_share", 0), ("carriage_share", 1)}
        assert [each for each in feeds if each[0] == "customs_value"] == [("customs_value", line)]
    # One freight for both.
    assert {("carriage_share", 0), ("carriage_share", 1)} <= set(explained(tools, request, "freight@customs")[None])
    # What each line comes to is in what the consignment comes to, by its parts.
    assert ("landed_cost", None) in explained(tools, request, "goods")[1]
    assert ("landed_cost", 0) not in explained(tools, request, "goods")[1]


def test_every_step_that_a_quote_leans_on_is_told_to_feed_something(client: FlaskClient, tools: Tools):
    """Both ends of each link between steps agree, in every regime."""
    for path in CASES[:: max(1, len(CASES) // 12)]:
        request = request_of(path)
        steps = client.post("/v1/quotes?store=false", json=request).get_json()["steps"]
        named = {(each["code"], figure["from"]) for each in steps for figure in each["inputs"]}
        for code in {each["code"] for each in steps}:
            leaning = {reader for reader, origin in named if origin == f"step:{code}"}
            fed = {reader for feeds in explained(tools, request, code).values() for reader, _ in feeds}
            assert fed == leaning, (path.name, code)


def test_the_step_is_that_of_the_quote(client: FlaskClient, tools: Tools):
    request = two_lines()
    quote = quoted(client, request)
    for code in {each["code"] for each in quote["steps"]}:
        done = tools.all["explain_step"].run({"request": request, "step": code}, "en")
        assert [each["step"] for each in done.document["steps"]] == [
            each for each in quote["steps"] if each["code"] == code
        ]


def test_what_cannot_be_explained_is_refused_with_its_place(tools: Tools):
    request = request_of(AVOCADO)
    status, code, pointer, allowed = refusal_of(tools, "explain_step", request=request, step="import_vat")
    assert (status, code, pointer) == (422, "unknown_step", "/step")
    assert {"vat", "customs_duty"} <= set(allowed)
    two = two_lines()
    wrong = refusal_of(tools, "explain_step", request=two, step="vat", goods=Number("2"))
    assert wrong == (422, "step_of_other_lines", "/goods", ["0", "1"])
    assert refusal_of(tools, "explain_step", step="vat") == (422, "which_quote", "/request", ["request"])
    assert refusal_of(tools, "explain_step", request=request)[1:3] == ("missing_field", "/step")
    assert refusal_of(tools, "explain_step", request=request, step=5)[1:3] == ("wrong_type", "/step")
    for line in (Number("-1"), Number("1.0"), Number("1e1"), "x", True, None):
        assert refusal_of(tools, "explain_step", request=request, step="vat", goods=line)[2] == "/goods"
    assert refusal_of(tools, "explain_step", request=[], step="vat")[1:3] == ("wrong_type", "/request")
    assert refusal_of(tools, "explain_step", request={**request, "goods": []}, step="vat")[2] == "/request/goods"


def test_a_kept_quote_is_named_or_a_request_and_not_both(app: Flask):
    tools = app.extensions["galeon-mcp"]
    with app.test_request_context("/mcp"):
        wrong = refusal_of(tools, "explain_step", request=request_of(AVOCADO), id="q_1", step="vat")
        assert wrong == (422, "which_quote", "", ["request", "id"])


def test_searches_are_read_as_strictly_as_in_an_address(client: FlaskClient, tools: Tools):
    def found(**given: Any) -> Any:
        return tools.all["search_tariff_lines"].run(given, "en").document

    first = found(q="0804", limit=Number("3"), on="2026-11-23")
    assert first == client.get("/v1/tariff-lines?q=0804&limit=3&on=2026-11-23").get_json()
    again = found(q="0804", limit="3", on="2026-11-23", cursor=first["next"])
    assert again == client.get(f"/v1/tariff-lines?q=0804&limit=3&on=2026-11-23&cursor={first['next']}").get_json()
    cases: tuple[tuple[dict[str, Any], tuple[int, str, str]], ...] = (
        ({"q": ""}, (422, "empty_text", "/q")),
        ({"q": Number("804")}, (422, "wrong_type", "/q")),
        ({"q": "x" * 101}, (422, "text_too_long", "/q")),
        ({"limit": Number("1e1")}, (422, "wrong_form", "/limit")),
        ({"limit": Number("101")}, (422, "wrong_form", "/limit")),
        ({"on": "2026-02-30"}, (422, "not_a_day", "/on")),
        ({"query": "x"}, (422, "unknown_field", "/query")),
        ({"q": "0804", "cursor": "nothing"}, (404, "unknown_cursor", "/cursor")),
        ({"language": "fr"}, (422, "not_a_choice", "/language")),
    )
    for asked, wrong in cases:
        assert refusal_of(tools, "search_tariff_lines", **asked)[:3] == wrong, asked


def test_texts_are_short_and_in_the_language(tools: Tools):
    tool = tools.all["search_tariff_lines"]
    for language, words in (
        ("en", ("Avocados", "MFN rate 25%", "provisional rate 7%", "import VAT 9%")),
        ("es", ("Aguacates", "tasa NMF 25%", "IVA de importación 9%")),
        ("zh", ("鳄梨", "最惠国税率 25%", "进口环节增值税 9%")),
    ):
        done = tool.run({"q": "08044000", "on": "2026-11-23"}, language)
        text = text_of(tool.tell, done.document, language)
        assert all(word in text for word in words), text
        assert len(text) < 1000
        assert "\x1b" not in text


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=12)
    | st.integers(-(10**40), 10**40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('abé"\\\n', max_size=3), inner, max_size=4),
    max_leaves=12,
)


def written(value: Any) -> str:
    """JSON with each number as it is."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {written(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case _:
            return json.dumps(value)


def numbered(value: Any) -> Any:
    """The same as our reader gives it."""
    match value:
        case dict():
            return {key: numbered(each) for key, each in value.items()}
        case list():
            return [numbered(each) for each in value]
        case bool() | None | str():
            return value
        case _:
            return Number(written(value))


@given(arguments=st.dictionaries(st.text('abé"\\\n', min_size=1, max_size=3), JSON, min_size=1, max_size=5))
def test_arguments_arrive_as_they_were_written(arguments: dict[str, Any]):
    sent = message("quote", written(arguments))
    # What the SDK makes of it has no number of ours in it.
    taken = json.loads(carried(sent))
    assert {name: each for name, each in taken.items() if name != "params"} == {
        "jsonrpc": "2.0",
        "id": 7,
        "method": "tools/call",
    }
    assert taken["params"]["name"] == "quote"
    assert arguments_of(taken["params"]["arguments"]) == numbered(arguments)


@pytest.mark.parametrize(
    "other",
    [
        b'{"jsonrpc": "2.0", "id": 1.5, "method": "tools/list"}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "quote"}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "quote", "arguments": [1.5]}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": "quote", "arguments": {"a": 1.5}}}',
        b"[1.5]",
        b"{",
        b"\xff",
        b"",
    ],
)
def test_other_messages_are_left_as_they_are(other: bytes):
    assert carried(other) == other


def test_no_arguments_are_an_empty_object():
    assert arguments_of(None) == {}
    assert arguments_of({}) == {}
