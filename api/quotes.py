"""POST /v1/quotes, GET and DELETE /v1/quotes/{id}: read, price, answer, keep, delete.

An answer is written once; what is kept are its bytes, and they are what is given back for as long as the quote is kept.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint
from werkzeug.exceptions import NotFound

from api.again import LANGUAGE_TOLD, as_asked
from api.answers import answer
from api.bodies import Routes
from api.caller import caller
from api.candidates import offering
from api.carried import carried
from api.carried_document import CARRIED, CARRIED_EXAMPLE
from api.corrected import corrections_of_quote, with_mark
from api.cutting import FIELDS, cut, wanted
from api.dossier_json import DossierWriter
from api.erasing import erase
from api.errors import StillWorked
from api.examples import AVOCADO, EXAMPLE_ID, EXAMPLE_MOMENT, QUOTE_REQUESTS
from api.fields import Choice
from api.idempotency import claimed, given_key, key_of, sound
from api.languages import language
from api.later import Later
from api.lookups import named_language
from api.openapi import HEADERS, IF_NONE_MATCH, KEY, KEY_ASKED, REQUEST_HEADERS, STORE, in_path, problems
from api.pricing import price
from api.queries import needed, no_body, read_query
from api.quote_files import NEGOTIATED, OF_QUOTES, SUFFIXES, file_routes, in_another_form
from api.reading import Refused, plain
from api.schemas import QuoteIn
from api.signing import SigningKey
from api.store import ClaimLost, IdempotencyKey, KeptQuote, RowSet, Store
from api.writing import Json, json_bytes
from calculator.errors import Unpriceable
from calculator.quote import ENGINE_VERSION, Quote
from calculator.request import QuoteRequest
from tariffs.book import Book
from tariffs.rows_used import RowNames

STORED = Choice("true", "false")
Clock = Callable[[], datetime]


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
    return Priced(quote, document, json_bytes(document))


def quote_routes(
    book: Book, store: Store, schema: QuoteIn, clock: Clock, example: Later, signing: SigningKey | None
) -> Blueprint:
    """The routes of quotes; `example` is an answer to show in the specification, `signing` signs them as files."""
    writer, rows = DossierWriter(), RowNames(book.records)

    def keep(asked: QuoteRequest, now: datetime, key: IdempotencyKey | None = None, claim: str = "") -> KeptQuote:
        id = f"q_{secrets.token_urlsafe(16)}"
        with offering(asked, book):
            done = counted(answered(asked, book, now, id))
        dossier = writer.written(done.quote.dossier)
        used = RowSet.of(rows.of(done.quote))
        kept = _kept(id, now, done, dossier.hash, used.hash)
        store.save(kept, dossier, key, claim, used)
        return kept

    def marked(kept: KeptQuote) -> KeptQuote:
        """A quote that was kept before, with the corrections that supersede it."""
        return replace(kept, superseded_by=corrections_of_quote(store.engine, kept.id))

    def found(id: str) -> KeptQuote:
        """The caller's quote of this id, in the language that the address names. Raises NotFound and Deleted."""
        kept = store.quote(id, caller().owner)
        if kept is None:
            raise NotFound
        return as_asked(kept, g.asked, store, book.fx.currencies)

    routes = Routes("quotes", "quotes", description="The landed cost of a consignment, every step explained.")

    @routes.before_request
    def parameters() -> None:
        """Read what stands around the body before the body: nothing of it may be overlooked in silence."""
        if request.method == "OPTIONS":
            return
        if request.method == "POST":
            g.asked = read_query(store=STORED.read, fields=wanted)
            given_key()
        elif request.endpoint == "quotes.recover":
            g.asked = read_query(idempotency_key=sound, fields=wanted)
        elif request.endpoint in ("quotes.carry", "quotes.delete"):
            g.asked = read_query()
        else:
            g.asked = asked_of_kept()

    @routes.post("/v1/quotes")
    @routes.doc(
        operationId="createQuote", summary="Price a consignment", parameters=[STORE, FIELDS, KEY, *REQUEST_HEADERS]
    )
    @routes.arguments(schema, examples=QUOTE_REQUESTS, description="The consignment, its terms and its day.")
    @routes.response(201, "QuoteAnswer", description="Priced and kept", example=example, headers=HEADERS["created"])
    @routes.alt_response(200, schema="QuoteAnswer", description="Priced, not kept", example=example, success=True)
    @problems(routes, 400, 406, 409, 413, 415, 422)
    def create(asked: QuoteRequest) -> Response:
        if asked.language != (spoken := language()):
            asked = replace(asked, language=spoken)
        now = clock().astimezone(UTC)
        if g.asked.get("store") == "false":
            with offering(asked, book):
                done = counted(answered(asked, book, now))
            return _sent(done.body, 200, asked.language, kept=False)
        key = key_of(asked.language)
        if key is None:
            return _created(keep(asked, now))
        while True:
            claim = claimed(store, key, clock)
            if claim.kept is not None:
                return _created(marked(claim.kept))
            try:
                return _created(keep(asked, now, key, claim.ours))
            except ClaimLost:
                # We took so long that another call took over; its answer is the answer.
                continue
            except BaseException:
                store.give_up(key, claim.ours)
                raise

    @routes.get("/v1/quotes")
    @routes.doc(
        operationId="recoverQuote",
        summary="The quote that was asked under an idempotency key",
        parameters=[KEY_ASKED, FIELDS, IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(
        200, "QuoteAnswer", description="The quote, as when made", example=example, headers=HEADERS["kept_quote"]
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 409, 422)
    def recover() -> Response:
        needed(g.asked, idempotency_key="order-4711")
        claim = store.under(caller().owner, g.asked["idempotency_key"])
        if claim is None:
            raise NotFound
        if claim.kept is None:
            raise StillWorked
        return _kept_as_sent(marked(claim.kept))

    # As long as an id is, so that no file of a quote is taken for one.
    @routes.get(
        "/v1/quotes/<string(length=24):id>", parameters=[in_path("id", "The id of a quote that was kept.", EXAMPLE_ID)]
    )
    @routes.doc(
        operationId="getQuote",
        summary="A quote as it was given",
        parameters=[FIELDS, LANGUAGE_TOLD, IF_NONE_MATCH, *REQUEST_HEADERS],
        responses={200: {"content": NEGOTIATED}},
    )
    @routes.response(
        200, "QuoteAnswer", description="The same bytes as when made", example=example, headers=HEADERS["kept_quote"]
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 410, 422)
    def read(id: str) -> Response:
        kept = found(id)
        return in_the_form_asked(kept)

    @routes.delete("/v1/quotes/<string(length=24):id>", parameters=[OF_QUOTES.described])
    @routes.doc(
        operationId="deleteQuote",
        summary="Delete a quote, and what was asked for it",
        description=(
            "Its addresses, its shared ones among them, show nothing any more: 410 to its owner, 404 to others. Deleted again "
            "it is 204 again; the same request, asked again, is priced anew under another id."
        ),
    )
    @routes.response(204, description="It is deleted")
    @problems(routes, 400, 404, 406, 422)
    def delete(id: str) -> Response:
        no_body()
        if not erase(store.engine, id, caller().owner, clock().astimezone(UTC)):
            raise NotFound
        return Response(status=204)

    @routes.get("/v1/quotes/<id>.galeon.json", parameters=[OF_QUOTES.described])
    @routes.doc(
        operationId="getQuoteToCarry",
        summary="A quote with all that it rests on, to be reckoned again anywhere",
        description="`galeon verify` needs nothing but this file; for its signature, `/.well-known/galeon-keys.json`.",
        parameters=[IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(
        200,
        CARRIED,
        description="The request, the rows of law, the answer and their hashes",
        example=CARRIED_EXAMPLE | {"quote": example},
        headers=HEADERS["kept_quote"],
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 410, 422)
    def carry(id: str) -> Response:
        kept = found(id)
        dossier = None if kept.dossier is None else store.dossier(kept.dossier)
        if dossier is None:
            raise NotFound
        response = _sent(carried(kept, dossier, signing), 200, kept.language)
        response.headers["Content-Disposition"] = f'attachment; filename="galeon-{kept.id}.galeon.json"'
        response.make_conditional(request)
        return with_mark(response, kept.superseded_by)

    file_routes(routes, found, OF_QUOTES)
    return routes


def counted(priced: Priced) -> Priced:
    """Leave what kind of quote was made for the metrics."""
    g.quoted = (priced.quote.regime, priced.quote.outcome.status)
    return priced


def asked_of_kept() -> dict[str, Any]:
    """What is asked of a kept quote: its language, and of the JSON which parts. Raises Refused."""
    if request.path.endswith(SUFFIXES):
        return read_query(language=named_language)
    return read_query(fields=wanted, language=named_language)


def in_the_form_asked(kept: KeptQuote) -> Response:
    """A kept quote as JSON, or in the form that the client prefers."""
    response = in_another_form(kept) or _kept_as_sent(kept)
    response.vary.add("Accept")
    return response


def _kept_as_sent(kept: KeptQuote) -> Response:
    response = _sent(kept.quote, 200, kept.language)
    response.make_conditional(request)
    return with_mark(response, kept.superseded_by)


def _created(kept: KeptQuote) -> Response:
    response = _sent(kept.quote, 201, kept.language)
    response.location = f"/v1/quotes/{kept.id}"
    response.autocorrect_location_header = False
    return with_mark(response, kept.superseded_by)


def example_answer(book: Book, schema: QuoteIn) -> Later:
    """The answer to the first example, priced with these tables; nothing where they do not know the good."""

    def answer() -> Json:
        try:
            return answered(schema.load(AVOCADO), book, EXAMPLE_MOMENT, EXAMPLE_ID).document
        except (Refused, Unpriceable):
            return {}

    return Later(answer)


def _kept(id: str, now: datetime, priced: Priced, dossier: str, rows_used: str) -> KeptQuote:
    quote = priced.quote
    expires = priced.document.get("expires_at")
    return KeptQuote(
        id=id,
        created_at=now,
        expires_at=datetime.fromisoformat(expires) if expires else None,
        declared_on=quote.request.declared_on,
        regime=quote.regime,
        language=quote.request.language,
        landed_cost_cny=quote.totals["landed_cost"],
        request=plain(g.document),
        quote=priced.body,
        release=quote.dossier.release,
        fx_release=quote.dossier.fx_release,
        engine_version=ENGINE_VERSION,
        owner=caller().owner,
        dossier=dossier,
        rows_used=rows_used,
    )


def _sent(whole: bytes, status: int, written_in: str, kept: bool = True) -> Response:
    """An answer, or the part of it that `fields` names, each with a validator of its own where it can be asked again."""
    body = cut(whole, g.asked.get("fields"))
    headers = {"Content-Language": written_in, "Cache-Control": "private, no-cache" if kept else "no-store"}
    if kept:
        headers["ETag"] = f'"{_hash(body)}"'
    return Response(body, status, headers, mimetype="application/json")


def _hash(body: bytes) -> str:
    """The hash that a client may ask by; BLAKE2 takes half the time of SHA-256, and answers are long."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
