"""nginx in front of `galeon serve`: slow clients hold nobody up, nothing that began is cut, every answer has one form."""

import os
import signal
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.errors import LONGEST_BODY
from api.examples import AVOCADO
from api.wording import Wording
from tests.deployment.conftest import Service
from tests.deployment.servers import (
    COMPUTED,
    LANDED,
    LONG,
    MANY,
    Answer,
    Nginx,
    ask,
    at_once,
    consignment,
    landed,
    wait,
)

pytestmark = pytest.mark.slow


def is_problem(answer: Answer, status: int, code: str, instance: str) -> None:
    """A refusal of nginx's own is told as the application tells its own."""
    wording = Wording.of("en")
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "en"
    assert answer.headers["x-request-id"]
    assert answer.document() == {
        "type": f"/problems/{code.replace('_', '-')}",
        "title": wording.title(code),
        "status": status,
        "detail": wording.problem(code, {"longest": LONGEST_BODY} if status == 413 else {}),
        "instance": instance,
        "errors": [],
    }


def test_the_files_are_sound(service: Service):
    checked = service.nginx.checked()
    assert checked.returncode == 0, checked.stderr
    assert "warn" not in checked.stderr


def test_a_quote_is_stored_and_found_again(service: Service):
    made = ask(service.port, "/v1/quotes", AVOCADO, {"X-Request-Id": "till-7.42"})
    assert (made.status, landed(made), made.headers["x-request-id"]) == (201, LANDED, "till-7.42")
    assert ask(service.port, made.headers["location"]).body == made.body


def test_an_id_that_the_application_would_not_take_is_made_anew(service: Service):
    assert len(ask(service.port, "/healthz", headers={"X-Request-Id": 'x"y'}).headers["x-request-id"]) == 32


def test_the_applications_own_problems_pass(service: Service):
    answer = ask(service.port, "/v1/quotes/q_nothing")
    assert answer.status == 404
    assert answer.document()["errors"] == []
    assert "q_nothing" in answer.document()["detail"]


def test_slow_clients_hold_nobody_up(service: Service, tmp_path: Path):
    """Forty half heads and forty half bodies: more than any worker has threads, and a healthy call gets its quote.

    nginx is more patient here than any test is, so that nothing but its taking requests in whole can help.
    """
    patience = {f"client_{part}_timeout 10s": f"client_{part}_timeout 1h" for part in ("header", "body")}
    nginx = Nginx(tmp_path, service.galeon.socket, **patience)
    head = b"POST /v1/quotes HTTP/1.1\r\nHost: galeon\r\nContent-Type: application/json\r\n"
    try:
        with ExitStack() as open_ones:
            for sent in [head] * 40 + [head + b'Content-Length: 300\r\n\r\n{"goods": ['] * 40:
                client = open_ones.enter_context(socket.create_connection(("127.0.0.1", nginx.port)))
                client.sendall(sent)
            for _ in range(4):
                assert landed(ask(nginx.port, COMPUTED, AVOCADO)) == LANDED
                assert ask(nginx.port, "/v1/quotes", AVOCADO).status == 201
    finally:
        nginx.close()


def test_a_client_that_goes_on_in_time_is_served(service: Service):
    body = b'{"goods": []}'
    with socket.create_connection(("127.0.0.1", service.port), timeout=LONG) as client:
        client.sendall(b"POST /v1/quotes HTTP/1.1\r\nHost: galeon\r\nConnection: close\r\n")
        client.sendall(b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body))
        for each in body:
            client.sendall(bytes([each]))
            time.sleep(0.01)
        assert client.makefile("rb").readline() == b"HTTP/1.1 422 Unprocessable Entity\r\n"


@pytest.mark.parametrize(("addresses", "expected"), [(10, {200}), (1, {200, 429})])
def test_a_thousand_clients_at_once(service: Service, many_files: None, addresses: int, expected: set[int]):
    """From ten addresses all are served; of one address's, those that are too many are told so. Nobody is left without."""
    answers = at_once(service.port, addresses)
    assert len(answers) == MANY
    assert {each.status for each in answers} <= expected
    for each in answers:
        if each.status == 200:
            assert landed(each) == LANDED
        else:
            is_problem(each, 429, "too_many_requests", "/v1/quotes")
            assert each.headers["retry-after"] == "1"
    # One address may have 200 calls open.
    assert Counter(each.status for each in answers)[200] >= 200


