"""The documentation in the browser needs nobody but ourselves."""

import json
import re
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient

from tests.programs import program
from tests.servers import Serving


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


@pytest.mark.parametrize(
    ("language", "title"),
    [("es-MX", "Galeón: la API y su documentación"), ("zh-CN", "Galeón：API 及其文档"), ("fr", "Galeón: the API")],
)
def test_what_is_ours_on_the_page_is_in_the_readers_language(language: str, title: str, client: FlaskClient):
    page = client.get("/docs", headers={"Accept-Language": language})
    said = page.headers["Content-Language"]
    assert f'<html lang="{said}">' in page.text
    assert f"<title>{title}" in page.text
    assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.slow
def test_every_operation_is_drawn_in_a_real_browser(tmp_path: Path):
    """Nothing is asked elsewhere: the policy of the page would refuse it, and the console would say so."""
    chromium = program("chromium")
    with Serving(f"sqlite:///{tmp_path / 'quotes.sqlite3'}", workers=1) as server:
        with urlopen(f"{server.base}/openapi.json") as answer:
            paths = json.load(answer)["paths"]
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr"]
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [chromium, *options, profile, "--virtual-time-budget=30000", "--dump-dom", f"{server.base}/docs"]
        drawn = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    names = [each["operationId"] for item in paths.values() for each in item.values() if isinstance(each, dict)]
    assert len(names) > 30
    assert [name for name in names if not re.search(rf'id="operations-[^"]*-{name}"', drawn.stdout)] == []
    assert [line for line in drawn.stderr.splitlines() if ":CONSOLE" in line] == []
