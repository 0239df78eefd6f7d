"""What HTTP asks of every route: validators, HEAD, OPTIONS, and what a browser is told not to do."""

import re
import subprocess
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from api import docs
from api.examples import AVOCADO
from api.jobs import Asked, Job, Jobs
from api.key_text import SHEET, KeyText
from api.quote_files import SUFFIXES
from api.store import Store
from api.widget_script import widget
from tests.conftest import NOW
from tests.programs import program

CELL = "?product=avocado-fresh&quantity=20 t&price=2.9&currency=USD&per=kg&incoterm=CIF"
CELLS = {"/<field>": "/landed_cost", ".csv": ".csv", ".xml": ".xml"}
CELLS |= {
    f"/<key>{rule}": f"/{KeyText.fresh(SHEET)}{rule.replace('<field>', 'vat')}" for rule in ("/<field>", "/csv", "/xml")
}
# What stands in the place of a pattern's parameters, and what must be asked with it.
NAMED = {
    "/v1/sources/<id>": "/v1/sources/{source}",
    "/v1/quotes/<string(length=24):id>": "/v1/quotes/{quote}",
    "/v1/quotes/<id>.galeon.json": "/v1/quotes/{quote}.galeon.json",
    **{
        f"/v1/quotes/<id>/declaration{suffix}": f"/v1/quotes/{{quote}}/declaration{suffix}"
        for suffix in ("", ".json", ".xlsx")
    },
    **{f"/v1/quotes/<id>{suffix}": f"/v1/quotes/{{quote}}{suffix}" for suffix in SUFFIXES},
    **{f"/v1/shared/<id>{suffix}": f"/v1/shared/{{shared}}{suffix}" for suffix in ("", *SUFFIXES)},
    "/v1/batches/<string(length=24):id>": "/v1/batches/{job}",
    "/v1/batches/<id>/result": "/v1/batches/{job}/result",
    "/v1/quotes": "/v1/quotes?idempotency_key=order-http",
    "/v1/tables/<name>.csv": "/v1/tables/vat-lines.csv",
    "/v1/tariff-lines": "/v1/tariff-lines?q=aguacate",
    "/v1/tariff-lines/<hs>": "/v1/tariff-lines/08044000",
    "/tariff/<code>": "/tariff/08044000",
    "/v1/products/<slug>": "/v1/products/avocado-fresh",
    "/v1/rules/<name>": "/v1/rules/{rule}",
    "/v1/payment-rails/<code>": "/v1/payment-rails/swift-tt",
    "/v1/units/convert": "/v1/units/convert?q=25 lb&to=kg",
    "/v1/fx": "/v1/fx?base=USD&quote=CNY",
    "/v1/fx.csv": "/v1/fx.csv?base=USD&quote=CNY",
    "/v1/fx.svg": "/v1/fx.svg?base=USD&quote=CNY",
    **{f"/v1/sheet{rule}": f"/v1/sheet{address}{CELL}" for rule, address in CELLS.items()},
    "/sheets/<name>": "/sheets/galeon.xlsx",
    "/problems/<type>": "/problems/not-found",
    "/docs/<name>": "/docs/swagger-ui.css",
    "/widget/v1-<digest>.js": f"/widget/v1-{widget().digest}.js",
}
# States of the moment: nobody is to keep them.
OF_THE_MOMENT = {"/healthz", "/readyz", "/metrics", "/v1/batches/<string(length=24):id>"}
# What no two answers have alike.
OWN = {"X-Request-Id", "Date"}


def gets(app: Flask) -> list[str]:
    """The patterns of everything that can be read."""
    return sorted({rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())})


