"""Payment through the API by the rails of the tables, worked by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from calculator.money import divide, half_up
from tariffs.book import Book

Json = dict[str, Any]


def asked(payment: Json, amount: str = "100000", currency: str = "USD") -> Json:
    return {
        "goods": [
            {
                "product": "avocado-fresh",
                "quantity": "20.16 t",
                "price": {"amount": amount, "currency": currency, "per": "total"},
            }
        ],
        "incoterm": "CIF",
        "declared_on": "2026-11-23",
        "fx": {"USD/CNY": "7.1000", "USD/MXN": "18.00"},
        "payment": payment,
    }


def priced(client: FlaskClient, request: Json) -> Json:
    response = client.post("/v1/quotes?store=false", json=request)
    assert response.status_code == 200, response.text
    document: Json = response.get_json()
    return document


# 100,000 USD at 7.10: margin 0.1 % 710; fee 0.1 % held to 260; cable 150; OUR 25 USD 177.50; correspondent 18 USD 127.80;
# receiving 15 USD and 16 % 123.54; the seller's margin 0.8 % on what is left; pesos at 18.00
TRANSFERS = [
    ("OUR", "1297.50", "711297.50", "1785289.31"),  # (100,000 - 17.40) x 17.856
    ("SHA", "1120.00", "711120.00", "1784967.90"),  # (100,000 - 35.40) x 17.856
    ("BEN", "710.00", "710710.00", "1783936.78"),  # less 410 / 7.10 = 57.7465 USD as well
]


@pytest.mark.parametrize(("charges", "cost", "buyer", "pesos"), TRANSFERS)
def test_a_transfer_of_100_000_dollars(client: FlaskClient, charges: str, cost: str, buyer: str, pesos: str) -> None:
    document = priced(client, asked({"rail": "swift-tt", "charges": charges}))
    payment = document["payment"]
    assert document["totals"]["payment_cost"]["amount"] == cost
    assert (payment["buyer_pays"]["amount"], payment["seller_receives_mxn"]["amount"]) == (buyer, pesos)
    lines = sum(Decimal(each["amount"]["amount"]) for each in payment["lines"])
    apart = Decimal(payment["buyer_pays"]["amount"]) - Decimal(payment["seller_receives"]["amount"])
    assert lines == apart == Decimal(payment["cost"]["amount"])
    totals = {name: Decimal(each["amount"]) for name, each in document["totals"].items()}
    assert totals["landed_cost"] == totals["goods"] + totals["taxes"] + totals["payment_cost"]


def test_a_credit_by_the_tables(client: FlaskClient) -> None:
    # 0.15 % of 710,000 = 1,065; cable 400; 0.125 % = 887.50; margin 710
    document = priced(client, asked({"rail": "lc"}))
    amounts = {each["code"]: each["amount"]["amount"] for each in document["payment"]["lines"]}
    assert (amounts["issue"], amounts["issue_cable"], amounts["payment"]) == ("1065.00", "400.00", "887.50")
    assert document["totals"]["payment_cost"]["amount"] == "3062.50"


def test_rails_side_by_side(client: FlaskClient) -> None:
    payment = priced(client, asked({"rail": "swift-tt", "compare": True}))["payment"]
    costs = [Decimal(each["cost"]["amount"]) for each in payment["options"]]
    assert costs == sorted(costs)
    assert len(costs) > 5
    own = next(each for each in payment["options"] if each["rail"] == "swift-tt")
    assert own["cost"] == payment["cost"]


def test_a_rail_of_ones_own(client: FlaskClient) -> None:
    # 1 % of 100,000 USD, 7,100 yuan, from the buyer; 3 USD and 16 %, 24.71 yuan (24.708), from the seller
    own = {
        "name": "Our bank",
        "days": 2,
        "fees": [
            {"code": "commission", "payer": "buyer", "share": "1%", "currency": "USD"},
            {"code": "wire", "payer": "seller", "fixed": "3", "currency": "USD", "tax": "16%"},
        ],
    }
    document = priced(client, asked({"own": own}))
    payment = document["payment"]
    assert document["totals"]["payment_cost"]["amount"] == "7100.00"
    assert [each["amount"]["amount"] for each in payment["lines"]] == ["7100.00", "24.71"]
    assert (payment["label"], payment["float_days"]) == ("Our bank", "2")
    # (100,000 - 3.48) x 18
    assert payment["seller_receives_mxn"]["amount"] == "1799937.36"


def test_what_a_payment_cannot_be(client: FlaskClient) -> None:
    for payment, pointer in (
        ({"rail": "swift"}, "/payment/rail"),
        ({"rail": "cips-rmb", "currency": "USD"}, "/payment/currency"),
        ({"rail": "cips-rmb", "currency": "CNY", "charges": "OUR"}, "/payment/charges"),
        ({"rail": "swift-tt", "buyer_margin": "-1%"}, "/payment/buyer_margin"),
    ):
        response = client.post("/v1/quotes?store=false", json=asked(payment))
        assert response.status_code == 422, response.text
        assert [each["pointer"] for each in response.get_json()["errors"]] == [pointer]


def test_pesos_are_crossed_at_the_desk(client: FlaskClient, real_book: Book) -> None:
    """A rate of the user's is never crossed: the pesos follow the desk, whatever the dollar is said to be worth in yuan."""
    request = asked({"rail": "swift-tt", "charges": "SHA"})
    request["fx"] = {"USD/CNY": "9"}
    on = date(2026, 11, 23)
    dollar, peso = (real_book.fx.market(each, "CNY", on).value for each in ("USD", "MXN"))
    found = priced(client, request)["payment"]["seller_receives_mxn"]["amount"]
    exact = divide((Decimal(100000) - Decimal("35.40")) * Decimal("0.992") * dollar, peso)
    assert Decimal(found) == half_up(2)(exact)
