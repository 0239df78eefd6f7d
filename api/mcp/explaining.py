"""One step of a quote by itself: as the quote has it, and which other steps lean on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from api.mcp.schemas import Schemas
from api.trail import Figure
from api.writing import Json
from calculator.errors import Unreadable

Step = Mapping[str, Any]


def explained(quote: Json, code: str, line: int | None) -> Json:
    """The steps of a code, of one line of goods where one is named. Raises Unreadable where there is none."""
    steps = quote["steps"]
    of_line = [each for each in steps if line is None or each["goods"] == line]
    found = [each for each in of_line if each["code"] == code]
    if not found:
        if line is not None and any(each["code"] == code for each in steps):
            lines = sorted({each["goods"] for each in steps if each["code"] == code and each["goods"] is not None})
            raise Unreadable("step_of_other_lines", "/goods", map(str, lines), step=code)
        raise Unreadable("unknown_step", "/step", dict.fromkeys(each["code"] for each in steps), step=code[:100])
    single = len(quote["goods"]) == 1
    return {"steps": [{"step": each, "feeds": list(_feeds(each, steps, single))} for each in found]}


def schema(schemas: Schemas) -> Json:
    """What `explained` gives, as a schema."""
    fed = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": "The step that leans on it."},
            "goods": {"type": ["integer", "null"], "minimum": 0, "description": "Its line; null for the consignment."},
            "label": {"type": "string", "description": "What it is called."},
        },
        "required": ["code", "goods", "label"],
        "additionalProperties": False,
    }
    entry = {
        "type": "object",
        "properties": {
            "step": schemas.reference("Step"),
            "feeds": {"type": "array", "items": fed, "description": "The steps that have it among their inputs."},
        },
        "required": ["step", "feeds"],
        "additionalProperties": False,
    }
    return schemas.whole(
        {
            "type": "object",
            "properties": {"steps": {"type": "array", "items": entry, "minItems": 1}},
            "required": ["steps"],
            "additionalProperties": False,
        }
    )


def _feeds(step: Step, steps: list[Step], single: bool) -> Iterator[Json]:
    for reader in steps:
        if any(step is each for figure in reader["inputs"] for each in _behind(figure, reader, steps, single)):
            yield {name: reader[name] for name in ("code", "goods", "label")}


def _behind(figure: Mapping[str, Any], reader: Step, steps: list[Step], single: bool) -> list[Step]:
    """The steps behind an input: each line's where it is a sum over lines, else that of the reader's line or of them all."""
    alike = [each for each in steps if figure["from"] == f"step:{each['code']}"]
    if Figure.of(figure["code"], single).summed:
        return [each for each in alike if each["goods"] is not None] or alike
    return [each for each in alike if each["goods"] == reader["goods"]] or [
        each for each in alike if each["goods"] is None or reader["goods"] is None
    ]