@pytest.fixture(scope="module")
def addresses(app: Flask, store: Store) -> dict[str, str]:
    """An address that answers for each pattern that can be read."""
    client = app.test_client()
    made = client.post("/v1/quotes", json=AVOCADO, headers={"Idempotency-Key": "order-http"}).json
    source, rule = (client.get(f"/v1/{name}?limit=1").json["items"][0] for name in ("sources", "rules"))  # type: ignore[index]
    address = client.post(f"/v1/quotes/{made['id']}/share").json  # type: ignore[index]
    job = Job.new("", "csv", Asked("en"), NOW.date(), NOW)
    jobs = Jobs(store.engine)
    jobs.add(job, [])
    claimed = jobs.claim(NOW)
    assert claimed is not None
    jobs.finish(claimed, [b"product\r\n"])
    known = {
        "job": claimed.id,
        "quote": made["id"],  # type: ignore[index]
        "shared": address["id"],  # type: ignore[index]
        "source": source["id"],
        "rule": rule["name"],
    }
    return {rule: NAMED.get(rule, rule).format_map(known) for rule in gets(app)}


def shared(headers: Headers) -> dict[str, str]:
    """The headers that two answers to the same call have alike."""
    return {name: value for name, value in headers.items() if name not in OWN}


def test_every_address_answers(app: Flask, addresses: dict[str, str], client: FlaskClient):
    assert len(addresses) >= 30
    for address in addresses.values():
        assert client.get(address).status_code == 200, address


def test_what_can_be_kept_says_so_and_is_not_sent_twice(addresses: dict[str, str], client: FlaskClient):
    for rule, address in addresses.items():
        if rule in OF_THE_MOMENT:
            continue
        first = client.get(address)
        assert re.fullmatch(r'"[0-9a-f]+"', first.headers["ETag"]), address
        assert first.headers["Cache-Control"] in {
            "public, no-cache",
            "private, no-cache",
            "private, max-age=300",
            "public, max-age=86400",
            "public, max-age=300, must-revalidate",
            "public, max-age=31536000, immutable",
        }, address
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), address
        for name in ("ETag", "Cache-Control", "Vary"):
            assert again.headers.get(name) == first.headers.get(name), (address, name)


def test_what_is_so_at_the_moment_is_kept_by_nobody(addresses: dict[str, str], client: FlaskClient):
    for address in OF_THE_MOMENT:
        assert client.get(address).headers["Cache-Control"] == "no-store"
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert client.post("/v1/quotes", json={}).headers["Cache-Control"] == "no-store"
    computed = client.post("/v1/quotes?store=false", json=AVOCADO)
    assert (computed.status_code, computed.headers["Cache-Control"]) == (200, "no-store")
    assert client.post("/v1/quotes", json=AVOCADO).headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("accepted", ["", "gzip", "br", "zstd"])
def test_head_is_get_without_a_body(accepted: str, addresses: dict[str, str], client: FlaskClient):
    for rule, address in addresses.items():
        asked = {"Accept-Encoding": accepted}
        whole, head = client.get(address, headers=asked), client.head(address, headers=asked)
        assert (head.status_code, head.data) == (whole.status_code, b""), address
        if rule == "/metrics":
            continue  # it has counted the call before
        assert shared(head.headers) == shared(whole.headers), address
        assert int(whole.headers["Content-Length"]) == len(whole.data), address


def test_options_tell_the_methods_and_run_nothing(app: Flask, addresses: dict[str, str], monkeypatch: Any):
    methods: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods.setdefault(rule.rule, set()).update(rule.methods or ())
    ran: list[str] = []
    for name in list(app.view_functions):
        monkeypatch.setitem(app.view_functions, name, lambda **_: ran.append("ran"))
    client = app.test_client()
    for pattern, allowed in methods.items():
        address = addresses.get(pattern, pattern).partition("?")[0]
        response = client.options(address, headers={"Accept": "text/html"})
        assert response.status_code in (200, 204), address
        assert (response.data, response.headers.get("Content-Type")) == (b"", None), address
        assert set(response.headers["Allow"].split(", ")) == allowed, address
    assert not ran


def test_a_wrong_method_is_told_the_right_ones(app: Flask, addresses: dict[str, str], client: FlaskClient):
    for rule, address in addresses.items():
        response = client.put(address)
        assert response.status_code == 405, address
        assert {"GET", "HEAD", "OPTIONS"} <= set(response.headers["Allow"].split(", ")), rule


