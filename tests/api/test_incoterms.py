# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""The eleven Incoterms over HTTP: who pays what, and what customs counts."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.wording import LANGUAGES
from calculator.incoterms import Incoterm

TO_BOARD = ["pre_carriage", "export_clearance", "origin_handling"]
AFTER = ["destination_handling", "import_clearance", "delivery", "import_taxes"]


def terms(client: FlaskClient, **query: str) -> dict[str, dict[str, Any]]:
    """The terms by their codes."""
    response = client.get("/v1/incoterms", query_string=query)
    assert response.status_code == 200, response.text
    return {each["code"]: each for each in response.json["items"]}


def test_all_eleven_with_names_source_and_days(client: FlaskClient) -> None:
    found = terms(client)
    assert list(found) == [term.value for term in Incoterm]
    assert len(found) == 11
    for each in found.values():
        assert all(each["names"][said] for said in LANGUAGES)
        assert (each["source"][:14], each["confidence"], each["valid_from"]) == ("Incoterms 2020", "B", "2020-01-01")


@pytest.mark.parametrize("place", ["at_port", "inland", "no_place"])
def test_every_leg_is_somebodys(place: str, client: FlaskClient) -> None:
    legs = [leg["code"] for leg in client.get("/v1/incoterms").json["legs"]]
    for each in terms(client).values():
        assert sorted(each[place]["price_contains"] + each[place]["buyer_pays"]) == sorted(legs)


@pytest.mark.parametrize(
    ("code", "place", "contains", "added", "taken_off"),
    [
        ("EXW", "inland", [], [*TO_BOARD, "freight", "insurance"], []),
        (
            *("FCA", "at_port", ["pre_carriage", "export_clearance"]),
            *(["origin_handling", "freight", "insurance"], []),
        ),
        (
            *("FCA", "inland", ["export_clearance"]),
            *(["pre_carriage", "origin_handling", "freight", "insurance"], []),
        ),
        ("FOB", "at_port", TO_BOARD, ["freight", "insurance"], []),
        ("CFR", "at_port", [*TO_BOARD, "freight"], ["insurance"], []),
        ("CIF", "at_port", [*TO_BOARD, "freight", "insurance"], [], []),
        (
            *("CIP", "inland", [*TO_BOARD, "freight", "insurance", "destination_handling", "delivery"], []),
            ["destination_handling", "delivery"],
        ),
        (
            *("DAP", "at_port", [*TO_BOARD, "freight", "insurance", "destination_handling"], []),
            ["destination_handling"],
        ),
        ("FCA", "no_place", ["pre_carriage", "export_clearance"], ["origin_handling", "freight", "insurance"], []),
        (
            *("DAP", "no_place", [*TO_BOARD, "freight", "insurance", "destination_handling", "delivery"], []),
            ["destination_handling", "delivery"],
        ),
        ("DDP", "inland", [*TO_BOARD, "freight", "insurance", *AFTER], [], AFTER),
    ],
)
def test_what_the_price_contains_and_what_customs_counts(
    code: str, place: str, contains: list[str], added: list[str], taken_off: list[str], client: FlaskClient
) -> None:
    case = terms(client)[code][place]
    assert case["price_contains"] == contains
    assert case["added_to_customs_value"] == added
    assert case["taken_off_customs_value"] == taken_off


def test_where_the_named_place_stands(client: FlaskClient) -> None:
    at_origin = {code for code, each in terms(client).items() if each["named_place"] == "origin"}
    assert at_origin == {"EXW", "FCA", "FAS", "FOB"}


def test_the_law_and_the_language(client: FlaskClient) -> None:
    document = client.get("/v1/incoterms", query_string={"language": "es"}).json
    assert document["items"][3]["name"] == "Franco a bordo"
    assert {each["article"] for each in document["citations"]} == {"art. 24", "art. 25", "art. 26", "art. 36"}
    assert all(each["label"] for each in document["legs"])


def test_pages_and_etag(client: FlaskClient) -> None:
    first = client.get("/v1/incoterms?limit=4")
    assert (first.json["total"], first.json["next"]) == (11, "FOB")
    assert list(terms(client, limit="4", cursor="FOB")) == ["CFR", "CIF", "CPT", "CIP"]
    assert client.get("/v1/incoterms?limit=4", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    wrong = client.get("/v1/incoterms?code=FOB")
    assert (wrong.status_code, wrong.json["errors"][0]["pointer"]) == (422, "?/code")
