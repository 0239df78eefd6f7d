"""Which pages of other sites may read our answers: those of origins that were registered with a key, each by its exact name.

There is no wildcard with keys, and no credentials of the browser's own are taken. Without keys the pages of this machine may
call, and no others.
"""

from collections.abc import Callable

from flask import Response, request

METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
TAKEN = "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id"
GIVEN = "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id"
# Seconds for which a browser need not ask again.
REMEMBERED = "600"


def is_preflight() -> bool:
    """Whether a browser asks what it may send, before it sends it."""
    headers = request.headers
    return request.method == "OPTIONS" and "Origin" in headers and "Access-Control-Request-Method" in headers


def preflight() -> Response:
    """What a page of an allowed origin may send; the origin itself is added to every answer alike."""
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = TAKEN
    response.headers["Access-Control-Max-Age"] = REMEMBERED
    return response


def let_read(response: Response, allowed: Callable[[str], bool]) -> None:
    """Let the page that asks read the answer, where its origin is allowed."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin and allowed(origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = GIVEN
