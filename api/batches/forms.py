"""The forms of files of rows, by name: how each is read and written, a batch at a time.

A file that is broken as a whole is refused with the place where it breaks. A row that cannot be read, in a file that goes on
behind it, is a row with a fault.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

# As many rows as are priced together: of files of columns, and of texts, which take more room.
MANY_ROWS, ROWS = 131_072, 32_768


class BrokenFile(Exception):
    """A file that cannot be read as what it is said to be; the text tells where and why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file being read: its columns, and its rows in batches.

    `share` says how much of it has been read. `manner` is what a writer of the same form must know to write it as it was.
    """

    schema: "pa.Schema"
    batches: Iterator["pa.RecordBatch"]
    share: Callable[[], float]
    manner: object = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of files: `read` opens one, `write` writes batches of a schema in the manner of the table that they are of."""

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    read: Callable[[Path], AbstractContextManager[Table]]
    write: Callable[[BinaryIO, "pa.Schema", Iterable["pa.RecordBatch"], object], None]


def forms() -> Mapping[str, Form]:
    """All of them by name."""
    from api.batches.column_files import ARROW, PARQUET
    from api.batches.csv_files import CSV
    from api.batches.json_files import JSON, NDJSON
    from api.batches.workbooks.written import ODS, XLSX

    return {form.name: form for form in (CSV, PARQUET, ARROW, NDJSON, JSON, XLSX, ODS)}


def form_of(path: Path) -> Form | None:
    """The form that a file's name ends with."""
    suffix = path.suffix.lower()
    return next((form for form in forms().values() if suffix in form.suffixes), None)


@contextmanager
def opened(form: Form, path: Path) -> Iterator[Table]:
    """A file opened for reading. Raises BrokenFile, also while its batches are taken."""
    try:
        with form.read(path) as table:
            yield table
    except UnicodeDecodeError:
        raise BrokenFile(f"{path.name}: the text is not UTF-8; Excel writes it as “CSV UTF-8”") from None
    except pa.ArrowException as error:
        raise BrokenFile(f"{path.name}: {error}") from None


@contextmanager
def whole_or_not_at_all(path: Path) -> Iterator[BinaryIO]:
    """A file being written, which is there when all of it is."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def checked(path: Path, headings: Iterable[str]) -> None:
    """Raises BrokenFile where a heading holds a zero: names of ours begin with one."""
    if any("\0" in heading for heading in headings):
        raise BrokenFile(f"{path.name}: a heading holds the sign U+0000")


def sized(batches: Iterable["pa.RecordBatch"], rows: int) -> Iterator["pa.RecordBatch"]:
    """The same rows in batches of at most so many, small ones put together."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        for start in range(0, batch.num_rows, rows):
            some = batch.slice(start, rows)
            if sum(each.num_rows for each in waiting) + some.num_rows > rows:
                yield from _joined(waiting)
                waiting = []
            waiting.append(some)
    yield from _joined(waiting)


def _joined(batches: list["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    if batches:
        yield from pa.Table.from_batches(batches).combine_chunks().to_batches()
