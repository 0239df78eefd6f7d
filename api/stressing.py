"""POST /v1/sensitivities: what moved figures, and earlier months, make of a landed cost. Nothing is kept."""

from dataclasses import replace

from flask import Response, g, request

from api import stress_document as documented
from api.bodies import Routes
from api.candidates import offering
from api.decided import Answers, content, example_of
from api.fields import Choice
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.queries import read_query
from api.schemas import QuoteIn
from api.stress_answer import answer, history_picture, history_table, picture, table
from api.stress_schemas import SensitivityIn, Stressed
from api.writing import Json, json_bytes
from calculator.errors import Unreadable
from tariffs.book import Book

FORMAT, PART = Choice(*documented.FORMATS), Choice(*documented.PARTS)


def sensitivity_routes(book: Book, schema: QuoteIn) -> Routes:
    """The route of sensitivities."""
    routes = Routes("sensitivities", "sensitivities", description="How the landed cost answers to shocks and to time.")
    reader, answers = SensitivityIn(schema), Answers(book, schema.known.today)

    @routes.before_request
    def parameters() -> None:
        if request.method != "OPTIONS":
            g.asked = read_query(format=FORMAT.read, part=PART.read)

    example = example_of(reader, documented.ASKED, lambda asked: stressed_document(asked, book, "en"))

    @routes.post("/v1/sensitivities")
    @routes.doc(
        operationId="stressLandedCost",
        summary="What shocks and earlier months make of a landed cost",
        description="Each shock moves one figure and is reckoned like a quote; a grid moves two.",
        parameters=[documented.FORMAT_ASKED, documented.PART_ASKED, *REQUEST_HEADERS],
        responses=content(documented.FORMATS),
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The consignment and what is moved.")
    @routes.response(200, documented.SENSITIVITY, description="The answers", example=example)
    @problems(routes, 400, 406, 413, 415, 422)
    def stress(asked: Stressed) -> Response:
        spoken = language()
        form, part = g.asked.get("format", "json"), g.asked.get("part", "shocks")
        return answers.sent(
            lambda: stressed_document(asked, book, spoken),
            lambda document: written(document, form, part, spoken),
            form,
            spoken,
            part,
        )

    return routes


def stressed_document(asked: Stressed, book: Book, spoken: str) -> Json:
    """The answer to what is stressed. Raises Unpriceable where the consignment itself cannot be priced."""
    request = replace(asked.request, language=spoken)
    with offering(request, book):
        return answer(replace(asked, request=request), book, spoken)


def written(document: Json, form: str, part: str, spoken: str) -> bytes:
    """The answer in one of its forms. Raises Unreadable for a history that was not asked."""
    if form == "json":
        return json_bytes(document)
    if part == "history" and "history" not in document:
        raise Unreadable("missing_field", "/history", ('{"years": 5}',))
    if form == "csv":
        return table(document) if part == "shocks" else history_table(document)
    return (picture if part == "shocks" else history_picture)(document, spoken).svg().encode()
