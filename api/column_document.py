"""What is understood of a file's headings as JSON, and as the specification has it."""

from typing import TYPE_CHECKING, Any

from api.batches.layout import SHIPMENT
from api.documents import WRONG, listed, nullable, record, text
from api.errors import error
from api.flat_names import FLAT_NAMES
from api.wording import Wording

if TYPE_CHECKING:
    from api.batches.understood import Understood

UNDERSTOOD = record(
    {
        "columns": listed(
            record(
                {
                    "heading": text("As it stands in the file."),
                    "known": {
                        "type": "boolean",
                        "description": "Whether it stands for anything; what does not is your own.",
                    },
                    "name": nullable(text("What it stands for, as `?columns=` names it.")),
                    "title": nullable(text("The usual word for that in your language.")),
                    "samples": listed({"type": "string"}, "Some of the first values."),
                }
            ),
            "Your columns, in their order.",
        ),
        "missing": listed(
            listed({"type": "string"}, "Names of which one is enough."), "What every row must say and no column does."
        ),
        "names": listed(
            record({"name": text("As `?columns=` names it."), "title": text("The usual word in your language.")}),
            "All that a column may stand for.",
        ),
        "errors": listed(WRONG, "Why the file would be refused; empty where it may be priced."),
    },
    title="Columns",
    description="What is understood of a file of rows before it is priced.",
)
EXAMPLE_UNDERSTOOD = {
    "columns": [
        {"heading": "Cantidad", "known": True, "name": "quantity", "title": "quantity", "samples": ["20.16 t"]},
        {"heading": "Ware", "known": False, "name": None, "title": None, "samples": ["avocado-fresh"]},
    ],
    "missing": [["price"], ["currency"], ["product", "hs_code", "fraccion", "description"]],
    "names": [{"name": "product", "title": "product"}, {"name": "hs_code", "title": "hs code"}],
    "errors": [
        {
            "pointer": "",
            "code": "columns_missing",
            "detail": (
                "Every row needs columns that are not there: price, currency, product / hs_code / fraccion / description. "
                "Found: Cantidad, Ware. Allowed: price, currency, product / hs_code / fraccion / description."
            ),
            "allowed": ["price", "currency", "product / hs_code / fraccion / description"],
        }
    ],
}


def told_of_columns(found: "Understood", language: str) -> dict[str, Any]:
    """What was understood, as it is answered."""
    wording = Wording.of(language)
    columns = [
        {
            "heading": each.heading,
            "known": each.flat is not None,
            "name": None if each.flat is None else each.flat.name,
            "title": None if each.flat is None else each.flat.title(language),
            "samples": list(each.samples),
        }
        for each in found.columns
    ]
    return {
        "columns": columns,
        "missing": [list(each) for each in found.missing],
        "names": [{"name": each.name, "title": each.title(language)} for each in (*FLAT_NAMES, SHIPMENT)],
        "errors": [error(each, wording) for each in found.refusals],
    }
