# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""POST /v1/sensitivities: each shock is what the same quote comes to with its figure written out; the law of earlier months."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api.examples import AVOCADO
from calculator.monthly import months

Json = dict[str, Any]
LINE = AVOCADO["goods"][0]
TEQUILA: Json = {
    "goods": [
        {"hs_code": "22089010", "quantity": "9000 L", "price": {"amount": "60000", "currency": "USD", "per": "total"}}
    ],
    "incoterm": "CIF",
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}


def stressed(client: FlaskClient, asked: Json, **more: Any) -> Json:
    """The answer, held to the schema of the specification."""
    response = client.post("/v1/sensitivities", json={**asked, **more})
    assert response.status_code == 200, response.text
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/Sensitivity", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(response.json))
    found: Json = response.json or {}
    return found


def refused(client: FlaskClient, asked: Json) -> list[tuple[str, str]]:
    response = client.post("/v1/sensitivities", json=asked)
    assert response.status_code == 422, response.text
    return [(each["code"], each["pointer"]) for each in response.json["errors"]]


def landed(client: FlaskClient, asked: Json) -> str:
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 200, response.text
    amount: str = response.json["totals"]["landed_cost"]["amount"]
    return amount


def own(**tariff: str) -> Json:
    return {"goods": [{**LINE, "tariff": tariff}]}


@pytest.mark.parametrize(
    ("what", "by", "asked", "written_out"),
    [
        ("fx", "10%", AVOCADO, {"fx": {"USD/CNY": "7.43908"}}),
        ("fx", "-2.5%", AVOCADO, {"fx": {"USD/CNY": "6.59373"}}),
        # Pesos at 2.5 to the yuan, which are quoted the other way round: a yuan buys 2.0 when they rise by a quarter
        (
            "fx",
            "25%",
            {
                **AVOCADO,
                "fx": {"USD/CNY": "6.7628", "CNY/MXN": "2.5"},
                "costs": {"freight": {"amount": "9000", "currency": "MXN"}},
            },
            {"fx": {"USD/CNY": "8.4535", "CNY/MXN": "2.0"}},
        ),
        # The rate of customs is another than that of the market, and moves along
        (
            "fx",
            "10%",
            {**AVOCADO, "customs_fx": {"USD/CNY": "7.0"}},
            {"fx": {"USD/CNY": "7.43908"}, "customs_fx": {"USD/CNY": "7.7"}},
        ),
        ("freight", "50%", AVOCADO, {"costs": {"freight": {"amount": "9300.00", "currency": "USD"}}}),
        ("freight", "-100%", AVOCADO, {"costs": {"freight": {"amount": "0", "currency": "USD"}}}),
        ("price", "1%", AVOCADO, {"goods": [{**LINE, "price": {**LINE["price"], "amount": "2.929"}}]}),
        # 7% becomes 14%, 9% of VAT becomes 11.25%
        ("duty", "100%", AVOCADO, own(duty="14%")),
        ("vat", "25%", AVOCADO, own(vat="11.25%")),
        # 20% and 0.912 yuan a litre (which the table has for tequila) become 22% and 1.0032
        (
            "consumption_tax",
            "10%",
            TEQUILA,
            {"goods": [{**TEQUILA["goods"][0], "tariff": {"consumption_tax": "22% + 1.0032 CNY/L"}}]},
        ),
        # Rates that the user states move as those of the tables do
        (
            "duty",
            "-50%",
            {**AVOCADO, **own(duty="lower(10%, 900 CNY/t)")},
            own(duty="lower(5%, 450 CNY/t)"),
        ),
        (
            "duty",
            "10%",
            {**AVOCADO, **own(duty="by_value(10 CNY/kg, 5%, 10% + 2 CNY/kg)")},
            own(duty="by_value(10 CNY/kg, 5.5%, 11% + 2.2 CNY/kg)"),
        ),
        ("consumption_tax", "50%", {**AVOCADO, **own(consumption_tax="10%")}, own(consumption_tax="15%")),
    ],
)
def test_a_shock_is_the_quote_with_that_figure(
    client: FlaskClient, what: str, by: str, asked: Json, written_out: Json
) -> None:
    found = stressed(client, asked, shocks={what: [by]})
    (shock,) = found["shocks"]
    base, moved = landed(client, asked), landed(client, {**asked, **written_out})
    assert found["base"]["landed_cost"]["amount"] == base
    assert shock["landed_cost"]["amount"] == moved
    assert Decimal(shock["difference"]["amount"]) == Decimal(moved) - Decimal(base)
    assert moved != base


def test_what_is_lost_is_borne_by_the_rest(client: FlaskClient) -> None:
    """364,556.24 yuan of which 3% is lost: 364,556.24 / 0.97 = 375,831.1752…"""
    goods = [{**LINE, "price": {"amount": "40000", "currency": "USD", "per": "total"}}]
    (shock,) = stressed(client, {**AVOCADO, "goods": goods}, shocks={"shrinkage": ["3%"]})["shocks"]
    assert shock["landed_cost"]["amount"] == "375831.18"


