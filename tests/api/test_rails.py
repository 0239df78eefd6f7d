# mypy: disable-error-code="index, union-attr"
"""The ways of paying over HTTP: lists, fees with their sources, languages, ETags, and quotes that are paid."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api import rail_document as documented
from api.examples import COMPARED, OWN_BANK, PAID
from tariffs.book import Book

LIST, ONE = "/v1/payment-rails", "/v1/payment-rails/swift-tt"


def codes(client: FlaskClient, **query: str) -> list[str]:
    response = client.get(LIST, query_string=query)
    assert response.status_code == 200, response.text
    assert [error.message for error in Draft202012Validator(documented.RAILS).iter_errors(response.json)] == []
    return [each["code"] for each in response.json["items"]]


def refused(client: FlaskClient, path: str) -> tuple[int, str, str, list[str]]:
    response = client.get(path)
    (error,) = response.json["errors"]
    return response.status_code, error["code"], error["pointer"], error["allowed"]


def test_all_of_them_in_pages(client: FlaskClient, real_book: Book) -> None:
    whole = codes(client)
    assert whole == [each.code for each in real_book.records.rails()]
    first = client.get(LIST, query_string={"limit": "7"}).json
    assert (len(first["items"]), first["total"], first["next"]) == (7, 19, whole[6])
    assert codes(client, cursor=whole[6]) == whole[7:]


@pytest.mark.parametrize("q", ["carta de crédito", "CARTA DE CREDITO", "信用证", "letter of credit"])
def test_they_are_found_in_every_language(q: str, client: FlaskClient) -> None:
    assert codes(client, q=q) == ["lc"]


def test_the_currency_that_they_carry(client: FlaskClient) -> None:
    """Renminbi by CIPS and the Chinese platforms, dollars not; a bank transfer carries any."""
    yuan, dollars = codes(client, currency="CNY"), codes(client, currency="USD")
    assert {"cips-rmb", "tmall-global", "swift-tt"} <= set(yuan)
    assert not {"cips-rmb", "tmall-global"} & set(dollars)
    assert {"paypal", "swift-tt"} <= set(dollars)
    assert "paypal" not in yuan


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_every_rail_tells_its_fees_with_names_and_sources(language: str, client: FlaskClient, real_book: Book) -> None:
    validator = Draft202012Validator(documented.WHOLE_RAIL)
    for code in codes(client):
        response = client.get(f"{LIST}/{code}?language={language}")
        assert [error.message for error in validator.iter_errors(response.json)] == []
        fees, cited = response.json["fees"], {each["id"] for each in response.json["citations"]}
        assert fees
        assert {response.json["source"], *(each["source"] for each in fees)} == cited
        assert cited <= set(real_book.records.sources)
        assert all(each["name"] == each["names"][language] for each in fees)


def test_the_fee_of_a_bank(client: FlaskClient) -> None:
    fees = client.get(ONE).json["fees"]
    remittance = fees[0]
    assert (remittance["share"], remittance["minimum"], remittance["maximum"]) == ("0.1%", "50", "260")
    assert remittance["payer"] == {"OUR": "buyer", "SHA": "buyer", "BEN": "seller"}
    assert (remittance["fixed"], remittance["tax"], remittance["usual"]) == (None, None, True)
    (full,) = (each for each in fees if each["code"] == "our")
    assert full["payer"] == {"OUR": "buyer", "SHA": None, "BEN": None}
    received = [each for each in fees if each["code"] == "receive"]
    assert [(each["fixed"], each["tax"], each["usual"]) for each in received] == [
        ("15", "16%", True),
        ("5", "16%", False),
    ]
    assert received[0]["payer"] == {"OUR": "seller", "SHA": "seller", "BEN": "seller"}


@pytest.mark.parametrize("path", [LIST, ONE])
def test_what_has_not_changed_is_not_sent_again(path: str, client: FlaskClient) -> None:
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{path}?language=zh").headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{LIST}?currency=usd", (422, "wrong_form", "?/currency")),
        (f"{LIST}?currency=DOLLAR", (422, "text_too_long", "?/currency")),
        (f"{LIST}?q=", (422, "empty_text", "?/q")),
        (f"{LIST}?rail=lc", (422, "unknown_field", "?/rail")),
        (f"{LIST}?cursor=nowhere", (404, "unknown_cursor", "?/cursor")),
        (f"{LIST}/swift", (404, "unknown_rail", "/code")),
    ],
)
def test_nonsense_is_refused(path: str, expected: tuple[int, str, str], client: FlaskClient) -> None:
    assert refused(client, path)[:3] == expected


def test_the_nearest_is_offered(client: FlaskClient) -> None:
    assert refused(client, f"{LIST}/swift")[3] == ["swift-tt"]


@pytest.mark.parametrize("name", ["rails", "rail-fees"])
def test_the_tables_can_be_had_whole(name: str, client: FlaskClient) -> None:
    assert client.get(f"/v1/tables/{name}.csv").status_code == 200


# --- quotes that are paid ----------------------------------------------------------------------------------------


def quoted(client: FlaskClient, request: dict[str, Any]) -> dict[str, Any]:
    response = client.post("/v1/quotes?store=false", json=request)
    assert response.status_code == 200, response.text
    payment: dict[str, Any] = response.json["payment"]
    return payment


def test_a_transfer_under_sha(client: FlaskClient) -> None:
    """58,464 USD at 6.7628 = 395,380.34: 260 (0.1 % is 395.38) + 150 + 395.38 of margin; 58,464 − 18 − 17.40 at 18.20 × 0.992."""
    payment = quoted(client, PAID)
    assert payment["buyer_pays"]["amount"] == "396185.72"
    assert payment["seller_receives_mxn"]["amount"] == "1054893.32"


def test_the_users_own_bank(client: FlaskClient) -> None:
    """200 (0.1 % is 395.38) and 395.38 of margin for the buyer: 395,380.34 + 595.38."""
    assert quoted(client, OWN_BANK)["buyer_pays"]["amount"] == "395975.72"


def test_every_rail_that_reaches_is_compared(client: FlaskClient) -> None:
    options = quoted(client, COMPARED)["options"]
    costs = [Decimal(each["cost"]["amount"]) for each in options]
    assert costs == sorted(costs)
    assert {"swift-tt", "lc", "cips-rmb", "tmall-global"} <= {each["rail"] for each in options}
    assert not {"wise", "pingpong", "payoneer"} & {each["rail"] for each in options}


def test_an_unknown_rail(client: FlaskClient) -> None:
    response = client.post("/v1/quotes?store=false", json={**PAID, "payment": {"rail": "swift"}})
    (error,) = response.json["errors"]
    assert (response.status_code, error["code"], error["pointer"]) == (422, "unknown_rail", "/payment/rail")
    assert error["allowed"] == ["swift-tt"]
