"""Files of rows as the specification has them: what may stand in the address, and what goes in and comes out."""

from typing import Any

from api.batch_bodies import MEDIA_TYPES
from api.documents import listed, text
from api.queries import LONGEST_TEXT

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
