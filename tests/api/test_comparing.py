# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""POST /v1/comparisons: scenarios side by side, each what a quote of its own comes to; hand-worked ways in, routes and rails."""

import csv
import io
from decimal import Decimal
from itertools import product
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api.examples import AVOCADO

Json = dict[str, Any]
SEA = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}
AIR = {"mode": "air", "from": "MEX", "to": "PVG", "freight": {"amount": "58000.00", "currency": "USD"}}
SWIFT = [{"rail": "swift-tt", "currency": each} for each in ("USD", "MXN", "CNY")]
REGIMES = ["general_trade", "cbec_retail", "postal_articles"]
BOTTLE: Json = {
    "goods": [
        {
            "hs_code": "22089010",
            "quantity": "0.75 L",
            "price": {"amount": "600", "currency": "CNY", "per": "total"},
            "tariff": {"cbec": True},
        }
    ],
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
}
COFFEE: Json = {
    **BOTTLE,
    "goods": [
        {
            "hs_code": "09012100",
            "quantity": "2 kg",
            "price": {"amount": "400", "currency": "CNY", "per": "total"},
            "tariff": {"cbec": True},
        }
    ],
}
# A ton of avocados at 2.90 dollars, 2,900 x 6.7628 = 19,612.12 yuan; no insurance, 3,600 yuan in the port.
TON: Json = {
    "goods": [{**AVOCADO["goods"][0], "quantity": "1000 kg"}],
    "incoterm": "FOB",
    "costs": {
        "freight": {"amount": "0", "currency": "USD"},
        "insurance": {"amount": "0", "currency": "USD"},
        "destination": {"all_in": {"amount": "3600.00", "currency": "CNY"}},
    },
    "fx": {"USD/CNY": "6.7628", "CNY/MXN": "2.5", "USD/MXN": "18.20"},
    "declared_on": "2026-11-23",
}


def compared(client: FlaskClient, asked: Json, vary: Json) -> Json:
    """The answer, held to the schema of the specification."""
    response = client.post("/v1/comparisons", json={**asked, "vary": vary})
    assert response.status_code == 200, response.text
    found: Json = response.json or {}
    schemas = client.get("/openapi.json").json["components"]
    assert not list(
        Draft202012Validator({"$ref": "#/components/schemas/Compared", "components": schemas}).iter_errors(found)
    )
    return found


def refused(client: FlaskClient, asked: Any) -> list[tuple[str, str]]:
    response = client.post("/v1/comparisons", json=asked)
    assert response.status_code == 422, response.text
    return [(each["code"], each["pointer"]) for each in response.json["errors"]]


def landed(scenario: Json) -> Decimal:
    return Decimal(scenario["totals"]["landed_cost"]["amount"])


def amount(scenario: Json, name: str) -> str:
    found: str = scenario["totals"][name]["amount"]
    return found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        # Retail: duty free, 70% of 20% inside the price with 0.912 yuan a litre, and of 13%; post 50%; general trade: duty 10%,
        # (600 + 60 + 0.684) / 0.8 x 20% + 0.684 = 165.86, VAT 13% of 825.86 = 107.36.
        (BOTTLE, {"cbec_retail": "173.93", "postal_articles": "300.00", "general_trade": "333.22"}),
        # Retail: 70% of 13%; general trade: 15%, then 13% of 460; post: 13%, and whether it may come so was not read.
        (COFFEE, {"cbec_retail": "36.40", "general_trade": "119.80", "postal_articles": "52.00"}),
    ],
    ids=["tequila", "coffee"],
)
def test_three_ways_in(client: FlaskClient, asked: Json, expected: dict[str, str]) -> None:
    found = compared(client, asked, {"regime": REGIMES})
    assert found["varied"] == ["regime"]
    scenarios = found["scenarios"]
    assert {each["differs"]["regime"]: amount(each, "taxes") for each in scenarios} == expected
    # Open ones by what they cost, then what is not known.
    assert [each["differs"]["regime"] for each in scenarios] == list(expected)
    assert scenarios[0]["above_cheapest"]["landed_cost"]["amount"] == "0.00"
    first, second, _ = map(Decimal, expected.values())
    assert Decimal(scenarios[1]["above_cheapest"]["landed_cost"]["amount"]) == second - first


