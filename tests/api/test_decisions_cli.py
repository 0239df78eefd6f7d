"""Targets, shocks and changes of the law on the command line: the answers of the API, as tables or files."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from rich.console import Console

from api import stress_cli, stress_document, suppose_document, what_if_cli
from api.cli import main
from api.decisions_terminal import print_stress, print_target
from api.locales import number
from api.what_if_terminal import print_what_if
from tariffs.book import Book

Json = dict[str, Any]
PRICE = {"amount": "2.90", "currency": "USD", "per": "kg"}
LINE: Json = {"product": "avocado-fresh", "quantity": "20 t", "price": PRICE}
ASKED: Json = {
    "goods": [LINE],
    "incoterm": "FOB",
    "route": {"mode": "sea", "from": "MXZLO", "to": "CNSHA"},
    "costs": {"freight": "planning"},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}
OPEN: Json = {**ASKED, "goods": [{**LINE, "price": {"currency": "USD", "per": "kg"}}]}
AIMED: Json = {**OPEN, "target": {"amount": "22.00", "currency": "CNY", "per": "kg"}}
STRESSED: Json = {
    **ASKED,
    "shocks": {"fx": ["-10%", "10%"], "freight": ["-20%", "20%"]},
    "grid": ["fx", "freight"],
    "history": {"years": 1},
    "benchmark_price": {"amount": "26.00", "currency": "CNY", "per": "kg"},
}
UNKNOWN: Json = {**ASKED, "goods": [{**LINE, "product": "mango-fresh"}], "regime": "postal_articles"}
SUPPOSED: Json = {
    "changes": [
        {"hs_code": "0804", "measure": "agreement", "expression": "0%", "origins": ["MX"]},
        {"hs_code": "22", "measure": "vat", "expression": "9%"},
    ],
    "basket": [ASKED, UNKNOWN],
}


@pytest.fixture
def galeon(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> Any:
    """`galeon` on the tables that the tests have read already."""
    monkeypatch.setattr(Book, "load", lambda *_: real_book)

    def run(*arguments: str | Path, told: object = None) -> Result:
        given = told if isinstance(told, str) else json.dumps(told)
        return CliRunner().invoke(main, [*map(str, arguments)], input=given, catch_exceptions=False)

    return run


def answered(client: FlaskClient, address: str, asked: Json) -> Json:
    response = client.post(address, json=asked)
    assert response.status_code == 200, response.text
    found: Json = response.json or {}
    return found


def shown(show: Any, document: Json, language: str) -> str:
    """A table as wide as it wants to be."""
    wide = StringIO()
    show(document, language, Console(file=wide, width=400))
    return wide.getvalue()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Highest price", "Landed cost", "Left below the target", "Prices that meet it", "estimated, C")),
        ("es", ("Precio más alto", "Costo puesto", "Lo que queda bajo la meta", "Precios que cumplen", "estimada, C")),
        ("zh", ("最高价格", "到岸总成本", "低于目标的余额", "符合目标的价格", "估算, C")),
    ],
)
def test_a_target_in_the_terminal(language: str, words: tuple[str, ...], galeon: Any, client: FlaskClient):
    result = galeon("target", "-", "--language", language, told=AIMED)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found = answered(client, "/v1/targets", {**AIMED, "language": language})
    price, reached = found["price"]["amount"], found["reached"]
    for each in (
        f"{price} USD / kg\n",
        f"{reached['amount']} CNY / kg\n",
        f"{reached['left']['amount']} CNY\n",
        f"0.01 – {price} USD / kg\n",
    ):
        assert each in "\n".join(line.rstrip() for line in f"{result.stdout}\n".splitlines())
    assert all(each in shown(print_target, found, language) for each in words)


def test_the_landed_cost_of_an_option_stands_in_place_of_the_target(galeon: Any, client: FlaskClient):
    asked = {**AIMED, "target": {"amount": "400000", "currency": "CNY", "per": "total"}}
    price = answered(client, "/v1/targets", asked)["price"]["amount"]
    for landed in ("400000 CNY", "400000 CNY / total"):
        for request in (OPEN, AIMED):
            told = galeon("target", "-", "--landed", landed, told=request).stdout
            assert f"{price} USD / kg" in told
            assert "CNY in total" in told


def test_several_intervals_are_all_told():
    money = {"currency": "CNY", "per": "total"}
    of = [{"from": {"amount": "0.01", **money}, "to": {"amount": "384.61", **money}}]
    of.append({"from": {"amount": "400.00", **money}, "to": {"amount": "1402.00", **money}})
    reached = {"of": "landed_cost_net_of_vat", "amount": "540.00", **money, "left": {"amount": "0.00", **money}}
    outcome = {"status": "complete", "confidence": "A", "reasons": []}
    quote = {"outcome": outcome, "assumptions": [], "warnings": []}
    told = shown(print_target, {"price": of[1]["to"], "reached": reached, "intervals": of, "quote": quote}, "en")
    assert "0.01 – 384.61 CNY in total" in told
    assert "400.00 – 1,402.00 CNY in total" in told
    assert told.count("Prices that meet it") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("What moves", "Exchange rates, Freight", "Domestic price", "Highest exchange rate", "What changed")),
        ("es", ("Lo que se mueve", "Tipos de cambio, Flete", "Precio en China", "Tipo de cambio más alto", "Mes")),
        ("zh", ("变动项目", "汇率, 运费", "国内价格", "最高汇率", "月份")),
    ],
)
def test_shocks_in_the_terminal(language: str, words: tuple[str, ...], galeon: Any, client: FlaskClient):
    result = galeon("stress", "-", "--language", language, told=STRESSED)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found = answered(client, "/v1/sensitivities", {**STRESSED, "language": language})
    for each in (*found["shocks"], *found["grid"]):
        difference = each["difference"]["amount"]
        sign = "" if difference.startswith("-") else "+"
        assert f"{number(each['landed_cost']['amount'], language)} CNY" in result.stdout
        assert f"{sign}{number(difference, language)} CNY" in result.stdout
    for each in found["history"]:
        assert f"{number(each['landed_cost']['amount'], language)} CNY" in result.stdout
    even = found["break_even"]
    for told in (
        f"{even['margin']['amount']} CNY / kg ({even['margin_percent']})",
        f"{even['price']['amount']} USD / kg",
        f"USD/CNY {even['fx']['rate']}",
    ):
        assert told in result.stdout
    assert all(each in shown(print_stress, found, language) for each in words)


def test_what_cannot_be_told_says_why(client: FlaskClient):
    asked = {**ASKED, "fx": {}, "declared_on": "2019-05-20", "history": {"years": 20}}
    found = answered(client, "/v1/sensitivities", asked)
    told = shown(print_stress, found, "en")
    closed = next(each for each in found["history"] if each["landed_cost"] is None)
    assert closed["reason"]["text"][:30] in told
    assert "1: import VAT 10% → 9%" in told
    basis = {"what": "basis", "goods": 0, "from": "mfn", "to": None}
    month = {"declared_on": "2026-11-01", "landed_cost": None, "reason": None, "changed": [basis]}
    assert "1: rate that applies MFN rate → none" in shown(print_stress, {"shocks": [], "history": [month]}, "en")


def test_the_options_stand_in_place_of_the_members(galeon: Any, client: FlaskClient):
    options = ("--shock", "price=-5%,5%", "--shock", "duty=+50%", "--shock", "price=10%", "--benchmark", "500000 CNY")
    request = {name: value for name, value in STRESSED.items() if name != "grid"}
    shocks = {"price": ["-5%", "5%", "10%"], "duty": ["+50%"]}
    given = {"shocks": shocks, "benchmark_price": {"amount": "500000", "currency": "CNY", "per": "total"}}
    found = answered(client, "/v1/sensitivities", {**request, **given, "history": {"years": 2}})
    told = galeon("stress", "-", *options, "--years", "2", told=request).stdout
    assert told == galeon("stress", "-", told={**request, **given, "history": {"years": 2}}).stdout
    assert told.count(" CNY ") > 25
    assert f"{number(found['shocks'][2]['landed_cost']['amount'], 'en')} CNY" in told


@pytest.mark.parametrize(
    ("form", "part"), [("json", None), ("csv", None), ("svg", None), ("csv", "history"), ("svg", "history")]
)
def test_a_file_of_shocks_is_what_the_api_answers(
    form: str, part: str | None, galeon: Any, client: FlaskClient, tmp_path: Path
):
    target = tmp_path / f"stress.{form.upper()}"
    asked = {**STRESSED, "language": "es"}
    result = galeon("stress", "-", "--to", target, *(["--part", part] if part else []), told=asked)
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert target.name in result.stderr
    sent = {"data": json.dumps(asked), "content_type": "application/json"}
    of_the_api = client.post(f"/v1/sensitivities?format={form}&part={part or 'shocks'}", **sent)
    assert target.read_bytes() == of_the_api.data


def test_a_file_of_a_target_is_what_the_api_answers(galeon: Any, client: FlaskClient, tmp_path: Path):
    target = tmp_path / "price.json"
    result = galeon("target", "-", "--to", target, told=AIMED)
    assert (result.exit_code, result.stdout) == (0, "")
    found, of_the_api = json.loads(target.read_bytes()), answered(client, "/v1/targets", AIMED)
    for each in (found, of_the_api):
        del each["quote"]["created_at"]
    assert found == of_the_api


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Landed cost", "Revenue", "What China collects", "Customs duty", "concern no request: 2")),
        ("es", ("Costo puesto", "Recaudación", "Lo que recauda China", "Arancel", "ninguna solicitud: 2")),
        ("zh", ("到岸总成本", "税收", "中国税收", "关税", "未涉及任何请求的变更：2")),
    ],
)
def test_a_changed_law_in_the_terminal(language: str, words: tuple[str, ...], galeon: Any, client: FlaskClient):
    result = galeon("what-if", "-", "--language", language, told=SUPPOSED)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    sent = {"json": SUPPOSED, "headers": {"Accept-Language": language}}
    found: Json = client.post("/v1/what-if", **sent).json or {}
    told = shown(print_what_if, found, language)
    priced, refused = found["basket"]
    for each in (
        *(priced[when]["landed_cost"]["amount"] for when in ("before", "after")),
        priced["difference"]["amount"],
        *(found["revenue"]["taxes"]["vat"][when]["amount"] for when in ("before", "after")),
    ):
        assert f"{number(each, language)} CNY" in result.stdout
    assert priced["difference_percent"] in result.stdout
    assert refused["reason"]["text"][:20] in told
    assert all(each in told for each in words)


@pytest.mark.parametrize("form", what_if_cli.FORMS)
def test_a_file_of_a_changed_law_is_what_the_api_answers(form: str, galeon: Any, client: FlaskClient, tmp_path: Path):
    target = tmp_path / f"law.{form}"
    result = galeon("what-if", "-", "--to", target, told=SUPPOSED)
    assert (result.exit_code, result.stdout) == (0, "")
    sent = {"data": json.dumps(SUPPOSED), "content_type": "application/json"}
    of_the_api = client.post(f"/v1/what-if?format={form}", **sent).data
    # A workbook holds the moment at which it was made.
    end = 4 if form == "xlsx" else None
    assert target.read_bytes()[:end] == of_the_api[:end]


def test_every_form_and_part_of_the_api_can_be_written():
    assert what_if_cli.FORMS == suppose_document.FORMATS
    assert stress_cli.FORMS == stress_document.FORMATS
    assert stress_cli.PARTS == stress_document.PARTS


@pytest.mark.parametrize(
    ("command", "options", "request_", "told"),
    [
        ("target", [], OPEN, "/target: "),
        ("target", [], {**ASKED, "target": AIMED["target"]}, "/goods/0/price/amount: "),
        ("target", ["--landed", "0 CNY/kg"], OPEN, "/target/amount: "),
        ("target", ["--landed", "22 XQZ/kg"], OPEN, "/target/currency: "),
        ("target", ["--landed", "22 CNY/furlong"], OPEN, "/target/per: "),
        ("target", ["--landed", "1 CNY"], OPEN, "/target/amount: "),
        ("target", [], [], ""),
        ("what-if", [], {"basket": [ASKED], "changes": []}, "/changes: "),
        ("what-if", [], {**SUPPOSED, "basket": [ASKED, {**ASKED, "incoterm": "FAB"}]}, "/basket/1/incoterm: "),
        ("what-if", [], [], ""),
        ("stress", [], ASKED, "/shocks: "),
        ("stress", ["--shock", "fx=ten"], ASKED, "/shocks/fx/0: "),
        ("stress", ["--shock", "rain=10%"], ASKED, "/shocks/rain: "),
        ("stress", ["--shock", "fx="], ASKED, "/shocks/fx: "),
        ("stress", ["--years", "soon"], ASKED, "/history/years: "),
        ("stress", ["--benchmark", "26 CNY/furlong"], ASKED, "/benchmark_price/per: "),
        ("stress", ["--shock", "fx=1%", "--to", "out.csv", "--part", "history"], ASKED, "/history: "),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    command: str, options: list[str], request_: object, told: str, galeon: Any, monkeypatch: Any, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    result = galeon(command, "-", *options, told=request_)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(told)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "options", "named"),
    [
        ("target", ["--landed", "22"], "--landed"),
        ("target", ["--landed", "22 CNY/"], "--landed"),
        ("target", ["--to", "price.csv"], "--to"),
        ("what-if", ["--to", "law.svg"], "--to"),
        ("stress", ["--shock", "fx"], "--shock"),
        ("stress", ["--benchmark", "CNY"], "--benchmark"),
        ("stress", ["--to", "stress.xlsx"], "--to"),
        ("stress", ["--part", "history"], "--part"),
        ("stress", ["--to", "stress.json", "--part", "history"], "--part"),
    ],
)
def test_options_that_are_none(command: str, options: list[str], named: str, galeon: Any):
    result = galeon(command, "-", *options, told=STRESSED)
    assert result.exit_code == 2
    assert named in result.stderr
