"""A packed answer is the plain one packed: the same bytes inside, a tag of its own, and packed for those who asked."""

import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from flask_compress.compat import compression
from werkzeug.test import TestResponse

from api.compression import MOST_KEPT, Shelf, encoding_for
from api.examples import AVOCADO

UNPACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": compression.zstd.decompress,
}
LARGE = [
    "/openapi.json",
    "/v1/rules",
    "/v1/tables/vat-lines.csv",
    "/v1/changes.atom",
    "/v1/fx.svg?base=USD&quote=CNY",
    "/docs/swagger-ui-bundle.js",
    "/docs/swagger-ui.css",
]


def got(client: FlaskClient, address: str, accepted: str, tag: str = "") -> TestResponse:
    """What is answered to a client that takes these encodings and has that tag."""
    asked = {"Accept-Encoding": accepted} if accepted else {}
    return client.get(address, headers={**asked, **({"If-None-Match": tag} if tag else {})})


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("deflate", None),
        ("*", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip; q=0.5, br; q=0.8", "br"),
        # A weight of nothing is a refusal (RFC 9110, 12.4.2).
        ("gzip;q=0", None),
        ("zstd;q=0, br;q=0, *", "gzip"),
        ("*;q=0", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("gzip;q=nonsense", None),
        ("gzip," * 200, None),
    ],
)
def test_the_client_chooses(accepted: str, encoding: str | None):
    assert encoding_for(accepted) == encoding


@pytest.mark.parametrize("address", LARGE)
@pytest.mark.parametrize("encoding", UNPACKED)
def test_what_is_inside_is_the_plain_answer(address: str, encoding: str, client: FlaskClient):
    plain, packed = got(client, address, ""), got(client, address, encoding)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == encoding
    assert UNPACKED[encoding](packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    for each in (plain, packed):
        assert "Accept-Encoding" in each.headers["Vary"]
        assert int(each.headers["Content-Length"]) == len(each.data)


@pytest.mark.parametrize("address", LARGE)
def test_each_form_has_a_tag_of_its_own_and_is_not_sent_twice(address: str, client: FlaskClient):
    forms = ["", *UNPACKED]
    tags = {form: got(client, address, form).headers["ETag"] for form in forms}
    assert len(set(tags.values())) == len(forms)
    for accepted in forms:
        for had in forms:
            again = got(client, address, accepted, tags[had])
            # Whatever form the client has, it still stands, and it is told so under the tag by which it has it.
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tags[had])
            assert "Content-Encoding" not in again.headers
            assert "Accept-Encoding" in again.headers["Vary"]
        assert got(client, address, accepted, ", ".join(tags.values())).headers["ETag"] == tags[accepted]
        assert got(client, address, accepted, f"W/{tags[accepted]}").status_code == 304
        assert got(client, address, accepted, '"another", "another:gzip"').status_code == 200


@pytest.mark.parametrize("encoding", UNPACKED)
def test_a_quote_is_kept_byte_for_byte(encoding: str, client: FlaskClient):
    made = client.post("/v1/quotes", json=AVOCADO, headers={"Accept-Encoding": encoding})
    assert (made.status_code, made.headers["Content-Encoding"]) == (201, encoding)
    inside = UNPACKED[encoding](made.data)
    kept = client.get(made.headers["Location"])
    assert kept.data == inside
    assert made.headers["ETag"] == f'{kept.headers["ETag"][:-1]}:{encoding}"'
    assert got(client, made.headers["Location"], "", made.headers["ETag"]).status_code == 304


def test_equal_tags_have_equal_bytes(client: FlaskClient):
    packed = got(client, "/v1/products", "gzip").data
    assert got(client, "/v1/products", "gzip").data == packed
    # Gzip's moment of packing is not told (RFC 1952, MTIME).
    assert packed[4:8] == bytes(4)


def test_small_answers_and_problems_stay_plain(client: FlaskClient):
    for address in ("/healthz", "/problems/not-found", "/nowhere", "/docs/favicon-32x32.png"):
        assert "Content-Encoding" not in got(client, address, "gzip").headers


def test_what_is_large_and_open_to_all_is_packed_once(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    for address in ("/openapi.json", "/v1/tables/vat-lines.csv", "/docs/swagger-ui-bundle.js"):
        first = got(client, address, "gzip").data
        with monkeypatch.context() as patched:
            patched.setattr("flask_compress.flask_compress._compress_data", lambda *_: pytest.fail("packed again"))
            assert got(client, address, "gzip").data == first
    made = client.post("/v1/quotes", json=AVOCADO).headers["Location"]
    packed: list[bytes] = []

    def packing(_app: object, body: bytes, _algorithm: str) -> bytes:
        packed.append(body)
        return zlib.compress(body, wbits=31)

    monkeypatch.setattr("flask_compress.flask_compress._compress_data", packing)
    for _ in range(2):
        assert got(client, made, "gzip").status_code == 200
    assert len(packed) == 2


def test_the_shelf_forgets_what_is_used_least():
    shelf, most = Shelf(), MOST_KEPT // 4
    for name in "abcd":
        shelf.set(name, bytes(most))
    assert shelf.get("a") is not None
    shelf.set("e", bytes(most))
    assert shelf.get("b") is None
    assert [name for name in "acde" if shelf.get(name)] == list("acde")
    shelf.set("nothing;", b"x")
    assert shelf.get("nothing;") is None
    shelf.set("too large", bytes(MOST_KEPT + 1))
    assert shelf.get("too large") is None
