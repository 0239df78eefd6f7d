"""JSON: an object for each row, one a line (NDJSON) or all in one array. Numbers are taken as they are written.

An object comes back as it was, with its results behind its own members; a line that is no object comes back under "row".
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import compute as pc

from api.batches.csv_files import cells
from api.batches.faults import FAULT, fault
from api.batches.forms import ROWS, BrokenFile, Form, Table
from api.batches.names import MEDIA_TYPES
from api.batches.results import ERROR, RESULTS

MOST_TOLD = 200
ESCAPE = "\\u"
BEGINNING, BETWEEN = " \t\r\n", " \t\r\n,"
DECODER = json.JSONDecoder()
ENCODER = json.JSONEncoder(ensure_ascii=False)


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
        found = READER.decode(text)
        if ESCAPE in text:
            # Half a pair of UTF-16 may be escaped in JSON, and is no text.
            ENCODER.encode(found).encode()
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


READER = json.JSONDecoder(parse_float=_Written, parse_int=_Written, object_pairs_hook=_once)


def _text(value: Any) -> str | None:
    """A value as a text; what has parts as the JSON that it is, for the reading of the request to refuse."""
    if value is None or isinstance(value, str):
        return value
    return ENCODER.encode(value)


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
    names, results = schema.names[:own], schema.names[own:]
    written = _Before(manner, results) if isinstance(manner, Manner) else None
    for batch in batches:
        told = _objects(results, batch.columns[own:])
        if written is None:
            mine = _objects(names, batch.columns[:own])
        else:
            mine = list(map(written.next, batch.column(own + RESULTS.index(ERROR)).is_valid().to_pylist()))
        for one, other in zip(mine, told, strict=True):
            yield f"{one[:-1]}{', ' if len(one) > len('{}') else ''}{other[1:]}"


class _Before:
    """The objects of a file one by one as they were, without results that they had before."""

    def __init__(self, manner: Manner, results: Sequence[str]) -> None:
        self._texts = iter(manner.texts())
        self._results = frozenset(results)
        # A name can be escaped as well
        self._suspect = re.compile("|".join(map(re.escape, (ESCAPE, *map(ENCODER.encode, results)))))

    def next(self, refused: bool) -> str:
        """The next of them. One that was priced is known to be an object; one that was refused may be anything."""
        text = next(self._texts).strip()
        if not refused and self._suspect.search(text) is None:
            return text
        try:
            members = _members(text)
        except _NoRow:
            return _object(["row"], [ENCODER.encode(text)])
        if members.keys().isdisjoint(self._results):
            return text
        kept = {name: value for name, value in _slices(text) if name not in self._results}
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
    return f"{{{', '.join(f'{ENCODER.encode(name)}: {value}' for name, value in zip(names, values, strict=True))}}}"


def _objects(names: Iterable[str], columns: Iterable["pa.Array"]) -> list[str]:
    """The rows of these columns as objects."""
    parts: list[pa.Array | str] = []
    for name, column in zip(names, columns, strict=True):
        parts += [f"{', ' if parts else '{'}{ENCODER.encode(name)}: ", _written(column)]
    return _joined(*parts, "}", null_handling="replace", null_replacement="null").to_pylist()


def _joined(*parts: "pa.Array | str", **nothing: str) -> "pa.Array":
    long = (pa.scalar(each, pa.large_string()) if isinstance(each, str) else each for each in (*parts, ""))
    return pc.binary_join_element_wise(*long, **nothing)


def _written(column: "pa.Array") -> "pa.Array":
    """The values of a column as JSON, each distinct text once; nothing stays nothing."""
    if pa.types.is_decimal(column.type):
        return _joined('"', column.cast(pa.string()).cast(pa.large_string()), '"')
    if not pa.types.is_string(column.type):
        return pa.array([None if value is None else _json(value) for value in cells(column)], pa.large_string())
    texts = column.dictionary_encode()
    return pa.array(map(ENCODER.encode, texts.dictionary.to_pylist()), pa.large_string()).take(texts.indices)


def _json(value: Any) -> str:
    return ENCODER.encode(value if isinstance(value, bool | int | float | str | dict | list) else f"{value}")


NDJSON = Form("ndjson", (".ndjson", ".jsonl"), MEDIA_TYPES["ndjson"], _read_lines, _write_lines)
JSON = Form("json", (".json",), MEDIA_TYPES["json"], _read_array, _write_array)
