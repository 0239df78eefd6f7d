"""What is known of every call when it is over: its id, its route, how it went and how long it took.

Logs and metrics are told of it once, at the very end. A call is described by the pattern of its route and never by its own
address, its query, its headers or its body: what a client sent stays with the client.
"""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Any, NamedTuple

from flask import Flask, Request, Response, g, request

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# A method is a word of the client's; those that HTTP does not know are told as one.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
OTHER, UNMATCHED = "OTHER", "unmatched"
_PARAMETER = re.compile(r"<(?:[^<>]*:)?([^<>:]+)>")


class Call(NamedTuple):
    """One call that was answered.

    `route` is a pattern such as /v1/quotes/{id}, "unmatched" where no route fits. `seconds` count from when its route was
    found to when its answer was whole; `received` and `sent` are bytes of bodies. `problem` is the type of the problem
    that it was answered with, also in the place of a cell's value, `key_id` the name of the caller's key and `quoted` the
    regime and the outcome of the quote that was made for it; each "" or None where there is none.
    """

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    received: int
    sent: int
    problem: str
    key_id: str
    client: str
    quoted: tuple[str, str] | None


def register_calls(app: Flask, *told: Callable[[Call], None]) -> None:
    """Give every call an id, and tell of it when it is over. To be registered first: then nothing comes after the telling."""

    @app.before_request
    def begun() -> None:
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        g.began = perf_counter()
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_urlsafe(12)

    @app.after_request
    def ended(response: Response) -> Response:
        # Every look through a proxy costs, and this is done for every call.
        call = _call(request._get_current_object(), g._get_current_object(), response)  # type: ignore[attr-defined]
        response.headers["X-Request-Id"] = call.request_id
        for tell in told:
            tell(call)
        return response


def method() -> str:
    """The method of the request, where HTTP knows it."""
    return request.method if request.method in METHODS else OTHER


def route() -> str:
    """The pattern of the route that the request takes."""
    rule = request.url_rule
    return UNMATCHED if rule is None else _pattern(rule.rule)


@lru_cache(maxsize=1024)
def _pattern(rule: str) -> str:
    """Werkzeug's pattern as the specification writes it."""
    return _PARAMETER.sub(r"{\1}", rule)


def _call(asked: Request, known: Any, response: Response) -> Call:
    status, rule = response.status_code, asked.url_rule
    bare = asked.method == "HEAD" or status == 304 or not response.is_sequence
    return Call(
        request_id=known.get("request_id", ""),
        method=asked.method if asked.method in METHODS else OTHER,
        route=UNMATCHED if rule is None else _pattern(rule.rule),
        status=status,
        seconds=perf_counter() - known.get("began", perf_counter()),
        received=asked.content_length or 0,
        sent=0 if bare else response.calculate_content_length() or 0,
        problem=known.get("problem", ""),
        key_id=getattr(known.get("caller"), "key_id", "") or "",
        client=asked.remote_addr or "",
        quoted=known.get("quoted") if status < 400 else None,
    )
