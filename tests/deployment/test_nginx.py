"""What nginx says to the application, and what it does when that is slow, seen from an application of the test's own."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any

import pytest

from tests.deployment.servers import LONG, Nginx, ask
from tests.programs import program

pytestmark = pytest.mark.slow


class Upstream(ThreadingMixIn, UnixStreamServer):
    """An application that tells what it was asked; calls for /held wait until they are let go."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Echo)
        self.go, self.held = threading.Event(), threading.Semaphore(0)
        self.asked: list[dict[str, str]] = []


class Echo(BaseHTTPRequestHandler):
    """Remembers the headers of each call."""

    server: Upstream
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer, in time or when the test says so."""
        if self.path == "/held":
            self.server.held.release()
            self.server.go.wait(LONG)
        self.server.asked.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Nothing is written."""


@contextmanager
def nginx_before(folder: Path, **changes: str) -> Iterator[tuple[Nginx, Upstream]]:
    upstream = Upstream(folder / "galeon.sock")
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    nginx = Nginx(folder, folder / "galeon.sock", **changes)
    try:
        yield nginx, upstream
    finally:
        upstream.go.set()
        nginx.close()
        upstream.shutdown()
        upstream.server_close()


def test_what_a_client_says_about_itself_is_replaced(tmp_path: Path):
    forged = {
        "Host": "shop.example:8443",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=203.0.113.9",
        "X-Request-Id": "till-7.42",
        "Authorization": "Bearer sk_1",
        "Idempotency-Key": "k-1",
    }
    with nginx_before(tmp_path) as (nginx, upstream):
        assert ask(nginx.port, "/v1/units", headers=forged).status == 200
    (asked,) = upstream.asked
    kept = {name: asked.get(name) for name in map(str.lower, forged)}
    assert kept == {
        "host": "shop.example:8443",
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "shop.example:8443",
        "x-forwarded-port": None,
        "x-forwarded-prefix": None,
        "forwarded": None,
        "x-request-id": "till-7.42",
        "authorization": "Bearer sk_1",
        "idempotency-key": "k-1",
    }


def test_what_opens_something_by_itself_is_kept_out_of_the_log(tmp_path: Path):
    with nginx_before(tmp_path) as (nginx, _):
        for path in (
            "/v1/sheet/k_0123_secret/landed_cost",
            "/v1/shared/s_secret.html",
            "/v1/shared/s_secret",
            "/v1/quotes/q_1",
        ):
            assert ask(nginx.port, path).status == 200
        nginx.close()
        log = (nginx.folder / "access.log").read_text(encoding="utf-8")
    # In any order: the workers of nginx write each for itself
    assert sorted(json.loads(line)["path"] for line in log.splitlines()) == sorted(
        ("/v1/sheet/k_.../landed_cost", "/v1/shared/....html", "/v1/shared/...", "/v1/quotes/q_1")
    )


def test_metrics_are_for_this_machine(tmp_path: Path):
    with nginx_before(tmp_path) as (nginx, _):
        assert [ask(nginx.inside, path).status for path in ("/metrics", "/readyz", "/v1/units")] == [200, 200, 404]
        assert [ask(nginx.port, path).status for path in ("/metrics", "/readyz", "/v1/units")] == [404, 404, 200]


@pytest.mark.parametrize(
    ("before", "after", "status"), [("per_address 200", "per_address 1", 429), ("max_conns=1000", "max_conns=1", 503)]
)
def test_one_call_too_many(tmp_path: Path, before: str, after: str, status: int):
    with nginx_before(tmp_path, **{before: after}) as (nginx, upstream), ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, nginx.port, "/held")
        assert upstream.held.acquire(timeout=LONG)
        refused = ask(nginx.port, "/v1/units")
        upstream.go.set()
        assert first.result().status == 200
        # The place of a call is free when nginx has seen it end, which is a moment after its caller has
        until = time.monotonic() + LONG
        while (again := ask(nginx.port, "/v1/units")).status == status and time.monotonic() < until:
            time.sleep(0.01)
        assert again.status == 200
    assert (refused.status, refused.document()["status"], "retry-after" in refused.headers) == (status, status, True)


def test_an_application_that_does_not_answer_in_time(tmp_path: Path):
    with nginx_before(tmp_path, **{"proxy_read_timeout 60s": "proxy_read_timeout 1s"}) as (nginx, _):
        answer = ask(nginx.port, "/held")
    assert (answer.status, answer.document()["type"]) == (503, "/problems/unavailable")


@pytest.mark.parametrize(
    ("before", "sent"),
    [
        ("client_header_timeout 10s", b"GET /v1/units HTTP/1.1\r\n"),
        ("client_body_timeout 10s", b"GET /v1/units HTTP/1.1\r\nHost: galeon\r\nContent-Length: 9\r\n\r\n{"),
    ],
)
def test_who_does_not_go_on_is_left(tmp_path: Path, before: str, sent: bytes):
    with (
        nginx_before(tmp_path, **{before: before.replace("10s", "1s")}) as (nginx, upstream),
        socket.create_connection(("127.0.0.1", nginx.port), timeout=LONG) as client,
    ):
        client.sendall(sent)
        with suppress(ConnectionResetError):
            assert client.recv(1) == b""
    assert upstream.asked == []


def test_tls(tmp_path: Path):
    """The file for TLS let in as it says, with a certificate of the test's own."""
    certificate, key = tmp_path / "fullchain.pem", tmp_path / "privkey.pem"
    made = [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "3650"]
    subprocess.run([*made, *named, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    changes = {
        "# include galeon-tls.conf;": "include galeon-tls.conf;",
        "include galeon-site.conf;\n    }\n\n    include": "return 308 https://$host$request_uri;\n    }\n\n    include",
        f"{tmp_path / 'nginx'}/fullchain.pem": str(certificate),
        f"{tmp_path / 'nginx'}/privkey.pem": str(key),
    }
    with nginx_before(tmp_path, **changes) as (nginx, upstream):
        assert nginx.checked().returncode == 0
        moved = ask(nginx.port, "/v1/quotes?store=false", {}, {"Host": "localhost"})
        assert (moved.status, moved.headers["location"]) == (308, "https://localhost/v1/quotes?store=false")
        context = ssl.create_default_context(cafile=str(certificate))
        plain = socket.create_connection(("127.0.0.1", nginx.tls), timeout=LONG)
        with context.wrap_socket(plain, server_hostname="localhost") as client:
            client.sendall(b"GET /v1/units HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            answer = client.makefile("rb").read()
            assert client.version() == "TLSv1.3"
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nStrict-Transport-Security: max-age=63072000\r\n" in answer
    assert [each["x-forwarded-proto"] for each in upstream.asked] == ["https"]
