"""POST /v1/quotes and GET /v1/quotes/{id}: read, price, answer, keep.

An answer is written once; what is kept are its bytes, and they are what is given back for as long as the quote is kept.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from api.answers import answer
from api.examples import AVOCADO, EXAMPLE_ID, EXAMPLE_MOMENT, QUOTE_REQUESTS
from api.fields import Choice, Strict, refusals_of
from api.languages import language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, STORE, problems
from api.pricing import price
from api.reading import Refused, plain, read_json
from api.schemas import QuoteIn
from api.store import KeptQuote, Store
from calculator.errors import Unpriceable
from calculator.quote import ENGINE_VERSION, Quote
from calculator.request import QuoteRequest
from tariffs.book import Book

Clock = Callable[[], datetime]


class StrictParser(FlaskParser):
    """Bodies are read by our own reader, and only where they say that they are JSON."""

    def load_json(self, req: Any, schema: Any) -> Any:
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        g.document = read_json(req.get_data())
        return g.document


class Routes(Blueprint):
    """A blueprint whose arguments are read strictly."""

    ARGUMENTS_PARSER = StrictParser()


class KeepingIn(Strict):
    """How a quote is to be kept."""

    store = Choice("true", "false")

    def load(self, data: Any, **kwargs: Any) -> Any:
        """The parameters. Raises Refused."""
        try:
            return super().load(data, **kwargs)
        except ValidationError as error:
            raise Refused(refusals_of(error.messages, "?")) from None


@dataclass(frozen=True, slots=True)
class Priced:
    """A quote and its answer, as sent."""

    quote: Quote
    document: dict[str, Any]
    body: bytes


def answered(asked: QuoteRequest, book: Book, now: datetime, id: str | None = None) -> Priced:
    """The quote of a request as the bytes of its answer."""
    quote = price(asked, book)
    document = answer(quote, id=id, created_at=now, language=asked.language)
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Priced(quote, document, body)


def quote_routes(book: Book, store: Store, schema: QuoteIn, clock: Clock) -> Blueprint:
    """The routes of quotes."""
    example = _example(book, schema)
    routes = Routes("quotes", "quotes", description="The landed cost of a consignment, every step explained.")

    @routes.post("/v1/quotes")
    @routes.doc(operationId="createQuote", summary="Price a consignment", parameters=[STORE, *REQUEST_HEADERS])
    @routes.arguments(KeepingIn(), location="query")
    @routes.arguments(schema, examples=QUOTE_REQUESTS, description="The consignment, its terms and its day.")
    @routes.response(201, "Quote", description="Priced and kept", example=example, headers=HEADERS["created"])
    @routes.alt_response(200, schema="Quote", description="Priced, not kept", example=example, success=True)
    @problems(routes, 400, 406, 413, 415, 422)
    def create(keeping: dict[str, str], asked: QuoteRequest) -> Response:
        asked = replace(asked, language=language())
        now = clock().astimezone(UTC)
        if keeping.get("store") == "false":
            return _sent(answered(asked, book, now).body, 200, asked.language)
        id = f"q_{secrets.token_urlsafe(16)}"
        priced = answered(asked, book, now, id)
        store.save(_kept(id, now, priced))
        response = _sent(priced.body, 201, asked.language)
        response.location = f"/v1/quotes/{id}"
        response.autocorrect_location_header = False
        return response

    @routes.get("/v1/quotes/<id>")
    @routes.doc(operationId="getQuote", summary="A quote as it was given", parameters=[IF_NONE_MATCH, *REQUEST_HEADERS])
    @routes.response(200, "Quote", description="The same bytes as when made", example=example, headers=HEADERS["kept"])
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406)
    def read(id: str) -> Response:
        kept = store.quote(id)
        if kept is None:
            raise NotFound
        response = _sent(kept.quote, 200, kept.language)
        response.make_conditional(request)
        return response

    return routes


def _example(book: Book, schema: QuoteIn) -> dict[str, Any]:
    """The answer to the first example, priced with these tables; nothing where they do not know the good."""
    try:
        return answered(schema.load(AVOCADO), book, EXAMPLE_MOMENT, EXAMPLE_ID).document
    except (Refused, Unpriceable):
        return {}


def _kept(id: str, now: datetime, priced: Priced) -> KeptQuote:
    quote = priced.quote
    expires = priced.document.get("expires_at")
    return KeptQuote(
        id=id,
        created_at=now,
        expires_at=datetime.fromisoformat(expires) if expires else None,
        declared_on=quote.request.declared_on,
        regime=quote.plan.regime,
        language=quote.request.language,
        landed_cost_cny=quote.totals["landed_cost"],
        request=plain(g.document),
        quote=priced.body,
        release=quote.dossier.release,
        fx_release=quote.dossier.fx_release,
        engine_version=ENGINE_VERSION,
    )


def _sent(body: bytes, status: int, written_in: str) -> Response:
    response = Response(body, status, mimetype="application/json")
    response.content_language.add(written_in)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    return response