def test_what_is_not_known_says_why(client: FlaskClient) -> None:
    last = compared(client, COFFEE, {"regime": REGIMES})["scenarios"][-1]
    assert (last["status"], last["reason"]["code"]) == ("unknown", "quarantine_by_post_not_read")
    assert last["outcome"]["status"] == "estimated"


def test_what_is_closed_says_why(client: FlaskClient) -> None:
    price = {"amount": "2500.00", "currency": "CNY", "per": "total"}
    dear = {**BOTTLE, "goods": [{**BOTTLE["goods"][0], "quantity": "4.5 L", "price": price}]}
    found = compared(client, dear, {"regime": REGIMES})["scenarios"]
    post = next(each for each in found if each["differs"]["regime"] == "postal_articles")
    assert (post["status"], post["reason"]["code"], post["totals"], post["above_cheapest"]) == (
        "closed",
        "regime_closed",
        None,
        None,
    )
    assert post is found[-1]


def test_avocados_by_sea_and_by_air(client: FlaskClient) -> None:
    """Sea: 41,929.36 of freight, duty 7% of 61,541.48, VAT 9% of 65,849.38; air: 23,669.80, of 43,281.92 and of 46,311.65."""
    routes = [
        SEA | {"freight": {"amount": "6200.00", "currency": "USD"}},
        AIR | {"freight": {"amount": "3500.00", "currency": "USD"}},
    ]
    air, sea = compared(client, TON, {"route": routes})["scenarios"]
    assert [air["differs"]["route"]["mode"], sea["differs"]["route"]["mode"]] == ["air", "sea"]
    names = ("freight", "customs_value", "customs_duty", "vat", "landed_cost")
    assert [amount(sea, name) for name in names] == ["41929.36", "61541.48", "4307.90", "5926.44", "75375.82"]
    assert [amount(air, name) for name in names] == ["23669.80", "43281.92", "3029.73", "4168.05", "54079.70"]
    assert sea["above_cheapest"]["landed_cost"] == {"amount": "21296.12", "currency": "CNY"}
    assert [each["transit_days"]["typical"] for each in (air, sea)] == ["3", "22"]
    assert sea["label"] == "Sea in full containers MXZLO–CNSHA 40RH"


def test_paid_in_three_currencies(client: FlaskClient) -> None:
    """A transfer costs the buyer 200 yuan, and 0.1% for the exchange of 19,612.12; the seller's bank takes 35.40 dollars of it
    (239.40 yuan), and 0.8% where it has to exchange: 19,372.72 or 19,217.74 yuan, at 2.5 pesos, or dollars at 18.20."""
    found = compared(client, TON, {"payment": SWIFT})["scenarios"]
    paid = {each["payment"]["currency"]: each for each in found}
    assert [each["differs"]["payment"]["currency"] for each in found] == ["CNY", "USD", "MXN"]
    assert {name: amount(each, "payment_cost") for name, each in paid.items()} == {
        "CNY": "200.00",
        "USD": "219.61",
        "MXN": "219.61",
    }
    assert {name: each["payment"]["seller_receives"]["amount"] for name, each in paid.items()} == {
        "CNY": "19217.74",
        "USD": "19217.74",
        "MXN": "19372.72",
    }
    pesos = {name: Decimal(each["payment"]["seller_receives_mxn"]["amount"]) for name, each in paid.items()}
    assert abs(pesos["MXN"] - Decimal("19372.72") * Decimal("2.5")) <= Decimal("0.02")
    assert abs(pesos["USD"] - Decimal("19217.74") / Decimal("6.7628") * Decimal("18.20")) <= Decimal("0.02")