def test_a_grid(client: FlaskClient) -> None:
    asked = {"shocks": {"fx": ["-10%", "10%"], "freight": ["0%", "50%"]}, "grid": ["fx", "freight"]}
    found = stressed(client, AVOCADO, **asked)
    assert [each["by"] for each in found["grid"]] == [
        {"fx": "-10%", "freight": "0%"},
        {"fx": "-10%", "freight": "+50%"},
        {"fx": "+10%", "freight": "0%"},
        {"fx": "+10%", "freight": "+50%"},
    ]
    dear = {"fx": {"USD/CNY": "7.43908"}, "costs": {"freight": {"amount": "9300.00", "currency": "USD"}}}
    assert found["grid"][-1]["landed_cost"]["amount"] == landed(client, {**AVOCADO, **dear})
    assert found["grid"][0]["landed_cost"] == next(
        each["landed_cost"] for each in found["shocks"] if (each["what"], each["by"]) == ("fx", "-10%")
    )


def test_every_shock_of_nothing_changes_nothing(client: FlaskClient) -> None:
    names = ("fx", "freight", "price", "duty", "consumption_tax", "vat", "shrinkage")
    found = stressed(client, TEQUILA, shocks={name: ["0%"] for name in names})
    assert {each["difference"]["amount"] for each in found["shocks"]} == {"0.00"}


def test_break_even(client: FlaskClient) -> None:
    """26 yuan for each of 20,160 kg are 524,160: one cent, or one ten-thousandth of a yuan, more is above it."""
    found = stressed(client, AVOCADO, benchmark_price={"amount": "26.00", "currency": "CNY", "per": "kg"})["break_even"]
    price, rate = Decimal(found["price"]["amount"]), Decimal(found["fx"]["rate"])

    def cost(price: Decimal, rate: str) -> Decimal:
        goods = [{**LINE, "price": {**LINE["price"], "amount": f"{price}"}}]
        return Decimal(landed(client, {**AVOCADO, "goods": goods, "fx": {"USD/CNY": rate}}))

    assert cost(price, "6.7628") <= 524160 < cost(price + Decimal("0.01"), "6.7628")
    assert cost(Decimal("2.90"), f"{rate}") <= 524160 < cost(Decimal("2.90"), f"{rate + Decimal('0.0001')}")
    # 510,252.47 / 20,160 = 25.31014…; 0.68986 of 26 are 2.6533%
    assert found["landed_cost"] == {"amount": "25.3101", "currency": "CNY", "per": "kg"}
    assert (found["margin"]["amount"], found["margin_percent"]) == ("0.6899", "2.6533%")


def test_a_benchmark_below_every_price(client: FlaskClient) -> None:
    asked = {**AVOCADO, "costs": {"freight": {"amount": "42000", "currency": "CNY"}}}
    found = stressed(client, asked, benchmark_price={"amount": "1", "currency": "USD", "per": "total"})["break_even"]
    assert (found["price"], found["fx"]) == (None, None)
    assert found["margin"]["amount"].startswith("-")


def test_a_history_has_the_law_of_its_days(client: FlaskClient) -> None:
    """VAT on farm products: 13% until 30 June 2017, 11% until 30 April 2018, 10% until 31 March 2019, then 9%."""
    found = stressed(client, AVOCADO, history={"years": 10})["history"]
    assert (found[0]["declared_on"], found[-1]["declared_on"]) == ("2016-11-01", "2026-11-01")
    assert len(found) == 121
    vat = {
        each["declared_on"]: (one["from"], one["to"])
        for each in found
        for one in each["changed"]
        if one["what"] == "vat"
    }
    assert vat == {"2017-07-01": ("13%", "11%"), "2018-05-01": ("11%", "10%"), "2019-04-01": ("10%", "9%")}
    then = {name: value for name, value in AVOCADO.items() if name != "fx"}
    for each in found[::24]:
        assert each["landed_cost"]["amount"] == landed(client, {**then, "declared_on": each["declared_on"]})


def test_months_end_with_that_of_the_request() -> None:
    assert months(date(2026, 1, 31), 12)[0] == date(2025, 1, 1)
    assert months(date(2026, 1, 31), 12)[-1] == date(2026, 1, 1)


def test_months_before_the_tables_say_why(client: FlaskClient) -> None:
    found = stressed(client, {**AVOCADO, "declared_on": "2018-03-01"}, history={"years": 20})["history"]
    first = found[0]
    assert (first["declared_on"], first["landed_cost"]) == ("1998-03-01", None)
    assert first["reason"]["text"]


