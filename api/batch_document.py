"""Files of rows as the specification has them: what may stand in the address, and what goes in and comes out."""

from typing import Any

from api.batch_reading import LONGEST_COLUMNS
from api.batches.names import MEDIA_TYPES
from api.documents import listed
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
    "schema": {"type": "string", "maxLength": LONGEST_COLUMNS},
    "example": "Ware=product;Bemerkung=",
}
SHEET = {
    "name": "sheet",
    "in": "query",
    "description": "The sheet of a workbook; left out, the first whose headings do.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    "example": "Pedidos",
}
COUNTED = {
    name: {"description": description, "schema": {"type": "string"}}
    for name, description in (
        ("X-Total-Count", "How many rows there are."),
        ("X-Problem-Count", "How many of them have a problem."),
    )
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
SENT = f"{','.join(ASKED)}\r\n{','.join(ASKED.values())}\r\n"


def sent() -> dict[str, Any]:
    """The forms in which a file may be sent, with examples of those that can be read by people."""
    examples = {"csv": SENT, "json": [ASKED]}
    return {
        media_type: {**_content(form), **_examples(examples[form])} if form in examples else _content(form)
        for form, media_type in MEDIA_TYPES.items()
    }


def answered() -> dict[str, Any]:
    """The forms in which it comes back."""
    content = {media_type: _content(form) for form, media_type in MEDIA_TYPES.items()}
    content[MEDIA_TYPES["json"]]["example"] = [ASKED | TOLD]
    return content


def _content(form: str) -> dict[str, Any]:
    rows = listed({"type": "object"}, "An object for each row.")
    return {"schema": rows if form == "json" else {"type": "string", "format": "binary"}}


def _examples(value: object) -> dict[str, Any]:
    return {"examples": {"avocado": {"summary": "A consignment of avocados", "value": value}}}
