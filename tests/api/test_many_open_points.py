"""Many lines that leave the same open are one question: its ends are those of every line together."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask.testing import FlaskClient

from calculator.spread import MOST_ALONE

FEN = Decimal("0.01")


def quoted(client: FlaskClient, lines: int) -> dict[str, Any]:
    """Oil of avocados, whose rate of VAT is open, in so many lines of different weights."""
    price = {"amount": "5.00", "currency": "USD", "per": "kg"}
    goods = [{"product": "avocado-oil", "quantity": f"{100 + number} kg", "price": price} for number in range(lines)]
    asked = {"goods": goods, "incoterm": "CIF", "fx": {"USD/CNY": "7"}, "customs_fx": {"USD/CNY": "7"}}
    response = client.post("/v1/quotes?store=false", json=asked)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.get_json()
    return document


def vat_of(document: dict[str, Any], rate: str) -> Decimal:
    """The VAT of all lines at a rate: of customs value and duty, each line rounded to the fen."""
    bases = [
        Decimal(line["customs_value"]["amount"]) + Decimal(line["customs_duty"]["amount"]) for line in document["goods"]
    ]
    return sum(((base * Decimal(rate)).quantize(FEN, ROUND_HALF_UP) for base in bases), Decimal(0))


def test_few_lines_are_asked_one_by_one(client: FlaskClient):
    document = quoted(client, MOST_ALONE)
    sources = document["outcome"]["range"]["sources"]
    assert len(sources) == MOST_ALONE
    total = sum(Decimal(each["width"]["amount"]) for each in sources)
    assert total == vat_of(document, "0.13") - vat_of(document, "0.09")


def test_many_lines_are_asked_together(client: FlaskClient):
    document = quoted(client, MOST_ALONE + 5)
    range_ = document["outcome"]["range"]
    (source,) = range_["sources"]
    low, high = (Decimal(range_[end]["vat"]["amount"]) for end in ("low", "high"))
    assert (low, high) == (vat_of(document, "0.09"), vat_of(document, "0.13"))
    assert document["totals"]["vat"]["amount"] == f"{high}"
    assert Decimal(source["width"]["amount"]) == high - low
    assert source["code"] == "vat_rate_open"