def test_a_body_that_is_too_large(service: Service):
    answer = ask(service.port, "/v1/quotes", b" " * (LONGEST_BODY + 1))
    is_problem(answer, 413, "body_too_large", "/v1/quotes")
    as_large = ask(service.port, COMPUTED, b" " * LONGEST_BODY)
    assert as_large.status == 400
    assert as_large.document()["type"] == "/problems/empty-body"
    # A file of rows may be larger
    rows = ask(service.port, "/v1/batches", b" " * (LONGEST_BODY + 1))
    assert [error["code"] for error in rows.document()["errors"]] == ["file_not_read"]


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/metrics/", "//metrics", "/./readyz", "/%6detrics"])
def test_what_is_not_for_the_public(service: Service, path: str):
    assert ask(service.port, path).status == 404


def test_the_problem_names_the_path_without_the_query(service: Service):
    is_problem(ask(service.port, '/metrics?key="sk_secret'), 404, "not_found", "/metrics")
    assert "sk_secret" not in (service.nginx.folder / "access.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["k", "sk", "pk"])
@pytest.mark.parametrize(
    "path", ["/v1/sheet/{key}/vat", "/v1/sheet//{key}/vat", "/v1/%73heet/{key}/vat", "/v1/sheet/{key}"]
)
def test_the_key_of_a_cell_is_not_logged(service: Service, path: str, kind: str):
    secret, file = "canary" * 8, service.nginx.folder / "access.log"
    before = file.stat().st_size
    ask(service.port, path.format(key=f"{kind}_0123456789ab_{secret}"))
    # The line is written when the answer is sent already, and that of the call before may come only now.
    logged = f'"path":"/v1/sheet/{kind}_...'
    for _ in range(600):
        told = file.read_bytes()[before:].decode()
        if logged in told:
            break
        time.sleep(0.05)
    assert logged in told
    assert secret not in told


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: galeon\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: galeon\r\n\r\n",
        b"TRACE / HTTP/1.1\r\nHost: galeon\r\n\r\n",
    ],
    ids=["no HTTP", "no host", "long header", "long address", "trace"],
)
def test_what_nginx_cannot_read(service: Service, sent: bytes):
    with socket.create_connection(("127.0.0.1", service.port), timeout=LONG) as client:
        client.sendall(sent)
        answer = client.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"/problems/bad-request" in answer


def test_the_application_is_away(own_service: Service):
    assert own_service.galeon.stop() == 0
    for path in ("/healthz", "/v1/units"):
        answer = ask(own_service.port, path)
        is_problem(answer, 503, "unavailable", path)
        assert answer.headers["retry-after"] == "5"


def test_a_stop_cuts_nothing_that_began(own_service: Service):
    """Eight big consignments: when the first is answered the others are in work or wait for it, and all are answered."""
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(ask, own_service.port, COMPUTED, consignment(200)) for _ in range(8)]
        next(as_completed(calls))
        own_service.galeon.process.terminate()
        answers = [call.result() for call in calls]
    assert [each.status for each in answers] == [200] * 8
    assert {len(each.document()["goods"]) for each in answers} == {200}
    assert own_service.galeon.process.wait(timeout=LONG) == 0
    assert not own_service.galeon.socket.exists()
    is_problem(ask(own_service.port, COMPUTED, AVOCADO), 503, "unavailable", "/v1/quotes")


def test_a_worker_that_is_killed_is_replaced(own_service: Service):
    galeon = own_service.galeon
    before = galeon.workers()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    wait(lambda: len(set(galeon.workers()) - set(before)) == 1 and before[0] not in galeon.workers())
    for _ in range(20):
        assert landed(ask(own_service.port, COMPUTED, AVOCADO)) == LANDED
    assert galeon.stop() == 0
