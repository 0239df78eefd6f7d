"""POST /v1/calendars: the landed cost on the first day of each month behind and ahead. Nothing is kept."""

from dataclasses import replace

from flask import Response, g

from api import calendar_document as documented
from api.bodies import Routes
from api.calendar_answer import answer, picture, table, workbook
from api.calendar_schemas import Calendar, CalendarIn
from api.candidates import offering
from api.decided import Answers, content, example_of, in_form, reads_form
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.schemas import QuoteIn
from api.writing import Json
from tariffs.book import Book


def calendar_routes(book: Book, schema: QuoteIn) -> Routes:
    """The route of calendars."""
    routes = Routes("calendars", "calendars", description="The landed cost month by month, behind and ahead.")
    reader, answers = CalendarIn(schema), Answers(book, schema.known.today)

    reads_form(routes, documented.FORMATS)

    example = example_of(reader, documented.ASKED, lambda asked: calendar_told(asked, book, "en"))

    @routes.post("/v1/calendars")
    @routes.doc(
        operationId="calendarOfCost",
        summary="The landed cost month by month, behind and ahead",
        description="The consignment is declared on each month's first day: at the law and the rates of then, or ahead at "
        "announced law and held exchange rates.",
        parameters=[documented.FORMAT_ASKED, *REQUEST_HEADERS],
        responses=content(documented.FORMATS),
    )
    @routes.arguments(reader, examples=documented.ASKED, description="The consignment and the months.")
    @routes.response(200, documented.CALENDAR, description="The months", example=example)
    @problems(routes, 400, 406, 413, 415, 422)
    def calendar(asked: Calendar) -> Response:
        spoken, form = language(), g.asked.get("format", "json")
        return answers.sent(
            lambda: calendar_told(asked, book, spoken),
            lambda document: written(document, form, spoken),
            form,
            spoken,
            "calendar",
        )

    return routes


def calendar_told(asked: Calendar, book: Book, spoken: str) -> Json:
    """The answer to what is asked. Raises Unpriceable where no month can be priced, whatever its day."""
    request = replace(asked.request, language=spoken)
    with offering(request, book):
        return answer(replace(asked, request=request), book, spoken)


def written(document: Json, form: str, spoken: str) -> bytes:
    """A calendar in one of its forms."""
    return in_form(document, form, spoken, lambda told, _: table(told), lambda told, _: workbook(told), picture)
