"""GET /v1/quotes/{id}/declaration: a kept quote as the data that a declaration to China Customs asks for, JSON or XLSX."""

import hashlib
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Response, g, request
from werkzeug.exceptions import NotFound

from api.again import LANGUAGE_TOLD, reckoned_again
from api.caller import caller
from api.corrected import corrections_of_quote, with_mark
from api.corrected import told as told_marks
from api.decided import FORMS
from api.declaration_answer import Declarations
from api.declaration_document import DECLARATION
from api.examples import AVOCADO, EXAMPLE_ID
from api.later import DescribedLater, Later
from api.lookups import NOT_CHANGED, named_language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.pricing import price
from api.queries import read_query
from api.quote_files import HEADER, JSON, OF_QUOTES
from api.reading import Refused
from api.schemas import QuoteIn
from api.signed import SUPERSEDED
from api.store import Correction, Store
from api.writing import Json, json_bytes
from calculator.errors import Unpriceable
from tariffs.book import Book

XLSX = FORMS["xlsx"]
MEDIA_TYPES = (JSON, XLSX)
AID = "A preparation aid, not a declaration: every box with its source, or that it is left to the declarant."


def declaration_routes(book: Book, store: Store, schema: QuoteIn) -> DescribedLater:
    """The routes of sheets for declarations."""
    routes = DescribedLater(
        "declarations", "declarations", description="Quotes as data for a declaration to China Customs."
    )
    sheets = cache(lambda: Declarations(book.records))
    example = Later(lambda: _example(book, schema, sheets()))
    binary = {"schema": {"type": "string", "format": "binary"}, "example": "PK…"}

    @routes.before_request
    def parameters() -> None:
        if request.method != "OPTIONS":
            g.asked = read_query(language=named_language)

    def sheet(id: str) -> tuple[Json, tuple[Correction, ...]]:
        """The sheet of the caller's quote, in the language that the address names, and the corrections that supersede the quote.

        Raises NotFound, Deleted and Unpriceable.
        """
        kept = store.quote(id, caller().owner)
        if kept is None:
            raise NotFound
        said = g.asked.get("language", kept.language)
        quote = reckoned_again(kept, said, store, book.fx.currencies)
        if quote is None:
            raise Unpriceable("not_reckoned_again", "")
        document, marks = sheets().sheet(quote, kept.request, said, id), corrections_of_quote(store.engine, id)
        return document | ({SUPERSEDED: told_marks(marks)} if marks else {}), marks

    def published(suffix: str, operation: str, summary: str, **more: Any) -> Any:
        """Publish a view of a quote's sheet at one of its addresses."""
        asked = [LANGUAGE_TOLD, IF_NONE_MATCH, *REQUEST_HEADERS]

        def route(view: Any) -> Any:
            view = problems(routes, 404, 406, 410, 422)(view)
            view = routes.alt_response(304, description=NOT_CHANGED, success=True)(view)
            view = routes.response(200, **more)(view)
            view = routes.doc(
                operationId=operation,
                summary=summary,
                description=AID,
                parameters=asked,
                **({} if suffix else {"responses": {200: {"content": {XLSX: binary}}}}),
            )(view)
            return routes.route(
                f"{OF_QUOTES.address}/declaration{suffix}", methods=["GET"], parameters=[OF_QUOTES.described]
            )(view)

        return route

    told = {"schema": DECLARATION, "description": "The sheet", "example": example, "headers": HEADERS["kept_quote"]}

    @published("", "getDeclaration", "A quote as data for a declaration to China Customs", **told)
    def read(id: str) -> Response:
        wanted = request.accept_mimetypes.best_match(MEDIA_TYPES, JSON)
        response = _sent(*sheet(id), wanted, id)
        response.vary.add("Accept")
        return response

    @published(".json", "getDeclarationDocument", "The same as JSON, whatever Accept prefers", **told)
    def document(id: str) -> Response:
        return _sent(*sheet(id), JSON, id)

    @published(
        ".xlsx",
        "getDeclarationWorkbook",
        "The same as a workbook",
        schema=binary["schema"],
        content_type=XLSX,
        description="The sheet",
        example=binary["example"],
        headers=HEADER,
    )
    def file(id: str) -> Response:
        return _sent(*sheet(id), XLSX, id)

    return routes


def _sent(document: Json, marks: Iterable[Correction], form: str, id: str) -> Response:
    """A sheet in a form, with a validator of its own."""
    body = json_bytes(document) if form == JSON else _workbook(document)
    response = Response(body, content_type=form)
    response.content_language.add(document["language"])
    if form == XLSX:
        response.headers["Content-Disposition"] = f'attachment; filename="galeon-{id}-declaration.xlsx"'
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return with_mark(response, marks)


def _workbook(document: Json) -> bytes:
    # The library takes a while to come in, and few ask for it.
    from api.renderings.declaration_sheet import workbook

    return workbook(document)


def _example(book: Book, schema: QuoteIn, sheets: Declarations) -> Json:
    """The sheet of the first example; nothing where these tables do not know the good."""
    try:
        return sheets.sheet(price(schema.load(AVOCADO), book), AVOCADO, "en", EXAMPLE_ID)
    except (Refused, Unpriceable):
        return {}
