# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""POST /v1/reconciliations: bills worked out by hand, cause by cause; whatever a bill says, its causes add up to the fen."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from python_calamine import CalamineWorkbook

from api import known_of
from api.examples import AVOCADO, BEST
from api.reconciliation_schemas import ReconciliationIn
from api.reconciling import asked_for, reconciled_document
from api.schemas import QuoteIn
from api.settings import Settings
from api.wording import plain
from calculator.errors import Unpriceable
from calculator.money import FEN
from calculator.reconciling import CAUSES
from tariffs.book import Book
from tests.conftest import NOW
from tests.keyed import Keyed, sent

Json = dict[str, Any]


def cny(amount: str) -> Json:
    return {"amount": amount, "currency": "CNY"}


def usd(amount: str) -> Json:
    return {"amount": amount, "currency": "USD"}


# Ten tons of avocados at 3 dollars, delivered at the port: 30,000 dollars, 210,000.00 yuan at 7.00. Duty 7% is 14,700.00; VAT
# 9% of 224,700.00 is 20,223.00.
TEN_TONS: Json = {
    "goods": [
        {
            "hs_code": "08044000",
            "quantity": "10000 kg",
            "price": {"amount": "3.00", "currency": "USD", "per": "kg"},
        }
    ],
    "incoterm": "CIF",
    "place": "CNSHA",
    "fx": {"USD/CNY": "7.00"},
    "declared_on": "2026-11-23",
}
# A parcel of 600 yuan, at rates of its own: duty 7% is 42.00, which is waived (up to 50 yuan); VAT 9% of 600 is 54.00.
PARCEL: Json = {
    "goods": [
        {
            "description": "Dried fruit",
            "quantity": "10 kg",
            "price": {"amount": "600.00", "currency": "CNY", "per": "total"},
            "tariff": {"duty": "7%", "vat": "9%", "consumption_tax": "0%"},
        }
    ],
    "incoterm": "CIF",
    "place": "CNSHA",
    "declared_on": "2026-11-23",
}
# 6,200 dollars of freight at 6.7628: 41,929.36 yuan.
FREIGHT = {"amount": "6200.00", "currency": "USD"}


def reconciled(client: FlaskClient, request: Json, bill: list[Json], facts: Json | None = None, **more: Any) -> Json:
    """The answer, held to the schema of the specification, its causes to the variance."""
    asked = {"request": request, "bill": bill, **({} if facts is None else {"facts": facts}), **more}
    response = client.post("/v1/reconciliations", json=asked)
    assert response.status_code == 200, response.text
    found: Json = response.json or {}
    schemas = client.get("/openapi.json").json["components"]
    schema = {"$ref": "#/components/schemas/Reconciled", "components": schemas}
    assert not list(Draft202012Validator(schema).iter_errors(found))
    adds_up(found)
    return found


def adds_up(found: Json) -> None:
    """Every difference is what its causes come to, and the parts of lines and of goods are all of it."""
    compared = [each for each in found["lines"] if each["billed"] is not None]
    for each in compared:
        assert amount(each["difference"]) == amount(each["billed"]) - amount(each["quoted"])
        assert amount(each["billed"]) == sum(amount(one["yuan"]) for one in each["invoices"])
    for each in (*compared, *found["goods"], found):
        assert amount(each["difference"]) == sum(amount(cause["amount"]) for cause in each["causes"])
        assert [cause["cause"] for cause in each["causes"]] == [
            name for name in CAUSES if name in {cause["cause"] for cause in each["causes"]}
        ]
    for name in CAUSES:
        whole = part(found, name)
        assert whole == sum(part(each, name) for each in compared)
        assert whole == sum(part(each, name) for each in found["goods"])
    assert amount(found["difference"]) == amount(found["billed"]) - amount(found["quoted"])


def amount(money: Json) -> Decimal:
    return Decimal(money["amount"])


def part(told: Json, cause: str) -> Decimal:
    return sum((amount(each["amount"]) for each in told["causes"] if each["cause"] == cause), Decimal(0))


