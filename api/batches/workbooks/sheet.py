"""Which sheet of a workbook is meant, where its headings stand, and its rows as batches of texts.

The headings are the row, among the first of a sheet, of which most are known to us: titles may stand above. A cell that is merged
downwards counts for all its rows. Hidden rows are rows; empty ones are none, and stay where they are.
"""

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from api.batches.faults import FAULT, fault
from api.batches.forms import BrokenFile, Table
from api.batches.layout import Layout, column_name
from api.batches.results import RESULTS
from api.batches.workbooks.archive import Archive
from api.batches.workbooks.book import Book, book_of, meanings, strings
from api.batches.workbooks.rows import Extent, Row, Values, extent_of, letters, rows
from api.reading import Refused

# Among so many rows the headings are looked for; so many rows are a batch.
ABOVE, ROWS = 50, 4096
MOST_COLUMNS = 16_384
# The sheet that tells what the rows came to, and how its first cell begins.
SUMMARY, BEGINS = "Galeón", "Galeón · "
TWICE = "{} ({})"


@dataclass(slots=True)
class Sheet:
    """A sheet being priced. `columns` are the numbers of its `headings`, `place` that of our first column.

    `rows` has the numbers of the rows that have been read, in their order.
    """

    path: Path
    book: Book
    name: str
    row: int
    below: int
    columns: tuple[int, ...]
    headings: tuple[str, ...]
    extent: Extent
    place: int
    rows: "array[int]" = field(default_factory=lambda: array("L"))

    @property
    def part(self) -> str:
        """The part of the archive that the sheet is."""
        return self.book.sheets[self.name]

    def begins(self, archive: Archive, part: str, text: str) -> bool:
        """Whether the first cell of another sheet of the workbook begins so."""
        values = Values(strings(archive, self.book), [], self.book.from_1904)
        first = next(rows(archive, part, values), None)
        return first is not None and first.cells.get(1, "").startswith(text)

    @property
    def own(self) -> list[int]:
        """The numbers of the user's columns."""
        ours = range(self.place, self.place + len(RESULTS))
        return [column for column in self.columns if column not in ours]


@contextmanager
def read(path: Path, named: str | None = None) -> Iterator[Table]:
    """The rows of a workbook: of the sheet that is `named`, or else of the first whose headings do. Raises BrokenFile."""
    with Archive(path) as archive:
        book = book_of(archive)
        values = Values(strings(archive, book), meanings(archive, book), book.from_1904)
        sheet = _chosen(archive, book, values, named)
        schema = pa.schema([(heading, pa.string()) for heading in (*sheet.headings, FAULT)])
        batches = _batches(_read(archive, sheet, values), sheet, schema)
        yield Table(schema, batches, None, lambda: len(sheet.rows) / max(1, sheet.extent.rows), sheet)


def _chosen(archive: Archive, book: Book, values: Values, named: str | None) -> Sheet:
    if named is not None and named not in book.sheets:
        raise BrokenFile(f"{archive.path.name}: there is no sheet {named!r}; there are {', '.join(book.sheets)}")
    best: tuple[int, str, Row] | None = None
    for name in [named] if named is not None else [each for each in book.sheets if not each.startswith(SUMMARY)]:
        row, count = _headings(archive, book.sheets[name], values)
        if row is None:
            continue
        if _does(row):
            best = (count, name, row)
            break
        if best is None or count > best[0]:
            best = (count, name, row)
    if best is None:
        raise BrokenFile(f"{archive.path.name}: there are no headings in the workbook")
    return _sheet(archive, book, best[1], best[2])


def _headings(archive: Archive, part: str, values: Values) -> tuple[Row | None, int]:
    """The row of a sheet that most likely has the headings, and how many of them are known."""
    found: Row | None = None
    most = 0
    for row in islice(rows(archive, part, values), ABOVE):
        count = len({column_name(each) for each in row.cells.values()} - {None})
        if row.cells and (found is None or count > most):
            found, most = row, count
    return found, most


def _does(row: Row) -> bool:
    try:
        Layout.of([*row.cells.values()])
    except Refused:
        return False
    return True


def _sheet(archive: Archive, book: Book, name: str, row: Row) -> Sheet:
    extent = extent_of(archive, book.sheets[name])
    columns = tuple(range(min(row.cells), max(row.cells) + 1))
    headings = _told(archive.path, [row.cells.get(column, "") for column in columns], columns)
    below = max([row.number, *(last[1] for first, last in extent.merged if first[1] == row.number)])
    if headings[-len(RESULTS) :] == RESULTS:
        place = columns[-len(RESULTS)]
    else:
        place = 1 + max([extent.column, *(last[0] for _, last in extent.merged if last[1] >= row.number)])
    if place + len(RESULTS) - 1 > MOST_COLUMNS:
        raise BrokenFile(
            f"{archive.path.name}: a sheet has {MOST_COLUMNS:,} columns, and the last in use of {name!r} is "
            f"{letters(place - 1)}: there is no room for ours behind it"
        )
    return Sheet(archive.path, book, name, row.number, below, columns, headings, extent, place)


def _told(path: Path, found: list[str], columns: tuple[int, ...]) -> tuple[str, ...]:
    """The headings, each its own: an empty one, or one of the user's that stands twice, goes by its column's letters too."""
    told: list[str] = []
    for heading, column in zip(found, columns, strict=True):
        if heading in told and column_name(heading):
            raise BrokenFile(f"{path.name}: headings that stand twice: {heading!r}")
        again = not heading or heading in told
        told.append(TWICE.format(heading, letters(column)).strip() if again else heading)
    return tuple(told)


def _read(archive: Archive, sheet: Sheet, values: Values) -> Iterator[Row]:
    """The rows below the headings that say anything."""
    until = {first: last[1] for first, last in sheet.extent.merged if last[1] > first[1] > sheet.below}
    merged: dict[int, tuple[int, str]] = {}
    own = sheet.own
    for row in rows(archive, sheet.part, values):
        if row.number <= sheet.below or not any(column in row.cells or column in row.unreckoned for column in own):
            continue
        for column, (last, text) in merged.items():
            if row.number <= last:
                row.cells.setdefault(column, text)
        for column, text in row.cells.items():
            if (last_row := until.get((column, row.number))) is not None:
                merged[column] = (last_row, text)
        yield row


def _batches(found: Iterator[Row], sheet: Sheet, schema: "pa.Schema") -> Iterator["pa.RecordBatch"]:
    known = [column for column, heading in zip(sheet.columns, sheet.headings, strict=True) if column_name(heading)]
    while some := list(islice(found, ROWS)):
        columns = [pa.array([row.cells.get(column) for row in some], pa.string()) for column in sheet.columns]
        columns.append(pa.array([_fault(row, known) for row in some], pa.string()))
        sheet.rows.extend(row.number for row in some)
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _fault(row: Row, known: list[int]) -> str | None:
    """What is wrong with a row that has a formula without a value where we look."""
    wrong = next((column for column in known if column in row.unreckoned), None)
    if wrong is None:
        return None
    return fault("cell_not_reckoned", cell=f"{letters(wrong)}{row.number}", text=row.cells.get(wrong))
