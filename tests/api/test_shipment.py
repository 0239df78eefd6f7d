# mypy: disable-error-code="index"
"""Shipments, ladders and planning ranges through the API, held against figures worked by hand (shipment_vectors)."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api import shipment_vectors as vectors

Json = dict[str, Any]


def priced(client: FlaskClient, asked: Json) -> Json:
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 200, response.text
    document: Json = response.get_json()
    return document


def measure(value: Json | None) -> str | None:
    return None if value is None else value["value"]


@pytest.mark.parametrize(
    ("asked", "expected"), [each[1:] for each in vectors.SHIPMENTS], ids=[each[0] for each in vectors.SHIPMENTS]
)
def test_what_a_shipment_is(client: FlaskClient, asked: Json, expected: Json) -> None:
    document = priced(client, asked)
    shipment = document["shipment"]
    for name in ("net_weight", "gross_weight", "volume"):
        if name in expected:
            assert measure(shipment[name]) == expected[name], name
    if "packages" in expected:
        assert [each["count"] for each in shipment["packages"]] == [each["count"] for each in expected["packages"]]
    if "pallets" in expected:
        assert shipment["pallets"] == expected["pallets"]
    if "chargeable" in expected:
        found = shipment["chargeable"]
        assert (Decimal(found["value"]), found["because"]) == (Decimal(expected["chargeable"]), expected["because"])
    if "equipment" in expected:
        (box,), wanted = shipment["equipment"], expected["equipment"]
        assert (box["type"], box["count"], box["binds"]) == (wanted["type"], wanted["count"], wanted["binds"])
        for name, room in wanted["unused"].items():
            assert (box["unused"][name] if name == "pallets" else measure(box["unused"][name])) == room, name
        warned = {each["code"] for each in document["warnings"]}
        assert ("above_road_limit" in warned) == expected["road_limit_passed"]


@pytest.mark.parametrize(("route", "days"), vectors.TRANSIT_DAYS)
def test_the_days_of_the_way(client: FlaskClient, route: Json, days: tuple[str, str, str]) -> None:
    asked = vectors.request(vectors.goods("150 kg", "180 kg", "1.5 m3"), route)
    found = priced(client, asked)["shipment"]["transit_days"]
    assert (found["min"], found["typical"], found["max"]) == days


@pytest.mark.parametrize("case", vectors.PLANNING_RANGES, ids=lambda case: str(case[0]))
def test_a_planning_freight_gives_a_range(client: FlaskClient, case: tuple[str, Json, Json, Json]) -> None:
    _, asked, low, high = case
    document = priced(client, asked)
    assert document["outcome"]["status"] == "estimated"
    ends = document["outcome"]["range"]
    for end, wanted in (("low", low), ("high", high)):
        assert {name: ends[end][name]["amount"] for name in wanted} == wanted
    assert {name: document["totals"][name]["amount"] for name in high} == high


@pytest.mark.parametrize("case", vectors.TOO_MUCH, ids=lambda case: str(case[0]))
def test_more_than_fits(client: FlaskClient, case: tuple[str, Json, str, int]) -> None:
    _, asked, pointer, needed = case
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 422
    (error,) = response.get_json()["errors"]
    assert (error["pointer"], error["allowed"]) == (pointer, [str(needed)])


def test_the_price_ladder(client: FlaskClient) -> None:
    ladder = priced(client, vectors.LADDER_REQUEST)["price_ladder"]
    assert {term: price["amount"] for term, price in ladder.items()} == vectors.LADDER


def test_a_ladder_says_what_it_does_not_know(client: FlaskClient) -> None:
    ladder = priced(client, vectors.request(vectors.avocados("20.16 t"), vectors.BY_SEA))["price_ladder"]
    # 20,160 x 2.90 x 7.1 = 415,094.40; planning freight 6,500 x 7.1 = 46,150.00
    assert (ladder["FOB"]["amount"], ladder["CFR"]["amount"]) == ("415094.40", "461244.40")
    assert (ladder["EXW"], ladder["CIF"], ladder["DAP"]) == (None, None, None)


def test_what_holding_the_goods_costs(client: FlaskClient) -> None:
    document = priced(client, {**vectors.HELD, "holding": vectors.HOLDING})
    wanted = vectors.HELD_EXPECTED
    assert document["totals"]["landed_cost"]["amount"] == wanted["landed_cost"]
    lines = {each["code"]: each["amount"]["amount"] for each in document["ownership"]["lines"]}
    assert lines["holding_finance"] == wanted["finance"]
    # 413,989.85 x 3 % / 97 % = 12,803.81; per kilogram 20.5352 / 0.97
    assert lines["holding_loss"] == "12803.81"
    whole = Decimal(wanted["landed_cost"]) + Decimal(lines["holding_loss"])
    assert round(whole / 20160, 4) == Decimal(wanted["per_kg_after_loss"])
    assert document["ownership"]["cost_of_ownership"]["amount"] == "429603.76"


def test_two_hundred_lines_share_to_the_fen(client: FlaskClient) -> None:
    document = priced(client, vectors.two_hundred_lines())
    totals = {name: document["totals"][name]["amount"] for name in vectors.TWO_HUNDRED}
    assert totals == vectors.TWO_HUNDRED
    for name in ("freight", "destination_charges", "insurance", "landed_cost"):
        summed = sum(Decimal(line[name]["amount"]) for line in document["goods"])
        assert summed == Decimal(document["totals"][name]["amount"]), name


def test_charges_have_their_names_and_payees(client: FlaskClient) -> None:
    asked = vectors.request(vectors.avocados("20.16 t"), vectors.BY_SEA) | {"language": "zh"}
    steps = {each["code"]: each for each in priced(client, asked)["steps"]}
    handling = steps["destination:cn_thc@market"]
    assert handling["payee"] == "terminal"
    assert "码头" in handling["label"]
    charged = [code for code in steps if code.startswith("destination:") and code.endswith("@market")]
    amounts = sorted(steps[code]["amount"]["amount"] for code in charged)
    assert amounts == sorted(vectors.REEFER_CHARGES)


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"net_weight": "20 t"}, "/goods/0/net_weight", "weight-contradicts-package"),
        ({"gross_weight": "20 t"}, "/goods/0/gross_weight", "weight-contradicts-package"),
        ({"gross_weight": "0 kg"}, "/goods/0/gross_weight", "not-positive"),
        ({"volume": "-1 m3"}, "/goods/0/volume", "negative-number"),
    ],
)
def test_measures_that_cannot_be(client: FlaskClient, more: Json, pointer: str, code: str) -> None:
    # 5,040 cartons of 4 kg are 20,160 kg net
    asked = vectors.request({**vectors.avocados("5040 cartons"), **more}, vectors.BY_SEA)
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 422, response.text
    assert [each["pointer"] for each in response.get_json()["errors"]] == [pointer]
    assert response.get_json()["type"].endswith((code, "invalid-request")) or code in response.text


def test_goods_that_nobody_has_weighed_ask_for_it(client: FlaskClient) -> None:
    line = {"hs_code": "08044000", "quantity": "20 t", "price": {**vectors.usd("5000"), "per": "total"}}
    for route, pointer in ((vectors.BY_SEA, "gross_weight"), (vectors.LOOSE, "gross_weight")):
        response = client.post("/v1/quotes?store=false", json=vectors.request(line, route))
        assert response.status_code == 422
        (error,) = response.get_json()["errors"]
        assert error["pointer"] == f"/goods/0/{pointer}"
    stated = vectors.request(line, {**vectors.BY_SEA, "containers": 1})
    assert priced(client, stated)["totals"]["freight"]["amount"] == "46150.00"


def test_avocados_and_frozen_fruit_do_not_share_a_reefer(client: FlaskClient) -> None:
    berries = {"product": "strawberry-frozen", "quantity": "1 t", "price": {**vectors.usd("1"), "per": "kg"}}
    asked = vectors.request(vectors.avocados("10 t"), vectors.BY_SEA)
    response = client.get("/v1/products?q=frozen").get_json()
    slug = next((each["slug"] for each in response["items"] if "frozen" in each["slug"]), "")
    assert slug, response
    asked["goods"].append({**berries, "product": slug, "tariff": {"trade_remedies": []}})
    document = priced(client, asked)
    assert "temperatures_do_not_meet" in {each["code"] for each in document["warnings"]}


def test_steps_are_in_what_they_count(client: FlaskClient) -> None:
    steps = {
        each["code"]: each
        for each in priced(client, vectors.request(vectors.avocados("20.16 t"), vectors.BY_SEA))["steps"]
    }
    assert steps["freight_amount"]["amount"] == {"amount": "6500.00", "currency": "USD"}
    assert (steps["containers_needed"]["value"], steps["containers_needed"]["unit"]) == ("1", "container")


@pytest.mark.parametrize(
    ("quantity", "cartons"), [("1 container", 5280), ("1 40RH", 5280), ("20 pallets", 5280), ("44,450 lb", 5041)]
)
def test_quantities_in_what_holds_the_packages(client: FlaskClient, quantity: str, cartons: int) -> None:
    shipment = priced(client, vectors.request(vectors.avocados(quantity), vectors.BY_SEA))["shipment"]
    assert shipment["packages"] == [{"unit": "carton-4kg", "count": cartons}]


def test_what_does_not_go_together_is_said(client: FlaskClient) -> None:
    asked = vectors.request(
        vectors.avocados("10 t"), {**vectors.BY_SEA, "equipment": "40GP"}, {"freight": vectors.usd("900")}
    )
    asked |= {"place": "MXVER", "fx": {"USD/CNY": "7.1", "EUR/MXN": "21"}}
    warned = {each["code"] for each in priced(client, asked)["warnings"]}
    assert {"goods_need_a_reefer", "place_not_on_route", "fx_pair_unused"} <= warned
    twice = {"freight": vectors.usd("900"), "destination": {"all_in": vectors.usd("1"), "delivery": vectors.usd("2")}}
    response = client.post(
        "/v1/quotes?store=false", json=vectors.request(vectors.avocados("10 t"), vectors.BY_SEA, twice)
    )
    assert response.get_json()["errors"][0]["pointer"] == "/costs/destination/delivery"


def test_a_premium_beside_a_delivered_price_stays_out_of_the_ladder(client: FlaskClient) -> None:
    # DAP 59,380 USD at 6.80 without handling and delivery, 58,600, and the premium that the buyer pays apart: 58,800 USD
    stated = {
        "insurance": vectors.usd("200"),
        "destination": {"destination_handling": vectors.usd("450"), "delivery": vectors.usd("330")},
    }
    line = {**vectors.avocados("20.16 t"), "price": {**vectors.usd("59380"), "per": "total"}}
    ladder = priced(client, vectors.request(line, vectors.BY_SEA, stated, "6.8000", "DAP"))["price_ladder"]
    assert (ladder["DAP"]["amount"], ladder["CIF"]["amount"]) == ("403784.00", "399840.00")


def test_what_fresh_goods_usually_lose(client: FlaskClient) -> None:
    # 8 % of the landed cost over 92 %, a figure of ours that nobody verified: 413,989.85 x 8 / 92
    document = priced(client, {**vectors.HELD, "holding": {"loss": "usual"}})
    lines = {each["code"]: each["amount"]["amount"] for each in document["ownership"]["lines"]}
    assert lines == {"holding_loss": "35999.12"}
    assert document["outcome"]["status"] == "estimated"
    assert "usual_loss" in {each["code"] for each in document["assumptions"]}
    held: Json = vectors.HELD
    (avocados,) = held["goods"]
    tequila: Json = {**held, "goods": [{**avocados, "product": "tequila", "quantity": "9000 L"}]}
    cost = Decimal(priced(client, tequila)["totals"]["landed_cost"]["amount"])
    found = priced(client, {**tequila, "holding": {"loss": "usual"}})["ownership"]["lines"][0]["amount"]["amount"]
    assert abs(Decimal(found) - cost * Decimal("0.005") / Decimal("0.995")) < Decimal("0.01")


def mezcal(quantity: str, per: str, **more: Any) -> dict[str, Any]:
    """Mezcal, which comes in cases of six bottles of 750 ml, at rates of its own that look at no quantity."""
    line = {
        "product": "mezcal",
        "quantity": quantity,
        "tariff": {"duty": "10%", "consumption_tax": "20%", "vat": "13%"},
    }
    price = {"amount": "100", "currency": "CNY", "per": per}
    return {"goods": [{**line, "price": price, **more}], "incoterm": "CIF", "declared_on": "2026-11-23"}


def test_a_bottle_is_not_the_case_it_comes_in(client: FlaskClient) -> None:
    shipment = client.post("/v1/quotes?store=false", json=mezcal("12 bottles", "bottle")).json["shipment"]
    assert (shipment["packages"], shipment["net_weight"]) == ([], None)
    cased = client.post("/v1/quotes?store=false", json=mezcal("12 cartons", "case")).json["shipment"]
    assert cased["packages"] == [{"unit": "case-6x750", "count": 12}]


def test_a_tax_by_the_litre_does_not_take_bottles_for_cases(client: FlaskClient) -> None:
    own = {"tariff": {"duty": "10%", "consumption_tax": "1 CNY/L", "vat": "13%"}}
    refused = client.post("/v1/quotes?store=false", json=mezcal("1200 bottles", "bottle", **own))
    assert [each["code"] for each in refused.json["errors"]] == ["quantity_missing"]
    # 1,200 bottles of 750 ml are 900 litres, at 1 yuan; as many cases of six would be 5,400.
    told = client.post("/v1/quotes?store=false", json=mezcal("1200 bottles", "bottle", statutory=["900 L"], **own))
    assert told.json["totals"]["consumption_tax"]["amount"] == "900.00"


@pytest.mark.parametrize(("quantity", "per"), [("2 cases", "bottle"), ("9 L", "bottle"), ("9 L", "sack")])
def test_a_price_by_the_bottle_is_not_one_by_the_case(client: FlaskClient, quantity: str, per: str) -> None:
    refused = client.post("/v1/quotes?store=false", json=mezcal(quantity, per))
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("/goods/0/package", "package_unknown")
    ]
