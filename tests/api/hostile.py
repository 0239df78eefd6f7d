"""What nobody means well by, for tests of the application and of the running server: bodies, addresses and headers."""

import json
from typing import Any

LINE: dict[str, Any] = {
    "product": "avocado-fresh",
    "quantity": "20.16 t",
    "price": {"amount": "2.90", "currency": "USD", "per": "kg"},
}
ASKED: dict[str, Any] = {
    "goods": [LINE],
    "incoterm": "FOB",
    "costs": {"freight": {"amount": "6200", "currency": "USD"}},
    "fx": {"USD/CNY": "6.7628"},
    "declared_on": "2026-11-23",
}
GOOD = json.dumps(ASKED).encode()
MOST = 1024 * 1024


def filled(start: bytes, again: bytes, end: bytes) -> bytes:
    """A body of just under the limit: a start, a piece as often as it fits, and an end."""
    return start + again * ((MOST - len(start) - len(end)) // len(again)) + end


def line(field: str, value: bytes) -> bytes:
    """A request whose line has this beside what a line must have."""
    quantity = b'"quantity": "1 t", ' if field != "quantity" else b""
    price = b'"price": {"amount": "1", "currency": "USD", "per": "kg"}, ' if field != "price" else b""
    return b'{"goods": [{' + quantity + price + b'"' + field.encode() + b'": ' + value + b"}]}"


# A body, and the status and type of its problem ("" where any of the wrong places may be told first).
BODIES: dict[str, tuple[bytes, int, str]] = {
    "10,000 lists deep": (b"[" * 10_000 + b"]" * 10_000, 400, "nested-too-deep"),
    "100,000 objects deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "nested-too-deep"),
    "as deep as fits": (b"[" * MOST, 400, "nested-too-deep"),
    "65 deep in a field": (b'{"fx": ' + b"[" * 65 + b"]" * 65 + b"}", 400, "nested-too-deep"),
    "a number of 100,000 digits": (line("quantity", b"9" * 100_000), 422, ""),
    "a number as long as fits": (filled(b"", b"9", b""), 422, "wrong-type"),
    "an amount as long as fits": (filled(b'{"goods": [{"price": {"amount": ', b"9", b"}}]}"), 422, ""),
    "decimals as long as fits": (filled(b'{"fx": {"USD/CNY": 0.', b"1", b"}}"), 422, ""),
    "a product as long as fits": (filled(b'{"goods": [{"product": "', b"a-", b'a"}]}'), 422, ""),
    "a duty of brackets": (filled(b'{"goods": [{"tariff": {"duty": "', b"(", b'"}}]}'), 422, ""),
    "a duty of spaces": (filled(b'{"goods": [{"tariff": {"duty": "1', b" ", b'x"}}]}'), 422, ""),
    "a quantity of groups": (filled(b'{"goods": [{"quantity": "1', b",000", b' t"}]}'), 422, ""),
    "a key as long as fits": (filled(b'{"', b"k", b'": 1}'), 422, ""),
    "an empty key": (b'{"": 1}', 422, ""),
    "a million entries": (filled(b"[", b"1,", b"1]"), 422, "wrong-type"),
    "a million lines": (filled(b'{"goods": [', b"1,", b"1]}"), 422, "too-many"),
    "as many empty lines": (filled(b'{"goods": [', b"{},", b"{}]}"), 422, "too-many"),
    "50,000 unknown fields": (json.dumps({f"f{n}": 1 for n in range(50_000)}).encode(), 422, "invalid-request"),
    "unknown fields in every line": (
        json.dumps({"goods": [{f"f{n}": 1 for n in range(350)}] * 200}).encode(),
        422,
        "invalid-request",
    ),
    "50,000 attributes": (line("attributes", json.dumps({f"f{n}": 1 for n in range(50_000)}).encode()), 422, ""),
    "50,000 rates": (json.dumps({**ASKED, "fx": {f"f{n}": 1 for n in range(50_000)}}).encode(), 422, "too-many"),
    "one key again and again": (filled(b"{", b'"a":1,', b'"a":1}'), 400, "duplicate-key"),
    "doubled keys in every object": (filled(b"[", b'{"a":1,"a":1},', b"1]"), 400, "duplicate-key"),
    "not a number, and again": (filled(b"[", b"NaN,", b"1]"), 400, "malformed-json"),
    "a text of escapes that never ends": (filled(b'["', b'\\"', b""), 400, "malformed-json"),
    "half characters": (b'{"language": "\\ud800"}', 400, "lone-surrogate"),
    "zero bytes": (b"\0" * 1000, 400, "malformed-json"),
    "nothing": (b" ", 400, "empty-body"),
    "UTF-16": (GOOD.decode().encode("utf-16"), 400, "not-utf8"),
    "UTF-32": (GOOD.decode().encode("utf-32"), 400, "not-utf8"),
    "Latin-1": ('{"place": "León, MX"}'.encode("latin-1"), 400, "not-utf8"),
    "an overlong slash": (b'{"place": "\xc0\xaf"}', 400, "not-utf8"),
    "a control character": (line("description", b'"a\\u0000b"'), 422, ""),
    "a false name of the prototype": (b'{"__proto__": {"a": 1}, "constructor": 1}', 422, "invalid-request"),
}

# Media types, and whether a body is read under them.
MEDIA_TYPES: dict[str, bool] = {
    "application/json": True,
    "application/json; charset=utf-8": True,
    "application/json;charset=UTF8": True,
    "APPLICATION/JSON": True,
    "application/json; charset=latin-1": False,
    "application/json; charset=utf-16": False,
    "application/json, text/plain": False,
    "application/vnd.api+json": False,
    "application/problem+json": False,
    "text/json": False,
    "multipart/form-data; boundary=x": False,
    "application/x-www-form-urlencoded": False,
    "json": False,
    ";": False,
}

# Addresses under which there is nothing.
NOWHERE = (
    "/v1/quotes/../../etc/passwd",
    "/v1/quotes/..%2f..%2fetc%2fpasswd",
    "/v1/quotes/%2e%2e/%2e%2e/etc/passwd",
    "/v1/quotes/%252e%252e%252fetc",
    "/v1/quotes/..%5c..%5cetc",
    "/v1/quotes/%00",
    "/v1/quotes/q_%00.json",
    "/v1/quotes/%ff%fe",
    "/v1/quotes/%",
    "/v1/quotes/" + "a" * 5000,
    "/v1/quotes/%0d%0aSet-Cookie:%20a=b",
    "/v1/quotes/q_'%20OR%20'1'='1",
    "/v1/quotes/%F0%9F%A5%91",
    "/v1/tables/..%2f..%2fsetup.cfg",
    "/v1/tables/../../setup.csv",
    "/v1/tables/..%2f..%2fsetup.csv",
    "/v1/tables/%00.csv",
    "/v1/sources/../meta",
    "/v1/rules/a%0Ab",
    "/v1/products/%E9%B3",
    "/v1/payment-rails/..",
    "/problems/..%2f..%2fapi",
    "/problems/NOT-FOUND",
    "/docs/..%2fdocs.py",
    "/docs/%2e%2e/api.py",
    "/.git/config",
    "/.env",
    "/%E2%80%AE",
)

# Headers that say nothing sensible: they are passed over, and the call is answered as without them.
ODD_HEADERS: tuple[tuple[str, str], ...] = (
    ("X-Request-Id", "%0d%0aSet-Cookie: a=b"),
    ("X-Request-Id", "a" * 5000),
    ("X-Request-Id", "<script>"),
    ("X-Request-Id", "\xff"),
    ("Accept-Language", "\xff\xfe"),
    ("Accept-Language", ",;=,;q=x,es;q=nan,*"),
    ("Accept-Language", "-".join(["es"] * 3000)),
    ("Accept-Language", ",".join(f"a{n};q=0.{n}" for n in range(3000))),
    ("If-None-Match", '"' + "a" * 10_000),
    ("If-None-Match", ",".join(['W/"a"'] * 5000)),
    ("If-None-Match", '\xff"'),
    ("If-Modified-Since", "yesterday"),
    ("If-Range", "x"),
    ("Range", "bytes=0-,0-,0-,0-"),
    ("Range", "bytes=99999999999999999999-"),
    ("Range", "lines=\xff"),
    ("Accept", "*/*;q=abc"),
    ("Accept", "application/json;q=1e999"),
    ("Accept", "application/json;q=nan, */*;q=inf"),
    ("Accept-Encoding", "\xff;q=9, gzip;q=x"),
    ("Cookie", "\xff=\xfe; a"),
    ("Host", "evil.example"),
    ("X-Forwarded-For", "\xff, 999.999.999.999"),
    ("X-HTTP-Method-Override", "DELETE"),
)
