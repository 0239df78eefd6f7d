"""POST /v1/batches: a file of rows comes back priced, in the form in which it was sent.

A row that cannot be priced says why and goes through with the rest; a file that cannot be read is refused before anything is
answered. Nothing is kept.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Response, g, request

from api.batch_bodies import MEDIA_TYPES, form_of, laid_aside
from api.bodies import Routes
from api.documents import listed, text
from api.fields import Choice
from api.languages import language
from api.openapi import REQUEST_HEADERS, problems
from api.queries import LONGEST_TEXT, read_query, words
from api.reading import LONGEST_ECHO, Refused
from api.schemas import QuoteIn
from calculator.errors import Unreadable
from tariffs.book import Book

if TYPE_CHECKING:
    import pyarrow as pa

    from api.batches.forms import Form, Table

# Rows of one answer.
MOST_ROWS = 10_000
# The name that problems of a file tell it by.
FILE = "rows"
FORMAT = Choice(*MEDIA_TYPES)
FORMAT_ASKED = {
    "name": "format",
    "in": "query",
    "description": "The form of the file, where Content-Type does not say so.",
    "schema": {"type": "string", "enum": list(MEDIA_TYPES)},
    "example": "csv",
}
COLUMNS = {
    "name": "columns",
    "in": "query",
    "description": (
        "What headings stand for, where they do not say so themselves: `HEADING=name` with semicolons between them; "
        "`HEADING=` for a column of your own."
    ),
    "schema": {"type": "string", "maxLength": LONGEST_TEXT},
    "example": "Ware=product;Bemerkung=",
}
SHEET = {
    "name": "sheet",
    "in": "query",
    "description": "The sheet of a workbook; left out, the first whose headings do.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    "example": "Pedidos",
}
ASKED = {
    "product": "avocado-fresh",
    "quantity": "20.16 t",
    "price": "40000",
    "currency": "USD",
    "per": "total",
    "freight": "6200",
    "fx": "USD/CNY:6.7628",
    "declared_on": "2026-11-23",
}
TOLD = {"customs_value": "313378.68", "taxes": "52114.88", "landed_cost": "364556.24"}
SENT, ANSWERED = (f"{','.join(row)}\r\n{','.join(row.values())}\r\n" for row in (ASKED, ASKED | TOLD))


def batch_routes(book: Book, schema: QuoteIn) -> Routes:
    """The route of files of rows."""
    routes = Routes("batches", "batches", description="Files of rows, a line of goods in each, priced at once.")

    @routes.before_request
    def parameters() -> None:
        if request.method != "OPTIONS":
            g.asked = read_query(format=FORMAT.read, columns=meant, sheet=words)

    @routes.post("/v1/batches")
    @routes.doc(
        operationId="priceRows",
        summary="Price a file of rows",
        parameters=[FORMAT_ASKED, COLUMNS, SHEET, *REQUEST_HEADERS],
        requestBody={"required": True, "content": documented(SENT, ASKED, "examples")},
    )
    @routes.response(200, description="The same rows, and their results in columns after your own")
    @routes.doc(responses={200: {"content": documented(ANSWERED, ASKED | TOLD)}})
    @problems(routes, 400, 406, 413, 415, 422)
    def price_rows() -> Response:
        form = form_of(request, g.asked.get("format"))
        with laid_aside(request, FILE) as path:
            body = priced(book, schema, form, path, g.asked)
        response = Response(body, 200, {"Cache-Control": "no-store", "Content-Language": language()})
        response.mimetype = form.media_type
        return response

    return routes


def documented(example: str, row: dict[str, str], shown: str = "example") -> dict[str, Any]:
    """The forms of files as the specification has them; what a CSV and an array look like is `shown`, as one or by name."""
    content: dict[str, Any] = {
        each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES.values()
    }
    told: dict[str, Any] = {"csv": example, "json": [row]}
    if shown == "examples":
        told = {
            form: {"avocado": {"summary": "A consignment of avocados", "value": each}} for form, each in told.items()
        }
    content[MEDIA_TYPES["csv"]] = {"schema": text(), shown: told["csv"]}
    content[MEDIA_TYPES["json"]] = {
        "schema": listed({"type": "object"}, "An object for each row."),
        shown: told["json"],
    }
    return content


def meant(said: str) -> dict[str, str]:
    """What headings stand for, by the headings."""
    found = {}
    for piece in filter(None, (each.strip() for each in words(said).split(";"))):
        heading, sign, name = piece.rpartition("=")
        if not sign:
            raise Unreadable("wrong_form", "", ("Ware=product",), text=piece[:LONGEST_ECHO])
        found[heading] = name.strip()
    return found


def priced(book: Book, schema: QuoteIn, form: "Form", path: Path, asked: dict[str, Any]) -> bytes:
    """The answer to a file. Raises Refused for one that cannot be read, whose columns do not do, or that is too long."""
    from api.batches.consignments import Pricing
    from api.batches.forms import BrokenFile, opened
    from api.batches.pricing import Run

    try:
        with opened(_of_sheet(form, asked.get("sheet")), path) as table:
            run = Run(Pricing(book, schema, language()), table.schema, _known(asked.get("columns", {}), table))
            answer = io.BytesIO()
            form.write(answer, run.schema, run.answers(_few(table.batches)), table.manner)
            return answer.getvalue()
    except BrokenFile as error:
        raise Refused([Unreadable("file_not_read", "", (), why=f"{error}")]) from None


def _of_sheet(form: "Form", sheet: str | None) -> "Form":
    """The form, of one sheet where the address names one."""
    if sheet is None:
        return form
    from api.batches.workbooks.sheet import SHEETS, of_sheet

    found = of_sheet(form, sheet)
    if found is None:
        raise Refused([Unreadable("sheet_of_no_workbook", "?/sheet", SHEETS)])
    return found


def _known(said: dict[str, str], table: "Table") -> dict[str, str]:
    """What headings stand for, of headings that are there."""
    unknown = [each for each in said if each not in table.schema.names]
    if unknown:
        facts = {"text": unknown[0][:LONGEST_ECHO]}
        raise Refused([Unreadable("no_such_heading", "?/columns", table.schema.names[:20], **facts)])
    return said


def _few(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    """The batches, as long as their rows are not too many for one answer."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if rows > MOST_ROWS:
            raise Refused([Unreadable("too_many_rows", "", (), most=MOST_ROWS)])
        yield batch