def line(found: Json, name: str) -> Json:
    (only,) = (each for each in found["lines"] if each["line"] == name)
    return only


def causes(found: Json, name: str) -> dict[str, str]:
    return {each["cause"]: each["amount"]["amount"] for each in line(found, name)["causes"]}


def warned(found: Json) -> list[str]:
    return [each["code"] for each in found["warnings"]]


def refused(client: FlaskClient, asked: Any) -> list[tuple[str, str]]:
    response = client.post("/v1/reconciliations", json=asked)
    assert response.status_code == 422, response.text
    return [(each["code"], each["pointer"]) for each in response.json["errors"]]


def test_four_causes_at_once(client: FlaskClient) -> None:
    """The quote: 10,000 kg x 3.00 x 7.00 = 210,000.00; duty 7% 14,700.00; VAT 9% x 224,700.00 = 20,223.00.

    Quantity 9,800 kg: 9,800 x 3.00 x 7.00 = 205,800.00; duty 14,406.00 (-294.00); VAT 9% x 220,206.00 = 19,818.54 (-404.46).
    Rate 7.10: 9,800 x 3.00 x 7.10 = 208,740.00; duty 14,611.80 (+205.80); VAT 9% x 223,351.80 = 20,101.66 (+283.12).
    Value 213,000.00: duty 14,910.00 (+298.20); VAT 9% x 227,910.00 = 20,511.90 (+410.24).
    Code 0810 9090 at 20%: duty 42,600.00 (+27,690.00); VAT 9% x 255,600.00 = 23,004.00 (+2,492.10).
    The bill has 1.50 more of VAT than that, which nothing explains.
    The goods: 9,800 x 3.00 x 7.00 = 205,800.00 (-4,200.00), paid at 7.12: 209,328.00 (+3,528.00), and 100 dollars more of a
    price (+712.00).
    """
    found = reconciled(
        client,
        TEN_TONS,
        [
            {"line": "customs_duty", "amount": cny("42600.00")},
            {"line": "vat", "amount": cny("23005.50")},
            {"line": "goods", "amount": usd("29500.00"), "on": "2026-11-20", "fx": {"USD/CNY": "7.12"}},
        ],
        {
            "customs_fx": {"USD/CNY": "7.10"},
            "goods": [{"hs_code": "0810.9090", "quantity": "9.8 t", "customs_value": cny("213000.00")}],
        },
    )
    assert causes(found, "customs_duty") == {
        "quantity": "-294.00",
        "exchange_rate": "205.80",
        "declared_value": "298.20",
        "classification": "27690.00",
    }
    assert causes(found, "vat") == {
        "quantity": "-404.46",
        "exchange_rate": "283.12",
        "declared_value": "410.24",
        "classification": "2492.10",
        "unexplained": "1.50",
    }
    assert causes(found, "goods") == {"quantity": "-4200.00", "exchange_rate": "3528.00", "declared_value": "712.00"}
    # 27,900.00 and 2,782.50 of taxes, and 40.00 of goods.
    assert found["difference"] == cny("30722.50")
    assert {each["cause"]: each["amount"]["amount"] for each in found["causes"]} == {
        "quantity": "-4898.46",
        "exchange_rate": "4016.92",
        "declared_value": "1420.44",
        "classification": "30182.10",
        "unexplained": "1.50",
    }
    assert [(each["cause"], each["what"], each["from"], each["to"]) for each in found["exchanged"]] == [
        ("quantity", "quantity", "10000 kg", "9.8 t"),
        ("exchange_rate", "customs_rate:USD", "7.00", "7.10"),
        ("declared_value", "customs_value", "208740.00", "213000.00"),
        ("classification", "hs_code", "08044000", "08109090"),
    ]
    assert warned(found) == []


def test_the_duty_of_the_bill_takes_the_place_of_a_claimed_part(client: FlaskClient) -> None:
    """Frozen avocado, a part of 08119090: 7% of 210,000.00 is 14,700.00; customs took the 30% of the line, 63,000.00."""
    goods = {**TEN_TONS["goods"][0], "hs_code": "08119090", "tariff_part": True}
    bill = [{"line": "customs_duty", "amount": cny("63000.00")}]
    found = reconciled(client, {**TEN_TONS, "goods": [goods]}, bill, {"goods": [{"tariff": {"duty": "30%"}}]})
    assert causes(found, "customs_duty") == {"rate_in_force": "48300.00"}


