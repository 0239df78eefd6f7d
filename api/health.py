"""Whether the server lives, whether it can work, and what it computes with."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response

from api.away import AGAIN
from api.database import HEAD
from api.errors import problem
from api.freshness import expiring
from api.health_document import READINESS, READINESS_EXAMPLE
from api.later import DescribedLater
from api.openapi import problems
from api.readiness import Readiness
from api.store import Store
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book


def health_routes(book: Book, store: Store, today: Callable[[], date], not_taken: Callable[[], str]) -> DescribedLater:
    """GET /healthz and /readyz; `today` is the day in Shanghai, `not_taken` why a release that is meant to serve does not."""
    routes = DescribedLater("health", "health", description="Whether the server lives, and whether it can work.")
    readiness = Readiness(store)

    def told(status: str) -> dict[str, str]:
        releases = {"release": book.release, "fx_release": book.fx_release}
        return {"status": status, "engine_version": ENGINE_VERSION, **releases}

    @routes.get("/healthz")
    @routes.doc(operationId="health", summary="Whether the server lives; nobody else is asked")
    @routes.response(200, "Health", description="It lives", example=told("ok"))
    def health() -> Response:
        return _sent(told("ok"))

    @routes.get("/readyz")
    @routes.doc(
        operationId="readiness", summary="Whether the database answers with the right tables, and what soon expires"
    )
    @routes.response(200, READINESS, description="It can work", example=READINESS_EXAMPLE)
    @problems(routes, 503)
    def ready() -> Response:
        if missing := readiness.missing():
            return problem(503, "unavailable", missing, AGAIN)
        state = {"revision": HEAD, "release_not_taken": not_taken() or None, "expiring": expiring(book, today())}
        return _sent({**told("ready"), **state})

    return routes


def _sent(document: Mapping[str, Any]) -> Response:
    response = Response(json.dumps(document), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
