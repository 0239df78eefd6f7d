"""The documentation in the browser needs nobody but ourselves."""

import re

import pytest
from flask.testing import FlaskClient


def test_the_page_loads_only_our_own_files(client: FlaskClient):
    page = client.get("/docs")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/")
        assert client.get(address).status_code == 200, address
    assert "<script>" not in page.text


def test_the_script_and_the_style_come_with_their_kind(client: FlaskClient):
    assert "javascript" in str(client.get("/docs/swagger-ui-bundle.js").mimetype)
    assert "javascript" in str(client.get("/docs/start.js").mimetype)
    assert client.get("/docs/swagger-ui.css").mimetype == "text/css"


@pytest.mark.parametrize("name", ["swagger-ui.js", "VERSION", "..%2f__init__.py", "oauth2-redirect.html"])
def test_nothing_else_of_the_package_is_served(name: str, client: FlaskClient):
    assert client.get(f"/docs/{name}").status_code == 404


def test_the_front_leads_to_the_documentation(client: FlaskClient):
    response = client.get("/")
    assert (response.status_code, response.location, response.data) == (302, "/docs", b"")
    assert "Content-Type" not in response.headers


def test_a_doubled_slash_leads_to_the_single_one(client: FlaskClient):
    response = client.get("/docs//start.js?v=1")
    assert (response.status_code, response.location, response.data) == (308, "/docs/start.js?v=1", b"")


@pytest.mark.parametrize("address", ["/docs", "/docs/start.js", "/docs/swagger-ui.css"])
def test_what_the_browser_has_is_not_sent_again(address: str, client: FlaskClient):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_has_no_kind(client: FlaskClient):
    assert "Content-Type" not in client.options("/v1/quotes").headers


def test_health(client: FlaskClient):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.get_json()["status"] == "ok"
