"""Which pages of other sites may read our answers: those of origins that were registered with a key, each by its exact name.

There is no wildcard with keys, and no credentials of the browser's own are taken. Without keys the pages of this machine may
call, and no others.
"""

from flask import Response

METHODS = "GET, HEAD, POST, DELETE, OPTIONS"
TAKEN = (
    "Accept-Language, Authorization, Content-Type, Idempotency-Key, If-None-Match, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, "
    "X-Request-Id"
)
GIVEN = (
    "Deprecation, ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Sunset, Superseded-By-Correction, WWW-Authenticate, "
    "X-Problem-Count, X-Request-Id, X-Total-Count"
)
# Seconds for which a browser need not ask again.
REMEMBERED = "600"


def preflight() -> Response:
    """What a page of an allowed origin may send; the origin itself is added to every answer alike."""
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = TAKEN
    response.headers["Access-Control-Max-Age"] = REMEMBERED
    return response


def let_read(response: Response, origin: str) -> None:
    """Let pages of an origin read the answer."""
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = GIVEN


def vary(response: Response, names: str) -> None:
    """Say that the answer depends on these headers too."""
    response.headers["Vary"] = ", ".join([*response.headers.getlist("Vary"), names])
