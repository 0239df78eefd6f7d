# mypy: disable-error-code="index, union-attr, arg-type"
"""Ill will at the door of the application: always one shape of problem, never a 500, nothing passed on unread."""

import pytest
from flask.testing import FlaskClient

from tests.api.hostile import ASKED, BODIES, GOOD, MEDIA_TYPES, NOWHERE, ODD_HEADERS
from tests.api.test_problems import told

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str, client: FlaskClient):
    body, status, kind = BODIES[name]
    response = client.post("/v1/quotes", data=body, headers=JSON)
    problem = told(response, status)
    assert problem["type"] == f"/problems/{kind}" if kind else problem["errors"]
    assert len(response.data) < 60_000


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_media_types(media_type: str, client: FlaskClient):
    response = client.post("/v1/quotes?store=false", data=GOOD, headers={"Content-Type": media_type})
    if MEDIA_TYPES[media_type]:
        assert response.status_code == 200
    else:
        assert media_type in told(response, 415)["detail"]


@pytest.mark.parametrize("address", NOWHERE)
def test_there_is_nothing_behind_a_twisted_address(address: str, client: FlaskClient):
    response = client.get(address)
    problem = told(response, 404)
    assert len(problem["detail"]) < 400
    assert "\n" not in str(response.headers).replace("\r\n", "")
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize(("name", "value"), ODD_HEADERS)
def test_odd_headers_are_passed_over(name: str, value: str, client: FlaskClient):
    response = client.get("/v1/products/tequila", headers={name: value})
    assert response.status_code == 200
    assert response.json["slug"] == "tequila"
    assert response.headers["X-Request-Id"] != value
    assert response.data == client.get("/v1/products/tequila").data


@pytest.mark.parametrize(
    "method", ["TRACE", "PROPFIND", "CONNECT", "DELETE", "PUT", "PATCH", "POST", "BREW", "A" * 500]
)
@pytest.mark.parametrize("address", ["/v1/meta", "/healthz", "/problems", "/docs"])
def test_methods_that_nobody_knows(method: str, address: str, client: FlaskClient):
    response = client.open(address, method=method)
    assert told(response, 405)["type"] == "/problems/method-not-allowed"
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "X-Evil" not in client.open(address, method=method, headers={"X-Evil": "1"}).text


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff",
        "q=" + "a" * 10_000,
        "limit=" + "9" * 5000,
        "limit=-1",
        "limit=1e3",
        "limit=１",
        "=",
        "q=a&q=b",
        "&".join(f"a{number}=1" for number in range(2000)),
        "language=%0d%0aX-Evil:1",
        "cursor=" + "a" * 5000,
        "q[]=a",
    ],
    ids=lambda query: query[:20],
)
def test_parameters(query: str, client: FlaskClient):
    response = client.get(f"/v1/products?{query}")
    assert response.status_code in (400, 404, 422)
    told(response, response.status_code)
    assert len(response.data) < 60_000


def test_what_comes_back_in_an_address_is_written_for_one(client: FlaskClient):
    """The next page repeats the question in a header: what could end the header or its link is escaped."""
    response = client.get("/v1/sources", query_string={"limit": "1", "q": 'law>; rel="x", <//evil'})
    assert response.json["total"] == 0
    link = client.get("/v1/sources", query_string={"limit": "1", "language": "en"}).headers["Link"]
    assert link.startswith("</v1/sources?limit=1&language=en&cursor=")
    moved = client.get("/docs//%0d%0aX-Evil:1")
    assert moved.status_code == 308
    assert moved.headers["Location"].startswith("/docs/%0D%0A")


def test_a_body_under_get_is_not_read(client: FlaskClient):
    response = client.get("/v1/products/tequila", data=b"{", headers=JSON)
    assert response.data == client.get("/v1/products/tequila").data


def test_a_wrong_key_is_not_echoed(client: FlaskClient):
    response = client.post("/v1/quotes", json=ASKED, headers={"Idempotency-Key": "a" * 60_000})
    told(response, 422)
    assert len(response.data) < 1000
