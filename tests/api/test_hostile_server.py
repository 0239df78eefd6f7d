"""Ill will on the wire: bytes on the sockets of a running server, which answers each, and the next caller too."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.api.hostile import BODIES, GOOD, MEDIA_TYPES, MOST, NOWHERE, ODD_HEADERS
from tests.raw_http import PATIENCE, Answer, request, sent
from tests.servers import Serving

pytestmark = pytest.mark.slow
JSON = b"Content-Type: application/json"
QUOTES = b"/v1/quotes?store=false"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    with Serving(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'quotes.sqlite3'}") as server:
        yield server.base


@pytest.fixture(autouse=True)
def _the_next_caller_is_answered(base: str) -> Iterator[None]:
    yield
    assert sent(base, request(b"GET", b"/healthz")).status == 200


def chunked(*pieces: bytes) -> bytes:
    """A request whose body comes in pieces and tells no length."""
    head = request(b"POST", QUOTES, JSON, b"Transfer-Encoding: chunked")
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


def cut_off(base: str, said: bytes) -> bytes:
    """The beginning of what a server answers to somebody who says this and no more, nothing where it hangs up."""
    with socket.create_connection(("127.0.0.1", urlsplit(base).port or 0), timeout=PATIENCE) as connection:
        try:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(65536)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            return b""


def refused_before_us(answer: Answer) -> bool:
    """Whether the server refused what is no HTTP, before any of our code: with no body, and no problem therefore."""
    return answer.status in (400, 414, 431, 501) and not answer.body


@pytest.mark.parametrize("name", BODIES)
def test_bodies(name: str, base: str):
    body, status, kind = BODIES[name]
    answer = sent(base, request(b"POST", QUOTES, JSON, body=body))
    assert answer.status == status
    problem = answer.problem()
    assert problem["type"] == f"/problems/{kind}" if kind else problem["errors"]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_media_types(media_type: str, base: str):
    answer = sent(base, request(b"POST", QUOTES, b"Content-Type: " + media_type.encode(), body=GOOD))
    assert answer.status == (200 if MEDIA_TYPES[media_type] else 415)


@pytest.mark.parametrize("address", [*NOWHERE, "//evil.example/docs", "//evil.example//docs", "*"])
def test_there_is_nothing_behind_a_twisted_address(address: str, base: str):
    answer = sent(base, request(b"GET", address.encode()))
    assert answer.status in (404, 308)
    assert "set-cookie" not in answer.headers
    if answer.status == 308:
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith("//")
    else:
        answer.problem()


@pytest.mark.parametrize("target", [b"/v1/quotes/\xff", b"/v1/quotes/a\x00b", b"/v1/products?q=\xe9", b"/v1/meta?q= x"])
def test_addresses_that_are_no_addresses(target: bytes, base: str):
    answer = sent(base, request(b"GET", target))
    assert refused_before_us(answer) or answer.problem()["status"] in (400, 404, 422)


@pytest.mark.parametrize(("name", "value"), ODD_HEADERS)
def test_odd_headers_are_passed_over(name: str, value: str, base: str):
    answer = sent(base, request(b"GET", b"/v1/products/tequila", name.encode() + b": " + value.encode("latin-1")))
    assert answer.status == 200
    assert json.loads(answer.body)["slug"] == "tequila"
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-request-id"] != value


@pytest.mark.parametrize(
    "header",
    [
        b"X-Request-Id: a\rSet-Cookie: b=c",
        b"X-Request-Id: a\nSet-Cookie: b=c",
        b"X-Request-Id: a\r\n Set-Cookie: b=c",
        b"Idempotency-Key: a\rb",
        b"Accept-Language: es\r\n\tX-Evil: 1",
        b"X-Null: a\x00b",
        b": nameless",
        b"no colon",
        b"Content-Length: -1",
        b"Content-Length: abc",
        b"Content-Length: 99999999999999999999999",
        b"Content-Length: 5\r\nContent-Length: 6",
    ],
)
def test_headers_that_are_no_headers(header: bytes, base: str):
    answer = sent(base, request(b"POST", b"/v1/quotes", JSON, header, body=b""))
    assert refused_before_us(answer) or answer.status < 500
    assert "set-cookie" not in answer.headers
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("method", [b"TRACE", b"PROPFIND", b"BREW", b"M-SEARCH", b"DELETE", b"PATCH"])
def test_methods_that_nobody_knows(method: bytes, base: str):
    answer = sent(base, request(method, b"/v1/meta", b"X-Secret: once"))
    assert answer.status == 405
    assert answer.problem()["type"] == "/problems/method-not-allowed"
    assert b"once" not in answer.body


@pytest.mark.parametrize("method", [b"get", b"gEt", b"G\xc3\x89T", b"G ET", b""])
def test_methods_that_are_none(method: bytes, base: str):
    assert sent(base, request(method, b"/v1/meta")).status < 500


def test_a_body_in_pieces_has_the_same_limit(base: str):
    assert sent(base, chunked(GOOD[:10], GOOD[10:])).status == 200
    answer = sent(base, chunked(*[b" " * 65_536] * 40))
    assert (answer.status, answer.problem()["type"]) == (413, "/problems/body-too-large")
    answer = sent(base, request(b"POST", QUOTES, JSON, body=b" " * (MOST + 1)))
    assert (answer.status, answer.problem()["type"]) == (413, "/problems/body-too-large")


@pytest.mark.parametrize(
    "pieces",
    [
        b"zz\r\nabc\r\n",
        b"-1\r\nabc\r\n0\r\n\r\n",
        b"5\r\nab",
        b"5;a=b\r\nabcde\r\n0\r\n\r\n",
    ],
)
def test_pieces_that_are_none(pieces: bytes, base: str):
    found = cut_off(base, request(b"POST", QUOTES, JSON, b"Transfer-Encoding: chunked") + pieces)
    assert not found or b"HTTP/1.1 4" in found


def test_a_length_that_is_too_short_reads_no_further(base: str):
    head = request(b"POST", QUOTES, JSON, b"Content-Length: 10")
    answer = sent(base, head + GOOD)
    assert (answer.status, answer.problem()["type"]) == (400, "/problems/malformed-json")


def test_a_length_that_is_never_reached_ends_with_the_connection(base: str):
    """However whole the part looks that came."""
    found = cut_off(base, request(b"POST", QUOTES, JSON, b"Content-Length: 5000") + GOOD)
    assert not found or b"HTTP/1.1 4" in found


def test_two_lengths_smuggle_nothing(base: str):
    """What one reader takes for the body another would take for the next request."""
    hidden = b"GET /v1/meta HTTP/1.1\r\nHost: x\r\n\r\n"
    head = request(b"POST", QUOTES, JSON, b"Content-Length: 4", b"Transfer-Encoding: chunked")
    answer = sent(base, head + b"0\r\n\r\n" + hidden)
    assert answer.status == 400
    assert b"sha256" not in answer.body


def test_who_asks_before_sending_is_told_to_go_on(base: str):
    answer = sent(base, request(b"POST", QUOTES, JSON, b"Expect: 100-continue", body=GOOD))
    assert answer.status == 200
    assert sent(base, request(b"POST", QUOTES, JSON, b"Expect: the-unexpected", body=GOOD)).status in (200, 417)


def test_a_body_under_get_is_not_read(base: str):
    assert sent(base, request(b"GET", b"/v1/products/tequila", JSON, body=b"{")).status == 200


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02\x00\x01\x00" + b"\0" * 50, b"\r\n" * 5000, b"GET\r\n\r\n", b"\0" * 100]
)
def test_what_is_no_http(garbage: bytes, base: str):
    found = cut_off(base, garbage)
    assert not found or b" 400 " in found
