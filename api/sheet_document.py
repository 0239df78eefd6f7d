"""What /v1/sheet/… takes and gives, as the specification has it: every flat name once, shared by all addresses of cells."""

from typing import Any

from api.cells import MEANINGS
from api.flat_names import FLAT_NAMES, FlatName
from api.languages import LANGUAGES

Json = dict[str, Any]
DECIMALS, ERRORS, TRUE_FALSE = ("point", "comma"), ("text", "status"), ("true", "false")


def _flat(flat: FlatName) -> Json:
    return {
        "name": flat.name,
        "in": "query",
        "description": f"`{flat.pointer}` of a request; also `{flat.short}`, `{flat.es[0]}`, `{flat.zh[0]}`.",
        "schema": {"type": "string"},
        "example": flat.example,
    }


def _own(name: str, description: str, choices: tuple[str, ...], example: str) -> Json:
    schema = {"type": "string", "enum": list(choices)}
    return {"name": name, "in": "query", "description": description, "schema": schema, "example": example}


QUOTE = {
    "name": "quote",
    "in": "query",
    "description": "The id of a kept quote, in place of everything that describes one.",
    "schema": {"type": "string", "pattern": "^q_[A-Za-z0-9_-]{1,100}$"},
    "example": "q_2lUXUYoF5qmHkRWvPYyE3w",
}
OWN = {
    "lang": _own("lang", "The language of errors.", LANGUAGES, "es"),
    "decimal": _own(
        "decimal", "The decimal sign of the answer; what is asked is written with the point.", DECIMALS, "comma"
    ),
    "errors": _own("errors", "`status`: errors are problems with their true status, not texts.", ERRORS, "text"),
    "quote": QUOTE,
}
TRANSPOSE = _own("transposed", "`true`: a row for each field, its name and its value.", TRUE_FALSE, "true")
# As they are shared in the specification, by name.
SHARED = {f"flat_{flat.name}": _flat(flat) for flat in FLAT_NAMES} | {
    f"sheet_{name}": each for name, each in OWN.items()
}
FIELD = "; ".join(f"`{name}`: {told}" for name, told in MEANINGS.items())
KEY = "A sheet key: read-only, for cells alone."
NOTE = "A problem is answered with 200 and a text that begins with `#`, never kept, since a cell shows nothing of another status."
EXAMPLES = {
    "text": "364556.24",
    "csv": "landed_cost,landed_cost_per_unit,unit,…\r\n364556.24,18083.1468,t,…\r\n",
    "xml": '<?xml version="1.0" encoding="UTF-8"?><quote><landed_cost>364556.24</landed_cost>…</quote>',
}
HEADERS = {"X-Request-Id": {"description": "The id of this call.", "schema": {"type": "string"}}}
