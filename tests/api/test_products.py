# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""Goods over HTTP: what is found, their packages, and how nonsense is refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api.line_document import BRIEF_GOOD, good_schema
from api.meta_document import page_of
from tariffs.book import Book
from tariffs.rows import COLUMNS

WHOLE = good_schema(COLUMNS["cn/packages.csv"])


def held(document: Any, schema: dict[str, Any]) -> Any:
    """The document, held to its schema."""
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    return document


def test_every_good_is_told_whole(client: FlaskClient, real_book: Book) -> None:
    for slug in real_book.records.products:
        good = held(client.get(f"/v1/products/{slug}").json, WHOLE)
        assert good["slug"] == slug
        cited = {each["id"] for each in good["citations"]}
        assert {source for each in good["packages"] for source in each["sources"]} <= cited


def test_avocado(client: FlaskClient) -> None:
    good = held(client.get("/v1/products/avocado-fresh", query_string={"language": "es"}).json, WHOLE)
    assert (good["name"], good["hs_code"], good["hs_codes"]) == ("aguacate Hass fresco", "08044000", ["08044000"])
    first = good["packages"][0]
    assert (first["package"], first["net_weight_kg"], first["packages_per_pallet"]) == ("carton-4kg", "4.0", 264)
    assert (first["temperature_min_c"], first["temperature_confidence"], first["pack_confidence"]) == ("4", "A", "C")
    assert set(first) == set(COLUMNS["cn/packages.csv"]) - {"product"}


def test_a_good_of_several_lines_names_them(client: FlaskClient) -> None:
    squid = client.get("/v1/products/squid-frozen").json
    assert squid["hs_code"] is None
    assert len(squid["hs_codes"]) > 1
    assert all(code.startswith("030743") for code in squid["hs_codes"])


@pytest.mark.parametrize(
    ("q", "slug"),
    [
        ("aguacate", "avocado-fresh"),
        ("agucate", "avocado-fresh"),
        ("niuyouguo", "avocado-fresh"),
        ("牛油果油", "avocado-oil"),
        ("tequla", "tequila"),
        ("camarones", "shrimp-frozen"),
        ("0804.40", "avocado-fresh"),
    ],
)
def test_goods_are_found(client: FlaskClient, q: str, slug: str) -> None:
    found = held(client.get("/v1/products", query_string={"q": q}).json, page_of(BRIEF_GOOD))
    assert found["items"][0]["slug"] == slug


def test_pages_of_all_goods(client: FlaskClient, real_book: Book) -> None:
    first = client.get("/v1/products?limit=30").json
    second = client.get("/v1/products", query_string={"limit": 30, "cursor": first["next"]}).json
    slugs = [each["slug"] for each in first["items"] + second["items"]]
    assert slugs == list(real_book.records.products)
    assert second["next"] is None


def test_an_unknown_good_offers_the_nearest(client: FlaskClient) -> None:
    response = client.get("/v1/products/avocado-fres")
    assert response.status_code == 404
    (error,) = response.json["errors"]
    assert (error["code"], error["pointer"], error["allowed"][0]) == ("unknown_product", "/slug", "avocado-fresh")


@pytest.mark.parametrize("name", ["agucate", "aguacate", "鳄梨", "avocado", "AGUACATES"])
def test_a_good_is_offered_by_any_of_its_names(client: FlaskClient, name: str) -> None:
    (error,) = client.get(f"/v1/products/{name}").json["errors"]
    assert error["allowed"][0] == "avocado-fresh"


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [("q=", 422, "?/q"), ("limit=x", 422, "?/limit"), ("cursor=x", 404, "?/cursor"), ("on=2026-01-01", 422, "?/on")],
)
def test_nonsense_is_refused(client: FlaskClient, query: str, status: int, pointer: str) -> None:
    response = client.get(f"/v1/products?{query}")
    assert response.status_code == status
    assert [error["pointer"] for error in response.json["errors"]] == [pointer]


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    response = client.get("/v1/products/avocado-fresh")
    assert (
        client.get("/v1/products/avocado-fresh", headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    )
