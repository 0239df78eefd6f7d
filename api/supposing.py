"""POST /v1/what-if: what changed rows of the law would do to a basket. Nothing is kept, and no table is changed."""

from flask import Response, g

from api import suppose_document as documented
from api.bodies import Routes
from api.decided import Answers, content, example_of, reads_form
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.schemas import QuoteIn
from api.suppose_answer import answer, table, workbook
from api.suppose_schemas import Question, WhatIfIn
from api.writing import Json, json_bytes
from tariffs.book import Book


def what_if_routes(book: Book, schema: QuoteIn) -> Routes:
    """The route of changes to the law."""
    routes = Routes("what-if", "what-if", description="What a changed law would do to a basket of consignments.")
    reader, answers = WhatIfIn(schema), Answers(book, schema.known.today)

    reads_form(routes, documented.FORMATS)

    example = example_of(reader, documented.ASKED, lambda asked: answer(asked, book, "en"))

    @routes.post("/v1/what-if")
    @routes.doc(
        operationId="supposeLaw",
        summary="What changed rows of the tariff would do to a basket",
        description=(
            "Each request is priced as the law is and as it would be. A supposed rate of an agreement is reckoned as if its "
            "proof of origin were held."
        ),
        parameters=[documented.FORMAT_ASKED, *REQUEST_HEADERS],
        responses=content(documented.FORMATS),
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The changes and the basket.")
    @routes.response(200, documented.WHAT_IF, description="Before and after", example=example)
    @problems(routes, 400, 406, 413, 415, 422)
    def suppose(asked: Question) -> Response:
        spoken, form = language(), g.asked.get("format", "json")
        return answers.sent(
            lambda: answer(asked, book, spoken), lambda document: written(document, form), form, spoken, "what-if"
        )

    return routes


def written(document: Json, form: str) -> bytes:
    """The answer in one of its forms."""
    return {"csv": table, "xlsx": workbook}.get(form, json_bytes)(document)
