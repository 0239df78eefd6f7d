"""What is old says so: in the answer, with its day and its end, and in the specification."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from api import create_app
from api.deprecations import DEPRECATED, Deprecated, marked
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.contract import ContractClient

UNITS = Deprecated("GET", "/v1/units", date(2027, 1, 1), date(2028, 1, 1), "ask /v2/units.")
LANGUAGE = Deprecated("GET", "/v1/quotes/{id}", date(2027, 3, 1), date(2028, 6, 1), "send Accept-Language.", "language")
# A parameter that several operations share.
PRODUCT = Deprecated("GET", "/v1/sheet.csv", date(2027, 1, 1), date(2028, 1, 1), "give hs_code.", "product")
# Seconds since 1970 in UTC, by `date -u -d 2027-01-01 +%s`.
NEW_YEAR, MARCH = "@1798761600", "@1803859200"


def clients(monkeypatch: pytest.MonkeyPatch, book: Book, store: Store, *declared: Deprecated) -> FlaskClient:
    for module in ("api.application", "api.openapi"):
        monkeypatch.setattr(f"{module}.DEPRECATED", declared)
    app = create_app(Settings(database=""), book, store)
    app.test_client_class = ContractClient
    # Its specification is its own, whatever other application has the same routes.
    app.extensions["tests-first"] = app
    return app.test_client()


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch, real_book: Book, store: Store) -> FlaskClient:
    """A client of a server on which three things are old."""
    return clients(monkeypatch, real_book, store, UNITS, LANGUAGE, PRODUCT)


def test_an_old_operation_says_so_in_every_answer(old: FlaskClient) -> None:
    for answer in (old.get("/v1/units"), old.head("/v1/units"), old.get("/v1/units?nonsense=1")):
        assert answer.headers["Deprecation"] == NEW_YEAR
        assert answer.headers["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
        assert '</docs>; rel="deprecation"; type="text/html"' in answer.headers.getlist("Link")
    for other in (old.get("/v1/incoterms"), old.get("/nowhere"), old.delete("/v1/units")):
        assert not {"Deprecation", "Sunset"} & set(other.headers.keys())


def test_an_old_parameter_says_so_where_it_is_used(old: FlaskClient) -> None:
    used = old.get("/v1/quotes/q_nothing0nothing0nothin?language=es")
    assert (used.headers["Deprecation"], used.headers["Sunset"]) == (MARCH, "Thu, 01 Jun 2028 00:00:00 GMT")
    assert "Deprecation" not in old.get("/v1/quotes/q_nothing0nothing0nothin").headers


def test_a_page_of_another_site_can_read_it(old: FlaskClient) -> None:
    from api.cors import GIVEN

    assert {"Deprecation", "Sunset"} <= set(GIVEN.split(", "))


def test_the_specification_marks_what_is_old_and_nothing_else(old: FlaskClient) -> None:
    spec: dict[str, Any] = old.get("/openapi.json").get_json()
    validate(spec)
    units = spec["paths"]["/v1/units"]["get"]
    assert units["deprecated"] is True
    assert "Not to be used since 2027-01-01, gone from 2028-01-01: ask /v2/units." in units["description"]
    assert {"Deprecation", "Sunset"} <= set(units["responses"]["200"]["headers"])
    for path, name in (("/v1/quotes/{id}", "language"), ("/v1/sheet.csv", "product")):
        operation = spec["paths"][path]["get"]
        assert "deprecated" not in operation
        marked = {each["name"] for each in operation["parameters"] if each.get("deprecated")}
        assert marked == {name}
    assert "deprecated" not in spec["components"]["parameters"]["flat_product"]


def test_nothing_is_old_as_yet(client: FlaskClient) -> None:
    assert DEPRECATED == ()
    assert '"deprecated"' not in client.get("/openapi.json").text
    assert "Deprecation" not in client.get("/v1/units").headers


@pytest.mark.parametrize(
    "wrong",
    [
        Deprecated("GET", "/v1/unit", date(2027, 1, 1), date(2028, 1, 1), "-"),
        Deprecated("PUT", "/v1/units", date(2027, 1, 1), date(2028, 1, 1), "-"),
        Deprecated("GET", "/v1/units", date(2027, 1, 1), date(2028, 1, 1), "-", "nonsense"),
    ],
)
def test_what_is_not_there_cannot_be_old(wrong: Deprecated, client: FlaskClient) -> None:
    with pytest.raises(ValueError, match="that could be old"):
        marked(client.get("/openapi.json").get_json(), (wrong,))


def test_nobody_has_less_than_a_year() -> None:
    with pytest.raises(ValueError, match="less than a year"):
        Deprecated("GET", "/v1/units", date(2027, 1, 1), date(2027, 12, 31), "-")
