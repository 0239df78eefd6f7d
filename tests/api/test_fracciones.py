"""The exporter's own code: where it leads, what is told of it, and the candidates of a code that leaves several lines."""

from typing import Any

import pytest
from flask.testing import FlaskClient

CIF: dict[str, Any] = {
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
    "fx": {"USD/CNY": "7"},
    "customs_fx": {"USD/CNY": "7"},
}


def asked(client: FlaskClient, **line: Any) -> Any:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    body = {**CIF, "goods": [{"quantity": "1000 kg", "price": price, **line}]}
    return client.post("/v1/quotes?store=false", json=body)


def codes(document: Any, part: str) -> set[str]:
    return {each["code"] for each in document[part]}


@pytest.mark.parametrize("written", ["0804.40.01", "08044001", "0804 40 01", "0804.40.01.00"])
def test_one_line(client: FlaskClient, written: str) -> None:
    # 10,000 USD x 7 = 70,000; provisional duty 7 % = 4,900; VAT 9 % of 74,900 = 6,741; in all 81,641.
    found = asked(client, fraccion=written).get_json()
    assert found["goods"][0]["hs_code"] == "08044000"
    assert found["totals"]["landed_cost"]["amount"] == "81641.00"
    assert {"fraccion_of_one_line", "no_export_duty"} <= codes(found, "assumptions")
    assert ("nico_left_aside" in codes(found, "assumptions")) == written.endswith(".00")


def test_lines_taxed_alike(client: FlaskClient) -> None:
    yogurt = asked(client, fraccion="0403.20.01").get_json()
    if "goods" in yogurt:
        assert "fraccion_of_lines_alike" in codes(yogurt, "assumptions")
    found = asked(client, fraccion="2208.90.03").get_json()
    assert "fraccion_of_lines_alike" in codes(found, "assumptions")


def test_candidates_by_hand(client: FlaskClient) -> None:
    answer = asked(client, fraccion="2714.90.99")
    assert answer.status_code == 422
    (error,) = answer.get_json()["errors"]
    assert error["code"] == "ambiguous_code"
    told = {each["hs_code"]: each for each in error["candidates"]}
    # 27149010 at 4 %: 2,800; VAT 13 % of 72,800 = 9,464; in all 82,264.
    assert told["27149010"]["taxes"]["customs_duty"]["amount"] == "2800.00"
    assert told["27149010"]["taxes"]["vat"]["amount"] == "9464.00"
    assert told["27149010"]["landed_cost"]["amount"] == "82264.00"
    # 27149090 at 3 %: 2,100; VAT 13 % of 72,100 = 9,373; in all 81,473.
    assert told["27149090"]["taxes"]["customs_duty"]["amount"] == "2100.00"
    assert told["27149090"]["taxes"]["vat"]["amount"] == "9373.00"
    assert told["27149090"]["landed_cost"]["amount"] == "81473.00"
    chosen = asked(client, fraccion="2714.90.99", hs_code="27149090").get_json()
    assert chosen["totals"]["landed_cost"]["amount"] == "81473.00"
    assert "export_duty_not_included" in codes(chosen, "warnings")


@pytest.mark.parametrize(
    ("line", "code", "allowed"),
    [
        ({"fraccion": "0403.10.01"}, "subheading_gone", ["04032010", "04032090"]),
        ({"hs_code": "040310"}, "subheading_gone", ["04032010", "04032090"]),
        ({"hs_code": "84713000"}, "line_divided", ["84713010", "84713090"]),
        ({"fraccion": "9999.99.99"}, "unknown_fraccion", []),
    ],
)
def test_codes_that_lead_nowhere(client: FlaskClient, line: dict[str, str], code: str, allowed: list[str]) -> None:
    (error,) = asked(client, **line).get_json()["errors"]
    assert (error["code"], error["allowed"]) == (code, allowed)
    assert [each["hs_code"] for each in error.get("candidates", [])] == allowed


def test_a_chosen_line_stands_beside_a_lost_subheading(client: FlaskClient) -> None:
    assert asked(client, fraccion="0403.10.01", hs_code="04032010").status_code == 200


def test_the_look_up(client: FlaskClient) -> None:
    found = client.get("/v1/tariff-lines?fraccion=4103.20.02&on=2026-11-23").get_json()
    assert [each["hs_code"] for each in found["items"]] == ["41032000"]
    assert found["fraccion"]["export_duty"]["standing"] == "forbidden"
    other = client.get("/v1/tariff-lines?fraccion=8517.13.01&on=2026-11-23").get_json()
    assert other["fraccion"]["in_table"] is False
    searched = client.get("/v1/tariff-lines?q=0804.40.01&on=2026-11-23").get_json()
    assert [each["hs_code"] for each in searched["items"]] == ["08044000"]