def test_the_sliding_duty_cannot_be_moved(client: FlaskClient) -> None:
    cotton = {
        "goods": [
            {
                "hs_code": "52010000",
                "quantity": "50 t",
                "price": {"amount": "13.20", "currency": "CNY", "per": "kg"},
                "tariff_quota": "sliding",
            }
        ],
        "incoterm": "CIF",
        "declared_on": "2026-11-23",
    }
    (shock,) = stressed(client, cotton, shocks={"duty": ["10%"]})["shocks"]
    assert (shock["landed_cost"], shock["reason"]["code"]) == (None, "duty_not_scaled")


def test_a_shock_that_takes_everything_says_so(client: FlaskClient) -> None:
    found = stressed(client, TEQUILA, shocks={"consumption_tax": ["400%"], "price": ["-100%"]})["shocks"]
    by = {each["what"]: each for each in found}
    assert (by["consumption_tax"]["landed_cost"], by["consumption_tax"]["reason"]["code"]) == (
        None,
        "consumption_tax_of_everything",
    )
    # Nothing is left but 0.912 yuan a litre, its fifth of the price that contains it, and VAT: 8,208 / 0.8 x 1.13
    assert by["price"]["landed_cost"]["amount"] == "11593.80"


def test_forms(client: FlaskClient) -> None:
    body = {**AVOCADO, "shocks": {"fx": ["-10%", "10%"], "freight": ["50%"]}, "history": {"years": 1}}
    document = client.post("/v1/sensitivities", json=body).json
    sent = client.post("/v1/sensitivities?format=csv", json=body)
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [(row["what"], row["by"], row["difference"]) for row in rows] == [
        (each["what"], each["by"], each["difference"]["amount"]) for each in document["shocks"]
    ]
    sent = client.post("/v1/sensitivities?format=csv&part=history", json=body)
    rows = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert [row["landed_cost"] for row in rows] == [each["landed_cost"]["amount"] for each in document["history"]]
    for part in ("shocks", "history"):
        sent = client.post(f"/v1/sensitivities?format=svg&part={part}", json=body, headers={"Accept-Language": "es"})
        assert sent.mimetype == "image/svg+xml"
        assert ElementTree.fromstring(sent.text).tag.endswith("svg")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [("missing_field", "/shocks")]),
        ({"shocks": {}}, [("nothing_varied", "/shocks")]),
        ({"shocks": {"fx": []}}, [("nothing_varied", "/shocks/fx")]),
        ({"shocks": {"fx": ["-100.1%"]}}, [("falls_by_more_than_all", "/shocks/fx/0")]),
        ({"shocks": {"fx": ["ten"]}}, [("not_a_shock", "/shocks/fx/0")]),
        ({"shocks": {"fx": [0.1]}}, [("wrong_type", "/shocks/fx/0")]),
        ({"shocks": {"shrinkage": ["100%"]}}, [("not_a_lost_share", "/shocks/shrinkage/0")]),
        ({"shocks": {"wages": ["1%"]}}, [("unknown_field", "/shocks/wages")]),
        ({"shocks": {"fx": ["1%"] * 21}}, [("too_many", "/shocks/fx")]),
        ({"shocks": {"fx": ["1%"]}, "grid": ["fx", "fx"]}, [("grid_of_two", "/grid")]),
        ({"shocks": {"fx": ["1%"]}, "grid": ["fx", "price"]}, [("grid_without_shocks", "/grid/1")]),
        (
            {"shocks": {"fx": ["1%"] * 20, "price": ["1%"] * 20}, "grid": ["fx", "price"]},
            [("too_many_scenarios", "/shocks")],
        ),
        (
            {"goods": AVOCADO["goods"] * 200, "shocks": {"fx": ["1%"] * 20, "vat": ["1%"] * 6}},
            [("too_much_at_once", "/shocks")],
        ),
        ({"goods": AVOCADO["goods"] * 21, "history": {"years": 20}}, [("too_much_at_once", "/history/years")]),
        (
            {"goods": AVOCADO["goods"] * 21, "benchmark_price": {"amount": "1", "currency": "CNY", "per": "kg"}},
            [("too_much_at_once", "/benchmark_price")],
        ),
        ({"history": {"years": 0}}, [("not_positive", "/history/years")]),
        ({"benchmark_price": {"amount": "1", "currency": "CNY"}}, [("missing_field", "/benchmark_price/per")]),
        (
            {"benchmark_price": {"amount": "1", "currency": "CNY", "per": "L"}},
            [("unit_not_counted", "/benchmark_price/per")],
        ),
        ({"incoterm": "XXX", "shocks": {"fx": ["1%"]}}, [("not_a_choice", "/incoterm")]),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, changes: Json, expected: list[tuple[str, str]]) -> None:
    assert refused(client, {**AVOCADO, **changes}) == expected


def test_a_table_of_a_history_that_was_not_asked(client: FlaskClient) -> None:
    body = {**AVOCADO, "shocks": {"fx": ["1%"]}}
    response = client.post("/v1/sensitivities?format=csv&part=history", json=body)
    assert (response.status_code, response.json["errors"][0]["pointer"]) == (422, "/history")
