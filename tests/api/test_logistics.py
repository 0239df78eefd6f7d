# mypy: disable-error-code="index, union-attr, operator, arg-type"
"""Ports, lanes, equipment and packages over HTTP: published facts, filters, pages, and how nonsense is refused."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from api import logistics_document as documented
from api.products import PACKAGES
from tariffs.book import Book
from tariffs.rows import COLUMNS

PAGES = {
    "/v1/ports": documented.PORTS,
    "/v1/lanes": documented.LANES,
    "/v1/equipment": documented.EQUIPMENTS,
    "/v1/packages": documented.packages_page(COLUMNS[PACKAGES]),
}


def items(client: FlaskClient, path: str, **query: str) -> list[dict[str, Any]]:
    """What a list answers, held to its schema."""
    response = client.get(path, query_string=query)
    assert response.status_code == 200, response.text
    assert [error.message for error in Draft202012Validator(PAGES[path]).iter_errors(response.json)] == []
    found: list[dict[str, Any]] = response.json["items"]
    return found


def refused(client: FlaskClient, path: str, **query: str) -> tuple[int, str, str, list[str]]:
    """The status, the code, the pointer and what is allowed."""
    response = client.get(path, query_string=query)
    (error,) = response.json["errors"]
    return response.status_code, error["code"], error["pointer"], error["allowed"]


@pytest.mark.parametrize("path", PAGES)
def test_every_row_has_its_source_its_letter_its_days_and_three_names(
    path: str, client: FlaskClient, real_book: Book
) -> None:
    found = items(client, path, limit="1000")
    for each in found:
        assert all(each["names"][said] for said in ("en", "es", "zh")), each
        assert each["source"] in real_book.records.sources
        assert each["confidence"] in ("A", "B", "C")
        assert each["valid_from"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_lose_and_repeat_nothing(path: str, client: FlaskClient) -> None:
    whole = items(client, path, limit="1000")
    paged: list[dict[str, Any]] = []
    query = {"limit": "7"}
    while True:
        document = client.get(path, query_string=query).json
        assert document["total"] == len(whole)
        paged += document["items"]
        if document["next"] is None:
            break
        query["cursor"] = document["next"]
    assert paged == whole


@pytest.mark.parametrize("path", PAGES)
def test_what_has_not_changed_is_not_sent_again(path: str, client: FlaskClient) -> None:
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{path}?language=zh").headers["ETag"] != first.headers["ETag"]


# --- ports -------------------------------------------------------------------------------------------------------


def test_the_code_of_the_trade_and_the_official_one(client: FlaskClient) -> None:
    (shanghai,) = [each for each in items(client, "/v1/ports", q="shanghai") if each["kind"] == "seaport"]
    assert (shanghai["code"], shanghai["unlocode"], shanghai["iata"]) == ("CNSHA", "CNSHG", None)
    (mexico,) = items(client, "/v1/ports", q="MXMEX")
    assert (mexico["code"], mexico["iata"], mexico["kind"], mexico["country"]) == ("MEX", "MEX", "airport", "MX")


@pytest.mark.parametrize("q", ["Manzanillo", "MANZANILLO", "曼萨尼约", "mxzlo"])
def test_ports_are_found_in_every_language(q: str, client: FlaskClient) -> None:
    assert [each["code"] for each in items(client, "/v1/ports", q=q)] == ["MXZLO"]


def test_accents_are_optional(client: FlaskClient) -> None:
    assert [each["code"] for each in items(client, "/v1/ports", q="lazaro cardenas")] == ["MXLZC"]


def test_ports_are_filtered(client: FlaskClient, real_book: Book) -> None:
    airports = items(client, "/v1/ports", country="MX", kind="airport")
    assert {"MEX", "GDL", "NLU"} <= {each["code"] for each in airports}
    assert {(each["country"], each["kind"]) for each in airports} == {("MX", "airport")}
    assert {each.country for each in real_book.records.places} == set(documented.COUNTRIES)
    assert {each.kind for each in real_book.records.places} == set(documented.KINDS_OF_PLACE)


# --- lanes -------------------------------------------------------------------------------------------------------


def test_a_lane(client: FlaskClient) -> None:
    (lane,) = items(client, "/v1/lanes", **{"from": "MXZLO", "to": "CNSHA", "mode": "sea"})
    assert (lane["distance_nm"], lane["distance_km"]) == ("6900", None)
    assert lane["transit_days"] == {"min": "17", "typical": "22", "max": "32", "confidence": "C"}
    assert lane["names"]["es"] == "Manzanillo – Shanghái"
    by_name = items(client, "/v1/lanes", **{"from": "mx zlo", "to": "CNSHG", "language": "zh"})
    assert [each["name"] for each in by_name] == ["曼萨尼约 – 上海"]


def test_modes_that_share_a_lane(client: FlaskClient) -> None:
    sea, shared = items(client, "/v1/lanes", mode="sea"), items(client, "/v1/lanes", mode="lcl")
    air, courier = items(client, "/v1/lanes", mode="air"), items(client, "/v1/lanes", mode="courier")
    assert sea
    assert air
    assert (sea, air) == (shared, courier)
    assert {each["mode"] for each in air} == {"air"}


def test_there_is_no_lane_from_china(client: FlaskClient) -> None:
    assert items(client, "/v1/lanes", **{"from": "CNSHA"}) == []


# --- equipment and packages --------------------------------------------------------------------------------------


def test_a_reefer_of_forty_feet(client: FlaskClient) -> None:
    (reefer,) = [each for each in items(client, "/v1/equipment", kind="container") if each["code"] == "40RH"]
    assert (reefer["iso_type"], reefer["reefer"], reefer["teu"], reefer["pallets"]) == ("45R1", True, "2", "20")
    kinds = {each["kind"] for each in items(client, "/v1/equipment")}
    assert kinds == set(documented.KINDS_OF_EQUIPMENT)


def test_the_packages_of_a_good(client: FlaskClient) -> None:
    found = items(client, "/v1/packages", product="avocado-fresh")
    assert [each["package"] for each in found] == ["carton-4kg", "carton-6kg", "lug-25lb"]
    assert (found[0]["net_weight_kg"], found[0]["packages_per_pallet"], found[0]["packages_per_container"]) == (
        "4.0",
        264,
        5280,
    )
    assert (found[0]["name"], found[0]["equipment"]) == ("Hass avocado, fresh", "40RH")
    assert items(client, "/v1/packages", limit="1000")[0] == found[0]


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/v1/ports", {"country": "Mexico"}, (422, "not_a_choice", "?/country")),
        ("/v1/ports", {"kind": "port"}, (422, "not_a_choice", "?/kind")),
        ("/v1/ports", {"q": ""}, (422, "empty_text", "?/q")),
        ("/v1/ports", {"q": "x" * 101}, (422, "text_too_long", "?/q")),
        ("/v1/ports", {"city": "Manzanillo"}, (422, "unknown_field", "?/city")),
        ("/v1/ports", {"cursor": "MXXXX"}, (404, "unknown_cursor", "?/cursor")),
        ("/v1/ports", {"limit": "-1"}, (422, "wrong_form", "?/limit")),
        ("/v1/lanes", {"from": "Mansanillo"}, (404, "unknown_place", "?/from")),
        ("/v1/lanes", {"to": "XXXXX"}, (404, "unknown_place", "?/to")),
        ("/v1/lanes", {"mode": "rail"}, (422, "not_a_choice", "?/mode")),
        ("/v1/equipment", {"kind": "40RH"}, (422, "not_a_choice", "?/kind")),
        ("/v1/packages", {"product": "avocato"}, (404, "unknown_product", "?/product")),
        ("/v1/packages", {"product": ""}, (404, "unknown_product", "?/product")),
    ],
)
def test_nonsense_is_refused(
    path: str, query: dict[str, str], expected: tuple[int, str, str], client: FlaskClient
) -> None:
    assert refused(client, path, **query)[:3] == expected


def test_the_nearest_are_offered(client: FlaskClient) -> None:
    assert refused(client, "/v1/lanes", **{"from": "Mansanillo"})[3] == ["MXZLO"]
    assert refused(client, "/v1/packages", product="avocato")[3][0] == "avocado-fresh"


@pytest.mark.parametrize("name", ["ports", "lanes", "equipment", "freight-rates", "charges"])
def test_the_tables_can_be_had_whole(name: str, client: FlaskClient, real_book: Book) -> None:
    response = client.get(f"/v1/tables/{name}.csv")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    (table,) = [each for each in real_book.records.tables if each.name == name]
    rows = real_book.records.file(table.files[0])
    assert response.text.splitlines()[0] == ",".join(rows.columns)
