# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The main road: a request in, a quote out, and the same bytes as often as it is asked for."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.store import Store
from api.trail import _added
from calculator.arithmetic import Expression, Name, Operation

USD = {"USD/CNY": "6.7628"}


def avocado(**changes: Any) -> dict[str, Any]:
    """FOB avocados for 40,000 dollars, freight 6,200, declared on 2026-11-23."""
    line = {
        "product": "avocado-fresh",
        "quantity": "20.16 t",
        "price": {"amount": "40000", "currency": "USD", "per": "total"},
    }
    return {
        "goods": [line | changes.pop("line", {})],
        "incoterm": "FOB",
        "costs": {"freight": {"amount": "6200", "currency": "USD"}},
        "fx": USD,
        "declared_on": "2026-11-23",
    } | changes


def tequila() -> dict[str, Any]:
    """Tequila, CIF, at rates that the user states."""
    line = {
        "product": "tequila",
        "quantity": "9,000 L",
        "price": {"amount": "60000", "currency": "USD", "per": "total"},
        "tariff": {"duty": "10%", "vat": "13%", "consumption_tax": "20% + 0.912 CNY/L"},
    }
    return {"goods": [line], "incoterm": "CIF", "fx": USD, "declared_on": "2026-11-23"}


ROWS = {
    "avocado": (avocado(), "313378.68", "21936.51", "0.00", "30178.37", "52114.88"),
    "avocado at 25%": (
        avocado(line={"tariff": {"duty": "25%"}}),
        "313378.68",
        "78344.67",
        "0.00",
        "35255.10",
        "113599.77",
    ),
    "tequila": (tequila(), "405768.00", "40576.80", "121846.20", "73864.83", "236287.83"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_rows_that_must_come_out(row: tuple[dict[str, Any], str, str, str, str, str], client: FlaskClient):
    asked, customs_value, duty, consumption_tax, vat, taxes = row
    response = client.post("/v1/quotes", json=asked)
    assert response.status_code == 201, response.text
    totals = response.json["totals"]
    found = [totals[name]["amount"] for name in ("customs_value", "customs_duty", "consumption_tax", "vat", "taxes")]
    assert found == [customs_value, duty, consumption_tax, vat, taxes]
    parts = ("goods", "freight", "insurance", "origin_charges", "destination_charges", "taxes", "payment_cost")
    assert Decimal(totals["landed_cost"]["amount"]) == sum(Decimal(totals[part]["amount"]) for part in parts)


def test_a_quote_is_kept_byte_for_byte(client: FlaskClient):
    made = client.post("/v1/quotes", json=avocado())
    assert made.status_code == 201
    assert re.fullmatch(r"/v1/quotes/q_[A-Za-z0-9_-]{22}", made.location)
    assert made.json["links"]["self"] == made.location
    assert made.json["id"] == made.location.removeprefix("/v1/quotes/")
    for _ in range(2):
        kept = client.get(made.location)
        assert kept.status_code == 200
        assert kept.data == made.data
        assert kept.mimetype == "application/json"
    again = client.get(made.location, headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == kept.headers["ETag"]


def test_the_ledger_knows_what_it_keeps(client: FlaskClient, store: Store):
    body = json.dumps(avocado(language="es")).replace('"40000"', "40000.00")
    made = client.post("/v1/quotes", data=body, content_type="application/json")
    kept = store.quote(made.json["id"])
    assert kept is not None
    assert kept.quote == made.data
    assert kept.created_at == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert kept.expires_at == datetime.fromisoformat(made.json["expires_at"])
    assert kept.language == "es"
    assert str(kept.landed_cost_cny) == made.json["totals"]["landed_cost"]["amount"]
    assert kept.request["goods"][0]["price"]["amount"] == "40000.00"
    assert kept.release == made.json["rates"]["release"]


def test_the_same_request_gives_the_same_answer(client: FlaskClient):
    first, second = (client.post("/v1/quotes", json=avocado()).json for _ in range(2))
    assert first.pop("id") != second.pop("id")
    assert first.pop("links") != second.pop("links")
    assert first == second


def test_a_quote_need_not_be_kept(client: FlaskClient):
    made = client.post("/v1/quotes?store=false", json=avocado())
    assert made.status_code == 200
    assert "id" not in made.json
    assert made.location is None


@pytest.mark.parametrize(
    ("quantity", "price"),
    [
        ("20160 kg", {"amount": "40000", "currency": "USD", "per": "total"}),
        ({"value": "20.16", "unit": "t"}, {"amount": 40000, "currency": "USD", "per": "total"}),
        ("20.16 toneladas", {"amount": "40,000.00", "currency": "USD", "per": "total"}),
        ("40320 斤", {"amount": "1.984126984126984", "currency": "USD", "per": "kg"}),
    ],
)
def test_a_quantity_may_be_written_in_many_ways(quantity: Any, price: Any, client: FlaskClient):
    response = client.post("/v1/quotes?store=false", json=avocado(line={"quantity": quantity, "price": price}))
    if price["per"] == "kg":  # more decimals than a price may have
        assert response.status_code == 422
        assert response.json["errors"][0]["pointer"] == "/goods/0/price/amount"
    else:
        assert response.json["totals"]["taxes"]["amount"] == "52114.88"


def test_numbers_are_read_as_they_are_written(client: FlaskClient):
    """0.1 + 0.2 in binary is not 0.3; a price of 2.675 a kilogram must not become 2.67499…"""
    asked = avocado(line={"quantity": "1000 kg", "price": {"amount": 2.675, "currency": "CNY", "per": "kg"}})
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.json["totals"]["goods"]["amount"] == "2675.00"


def test_a_price_of_a_million_million_pesos_passes(client: FlaskClient):
    price = {"amount": "1000000000000", "currency": "MXN", "per": "total"}
    asked = avocado(line={"price": price}, fx={**USD, "CNY/MXN": "2.8549"})
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 200
    assert response.json["totals"]["goods"]["amount"] == "350274965848.19"


def test_what_is_left_to_us_is_named(client: FlaskClient):
    asked = avocado(declared_on="2026-11-23")
    for field in ("incoterm", "declared_on"):
        del asked[field]
    asked["goods"] = asked["goods"] * 2
    assumptions = client.post("/v1/quotes", json=asked).json["assumptions"]
    codes = {each["code"] for each in assumptions}
    left = {"incoterm", "regime", "declared_on", "origin", "tables", "payment", "vat_recoverable", "allocate_by"}
    assert left | {"insurance_presumed", "charges_not_included"} == codes
    pointers = {each["code"]: each["pointer"] for each in assumptions}
    assert pointers["vat_recoverable"] == "/importer/vat_recoverable"
    assert pointers["origin"] == "/goods/0/origin"


def test_what_is_stated_is_no_assumption(client: FlaskClient):
    asked = avocado(
        line={"origin": "MX"},
        regime="general_trade",
        tables="latest",
        importer={"vat_recoverable": True},
        place="MXZLO",
    )
    codes = {each["code"] for each in client.post("/v1/quotes", json=asked).json["assumptions"]}
    assert codes == {"payment", "insurance_presumed", "charges_not_included"}


def test_today_is_that_of_shanghai(real_book: Any, store: Store):
    """At 17:00 in London it is tomorrow in China."""
    from api import create_app
    from api.settings import Settings

    app = create_app(Settings(""), real_book, store, clock=lambda: datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    asked = avocado()
    del asked["declared_on"]
    assert app.test_client().post("/v1/quotes", json=asked).json["declared_on"] == "2026-11-23"


def test_ten_digits_are_priced_by_the_first_eight(client: FlaskClient):
    response = client.post("/v1/quotes", json=avocado(line={"product": "avocado-fresh", "hs_code": "0804.40.00.00"}))
    assert response.json["totals"]["taxes"]["amount"] == "52114.88"
    assert "ten_digits_priced_by_eight" in {each["code"] for each in response.json["assumptions"]}


def test_the_language_is_that_of_the_request_then_of_the_client(client: FlaskClient):
    def label(headers: dict[str, str], **changes: Any) -> str:
        response = client.post("/v1/quotes?store=false", json=avocado(**changes), headers=headers)
        assert response.headers["Content-Language"] in ("en", "es", "zh")
        return next(step["label"] for step in response.json["steps"] if step["code"] == "vat")

    english = label({})
    spanish = label({"Accept-Language": "es-MX, en;q=0.5"})
    chinese = label({"Accept-Language": "es-MX"}, language="zh")
    assert len({english, spanish, chinese}) == 3
    assert label({"Accept-Language": "fr"}) == english


def test_every_response_has_an_id(client: FlaskClient):
    assert client.get("/healthz").headers["X-Request-Id"]
    assert client.get("/nowhere", headers={"X-Request-Id": "mine-1"}).headers["X-Request-Id"] == "mine-1"
    assert client.get("/healthz", headers={"X-Request-Id": "not mine\t<b>"}).headers["X-Request-Id"] != "not mine\t<b>"


def test_a_good_outside_the_tables_is_priced_at_the_users_rates(client: FlaskClient):
    line = {
        "description": "Hot sauce",
        "quantity": "1200 kg",
        "price": {"amount": "5400", "currency": "USD", "per": "total"},
        "tariff": {"duty": "12%", "vat": "0.13"},
    }
    response = client.post("/v1/quotes", json={**avocado(), "goods": [line]})
    assert response.status_code == 201, response.text
    assert response.json["goods"][0]["rates"]["customs_duty"] == "12%"


def test_many_additions_and_remedies_are_priced(client: FlaskClient):
    money = {"amount": "1", "currency": "CNY"}
    line = {
        "additions": [{"code": "royalty", "amount": money}] * 20,
        "deductions": [{"code": "installation", "amount": money}] * 20,
        "tariff": {"duty": "7%", "trade_remedies": [{"kind": "anti_dumping", "duty": "1%"}] * 10},
    }
    response = client.post("/v1/quotes?store=false", json=avocado(line=line))
    assert response.status_code == 200, response.text


def test_a_sum_of_any_length_is_followed():
    total: Expression = Name("a0")
    for place in range(1, 3000):
        total = Operation("+", total, Name(f"a{place}"))
    assert list(_added(total)) == [f"a{place}" for place in range(3000)]


def test_a_currency_whose_rate_is_given_is_read(client: FlaskClient):
    """The tables know no Colombian peso; the user's own rate wins anyway."""
    line = {"price": {"amount": "40000000", "currency": "COP", "per": "total"}}
    response = client.post("/v1/quotes?store=false", json=avocado(line=line, fx={**USD, "COP/CNY": "0.0018"}))
    assert response.status_code == 200, response.text
    assert response.json["totals"]["goods"]["amount"] == "72000.00"
    for fx in (USD, {**USD, "COP/USD": "0.0002"}):
        assert client.post("/v1/quotes?store=false", json=avocado(line=line, fx=fx)).status_code == 422
    misspelt = client.post("/v1/quotes?store=false", json=avocado(fx={"UDS/CNY": "6.7"}))
    assert misspelt.json["errors"][0]["code"] == "unknown_currency"


def test_a_language_of_no_quality_is_not_spoken(client: FlaskClient):
    def language(accepted: str) -> str:
        response = client.post("/v1/quotes?store=false", json=avocado(), headers={"Accept-Language": accepted})
        return response.headers["Content-Language"]

    assert language("es;q=0") == "en"
    assert language("es;q=0, zh;q=0.1") == "zh"


def test_the_same_key_and_body_give_the_first_answer(client: FlaskClient, store: Store) -> None:
    named = {"Idempotency-Key": "order-4711"}
    first = client.post("/v1/quotes", json=avocado(), headers=named)
    again = client.post("/v1/quotes", json=dict(reversed(avocado().items())), headers=named)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert first.location == again.location
    assert client.post("/v1/quotes", json=avocado()).location != first.location
