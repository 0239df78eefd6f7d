"""Whether the server lives and what it computes with."""

import json

from flask import Response
from flask_smorest import Blueprint

from api.openapi import problems
from api.store import Store
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book


def health_routes(book: Book, store: Store) -> Blueprint:
    """GET /healthz."""
    routes = Blueprint("health", "health", description="Whether the server lives.")

    document = {
        "status": "ok",
        "engine_version": ENGINE_VERSION,
        "release": book.release,
    }

    def told() -> dict[str, str]:
        return {**document, "fx_release": book.fx_release}

    @routes.get("/healthz")
    @routes.doc(operationId="health", summary="Whether the server and its database answer")
    @routes.response(200, "Health", description="It lives", example=told())
    @problems(routes, 503)
    def health() -> Response:
        store.ready()
        response = Response(json.dumps(told()), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes
