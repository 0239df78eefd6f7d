"""JSON: an object for each row, one a line (NDJSON) or all in one array. Numbers are taken as they are written.

An object comes back as it was, with its results behind its own members; a line that is no object comes back under "row".
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from api.batches.csv_files import cells
from api.batches.faults import FAULT, fault
from api.batches.forms import ROWS, BrokenFile, Form, Table
from api.batches.names import MEDIA_TYPES
from api.batches.results import RESULTS

MOST_TOLD = 200
ESCAPE = "\\u"
BEGINNING, BETWEEN = " \t\r\n", " \t\r\n,"
DECODER = json.JSONDecoder()


class _Written(str):
    """A number as it is written."""


class _NoRow(Exception):
    """A text that is no row; the text of the exception says why."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What comes back as it was: the texts of the rows, read anew each time."""

    texts: Callable[[], Iterable[str]]


def _read(path: Path, texts: Callable[[Path], Iterator[tuple[int, str]]]) -> Iterator[Table]:
    names: dict[str, None] = {}
    count = 0
    for _, text in texts(path):
        count += 1
        try:
            names |= dict.fromkeys(_members(text))
        except _NoRow:
            continue
    if not names:
        raise BrokenFile(f"{path.name}: there is no object with the names of columns")
    schema = pa.schema([(name, pa.string()) for name in (*names, FAULT)])
    read = [0]

    def batches() -> Iterator["pa.RecordBatch"]:
        waiting: list[dict[str, str | None]] = []
        for line, text in texts(path):
            waiting.append(_row(text, line))
            read[0] += 1
            if len(waiting) == ROWS:
                yield pa.RecordBatch.from_pylist(waiting, schema)
                waiting = []
        if waiting:
            yield pa.RecordBatch.from_pylist(waiting, schema)

    yield Table(schema, batches(), lambda: read[0] / count, Manner(lambda: (text for _, text in texts(path))))


def _row(text: str, line: int) -> dict[str, str | None]:
    try:
        return {name: _text(value) for name, value in _members(text).items()}
    except _NoRow as error:
        return {FAULT: fault("row_not_read", line=line, why=f"{error}")}


def _members(text: str) -> dict[str, Any]:
    """The members of an object, numbers as they are written."""
    try:
        found = json.loads(text, parse_float=_Written, parse_int=_Written, object_pairs_hook=_once)
        if ESCAPE in text:
            # Half a pair of UTF-16 may be escaped in JSON, and is no text.
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _NoRow(f"{error}"[:MOST_TOLD]) from None
    if not isinstance(found, dict):
        raise _NoRow("no object")
    if any("\0" in name for name in found):
        raise _NoRow("a name holds the sign U+0000")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name stands twice")
    return members


def _text(value: Any) -> str | None:
    """A value as a text; what has parts as the JSON that it is, for the reading of the request to refuse."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that have something in them, each behind its number."""
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def _elements(path: Path) -> Iterator[tuple[int, str]]:
    """The elements of an array, each as its text behind the number of the line in which it begins."""
    line, before = 1, 0
    text = path.read_text(encoding="utf-8-sig")
    at = _past(text, 0, BEGINNING)
    if text[at : at + 1] != "[":
        raise BrokenFile(f"{path.name}: it does not begin with an array of rows")
    at = _past(text, at + 1, BEGINNING)
    while text[at : at + 1] != "]":
        try:
            _, end = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise BrokenFile(f"{path.name}: {error}") from None
        line, before = line + text.count("\n", before, at), at
        yield line, text[at:end]
        at = _past(text, end, BETWEEN)


def _past(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at


@contextmanager
def _read_lines(path: Path) -> Iterator[Table]:
    yield from _read(path, _lines)


@contextmanager
def _read_array(path: Path) -> Iterator[Table]:
    yield from _read(path, _elements)


def _write_lines(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    for row in _rows(schema, batches, manner):
        file.write(f"{row}\n".encode())


def _write_array(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    before = "[\n"
    for row in _rows(schema, batches, manner):
        file.write(f"{before}{row}".encode())
        before = ",\n"
    file.write(b"\n]\n" if before == ",\n" else b"[]\n")


def _rows(schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> Iterator[str]:
    """The rows as JSON: what each was, or its columns, and its results; these are texts, as amounts are in every answer."""
    own = len(schema) - len(RESULTS)
    texts = iter(manner.texts()) if isinstance(manner, Manner) else None
    for batch in batches:
        columns = [map(_json, cells(column)) for column in batch.columns]
        for values in zip(*columns, strict=True):
            told = _object(schema.names[own:], values[own:])
            mine = (
                _object(schema.names[:own], values[:own])
                if texts is None
                else _as_it_was(next(texts), schema.names[own:])
            )
            yield f"{mine[:-1]}{', ' if len(mine) > len('{}') else ''}{told[1:]}"


def _as_it_was(text: str, results: Iterable[str]) -> str:
    """The text of an object, without results that it had before."""
    text = text.strip()
    try:
        members = _members(text)
    except _NoRow:
        return _object(["row"], [_json(text)])
    if members.keys().isdisjoint(results):
        return text
    kept = {name: value for name, value in _slices(text) if name not in results}
    return _object(kept, kept.values())


def _slices(text: str) -> Iterator[tuple[str, str]]:
    """The members of an object, each value as its text."""
    at = _past(text, 1, BETWEEN)
    while text[at] != "}":
        name, end = DECODER.raw_decode(text, at)
        at = _past(text, end, f"{BEGINNING}:")
        _, end = DECODER.raw_decode(text, at)
        yield name, text[at:end]
        at = _past(text, end, BETWEEN)


def _object(names: Iterable[str], values: Iterable[str]) -> str:
    members = (f"{json.dumps(name, ensure_ascii=False)}: {value}" for name, value in zip(names, values, strict=True))
    return f"{{{', '.join(members)}}}"


def _json(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(f"{value}", ensure_ascii=False)


NDJSON = Form("ndjson", (".ndjson", ".jsonl"), MEDIA_TYPES["ndjson"], _read_lines, _write_lines)
JSON = Form("json", (".json",), MEDIA_TYPES["json"], _read_array, _write_array)