VARY: Json = {
    "regime": REGIMES[:2],
    "route": [SEA, AIR],
    "payment": SWIFT[:2],
    "incoterm": [
        "FOB",
        {"incoterm": "CIF", "place": "CNSHA", "price": {"amount": "3.40", "currency": "USD", "per": "kg"}},
    ],
    "declared_on": ["2026-11-23", "2026-06-01"],
    "fx": [{"USD/CNY": "6.7628", "CNY/MXN": "2.5"}, {"USD/CNY": "7.0000", "CNY/MXN": "2.4"}],
}


def test_every_scenario_is_what_its_quote_comes_to(client: FlaskClient) -> None:
    found = compared(client, TON, VARY)["scenarios"]
    expected = [dict(zip(VARY, each, strict=True)) for each in product(*VARY.values())]
    assert len(found) == len(expected) == 64
    assert all(each["differs"] in expected for each in found)
    for scenario in found:
        single = client.post("/v1/quotes?store=false", json=_single(scenario["differs"]))
        if scenario["totals"] is None:
            assert single.status_code == 422
            assert single.json["errors"][0]["code"] == scenario["reason"]["code"]
            continue
        assert single.json["totals"] == scenario["totals"]
        assert single.json["outcome"]["status"] == scenario["outcome"]["status"]
        assert single.json["shipment"]["transit_days"] == scenario["transit_days"]
        for name, value in scenario["payment"].items():
            assert single.json["payment"][name] == value


def _single(differs: Json) -> Json:
    """The request that a scenario stands for, put together by hand."""
    asked = {**TON, **{name: value for name, value in differs.items() if name not in ("route", "incoterm")}}
    route = dict(differs["route"])
    freight = route.pop("freight", None)
    asked["route"] = route
    if freight is not None:
        asked["costs"] = {**TON["costs"], "freight": freight}
    term = differs["incoterm"]
    if isinstance(term, str):
        return {**asked, "incoterm": term}
    return {
        **asked,
        "incoterm": term["incoterm"],
        "place": term["place"],
        "goods": [{**TON["goods"][0], "price": term["price"]}],
    }


def test_prices_and_several_lines(client: FlaskClient) -> None:
    two = {**TON, "goods": [TON["goods"][0], TON["goods"][0]]}
    price = TON["goods"][0]["price"]
    found = compared(client, two, {"price": [[price, price], [{**price, "amount": "2.00"}, price]]})["scenarios"]
    # 900 dollars less of goods, and their taxes of 7% and 9%: 6,086.52 x 1.07 x 1.09
    assert abs(landed(found[1]) - landed(found[0]) - Decimal("7098.71")) <= Decimal("0.02")
    assert found[0]["label"] == "2.00 USD/kg + 2.90 USD/kg"


def test_forms(client: FlaskClient) -> None:
    body = {**TON, "vary": {"route": [SEA, AIR], "payment": SWIFT}}
    document = client.post("/v1/comparisons", json=body).json
    sent = client.post("/v1/comparisons?format=csv", json=body, headers={"Accept-Language": "es"})
    assert (sent.mimetype, sent.headers["Content-Language"]) == ("text/csv", "es")
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [row["landed_cost"] for row in rows] == [amount(each, "landed_cost") for each in document["scenarios"]]
    assert {row["route"] for row in rows} == {"Mar en contenedor completo MXZLO–CNSHA 40RH", "Aire MEX–PVG"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.post("/v1/comparisons?format=xlsx", json=body).data))
    headings, *sheet = book.get_sheet_by_index(0).to_python()
    assert [f"{row[headings.index('landed_cost')]:.2f}" for row in sheet] == [row["landed_cost"] for row in rows]
    drawn = ElementTree.fromstring(client.post("/v1/comparisons?format=svg", json=body).text)
    said = " ".join(drawn.itertext())
    assert all(f"{landed(each):,.2f}" in said for each in document["scenarios"])


def test_texts_of_the_user_do_not_act_in_a_table(client: FlaskClient) -> None:
    own = {"own": {"name": "=1+1", "fees": []}}
    sent = client.post("/v1/comparisons?format=csv", json={**TON, "vary": {"payment": [own]}})
    (row,) = csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig")))
    assert row["payment"] == "'=1+1"


