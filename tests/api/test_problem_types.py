# mypy: disable-error-code="index, union-attr, arg-type"
"""The types of problems are addresses that clients hold on to: none goes, each is documented in three languages."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.errors import CODE_OF_STATUS
from api.refusals import PROBLEMS
from tests.api.test_problems import LINE, asked, line, told
from tests.api.test_wording import refusals

TYPES = (Path(__file__).parent / "problem_types.txt").read_text(encoding="utf-8").split()


def test_no_type_is_ever_taken_away(client: FlaskClient):
    """A new one is written into problem_types.txt; an old one stays there, and stays documented."""
    listed = [each["type"] for each in client.get("/problems").json["items"]]
    assert sorted(listed) == sorted(TYPES)


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_each_is_documented_at_its_address(language: str, client: FlaskClient):
    for kind in TYPES:
        told_of = client.get(kind, headers={"Accept-Language": language})
        assert told_of.status_code == 200, kind
        assert told_of.headers["Content-Language"] == language
        assert told_of.json["type"] == kind
        assert told_of.json["title"]
        assert not re.search(r"[{}\[\]]", told_of.json["meaning"])


@pytest.mark.parametrize("language", ["es", "zh"])
def test_no_title_is_left_in_english(language: str, client: FlaskClient):
    english = {each["type"]: each["title"] for each in client.get("/problems").json["items"]}
    here = client.get("/problems", headers={"Accept-Language": language}).json["items"]
    assert [each["type"] for each in here if each["title"] == english[each["type"]]] == []


def test_whatever_the_code_can_refuse_has_a_type():
    assert {f"/problems/{code.replace('_', '-')}" for code in (*refusals(), *CODE_OF_STATUS.values())} <= set(TYPES)


def test_an_unknown_type_says_what_is_near(client: FlaskClient):
    (error,) = told(client.get("/problems/unknown-produkt"), 404)["errors"]
    assert (error["code"], error["pointer"]) == ("unknown_problem_type", "/type")
    assert error["allowed"][0] == "unknown-product"
    assert set(error["allowed"]) <= {code.replace("_", "-") for code in PROBLEMS}


ROUTE = {"mode": "sea", "from": "MXZLO", "to": "CNSHA"}
MONEY = {"amount": "1", "currency": "USD"}
# A slip in each closed set that a request may name, its place, and what was meant: the first of what is allowed.
SLIPS: dict[str, tuple[dict[str, Any], str, str]] = {
    "product": (line(product="avocdo-fresh"), "/goods/0/product", "avocado-fresh"),
    "unit of a text": (line(quantity="3 kilogams"), "/goods/0/quantity", "kg"),
    "unit": (line(quantity={"value": "3", "unit": "tonnes1"}), "/goods/0/quantity/unit", "t"),
    "unit of a price": (line(price={**LINE["price"], "per": "kgs1"}), "/goods/0/price/per", "kg"),
    "currency": (line(price={**LINE["price"], "currency": "USS"}), "/goods/0/price/currency", "USD"),
    "package": (line(package="carton-4k"), "/goods/0/package", "carton-4kg"),
    "field": (asked(incotrm="FOB"), "/incotrm", "incoterm"),
    "field of a line": (line(prodct="x"), "/goods/0/prodct", "product"),
    "field of a price": (line(price={**LINE["price"], "amont": "1"}), "/goods/0/price/amont", "amount"),
    "field with a slash": (asked(**{"place/~x": "1"}), "/place~1~0x", "place"),
    "incoterm": (asked(incoterm="FOBB"), "/incoterm", "FOB"),
    "incoterm in small letters": (asked(incoterm="dap"), "/incoterm", "DAP"),
    "regime": (asked(regime="general-trade"), "/regime", "general_trade"),
    "mode": (asked(route={**ROUTE, "mode": "seaa"}), "/route/mode", "sea"),
    "port": (asked(route={**ROUTE, "from": "MXZLOO"}), "/route/from", "MXZLO"),
    "port by its name": (asked(route={**ROUTE, "to": "Shanghai"}), "/route/to", "CNSHA"),
    "rail": (asked(payment={"rail": "swift"}), "/payment/rail", "swift-tt"),
    "charges": (asked(payment={"rail": "swift-tt", "charges": "our"}), "/payment/charges", "OUR"),
    "leg": (asked(costs={"origin": {"handling": MONEY}}), "/costs/origin/handling", "origin_handling"),
    "key of sharing": (asked(costs={"allocate_by": "weight"}), "/costs/allocate_by", "net_weight"),
    "addition": (line(additions=[{"code": "royalties", "amount": MONEY}]), "/goods/0/additions/0/code", "royalty"),
    "remedy": (
        line(tariff={"trade_remedies": [{"kind": "antidumping", "duty": "1%"}]}),
        "/goods/0/tariff/trade_remedies/0/kind",
        "anti_dumping",
    ),
    "pair": (asked(fx={"USDCNY": "7"}), "/fx/USDCNY", "USD/CNY"),
    "country": (line(origin="mx"), "/goods/0/origin", "MX"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told_what_was_meant(name: str, client: FlaskClient):
    body, pointer, meant = SLIPS[name]
    (error,) = told(client.post("/v1/quotes", json=body), 422)["errors"]
    assert (error["pointer"], error["allowed"][0]) == (pointer, meant)


@pytest.mark.parametrize(
    ("address", "pointer", "meant"),
    [
        ("/v1/fx?base=usd&quote=CNY", "?/base", "USD"),
        ("/v1/fx?bas=USD&quote=CNY", "?/bas", "base"),
        ("/v1/ports?kind=seaports", "?/kind", "seaport"),
        ("/v1/lanes?from=MXZL", "?/from", "MXZLO"),
        ("/v1/equipment?kind=containers", "?/kind", "container"),
        ("/v1/packages?product=avocado", "?/product", "avocado-fresh"),
        ("/v1/payment-rails/swift", "/code", "swift-tt"),
        ("/v1/units/convert?q=25%20lbz&to=kg", "?/q", "lb"),
        ("/v1/units/convert?q=25%20lb&to=kgs2", "?/to", "kg"),
        ("/v1/tables/import-tax.csv", "/name", "import-taxes"),
        ("/v1/sources/cn-vat-law", "/id", "cn-vat-law-2024"),
        ("/v1/rules/vatt", "/name", "vat"),
        ("/v1/products/tequilla", "/slug", "tequila"),
        ("/v1/tariff-lines/08044001", "/hs", "08044000"),
        ("/v1/products?langage=es", "?/langage", "language"),
        ("/v1/products?language=ES", "?/language", "es"),
        ("/v1/quotes?idempotency_ke=a", "?/idempotency_ke", "idempotency_key"),
    ],
)
def test_a_slip_in_an_address_is_told_what_was_meant(address: str, pointer: str, meant: str, client: FlaskClient):
    response = client.get(address)
    (error,) = told(response, 404 if response.status_code == 404 else 422)["errors"]
    assert (error["pointer"], error["allowed"][0]) == (pointer, meant)
