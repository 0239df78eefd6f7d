# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""Units over HTTP: the list, and conversions that are exact or say that they are not."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api.unit_document import CONVERSION, UNIT, UNITS_PAGE
from calculator.units import UNITS
from tariffs.book import Book


def held(document: Any, schema: dict[str, Any]) -> Any:
    """The document, held to its schema."""
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    return document


def convert(client: FlaskClient, **query: str) -> dict[str, Any]:
    """A conversion that succeeds."""
    response = client.get("/v1/units/convert", query_string=query)
    assert response.status_code == 200, response.text
    return held(response.json, CONVERSION)


def refused(client: FlaskClient, **query: str) -> list[tuple[int, str, str, list[str]]]:
    """The status, and the code, the pointer and what is allowed of each wrong place."""
    response = client.get("/v1/units/convert", query_string=query)
    assert response.mimetype == "application/problem+json", response.text
    return [(response.status_code, each["code"], each["pointer"], each["allowed"]) for each in response.json["errors"]]


def test_the_conversion_of_the_contract(client: FlaskClient) -> None:
    assert convert(client, q="25 lb", to="kg") == {
        "value": "11.33980925",  # 25 × 0.45359237
        "unit": "kg",
        "from": {"value": "25", "unit": "lb"},
        "exact": True,
        "package": None,
        "definition": "1 lb = 0.45359237 kg",
        "source": "international definitions",
        "confidence": "A",
    }


@pytest.mark.parametrize(
    ("q", "to", "value", "exact"),
    [
        ("1 kg", "jin", "2", True),
        ("1000 斤", "kg", "500", True),
        ("44,450 lb", "t", "20.1621808465", True),  # 44450 × 0.45359237 = 20162.1808465
        ("1 gal_us", "L", "3.785411784", True),  # 231 in³
        ("1 dozen", "piece", "12", True),
        ("1 kg", "lb", "2.204622621849", False),  # 1 ÷ 0.45359237
        ("20.16 t", "kg", "20160", True),
        ("1 FEU", "TEU", "2", True),
        ("1 40RH", "TEU", "2", True),
        ("3 20GP", "FEU", "1.5", True),
        ("2 TEU", "40HC", "1", True),
        ("7 carton", "carton", "7", True),
    ],
)
def test_what_needs_no_product(client: FlaskClient, q: str, to: str, value: str, exact: bool) -> None:
    found = convert(client, q=q, to=to)
    assert (found["value"], found["exact"], found["package"]) == (value, exact, None)


@pytest.mark.parametrize(
    ("q", "to", "product", "package", "value"),
    [
        ("1 40RH", "carton", "avocado-fresh", "", "5280"),  # 20 pallets of 264
        ("1 container", "carton", "avocado-fresh", "", "5280"),
        ("1 40RH", "kg", "avocado-fresh", "", "21120"),  # 5280 × 4.0 kg
        ("1 40RH", "pallet", "avocado-fresh", "", "20"),
        ("1 pallet", "carton", "avocado-fresh", "", "264"),
        ("20.16 t", "carton", "avocado-fresh", "", "5040"),  # 20160 ÷ 4
        ("5040 cartons", "斤", "avocado-fresh", "", "40320"),  # 20160 kg
        ("1000 斤", "carton", "avocado-fresh", "carton-4kg", "125"),
        ("25 lb", "lug", "avocado-fresh", "lug-25lb", "1"),
        ("1 40RH", "lug", "avocado-fresh", "lug-25lb", "1900"),
        ("10 kg", "lb", "avocado-fresh", "", "22.046226218488"),  # no package is needed; 22.0462262184877…
        ("1 case", "L", "tequila", "case-6x750", "4.5"),
        ("1 20GP", "L", "tequila", "case-12x750", "7200"),  # 800 × 9 L
        ("1 bag", "sack", "coffee-green", "", "1"),
    ],
)
def test_what_a_product_holds(client: FlaskClient, q: str, to: str, product: str, package: str, value: str) -> None:
    asked = {"q": q, "to": to, "product": product} | ({"package": package} if package else {})
    assert convert(client, **asked)["value"] == value


