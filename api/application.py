"""The Flask application: the routes together, what every request and every response has in common, and the specification."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotAcceptable
from werkzeug.routing import RequestRedirect

from api.docs import docs_routes
from api.errors import LONGEST_BODY, moved, problem, register_errors
from api.fields import Known
from api.fx import FORMS as FX_FORMS
from api.fx import fx_routes
from api.health import health_routes
from api.incoterms import incoterm_routes
from api.logistics import logistics_routes
from api.meta import meta_routes
from api.openapi import DocumentedApi, describe
from api.problems import problem_routes
from api.products import product_routes
from api.quotes import leave_unread, quote_routes
from api.rails import rail_routes
from api.regimes import regime_routes
from api.rules import rule_routes
from api.schemas import QuoteIn
from api.store import Store
from api.tariff_lines import Lookup, tariff_line_routes
from api.units import unit_routes
from tariffs.book import Book

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _Application(Flask):
    """Flask without coroutines: none of our functions is one, so that none is looked at before every call."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def application(known: Known, book: Book, store: Store, clock: Callable[[], datetime]) -> Flask:
    """Wire the routes over one book and one store."""
    app = _Application("api", static_folder=None)
    app.config.update(
        API_TITLE="Galeón",
        API_VERSION=_version(),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=LONGEST_BODY,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    register_errors(app)

    @app.errorhandler(OperationalError)
    def _away(exception: OperationalError) -> Response:
        app.logger.error("the database does not answer", exc_info=exception)
        return problem(503, "unavailable", headers={"Retry-After": "5"})

    @app.before_request
    def _received() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_urlsafe(12)
        if not request.path.startswith("/v1/") or request.path.endswith((".csv", ".atom", ".svg")):
            return
        forms = FX_FORMS if request.path == "/v1/fx" else ("application/json",)
        if request.accept_mimetypes and not any(request.accept_mimetypes[form] for form in forms):
            raise NotAcceptable

    @app.after_request
    def _answered(response: Response) -> Response:
        # Flask keeps its own redirects (a doubled slash) from the handlers of errors.
        if isinstance(request.routing_exception, RequestRedirect):
            response = moved(response.status_code, request.routing_exception.new_url)
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if response.calculate_content_length() == 0:
            response.headers.pop("Content-Type", None)
        if request.endpoint == "api-docs.openapi_json" and response.status_code == 200:
            response.add_etag()
            response.make_conditional(request)
        if response.status_code >= 400:
            leave_unread(request.environ)
        return response

    api = DocumentedApi(app)
    describe(api)
    api.register_blueprint(quote_routes(book, store, QuoteIn(known), clock))
    api.register_blueprint(meta_routes(book, known.today))
    lookup = Lookup(book.records)
    api.register_blueprint(tariff_line_routes(lookup, known.today))
    api.register_blueprint(product_routes(lookup))
    api.register_blueprint(regime_routes(book, known.today))
    api.register_blueprint(rule_routes(book))
    api.register_blueprint(logistics_routes(book.records))
    api.register_blueprint(rail_routes(book.records))
    api.register_blueprint(incoterm_routes(book.records))
    api.register_blueprint(unit_routes(book.records))
    api.register_blueprint(fx_routes(book, known.today))
    api.register_blueprint(problem_routes())
    api.register_blueprint(health_routes(book, store))
    app.register_blueprint(docs_routes())
    return app


def _version() -> str:
    try:
        return version("galeon")
    except PackageNotFoundError:
        return "0"
