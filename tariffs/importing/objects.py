"""A JSON file as rows of text: an array of objects, each read by itself so that it knows its line."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tariffs.importing.grids import MOST_COLUMNS, MOST_ROWS, FileRefused, Grid, GridRow

_SPACE = re.compile(r"[ \t\r\n]*")
LONGEST_NUMBER = 40  # characters


def read_objects(file: str, text: str, encoding: str) -> Grid:
    """The objects of the array as rows under the names that any of them has."""
    columns: dict[str, int] = {}
    objects: list[tuple[int, dict[str, str]]] = []
    for line, values in _objects(file, text):
        objects.append((line, values))
        for name in values:
            columns.setdefault(name, len(columns))
        if len(objects) > MOST_ROWS or len(columns) > MOST_COLUMNS:
            most = f"{MOST_ROWS} objects of {MOST_COLUMNS} names"
            raise FileRefused.whole(file, "too_large", f"more than {most}", line)
    rows = [
        GridRow(line, tuple(values.get(name, "") for name in columns), f"[{at}].")
        for at, (line, values) in enumerate(objects)
    ]
    first = objects[0][0] if objects else 1
    return Grid(file, (GridRow(first, tuple(columns)), *rows), (f"read as {encoding}",))


def _objects(file: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    decoder = json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_float=_number, parse_int=_number, parse_constant=_constant
    )
    at = _after_space(text, 0)
    if text[at : at + 1] != "[":
        raise FileRefused.whole(file, "not_objects", "must be an array of objects: [{…}, {…}]", 1)
    at, line, counted = _after_space(text, at + 1), 1, 0
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decoder.raw_decode(text, at)
            yield line, _texts(value)
        except RecursionError as error:
            raise FileRefused.whole(file, "too_deep", "has values within values without end", line) from error
        except json.JSONDecodeError as error:
            raise FileRefused.whole(file, "broken_json", error.msg, error.lineno, str(error.colno)) from error
        except ValueError as error:
            raise FileRefused.whole(file, "broken_json", str(error), line) from error
        at = _after_space(text, at)
        if text[at : at + 1] == ",":
            at = _after_space(text, at + 1)
        elif text[at : at + 1] != "]":
            line += text.count("\n", counted, at)
            raise FileRefused.whole(file, "broken_json", "is cut short, or a comma is missing", line)
    if _after_space(text, at + 1) != len(text):
        raise FileRefused.whole(file, "broken_json", "goes on after its end", text.count("\n", 0, at) + 1)


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object, so that a name that stands twice is seen."""


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, _Pairs):
        raise ValueError("is not an object")
    found: dict[str, str] = {}
    for name, each in value:
        if name in found:
            raise ValueError(f"has two values for {name!r}")
        if isinstance(each, list):
            raise ValueError(f"{name!r} is a list or an object, not a text or a number")
        found[name] = "" if each is None else str(each).upper() if isinstance(each, bool) else str(each)
    return found


def _number(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise ValueError(f"{text[:LONGEST_NUMBER]}… is too long a number")
    # 1e3 is told where the cell is read, with its column; 0.10 and 0.1 stay as they are written.
    return text if "e" in text.lower() else format(Decimal(text), "f")


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