def test_a_conversion_by_package_says_what_it_rests_on(client: FlaskClient) -> None:
    found = convert(client, q="1 40RH", to="kg", product="avocado-fresh")
    assert found["definition"] == "1 40RH = 5280 carton-4kg; 1 carton-4kg = 4.0 kg"
    assert (found["package"], found["confidence"], found["source"]) == ("carton-4kg", "C", "agileshipping")
    assert convert(client, q="10 kg", to="lb", product="avocado-fresh")["package"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [(422, "missing_field", "?/q"), (422, "missing_field", "?/to")]),
        ({"q": "25 lb"}, [(422, "missing_field", "?/to")]),
        ({"q": "25", "to": "kg"}, [(422, "missing_unit", "?/q")]),
        ({"q": "kg", "to": "kg"}, [(422, "not_a_number", "?/q")]),
        ({"q": "1,5 kg", "to": "lb"}, [(422, "ambiguous_number", "?/q")]),
        ({"q": "0 kg", "to": "lb"}, [(422, "not_positive", "?/q")]),
        ({"q": "-1 kg", "to": "lb"}, [(422, "negative_number", "?/q")]),
        ({"q": "1 ton", "to": "kg"}, [(422, "ambiguous_unit", "?/q")]),
        ({"q": "1 kg", "to": "gallon"}, [(422, "ambiguous_unit", "?/to")]),
        ({"q": "1 parsec", "to": "kg"}, [(422, "unknown_unit", "?/q")]),
        ({"q": "1 kg", "to": "m"}, [(422, "unit_kind_mismatch", "?/to")]),
        ({"q": "1 TEU", "to": "kg"}, [(422, "unit_kind_mismatch", "?/to")]),
        ({"q": "1 40RH", "to": "carton"}, [(422, "conversion_needs_product", "?/product")]),
        ({"q": "1 kg", "to": "carton"}, [(422, "conversion_needs_product", "?/product")]),
        ({"q": "1 pallet", "to": "carton"}, [(422, "conversion_needs_product", "?/product")]),
        ({"q": "1 kg", "to": "carton", "package": "carton-4kg"}, [(422, "conversion_needs_product", "?/product")]),
        ({"q": "1 kg", "to": "lb", "product": "avocato"}, [(404, "unknown_product", "?/product")]),
        (
            {"q": "1 kg", "to": "carton", "product": "avocado-fresh", "package": "carton-5kg"},
            [(404, "unknown_package", "?/package")],
        ),
        ({"q": "1 20GP", "to": "carton", "product": "avocado-fresh"}, [(422, "package_unknown", "?/q")]),
        ({"q": "1 L", "to": "carton", "product": "avocado-fresh"}, [(422, "package_unknown", "?/q")]),
        ({"q": "1 carton", "to": "m", "product": "avocado-fresh"}, [(422, "package_unknown", "?/to")]),
        ({"q": "1 bottle", "to": "L", "product": "tequila"}, [(422, "package_unknown", "?/q")]),
        ({"q": "1 kg", "to": "carton", "product": "machinery"}, [(422, "package_unknown", "?/q")]),
        ({"q": "1 kg", "to": "lb", "unit": "kg"}, [(422, "unknown_field", "?/unit")]),
    ],
)
def test_what_cannot_be_converted(client: FlaskClient, query: Any, expected: list[tuple[int, str, str]]) -> None:
    assert [each[:3] for each in refused(client, **query)] == expected


def test_a_refusal_names_the_units_that_the_package_knows(client: FlaskClient) -> None:
    ((*_, allowed),) = refused(client, q="1 20GP", to="carton", product="avocado-fresh")
    assert allowed == ["carton", "case", "pallet", "40RH", "kg"]
    ((*_, packages),) = refused(client, q="1 kg", to="carton", product="avocado-fresh", package="box")
    assert packages == ["carton-4kg", "carton-6kg", "lug-25lb"]


def test_every_package_converts_what_it_declares(client: FlaskClient, real_book: Book) -> None:
    for product in real_book.records.products.values():
        for package in product.packages:
            if package.packages_per_container and package.net_weight_kg and package.equipment in UNITS:
                found = convert(client, q=f"1 {package.equipment}", to="kg", product=product.slug, package=package.code)
                assert found["value"] == f"{(package.packages_per_container * package.net_weight_kg).normalize():f}"
                assert found["exact"]


def test_every_unit_is_listed(client: FlaskClient) -> None:
    document = held(client.get("/v1/units", query_string={"limit": 1000}).json, UNITS_PAGE)
    assert [each["code"] for each in document["items"]] == list(UNITS)
    assert (document["total"], document["next"]) == (len(UNITS), None)
    by_code = {each["code"]: each for each in document["items"]}
    assert by_code["lb"]["factor"] == {"numerator": "45359237", "denominator": "100000000", "unit": "kg"}
    assert by_code["carton"]["factor"] is None
    assert by_code["t"]["names"] == {"en": "tonne (metric ton)", "es": "tonelada métrica", "zh": "吨"}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "avoirdupois"}, ["lb", "oz"]),
        ({"q": "LIBRA"}, ["lb", "libra_mx"]),
        ({"kind": "equipment"}, ["TEU", "FEU"]),
        ({"kind": "equipment", "q": "forty"}, ["FEU"]),
        ({"q": "no such unit"}, []),
    ],
)
def test_units_are_found(client: FlaskClient, query: dict[str, str], codes: list[str]) -> None:
    assert [each["code"] for each in client.get("/v1/units", query_string=query).json["items"]] == codes


def test_units_page_and_keep(client: FlaskClient) -> None:
    first = client.get("/v1/units", query_string={"limit": 2})
    second = client.get("/v1/units", query_string={"limit": 2, "cursor": first.json["next"]})
    assert [each["code"] for each in (*first.json["items"], *second.json["items"])] == list(UNITS)[:4]
    assert first.headers["Link"].endswith('rel="next"')
    assert client.get("/v1/units?limit=2", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    spanish = held(client.get("/v1/units?limit=1&language=es").json["items"][0], UNIT)
    assert spanish["name"] == "kilogramo"
    for query, code in (({"kind": "weight"}, "not_a_choice"), ({"limit": "0"}, "wrong_form"), ({"cursor": "?"}, "")):
        wrong = client.get("/v1/units", query_string=query)
        assert wrong.status_code == (422 if code else 404)
        assert wrong.json["errors"][0]["pointer"] == f"?/{next(iter(query))}"
