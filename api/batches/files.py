"""Files of rows, read and written a batch at a time: CSV, Parquet and Arrow.

A CSV has texts alone, and they go out as they came in. A file that is broken is refused with the place where it breaks, and what
was written by then is thrown away: half a file looks like a whole one.
"""

import csv
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
from pyarrow import ipc, parquet

from calculator.quantities import format_decimal

ROWS = 4096
# The signs that stand between the cells of a CSV; the one that the headings have most of is the file's.
BETWEEN = ",;\t"


class BrokenFile(Exception):
    """A file that cannot be read as what its name says; the text tells where and why."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a CSV is written: the sign between its cells, and whether it begins with the mark by which Excel knows UTF-8."""

    between: str = ","
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read: its columns, and its rows in batches."""

    schema: "pa.Schema"
    batches: Iterator["pa.RecordBatch"]
    written: Written = Written()


@contextmanager
def table_of(path: Path) -> Iterator[Table]:
    """A file opened for reading. Raises BrokenFile, also while its batches are taken."""
    try:
        with READERS[path.suffix.lower()](path) as table:
            yield table
    except UnicodeDecodeError:
        raise BrokenFile(f"{path.name}: the text is not UTF-8; Excel writes it as “CSV UTF-8”") from None
    except (pa.ArrowException, csv.Error) as error:
        raise BrokenFile(f"{path.name}: {error}") from None


def write(path: Path, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], written: Written) -> None:
    """Write batches to a file, which is there whole or not at all; a CSV as it is `written`."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        WRITERS[path.suffix.lower()](unfinished, schema, batches, written)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _parquet(path: Path) -> Iterator[Table]:
    with parquet.ParquetFile(path) as file:
        yield Table(file.schema_arrow, file.iter_batches(ROWS))


@contextmanager
def _arrow(path: Path) -> Iterator[Table]:
    with ipc.open_file(path) as file:
        yield Table(file.schema, (file.get_batch(number) for number in range(file.num_record_batches)))


@contextmanager
def _csv(path: Path) -> Iterator[Table]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = _as_written(file, path)
        rows = csv.reader(file, delimiter=written.between, strict=True)
        headings = next(rows, [])
        if not any(headings):
            raise BrokenFile(f"{path.name}: the first line has no headings")
        twice = sorted({each for each in headings if headings.count(each) > 1})
        if twice:
            raise BrokenFile(f"{path.name}: headings that stand twice: {', '.join(map(repr, twice))}")
        schema = pa.schema([(heading, pa.string()) for heading in headings])
        yield Table(schema, _of_rows(path, rows, schema), written)


def _as_written(file: TextIO, path: Path) -> Written:
    first = file.readline()
    file.seek(0)
    with path.open("rb") as bytes_:
        marked = bytes_.read(len(BOM_UTF8)) == BOM_UTF8
    return Written(max(BETWEEN, key=first.count), marked)


def _of_rows(path: Path, rows: Any, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
    """The rows of a CSV in batches; a short one is filled up with empty cells."""
    waiting: list[list[str]] = []
    began = rows.line_num + 1
    try:
        for row in rows:
            if len(row) > len(schema) and any(row[len(schema) :]):
                raise BrokenFile(f"{path.name}: line {began} has {len(row)} cells, the headings are {len(schema)}")
            waiting.append([*row, *[""] * len(schema)][: len(schema)])
            began = rows.line_num + 1
            if len(waiting) == ROWS:
                yield _batch(waiting, schema)
                waiting = []
    except csv.Error as error:
        raise BrokenFile(f"{path.name}: the row that begins on line {began} cannot be read: {error}") from None
    if waiting:
        yield _batch(waiting, schema)


def _batch(rows: list[list[str]], schema: "pa.Schema") -> "pa.RecordBatch":
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in zip(*rows, strict=True)], schema=schema
    )


def _to_parquet(path: Path, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], _written: Written) -> None:
    with parquet.ParquetWriter(path, schema) as file:
        for batch in batches:
            file.write_batch(batch)


def _to_arrow(path: Path, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], _written: Written) -> None:
    with ipc.new_file(path, schema) as file:
        for batch in batches:
            file.write_batch(batch)


def _to_csv(path: Path, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], written: Written) -> None:
    with path.open("w", encoding="utf-8-sig" if written.marked else "utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=written.between, lineterminator="\r\n")
        rows.writerow(schema.names)
        for batch in batches:
            columns = [map(_cell, column.to_pylist()) for column in batch.columns]
            rows.writerows(zip(*columns, strict=True))


def _cell(value: object) -> object:
    return format_decimal(value) if isinstance(value, Decimal) else value


READERS: dict[str, Callable[[Path], Any]] = {".csv": _csv, ".parquet": _parquet, ".arrow": _arrow}
WRITERS: dict[str, Callable[..., None]] = {".csv": _to_csv, ".parquet": _to_parquet, ".arrow": _to_arrow}
