"""CSV files. They have texts alone, and these go out as they came in, but for those that a spreadsheet would take for formulas:
an apostrophe stands before them, and one that came in so is read without it.

A row whose end cannot be found (a quotation mark that never closes) is read up to the end of its line, and the rows behind it as
if it were not there: one bad row costs no other.
"""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

import pyarrow as pa
from pyarrow import compute as pc

from api.batches.faults import FAULT, fault
from api.batches.forms import ROWS, BrokenFile, Form, Table, checked
from api.batches.names import MEDIA_TYPES
from api.renderings.texts import APOSTROPHE, guarded, may_act, unguarded

# The signs that stand between the cells of a CSV; the one that the headings have most of is the file's.
BETWEEN = ",;\t"
MOST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Manner:
    """How a CSV is written: the sign between its cells, and whether it begins with the mark by which Excel knows UTF-8."""

    between: str = ","
    marked: bool = False


class _Lines:
    """The lines of a file. Those of the record that is being read are kept until the next begins, and can be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: list[str] = []
        self._kept: list[str] = []
        self.began = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._file)
        self._kept.append(line)
        return line

    def begin(self) -> None:
        """The next line begins a record."""
        self.began += len(self._kept)
        self._kept.clear()

    def only_first(self) -> str:
        """Take the first line of the record for the whole of it: the others come again."""
        first, *others = self._kept
        self._again += reversed(others)
        self._kept = [first]
        return first


@contextmanager
def _read(path: Path) -> Iterator[Table]:
    size = path.stat().st_size
    with path.open("rb") as bytes_, io.TextIOWrapper(bytes_, encoding="utf-8-sig", newline="") as file:
        manner = _manner(file, path)
        lines = _Lines(file)
        headings = _headings(path, lines, manner)
        schema = pa.schema([(heading, pa.string()) for heading in (*headings, FAULT)])
        batches = _batches(_rows(lines, manner, len(headings)), schema)
        yield Table(schema, batches, lambda: bytes_.tell() / size, manner)


def _manner(file: TextIO, path: Path) -> Manner:
    first = file.readline()
    file.seek(0)
    with path.open("rb") as bytes_:
        marked = bytes_.read(len(BOM_UTF8)) == BOM_UTF8
    return Manner(max(BETWEEN, key=first.count), marked)


def _headings(path: Path, lines: _Lines, manner: Manner) -> list[str]:
    try:
        headings = list(map(unguarded, next(csv.reader(lines, delimiter=manner.between, strict=True), [])))
    except csv.Error as error:
        raise BrokenFile(f"{path.name}: the headings cannot be read: {error}") from None
    if not any(headings):
        raise BrokenFile(f"{path.name}: the first line has no headings")
    checked(path, headings)
    twice = sorted({each for each in headings if headings.count(each) > 1})
    if twice:
        raise BrokenFile(f"{path.name}: headings that stand twice: {', '.join(map(repr, twice))}")
    return headings


def _rows(lines: _Lines, manner: Manner, columns: int) -> Iterator[list[str | None]]:
    """The rows with as many cells as there are headings, and what is wrong with them behind these."""
    reader = csv.reader(lines, delimiter=manner.between, strict=True)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = lines.only_first().rstrip("\r\n").split(manner.between)
            reader = csv.reader(lines, delimiter=manner.between, strict=True)
            yield _row(cells, columns, fault("row_not_read", line=lines.began, why=f"{error}"))
            continue
        rest = cells[columns:]
        if not any(rest):
            yield _row(cells, columns, None)
            continue
        facts = {"line": lines.began, "cells": len(cells), "headings": columns}
        yield _row(cells, columns, fault("row_too_long", rest=", ".join(rest)[:MOST_TOLD], **facts))


def _row(cells: list[str], columns: int, wrong: str | None) -> list[str | None]:
    return [*cells[:columns], *[""] * (columns - len(cells)), wrong]


def _batches(rows: Iterable[list[str | None]], schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
    waiting: list[list[str | None]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS:
            yield _batch(waiting, schema)
            waiting = []
    if waiting:
        yield _batch(waiting, schema)


def _batch(rows: list[list[str | None]], schema: "pa.Schema") -> "pa.RecordBatch":
    columns = [_bare(pa.array(column, pa.string())) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _bare(column: "pa.Array") -> "pa.Array":
    if not pc.any(pc.starts_with(column, APOSTROPHE)).as_py():
        return column
    return pa.array([each and unguarded(each) for each in column.to_pylist()], pa.string())


def _write(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    told = manner if isinstance(manner, Manner) else Manner()
    text = io.TextIOWrapper(file, "utf-8-sig" if told.marked else "utf-8", newline="")
    try:
        rows = csv.writer(text, delimiter=told.between, lineterminator="\r\n")
        rows.writerow(map(guarded, schema.names))
        for batch in batches:
            rows.writerows(zip(*map(_inert, batch.columns), strict=True))
            text.flush()
    finally:
        # The file is not ours to close.
        text.detach()


def _inert(column: "pa.Array") -> list[object]:
    texts = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    # Of a column whose texts all begin with letters or digits, none is looked at by itself.
    if texts and not any(map(may_act, pc.unique(pc.utf8_slice_codeunits(column, 0, 1)).to_pylist())):
        return cells(column)
    if pa.types.is_decimal(column.type) or pa.types.is_primitive(column.type):
        return cells(column)
    return [guarded(each) if isinstance(each, str) else each for each in cells(column)]


def cells(column: "pa.Array") -> list[object]:
    """The values of a column as they are written; decimals in plain digits, without an exponent."""
    return list((column.cast(pa.string()) if pa.types.is_decimal(column.type) else column).to_pylist())


CSV = Form("csv", (".csv", ".tsv", ".txt"), MEDIA_TYPES["csv"], _read, _write)