def test_the_rate_in_force_is_that_of_the_day(client: FlaskClient) -> None:
    """VAT on farm goods fell from 11% to 10% on 1 May 2018 (Caishui 2018 No. 32): of 107,000.00, 11,770.00 and 10,700.00."""
    price = {"amount": "100000.00", "currency": "CNY", "per": "total"}
    goods = {**TEN_TONS["goods"][0], "price": price, "tariff": {"duty": "7%"}}
    quoted = {**TEN_TONS, "goods": [goods], "fx": {}, "declared_on": "2018-04-30"}
    found = reconciled(client, quoted, [{"line": "vat", "amount": cny("10700.00")}], {"declared_on": "2018-05-01"})
    assert causes(found, "vat") == {"rate_in_force": "-1070.00"}
    assert [(each["what"], each["from"], each["to"]) for each in found["exchanged"]] == [
        ("declared_on", "2018-04-30", "2018-05-01"),
        ("vat", "11%", "10%"),
    ]


def test_rates_that_the_bill_shows(client: FlaskClient) -> None:
    """Duty 10% instead of 7% of 210,000.00: 21,000.00; VAT 13% of 231,000.00: 30,030.00, instead of 20,223.00."""
    found = reconciled(
        client,
        TEN_TONS,
        [{"line": "customs_duty", "amount": cny("21000.00")}, {"line": "vat", "amount": cny("30030.00")}],
        {"goods": [{"tariff": {"duty": "10%", "vat": "13%"}}]},
    )
    assert causes(found, "customs_duty") == {"rate_in_force": "6300.00"}
    assert causes(found, "vat") == {"rate_in_force": "9807.00"}


def test_the_rate_of_another_day_is_looked_up_at_customs(client: FlaskClient, real_book: Book) -> None:
    asked = {name: value for name, value in TEN_TONS.items() if name != "fx"} | {"declared_on": "2026-03-10"}
    before, after = (real_book.fx.customs("USD", day).value for day in (date(2026, 3, 10), date(2026, 6, 10)))
    told = [FEN(FEN(Decimal(30000) * rate) * Decimal("0.07")) for rate in (before, after)]
    found = reconciled(
        client, asked, [{"line": "customs_duty", "amount": cny(f"{told[1]}")}], {"declared_on": "2026-06-10"}
    )
    assert line(found, "customs_duty")["quoted"] == cny(f"{told[0]}")
    assert told[0] != told[1]
    assert causes(found, "customs_duty") == {"exchange_rate": f"{told[1] - told[0]}"}
    rate = next(each for each in found["exchanged"] if each["what"] == "customs_rate:USD")
    assert (rate["from"], rate["to"]) == (plain(before), plain(after))
    known = real_book.fx.customs("USD", date(2026, 6, 10))
    assert (rate["date"], rate["source"]) == (f"{known.on}", known.source)


def test_a_rate_that_the_request_insists_on_is_kept_and_said(client: FlaskClient) -> None:
    found = reconciled(
        client, TEN_TONS, [{"line": "customs_duty", "amount": cny("14700.00")}], {"declared_on": "2026-06-10"}
    )
    assert causes(found, "customs_duty") == {}
    assert "insisted_rate_kept" in warned(found)


def test_a_duty_that_is_no_longer_small(client: FlaskClient) -> None:
    """Value 800.00: duty 56.00 is over the 50.00 up to which it is waived. As in the quote nothing of it would be due, and VAT
    would be 9% of 800.00 = 72.00 (+18.00); then the duty is due (+56.00), and VAT is 9% of 856.00 = 77.04 (+5.04)."""
    found = reconciled(
        client,
        PARCEL,
        [{"line": "customs_duty", "amount": cny("56.00")}, {"line": "vat", "amount": cny("77.04")}],
        {"goods": [{"customs_value": cny("800.00")}]},
    )
    assert line(found, "customs_duty")["quoted"] == cny("0.00")
    assert causes(found, "customs_duty") == {"de_minimis": "56.00"}
    assert causes(found, "vat") == {"declared_value": "18.00", "de_minimis": "5.04"}
    assert warned(found) == ["not_billed", "billed_not_quoted"]


