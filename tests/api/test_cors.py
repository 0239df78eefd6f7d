"""Pages of other sites read our answers from registered origins alone, each by its exact name."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.origins import BadOrigin, on_this_machine, origin
from tests.keyed import SHOP, Keyed

PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
ALLOW = "Access-Control-Allow-Origin"


def preflight(client: FlaskClient, origin: str, path: str = "/v1/quotes") -> Any:
    return client.options(path, headers={"Origin": origin, **PREFLIGHT})


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://SHOP.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_origins_as_browsers_write_them(text: str, sound: str):
    assert origin(text) == sound


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "*",
            "null",
            "shop.example",
            "//shop.example",
            "https://",
            "https://*.shop.example",
            "https://shop.example/",
        ),
        *("https://shop.example/a", "https://shop.example?", "https://shop.example#", "https://u:p@shop.example"),
        *("https://shop.example:99999", "https://shop.example:x", "https://bücher.example", "https://a b.example"),
        *("ftp://shop.example", "http://shop.example", "http://localhost.evil.example", "https://shop.example\nX: 1"),
        *("https://shop_.example", "javascript:alert(1)", "https://" + "a" * 64 + ".example", "https://-a.example"),
    ],
)
def test_what_is_no_origin_that_a_key_is_used_from(text: str):
    with pytest.raises(BadOrigin):
        origin(text)


def test_a_registered_origin_is_told_what_it_may_send(keyed: Keyed):
    keyed.make("publishable")
    response = preflight(keyed.client, SHOP)
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers[ALLOW] == SHOP
    assert {"GET", "HEAD", "POST", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
    taken = {each.lower() for each in response.headers["Access-Control-Allow-Headers"].split(", ")}
    assert {"authorization", "content-type", "idempotency-key", "if-none-match", "x-request-id"} <= taken
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize(
    "asking", ["https://other.example", "http://shop.example", "null", "*", "https://shop.example:1"]
)
def test_others_are_told_nothing(keyed: Keyed, asking: str):
    keyed.make("publishable")
    response = preflight(keyed.client, asking)
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]
    assert "Origin" in response.headers["Vary"]


def test_a_revoked_keys_origin_is_forgotten(keyed: Keyed):
    key, _ = keyed.make("publishable")
    assert preflight(keyed.client, SHOP).headers[ALLOW] == SHOP
    keyed.ring.revoke(key.id, keyed.now)
    keyed.later(seconds=5)
    assert ALLOW not in preflight(keyed.client, SHOP).headers


def test_the_answer_names_the_one_origin_and_what_may_be_read(keyed: Keyed):
    key = keyed.text("publishable", origins=(SHOP, "https://www.shop.example"))
    for asking in (SHOP, "https://www.shop.example"):
        response = keyed.quote(key, origin=asking)
        assert response.headers[ALLOW] == asking
    read = set(response.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"} <= read


def test_a_page_reads_why_it_is_refused(keyed: Keyed):
    key = keyed.text("publishable")
    assert keyed.quote(key, query="", origin=SHOP).headers[ALLOW] == SHOP
    assert keyed.get("/v1/units", origin=SHOP).headers[ALLOW] == SHOP
    assert keyed.get("/v1/units", "nonsense", SHOP).headers[ALLOW] == SHOP


def test_a_secret_key_is_not_for_pages(keyed: Keyed):
    keyed.make("publishable")
    response = keyed.get("/v1/units", keyed.text(), SHOP)
    assert response.status_code == 200
    assert ALLOW not in response.headers


def test_open_addresses_are_read_by_registered_origins(keyed: Keyed):
    keyed.make("publishable")
    assert keyed.get("/openapi.json", origin=SHOP).headers[ALLOW] == SHOP
    assert ALLOW not in keyed.get("/openapi.json", origin="https://other.example").headers


def test_options_without_a_page_behind_it_needs_no_key(keyed: Keyed):
    response = keyed.client.options("/v1/quotes")
    assert response.status_code == 200
    assert {"GET", "POST"} <= {each.strip() for each in response.headers["Allow"].split(",")}
    assert "RateLimit" not in response.headers


@pytest.mark.parametrize(
    "asking", ["http://localhost:5173", "http://127.0.0.1:8000", "http://[::1]:3000", "https://localhost"]
)
def test_without_keys_pages_of_this_machine_may_call(client: FlaskClient, asking: str):
    assert on_this_machine(asking)
    assert preflight(client, asking).headers[ALLOW] == asking
    assert client.get("/healthz", headers={"Origin": asking}).headers[ALLOW] == asking


@pytest.mark.parametrize(
    "asking", ["https://shop.example", "http://localhost.evil.example", "null", "http://localhost/"]
)
def test_without_keys_others_may_not(client: FlaskClient, asking: str):
    assert ALLOW not in preflight(client, asking).headers
    assert ALLOW not in client.get("/healthz", headers={"Origin": asking}).headers


@pytest.mark.parametrize("text", ["https://shop.example\r\nX-Injected: 1", "https://shop.example%0d%0aX-Injected:1"])
def test_nothing_is_put_into_headers_through_an_origin(keyed: Keyed, text: str):
    keyed.make("publishable")
    environ = {"HTTP_ORIGIN": text}
    response = keyed.client.get("/openapi.json", environ_overrides=environ)
    assert ALLOW not in response.headers
    assert "X-Injected" not in response.headers