def every_answer(addresses: dict[str, str], client: FlaskClient) -> Iterator[TestResponse]:
    """One of each kind: what is read, what is made, what is refused."""
    yield from (client.get(address) for address in addresses.values())
    yield client.get("/v1/meta", headers={"If-None-Match": client.get("/v1/meta").headers["ETag"]})
    yield client.post("/v1/quotes", json=AVOCADO)
    yield client.post("/v1/quotes", data=b"{", content_type="application/json")
    yield client.get("/nowhere")
    yield client.get("/docs//start.js")
    yield client.options("/v1/quotes")


def test_every_answer_is_guarded(addresses: dict[str, str], client: FlaskClient):
    for response in every_answer(addresses, client):
        headers, address = response.headers, response.request.path
        for name in ("X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "X-Request-Id"):
            assert len(headers.getlist(name)) == 1, (address, name)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), address
        assert ("frame-ancestors 'none'" in policy) == (address != "/embed"), address
        assert "unsafe" not in policy, address
        if "json" in (response.content_type or ""):
            assert policy == "default-src 'none'; frame-ancestors 'none'", address
        own = address.startswith("/docs") and response.status_code == 200
        assert headers["Cross-Origin-Resource-Policy"] == ("same-origin" if own else "cross-origin"), address


def test_a_page_may_use_nothing_of_the_machine(client: FlaskClient):
    page = client.get("/docs").headers
    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" not in client.get("/v1/meta").headers


def test_a_picture_may_use_the_style_it_was_sent_with(client: FlaskClient):
    picture = client.get("/v1/fx.svg?base=USD&quote=CNY")
    found = re.findall("<style>(.*?)</style>", picture.text)
    assert len(found) == 1
    assert "style=" not in picture.text
    digest = b64encode(sha256(found[0].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in picture.headers["Content-Security-Policy"]


def test_https_alone_is_asked_for_where_it_is_spoken(client: FlaskClient):
    name = "Strict-Transport-Security"
    assert name not in client.get("/v1/meta").headers
    assert client.get("/v1/meta", base_url="https://localhost").headers[name] == "max-age=31536000"
    assert client.get("/v1/meta", headers={"X-Forwarded-Proto": "https"}).headers[name] == "max-age=31536000"
    assert name not in client.get("/v1/meta", headers={"X-Forwarded-Proto": "http"}).headers


# Opens two operations, tries them out, and tells what the policy kept the page from.
TRIED = """
var refused = [];
document.addEventListener("securitypolicyviolation", function (e) { refused.push(e.violatedDirective); });
function every(selector) { return Array.from(document.querySelectorAll(selector)); }
function once(selector, then) {
  if (every(selector).length) { then(every(selector)); } else { setTimeout(once, 100, selector, then); }
}
once(".opblock-summary-control", function (operations) {
  operations.slice(0, 2).forEach(function (each) { each.click(); });
  once(".try-out__btn", function (buttons) {
    buttons[0].click();
    once("button.execute", function (run) {
      run[0].click();
      once(".live-responses-table", function () {
        navigator.sendBeacon("/told", JSON.stringify({ operations: operations.length, refused: refused }));
      });
    });
  });
});
"""


@pytest.mark.slow
def test_the_documentation_works_under_its_policy_in_a_real_browser(app: Flask, monkeypatch: pytest.MonkeyPatch):
    chromium = program("chromium")
    monkeypatch.setattr(docs, "START", docs.START + TRIED)
    told: Queue[bytes] = Queue()

    def listening(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] != "/told":
            return app(environ, start)
        told.put(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start("204 No Content", [])
        return []

    server = make_server("127.0.0.1", 0, listening, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
        command = [chromium, *options, f"--user-data-dir={profile}", f"http://127.0.0.1:{server.server_port}/docs"]
        with (
            (Path(profile) / "said").open("wb") as said,
            subprocess.Popen(command, stdout=said, stderr=said) as browser,
        ):
            try:
                answer = told.get(timeout=120)
            except Empty:
                pytest.fail("the documentation was not drawn")
            finally:
                browser.terminate()
                browser.wait(timeout=30)
                server.shutdown()
                server.server_close()
    assert re.fullmatch(rb'\{"operations":[0-9]{2,},"refused":\[\]\}', answer), answer