def test_nothing_is_kept_and_any_key_that_prices_may_ask(client: FlaskClient) -> None:
    response = client.post("/v1/comparisons", json={**TON, "vary": {"regime": REGIMES}})
    assert response.headers["Cache-Control"] == "no-store"
    assert "id" not in response.json


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"vary": None}, [("wrong_type", "/vary")]),
        ({"vary": {}}, [("nothing_varied", "/vary")]),
        ({"vary": {"route": []}}, [("nothing_varied", "/vary/route")]),
        ({"vary": {"regimes": ["post"]}}, [("unknown_field", "/vary/regimes")]),
        ({"vary": {"regime": ["best"]}}, [("not_a_choice", "/vary/regime/0")]),
        ({"vary": {"route": [SEA, {**AIR, "mode": "rail"}]}}, [("not_a_choice", "/vary/route/1/mode")]),
        ({"vary": {"fx": [{"USD/CNY": "0"}]}}, [("not_positive", "/vary/fx/0/USD~1CNY")]),
        ({"vary": {"incoterm": ["FOB", "XXX"]}}, [("not_a_choice", "/vary/incoterm/1")]),
        ({"vary": {"price": [[]]}}, [("price_for_each_line", "/vary/price/0")]),
        (
            {"vary": {"price": [{"amount": "1"}]}},
            [("missing_field", "/vary/price/0/currency"), ("missing_field", "/vary/price/0/per")],
        ),
        ({"regime": "best", "vary": {"payment": SWIFT}}, [("not_a_choice", "/regime")]),
        ({"incoterm": "XXX", "vary": {"incoterm": ["FOB"]}}, [("not_a_choice", "/incoterm")]),
        ({"goods": [], "vary": {"regime": REGIMES}}, [("no_goods", "/goods")]),
        (
            {"vary": {"fx": [{"USD/CNY": f"6.{each:02}"} for each in range(67)], "regime": REGIMES}},
            [("too_many_scenarios", "/vary")],
        ),
        (
            {"vary": {"price": [VARY["incoterm"][1]["price"]], "incoterm": [VARY["incoterm"][1]]}},
            [("price_varied_twice", "/vary/price")],
        ),
        (
            {"importer": {"paid_on": "2026-11-24"}, "vary": {"declared_on": ["2026-11-23", "2026-11-25"]}},
            [("paid_before_declared", "/importer/paid_on")],
        ),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, changes: Json, expected: list[tuple[str, str]]) -> None:
    assert refused(client, {**TON, **changes}) == expected


def test_many_lines_in_many_scenarios_are_too_much(client: FlaskClient) -> None:
    """100 lines in 51 scenarios are 5,100 lines to be priced."""
    many = {**TON, "goods": TON["goods"] * 100, "vary": {"fx": [{"USD/CNY": f"6.{each:02}"} for each in range(51)]}}
    assert refused(client, many) == [("too_much_at_once", "/vary")]


def test_without_vary(client: FlaskClient) -> None:
    assert refused(client, TON) == [("missing_field", "/vary")]
    assert refused(client, []) == [("wrong_type", "")]


def test_what_is_wrong_with_all_scenarios_is_a_problem(client: FlaskClient) -> None:
    nothing = {**TON, "goods": [{**TON["goods"][0], "product": "avocado-frozen-dreams"}]}
    assert refused(client, {**nothing, "vary": {"payment": SWIFT}}) == [("unknown_product", "/goods/0/product")]


def test_a_rail_that_there_is_not_closes_its_scenario_alone(client: FlaskClient) -> None:
    found = compared(client, TON, {"payment": [SWIFT[0], {"rail": "swift-ttt"}]})["scenarios"]
    assert [each["status"] for each in found] == ["open", "unknown"]
    assert (found[1]["reason"]["code"], found[1]["reason"]["pointer"]) == ("unknown_rail", "/payment/rail")