def test_a_duty_that_became_small(client: FlaskClient) -> None:
    """Quoted at 800.00: duty 56.00, VAT 77.04. Declared at 600.00 the duty would be 42.00 (-14.00), which is waived (-42.00);
    VAT 9% of 642.00 = 57.78 (-19.26), then of 600.00 = 54.00 (-3.78)."""
    price = {"amount": "800.00", "currency": "CNY", "per": "total"}
    quoted = {**PARCEL, "goods": [{**PARCEL["goods"][0], "price": price}]}
    found = reconciled(
        client,
        quoted,
        [{"line": "customs_duty", "amount": cny("0")}, {"line": "vat", "amount": cny("54.00")}],
        {"goods": [{"customs_value": cny("600.00")}]},
    )
    assert causes(found, "customs_duty") == {"declared_value": "-14.00", "de_minimis": "-42.00"}
    assert causes(found, "vat") == {"declared_value": "-19.26", "de_minimis": "-3.78"}


def test_a_waiver_that_customs_did_not_grant(client: FlaskClient) -> None:
    """The duty of 42.00 was billed though it is small; VAT then is 9% of 642.00 = 57.78."""
    found = reconciled(
        client,
        PARCEL,
        [{"line": "customs_duty", "amount": cny("42.00")}, {"line": "vat", "amount": cny("57.78")}],
    )
    assert causes(found, "customs_duty") == {"de_minimis": "42.00"}
    assert causes(found, "vat") == {"de_minimis": "3.78"}


def test_a_parcel_by_post(client: FlaskClient) -> None:
    """Food by post is taxed at 13%: 39.00 of 300.00 yuan are waived, 52.00 of 400.00 are not."""
    price = {"amount": "300.00", "currency": "CNY", "per": "total"}
    goods = {"hs_code": "18063100", "quantity": "2 kg", "price": price}
    quoted = {**PARCEL, "goods": [goods], "regime": "postal_articles"}
    found = reconciled(
        client,
        quoted,
        [{"line": "postal_articles_tax", "amount": cny("52.00")}],
        {"goods": [{"customs_value": cny("400.00")}]},
    )
    assert causes(found, "postal_articles_tax") == {"de_minimis": "52.00"}


@pytest.mark.parametrize(
    ("bill", "expected", "billed"),
    [
        # 6,200 x 6.801 = 42,166.20 (+236.84); 250 dollars more are 1,700.25.
        (
            [{"amount": usd("6450"), "fx": {"USD/CNY": "6.801"}}],
            {"exchange_rate": "236.84", "fee": "1700.25"},
            "43866.45",
        ),
        # The forwarder reckoned with 7.20: 6,200 x 7.20 = 44,640.00.
        ([{"amount": cny("44640.00"), "fx": {"USD/CNY": "7.20"}}], {"exchange_rate": "2710.64"}, "44640.00"),
        # 0.125 dollars for a yuan are 8 yuan for a dollar: 49,600.00.
        ([{"amount": usd("6200"), "fx": {"CNY/USD": "0.125"}}], {"exchange_rate": "7670.64"}, "49600.00"),
        # 3,000 x 7.00 + 3,200 x 7.20 = 44,040.00: the rate of all is their mean by weight.
        (
            [
                {"amount": usd("3000"), "fx": {"USD/CNY": "7.00"}, "invoice": "1"},
                {"amount": usd("3200"), "fx": {"USD/CNY": "7.20"}, "invoice": "2"},
            ],
            {"exchange_rate": "2110.64"},
            "44040.00",
        ),
        # Yuan without a rate: all of it is what somebody asked more.
        ([{"amount": cny("42000.00")}], {"fee": "70.64"}, "42000.00"),
        # A credit note of 100 dollars at the same rate: 6,100 x 6.7628 = 41,253.08.
        (
            [
                {"amount": usd("6200"), "fx": {"USD/CNY": "6.7628"}},
                {"amount": usd("100"), "fx": {"USD/CNY": "6.7628"}, "credit": True},
            ],
            {"fee": "-676.28"},
            "41253.08",
        ),
    ],
    ids=["dollars", "yuan at a rate", "inverse", "two rates", "yuan", "credit"],
)
def test_freight_in_other_money(client: FlaskClient, bill: list[Json], expected: dict[str, str], billed: str) -> None:
    found = reconciled(client, AVOCADO, [{"line": "freight", **each} for each in bill])
    assert line(found, "freight")["quoted"] == cny("41929.36")
    assert (causes(found, "freight"), line(found, "freight")["billed"]) == (expected, cny(billed))


