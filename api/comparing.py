"""POST /v1/comparisons: one request in many scenarios, side by side. Nothing is kept."""

from dataclasses import replace

from flask import Response, g

from api import comparison_document as documented
from api.bodies import Routes
from api.candidates import offering
from api.comparison_answer import answer, picture, table, workbook
from api.comparison_schemas import Comparison, ComparisonIn
from api.decided import Answers, content, example_of, in_form, reads_form
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.schemas import QuoteIn
from api.writing import Json
from calculator.comparing import compared
from tariffs.book import Book


def comparison_routes(book: Book, schema: QuoteIn) -> Routes:
    """The route of comparisons."""
    routes = Routes("comparisons", "comparisons", description="One shipment in many scenarios, side by side.")

    reads_form(routes, documented.FORMATS)

    reader, answers = ComparisonIn(schema), Answers(book, schema.known.today)

    example = example_of(reader, documented.ASKED, lambda asked: compared_document(asked, book, "en"))

    @routes.post("/v1/comparisons")
    @routes.doc(
        operationId="compareScenarios",
        summary="Compare a consignment in up to 200 scenarios",
        description="Every combination of what `vary` holds is priced; open ones come first, by landed cost.",
        parameters=[documented.FORMAT_ASKED, *REQUEST_HEADERS],
        responses=content(documented.FORMATS),
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The consignment and what varies.")
    @routes.response(200, documented.COMPARISON, description="The scenarios", example=example)
    @problems(routes, 400, 406, 413, 415, 422)
    def compare(asked: Comparison) -> Response:
        spoken, form = language(), g.asked.get("format", "json")
        return answers.sent(
            lambda: compared_document(asked, book, spoken),
            lambda document: written(document, form, spoken),
            form,
            spoken,
            "comparison",
        )

    return routes


def compared_document(asked: Comparison, book: Book, spoken: str) -> Json:
    """The answer to a comparison. Raises Unpriceable where none of its scenarios can be priced, for one reason."""
    requests = [each if each.language == spoken else replace(each, language=spoken) for each in asked.requests]
    with offering(requests[0], book):
        return answer(compared(requests, book.dossiers), asked, spoken)


def written(document: Json, form: str, spoken: str) -> bytes:
    """A comparison in one of its forms."""
    return in_form(document, form, spoken, table, workbook, picture)
