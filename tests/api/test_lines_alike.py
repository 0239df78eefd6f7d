"""Goods of which nobody has chosen the line, since their lines are taxed alike: no line's own facts are told of them."""

from typing import Any

import pytest
from flask.testing import FlaskClient

CIF: dict[str, Any] = {
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
    "fx": {"USD/CNY": "7"},
    "customs_fx": {"USD/CNY": "7"},
}
PRICE = {"amount": "10000", "currency": "USD", "per": "total"}
MEZCAL = {"fraccion": "2208.90.05", "quantity": "1000 L", "price": PRICE}
COMPUTERS = {"quantity": "10 units", "price": {"amount": "10000", "currency": "CNY", "per": "total"}}


def quoted(client: FlaskClient, line: dict[str, Any], **more: Any) -> Any:
    return client.post("/v1/quotes", json={**CIF, "goods": [line], **more}).get_json()


def supposed(client: FlaskClient, code: str, *basket: dict[str, Any]) -> Any:
    """What a most-favoured-nation rate of 20 % for a code does to goods of CNY 10,000 each."""
    changes = [{"hs_code": code, "measure": "mfn", "expression": "20%"}]
    asked = [{"incoterm": "CIF", "declared_on": "2026-11-23", "goods": [{**COMPUTERS, **each}]} for each in basket]
    return client.post("/v1/what-if", json={"changes": changes, "basket": asked}).get_json()["basket"]


def test_what_is_asked_of_one_of_the_lines_is_not_asked_of_the_goods(client: FlaskClient) -> None:
    """Tequila is admitted, and needs the certificate of its council; mezcal has the same six digits and neither."""
    asked = {each["code"] for each in quoted(client, MEZCAL)["requirements"]}
    tequila = quoted(client, {"hs_code": "22089010", "quantity": "1000 L", "price": PRICE})["requirements"]
    mezcal = quoted(client, {"hs_code": "22089090", "quantity": "1000 L", "price": PRICE})["requirements"]
    assert {each["code"] for each in tequila} > asked
    assert {each["code"] for each in mezcal} == asked
    assert "admitted" in {each["market_access"] for each in tequila}
    assert "admitted" not in {each["market_access"] for each in quoted(client, MEZCAL)["requirements"]}
    # What is asked of all spirits is asked of these.
    assert {"spirits_standard", "label"} <= asked


def test_the_product_chooses_the_line(client: FlaskClient) -> None:
    mezcal = {"hs_code": "220890", "product": "mezcal", "quantity": "1000 L", "price": PRICE}
    assert quoted(client, mezcal)["goods"][0]["hs_code"] == "22089090"


@pytest.mark.parametrize("code", ["020311", "02031190"])
def test_the_least_sure_of_the_lines_is_priced(client: FlaskClient, code: str) -> None:
    """The VAT of 02031110 was read, that of 02031190 was not: six digits promise no more than the latter."""
    found = quoted(client, {"hs_code": code, "quantity": "1000 kg", "price": PRICE})
    assert (found["outcome"]["status"], found["outcome"]["confidence"]) == ("estimated", "C")
    assert found["goods"][0]["hs_code"] == "02031190"


def test_a_part_of_one_of_the_lines_is_no_part_of_the_others(client: FlaskClient) -> None:
    """44160090 has a part with a rate of its own, 44160010 has none: a claim to it tells the two apart, whatever the duty."""
    claimed = {"hs_code": "441600", "quantity": "1000 kg", "price": PRICE, "tariff_part": True}
    (error,) = quoted(client, {**claimed, "tariff": {"duty": "3%"}})["errors"]
    assert (error["code"], error["pointer"]) == ("ambiguous_code", "/goods/0/hs_code")
    assert {"44160010", "44160090"} <= set(error["allowed"])


def test_a_post_that_takes_lines_alike_does_not_ask_for_one(client: FlaskClient) -> None:
    bottle = {**MEZCAL, "quantity": "1 L", "price": {"amount": "10", "currency": "USD", "per": "total"}}
    assert "totals" in quoted(client, bottle, regime="postal_articles")


def test_the_declaration_leaves_the_line_open(client: FlaskClient) -> None:
    quote = quoted(client, MEZCAL)
    boxes = client.get(f"/v1/quotes/{quote['id']}/declaration").get_json()["goods"][0]["boxes"]
    assert boxes["hs_code"]["text"] == "22089010, 22089020, 22089090"
    for name in ("hs_code", "name", "statutory_unit_1", "statutory_quantity_1"):
        assert (boxes[name]["status"], boxes[name]["value"], boxes[name]["remark"]["code"]) == (
            "to_fill",
            None,
            "box_hs_alike",
        )


@pytest.mark.parametrize("code", ["84713010", "84713090"])
def test_a_law_that_would_tell_the_lines_apart_asks_for_one(client: FlaskClient, code: str) -> None:
    for told in supposed(client, code, {"hs_code": "84713000"}, {"fraccion": "8471.30.01"}):
        assert told["reason"]["code"] == "ambiguous_code"
        assert [each["hs_code"] for each in told["candidates"]] == ["84713010", "84713090"]


@pytest.mark.parametrize("code", ["84713000", "847130"])
def test_a_law_for_the_code_that_is_stated_concerns_the_goods(client: FlaskClient, code: str) -> None:
    """Free of duty today: 13 % of 10,000 is 1,300. At 20 % it is 2,000 of duty and 13 % of 12,000, 1,560: 2,260 more."""
    (told,) = supposed(client, code, {"hs_code": "84713000"})
    assert told["difference"]["amount"] == "2260.00"
