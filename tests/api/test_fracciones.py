"""The exporter's own code: where it leads, what is told of it, and the candidates of a code that leaves several lines."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tariffs.book import Book

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


def test_a_product_without_a_fixed_code(client: FlaskClient) -> None:
    (error,) = asked(client, product="squid-frozen").get_json()["errors"]
    assert error["code"] == "code_needed"
    told = {each["hs_code"]: each["landed_cost"]["amount"] for each in error["candidates"]}
    # 70,000 at 12 % = 8,400; VAT 9 % of 78,400 = 7,056; in all 85,456. At 10 %: 7,000; 9 % of 77,000 = 6,930; in all 83,930.
    assert told == {"03074310": "85456.00", "03074390": "83930.00"}


def test_tequila_by_hand(client: FlaskClient) -> None:
    # 1,000 kg: duty 10 % = 7,000. Spirits bear 20 % and 1 yuan per kg: (77,000 + 1,000) / 0.8 = 97,500, of which 20 % is
    # 19,500, and 1,000: 20,500. VAT 13 % of 77,000 + 20,500 = 12,675. Landed 70,000 + 7,000 + 20,500 + 12,675 = 110,175.
    totals = asked(client, fraccion="2208.90.03").get_json()["totals"]
    found = [totals[each]["amount"] for each in ("customs_duty", "consumption_tax", "vat", "landed_cost")]
    assert found == ["7000.00", "20500.00", "12675.00", "110175.00"]


def test_candidates_in_three_languages(client: FlaskClient) -> None:
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    names = {}
    for language in ("en", "es", "zh"):
        body = {**CIF, "language": language, "goods": [{"quantity": "1000 kg", "price": price, "fraccion": "27149099"}]}
        (error,) = client.post("/v1/quotes?store=false", json=body).get_json()["errors"]
        first = error["candidates"][0]
        assert first["name"] == first["names"][language]
        names[language] = first["name"]
    assert names["en"].startswith("Bitumen and asphalt")
    assert names["es"].startswith("Los demás (Betunes")
    assert names["zh"].startswith("天然沥青")


def test_a_target_has_rates_alone(client: FlaskClient) -> None:
    body = {
        **CIF,
        "goods": [{"quantity": "1000 kg", "price": {"currency": "USD", "per": "total"}, "fraccion": "27149099"}],
        "target": {"amount": "82264", "currency": "CNY", "per": "total"},
    }
    answer = client.post("/v1/targets", json=body)
    (error,) = answer.get_json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "ambiguous_code")
    assert next((each["rates"]["mfn"], each["landed_cost"]) for each in error["candidates"]) == ("8%", None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_fraccion_leads_somewhere_or_says_why(client: FlaskClient, real_book: Book, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(sorted(real_book.records.fracciones._rows)))
    answer = asked(client, fraccion=code)
    told = answer.get_json()
    if answer.status_code == 200:
        assert told["goods"][0]["hs_code"][:6] == code[:6]
        return
    assert answer.status_code == 422, told
    for error in told["errors"]:
        gone = error["code"] in ("subheading_gone", "subheading_not_there")
        if gone or error["code"] == "ambiguous_code":
            assert error["candidates"]
        for each in error.get("candidates", []):
            shared = 4 if gone else 6
            assert each["hs_code"][:shared] == code[:shared]


def test_candidates_where_shocks_are_asked(client: FlaskClient) -> None:
    """A code that leaves lines to choose from has them priced before anything is moved, as a quote has."""
    price = {"amount": "10000", "currency": "USD", "per": "total"}
    body = {**CIF, "goods": [{"quantity": "1000 kg", "price": price, "hs_code": "271490"}]}
    stressed = client.post("/v1/sensitivities", json={**body, "shocks": {"fx": ["10%"]}})
    assert stressed.status_code == 422
    (error,) = stressed.get_json()["errors"]
    (quoted,) = asked(client, hs_code="271490").get_json()["errors"]
    assert error["candidates"] == quoted["candidates"] != []