def test_an_invoice_without_a_rate_is_told_at_that_of_its_day(client: FlaskClient, real_book: Book) -> None:
    day = date(2026, 6, 10)
    rate = real_book.fx.market("USD", "CNY", day)
    found = reconciled(client, AVOCADO, [{"line": "freight", "amount": usd("6200.00"), "on": f"{day}"}])
    (invoice,) = line(found, "freight")["invoices"]
    assert (invoice["rate"]["rate"], invoice["rate"]["unrounded"]) == (plain(rate.value), True)
    assert (invoice["rate"]["use"], invoice["rate"]["date"], invoice["rate"]["source"]) == (
        "market",
        f"{rate.on}",
        rate.source,
    )
    assert list(causes(found, "freight")) == ["exchange_rate"]


def test_what_is_not_billed_is_said_and_left_out(client: FlaskClient) -> None:
    found = reconciled(client, TEN_TONS, [{"line": "vat", "amount": cny("20223.00")}])
    for name in ("goods", "customs_duty"):
        each = line(found, name)
        assert (each["billed"], each["difference"], each["causes"]) == (None, None, [])
    assert (found["quoted"], found["difference"], found["causes"]) == (cny("20223.00"), cny("0.00"), [])
    assert warned(found) == ["not_billed", "not_billed"]


def test_a_quantity_in_another_kind_of_unit(client: FlaskClient) -> None:
    """5,040 cartons of 4 kg are 20,160 kg; the bill has 19,000 kg, 4,750 cartons at 11.60 dollars."""
    price = {"amount": "11.60", "currency": "USD", "per": "carton"}
    goods = {"product": "avocado-fresh", "package": "carton-4kg", "quantity": "5040 cartons", "price": price}
    asked = {**AVOCADO, "goods": [goods]}
    bill = [{"line": "goods", "amount": usd("55100"), "fx": {"USD/CNY": "6.7628"}}]
    found = reconciled(client, asked, bill, {"goods": [{"quantity": "19000 kg"}]})
    # 290 cartons x 11.60 x 6.7628 = 22,750.06; 58,464 and 55,100 dollars are 395,380.34 and 372,630.28 yuan.
    assert causes(found, "goods") == {"quantity": "-22750.06"}


def test_what_is_stated_beside_the_quantity_goes_with_it(client: FlaskClient) -> None:
    goods = {**TEN_TONS["goods"][0], "net_weight": "10000 kg", "gross_weight": "11000 kg", "volume": "20 m3"}
    bill = [{"line": "customs_duty", "amount": cny("14406.00")}]
    found = reconciled(client, {**TEN_TONS, "goods": [goods]}, bill, {"goods": [{"quantity": "9800 kg"}]})
    assert causes(found, "customs_duty") == {"quantity": "-294.00"}


def test_a_kept_quote_is_held_against_its_bill_and_not_against_tables_of_today(client: FlaskClient) -> None:
    made = client.post("/v1/quotes", json=BEST).json
    totals = made["totals"]
    bill = [{"line": name, "amount": totals[name]} for name in ("customs_duty", "consumption_tax", "vat")]
    response = client.post("/v1/reconciliations", json={"quote": made["id"], "bill": bill, "language": "es"})
    assert response.status_code == 200, response.text
    found = response.json
    adds_up(found)
    assert (found["quote"], found["regime"], found["difference"]) == (made["id"], made["regime"], cny("0.00"))
    assert {each["line"]: each["quoted"] for each in found["lines"]} == {
        name: totals[name] for name in (each["line"] for each in found["lines"])
    }
    assert line(found, "vat")["label"] == "IVA de importación"


def test_nobody_sees_the_quote_of_another(keyed: Keyed) -> None:
    key, other = keyed.text(), keyed.text(owner="other")
    id = keyed.quote(key, query="").json["id"]
    asked = {"quote": id, "bill": [{"line": "vat", "amount": cny("1.00")}]}

    def status(text: str) -> int:
        headers = sent(text, "", {})
        return keyed.client.post("/v1/reconciliations", json=asked, headers=headers).status_code

    assert [status(key), status(other)] == [200, 404]


def test_a_quote_that_is_not_there(client: FlaskClient) -> None:
    asked = {"quote": "q_nothing", "bill": [{"line": "vat", "amount": cny("1.00")}]}
    told = client.post("/v1/reconciliations", json=asked)
    assert told.status_code == 404
    assert [(each["pointer"], each["code"]) for each in told.json["errors"]] == [("/quote", "no_such_quote")]


VAT = {"line": "vat", "amount": cny("20223.00")}
FACTS = {"request": TEN_TONS, "bill": [VAT]}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"bill": [VAT]}, [("quote_or_request", "/quote")]),
        ({**FACTS, "quote": "q_x"}, [("quote_or_request", "/request")]),
        ({"request": TEN_TONS}, [("missing_field", "/bill")]),
        ({"request": TEN_TONS, "bill": []}, [("nothing_billed", "/bill")]),
        ({"request": TEN_TONS, "bill": [VAT, VAT]}, [("billed_twice", "/bill/1")]),
        ({"request": TEN_TONS, "bill": [VAT, {**VAT, "amount": cny("1")}]}, [("billed_twice", "/bill/1")]),
        ({"request": TEN_TONS, "bill": [{**VAT, "line": "tax"}]}, [("not_a_choice", "/bill/0/line")]),
        ({"request": TEN_TONS, "bill": [{**VAT, "amount": usd("1")}]}, [("bill_day_needed", "/bill/0/on")]),
        (
            {"request": TEN_TONS, "bill": [{**VAT, "amount": usd("1"), "fx": {"EUR/CNY": "8"}}]},
            [("bill_rate_not_its_own", "/bill/0/fx")],
        ),
        (
            {"request": TEN_TONS, "bill": [{**VAT, "fx": {"EUR/CNY": "8", "USD/CNY": "7"}}]},
            [("bill_rate_not_its_own", "/bill/0/fx")],
        ),
        (
            {"request": TEN_TONS, "bill": [{**VAT, "amount": usd("1"), "on": "1980-01-01"}]},
            [("no_exchange_rate", "/bill/0/on")],
        ),
        (
            {"request": TEN_TONS, "bill": [{**VAT, "amount": {"amount": "1", "currency": "XXX"}}]},
            [("unknown_currency", "/bill/0/amount/currency")],
        ),
        ({"request": TEN_TONS, "bill": [{**VAT, "quote": "q_other"}]}, [("bill_names_another_quote", "/bill/0/quote")]),
        ({"request": {**TEN_TONS, "incoterm": "XYZ"}, "bill": [VAT]}, [("not_a_choice", "/request/incoterm")]),
        ({**FACTS, "facts": {"goods": [{}, {}]}}, [("facts_for_each_line", "/facts/goods")]),
        ({**FACTS, "facts": {"day": "2026-11-23"}}, [("unknown_field", "/facts/day")]),
        ({**FACTS, "facts": {"goods": [{"hs_code": "99999999"}]}}, [("unknown_hs_code", "/facts/goods/0/hs_code")]),
        ({**FACTS, "facts": {"declared_on": "1999-01-01"}}, [("no_row_in_force", "/facts/declared_on")]),
        (
            {**FACTS, "facts": {"goods": [{"quantity": "3 m2"}]}},
            [("bill_quantity_of_another_kind", "/facts/goods/0/quantity")],
        ),
        (
            {**FACTS, "facts": {"goods": [{"customs_value": usd("3")}]}},
            [("customs_value_in_yuan", "/facts/goods/0/customs_value/currency")],
        ),
        (
            {**FACTS, "facts": {"goods": [{"customs_value": cny("0")}]}},
            [("not_positive", "/facts/goods/0/customs_value/amount")],
        ),
        # Beer, 40 kg of it: neither the code nor the quantity is near ten tons of avocados.
        (
            {**FACTS, "facts": {"goods": [{"hs_code": "22030000", "quantity": "40 kg"}]}},
            [("bill_of_another_shipment", "/facts/goods")],
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_place(client: FlaskClient, asked: Json, expected: list[tuple[str, str]]) -> None:
    assert refused(client, asked) == expected


def test_a_request_that_cannot_be_priced_is_told_by_its_place(client: FlaskClient) -> None:
    goods = {**TEN_TONS["goods"][0], "hs_code": "99999999"}
    assert refused(client, {**FACTS, "request": {**TEN_TONS, "goods": [goods]}}) == [
        ("unknown_hs_code", "/request/goods/0/hs_code")
    ]


def test_a_fact_that_no_price_follows_from_is_told_as_that_fact(client: FlaskClient) -> None:
    """An order of cross-border retail is closed above 5,000 yuan, which the value of the bill exceeds."""
    assert refused(
        client,
        {
            "request": {**BEST, "regime": "cbec_retail", "declared_on": "2026-11-23"},
            "bill": [VAT],
            "facts": {"goods": [{"customs_value": cny("9000.00")}]},
        },
    ) == [("regime_closed", "/facts/goods/0/customs_value")]


def test_the_duplicate_names_both(client: FlaskClient) -> None:
    response = client.post("/v1/reconciliations", json={"request": TEN_TONS, "bill": [VAT, VAT]})
    assert "/bill/0" in response.json["detail"]
    assert response.json["errors"][0]["pointer"] == "/bill/1"


def test_one_fact_far_away_is_no_other_shipment(client: FlaskClient) -> None:
    found = reconciled(client, TEN_TONS, [VAT], {"goods": [{"quantity": "40 kg"}]})
    assert part(found, "quantity") < 0


def test_in_the_other_forms(client: FlaskClient) -> None:
    asked = {**FACTS, "bill": [{**VAT, "amount": cny("20300.00")}], "language": "en"}
    rows = list(
        csv.DictReader(io.StringIO(client.post("/v1/reconciliations?format=csv", json=asked).text.lstrip("\ufeff")))
    )
    assert [each["line"] for each in rows] == ["goods", "customs_duty", "vat", "total"]
    assert (rows[2]["quoted"], rows[2]["difference"], rows[2]["unexplained"]) == ("20223.00", "77.00", "77.00")
    assert rows[0]["billed"] == ""
    book = client.post("/v1/reconciliations?format=xlsx", json=asked)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert sheet[-1][:5] == ["total", "Total", 20223.0, 20300.0, 77.0]
    picture = client.post("/v1/reconciliations?format=svg", json={**asked, "language": "zh"})
    assert "未能解释" in "".join(ElementTree.fromstring(picture.text).itertext())
    # Nothing differs: a picture without a bar is a picture.
    ElementTree.fromstring(client.post("/v1/reconciliations?format=svg", json=FACTS).text)
    assert client.post("/v1/reconciliations?format=pdf", json=asked).status_code == 422


QUANTITIES = st.decimals("500", "30000", places=3)
YUAN = st.decimals("0.01", "500000", places=2)
RATE = st.decimals("5", "9", places=4)
CODES = st.sampled_from(["08044000", "08109090", "07096000", "20089990"])
DUTIES = st.sampled_from(["0%", "13%", "5% + 0.4 CNY/kg"])
SHOWN = st.fixed_dictionaries(
    {},
    optional={
        "hs_code": CODES,
        "quantity": QUANTITIES.map(lambda each: f"{each} kg"),
        "customs_value": YUAN.map(lambda each: cny(f"{each}")),
        "tariff": st.fixed_dictionaries({}, optional={"duty": DUTIES, "vat": st.sampled_from(["6%", "9%"])}),
    },
)
SHOWS = st.fixed_dictionaries(
    {},
    optional={
        "declared_on": st.sampled_from(["2026-02-03", "2026-07-31", "2026-11-23"]),
        "customs_fx": RATE.map(lambda each: {"USD/CNY": f"{each}"}),
        "goods": st.lists(SHOWN, min_size=2, max_size=2),
    },
)
INVOICES = st.lists(
    st.tuples(
        st.sampled_from(
            ["goods", "freight", "insurance", "customs_duty", "vat", "payment_cost", "destination_charges"]
        ),
        st.one_of(
            YUAN.map(lambda each: {"amount": cny(f"{each}")}),
            st.tuples(YUAN, RATE).map(lambda each: {"amount": usd(f"{each[0]}"), "fx": {"USD/CNY": f"{each[1]}"}}),
            YUAN.map(lambda each: {"amount": usd(f"{each}"), "on": "2026-05-12"}),
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
TWO_LINES = {
    **AVOCADO,
    "goods": [
        AVOCADO["goods"][0],
        {"hs_code": "07096000", "quantity": "800 kg", "price": {"amount": "1.35", "currency": "USD", "per": "kg"}},
    ],
    "costs": {
        "freight": FREIGHT,
        "destination": {"all_in": cny("3600.00")},
    },
    "payment": {"rail": "swift-tt", "currency": "USD"},
}


@settings(max_examples=80)
@given(facts=SHOWS, invoices=INVOICES, insists=st.booleans())
def test_causes_always_add_up(real_book: Book, facts: Json, invoices: list[Any], insists: bool) -> None:
    asked = TWO_LINES if insists else {name: each for name, each in TWO_LINES.items() if name != "fx"}
    bill = [
        {"line": name, **paid, "credit": credit, "invoice": f"{number}"}
        for number, (name, paid, credit) in enumerate(invoices)
    ]
    reader = ReconciliationIn(QuoteIn(known_of(Settings(""), real_book, lambda: NOW)))
    read = reader.load({"request": asked, "bill": bill, "facts": facts})
    try:
        found = reconciled_document(read, asked_for(read, real_book), real_book, "en")
    except Unpriceable as refusal:
        # What is drawn may be far from the quote in everything.
        if refusal.code != "bill_of_another_shipment":
            raise
        return
    adds_up(found)


@settings(max_examples=40)
@given(quantity=QUANTITIES, rate=RATE, code=CODES)
def test_the_bill_of_a_quote_with_the_same_facts_leaves_nothing_unexplained(
    app: Flask, quantity: Decimal, rate: Decimal, code: str
) -> None:
    """What the facts say is written out in a request of its own, and priced: its taxes are the bill."""
    client = app.test_client()
    own = {**TEN_TONS["goods"][0], "quantity": f"{quantity} kg", "hs_code": code}
    written_out = {**TEN_TONS, "goods": [own], "customs_fx": {"USD/CNY": f"{rate}"}}
    totals = client.post("/v1/quotes?store=false", json=written_out).json["totals"]
    facts = {"customs_fx": {"USD/CNY": f"{rate}"}, "goods": [{"quantity": f"{quantity} kg", "hs_code": code}]}
    bill = [{"line": name, "amount": totals[name]} for name in ("goods", "customs_duty", "vat")]
    found = client.post("/v1/reconciliations", json={"request": TEN_TONS, "bill": bill, "facts": facts})
    if found.status_code == 422:
        # Far from the quote in both: taken for another shipment.
        assert found.json["errors"][0]["code"] == "bill_of_another_shipment"
        return
    assert {each["cause"] for each in found.json["causes"]} <= {
        "quantity",
        "exchange_rate",
        "classification",
        "de_minimis",
    }
    adds_up(found.json)
