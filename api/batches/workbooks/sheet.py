"""Which sheet of a workbook is meant, where its headings stand, and its rows as batches of texts.

The headings are the row, among the first of a sheet, of which most are known to us: titles may stand above. A cell that is merged
downwards counts for all its rows. Hidden rows are rows; empty ones are none, and stay where they are.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

import pyarrow as pa

from api.batches.faults import FAULT, fault
from api.batches.forms import BrokenFile, Form, Table
from api.batches.layout import Layout, column_name
from api.batches.results import RESULTS
from api.batches.workbooks.archive import Archive
from api.batches.workbooks.document import CONTENT, Document
from api.batches.workbooks.rows import Extent, Row, letters
from api.batches.workbooks.workbook import Workbook
from api.reading import Refused

# Among so many rows the headings are looked for; so many rows are a batch.
ABOVE, ROWS = 50, 4096
MOST_COLUMNS = 16_384
# The sheet that tells what the rows came to, and how its first cell begins.
SUMMARY, BEGINS = "Galeón", "Galeón · "
TWICE = "{} ({})"
# The names of the forms that have sheets.
SHEETS = ("xlsx", "ods")


Source = Workbook | Document


@dataclass(slots=True)
class Sheet:
    """A sheet being priced. `columns` are the numbers of its `headings`, `place` that of our first column.

    `rows` has the numbers of the rows that have been read, in their order.
    """

    path: Path
    source: Source
    name: str
    row: int
    below: int
    columns: tuple[int, ...]
    headings: tuple[str, ...]
    extent: Extent
    place: int
    rows: "array[int]" = field(default_factory=lambda: array("L"))

    def summary(self) -> tuple[bool, str]:
        """Whether there is a summary of an earlier run, and what a new one is to be called."""
        name, number = SUMMARY, 1
        while name in self.source.names:
            first = next(self.source.rows(name), None)
            if name != self.name and first is not None and first.cells.get(1, "").startswith(BEGINS):
                return True, name
            number += 1
            name = f"{SUMMARY} {number}"
        return False, name

    def results(self, answers: Iterable["pa.RecordBatch"]) -> Iterator[tuple[Sequence[int], Sequence["pa.Array"]]]:
        """The numbers of rows, and the columns of their results."""
        place = 0
        for answer in answers:
            yield self.rows[place : place + answer.num_rows], answer.columns[-len(RESULTS) :]
            place += answer.num_rows

    @property
    def own(self) -> list[int]:
        """The numbers of the user's columns."""
        ours = range(self.place, self.place + len(RESULTS))
        return [column for column in self.columns if column not in ours]


@contextmanager
def read(path: Path, named: str | None = None) -> Iterator[Table]:
    """The rows of a workbook: of the sheet that is `named`, or else of the first whose headings do. Raises BrokenFile."""
    with Archive(path) as archive:
        sheet = _chosen(path, (Document if CONTENT in archive.parts else Workbook)(archive), named)
        schema = pa.schema([(heading, pa.string()) for heading in (*sheet.headings, FAULT)])
        batches = _batches(_read(sheet), sheet, schema)
        yield Table(schema, batches, lambda: len(sheet.rows) / max(1, sheet.extent.rows), sheet)


def of_sheet(form: Form, named: str) -> Form | None:
    """The form of a workbook, of which one sheet is read; None for a form that has no sheets."""
    return replace(form, read=partial(read, named=named)) if form.name in SHEETS else None


def _chosen(path: Path, source: Source, named: str | None) -> Sheet:
    if named is not None and named not in source.names:
        raise BrokenFile(f"{path.name}: there is no sheet {named!r}; there are {', '.join(source.names)}")
    best: tuple[int, str, Row] | None = None
    for name in [named] if named is not None else [each for each in source.names if not each.startswith(SUMMARY)]:
        row, count = _headings(source, name)
        if row is None:
            continue
        if _does(row):
            best = (count, name, row)
            break
        if best is None or count > best[0]:
            best = (count, name, row)
    if best is None:
        raise BrokenFile(f"{path.name}: there are no headings in the workbook")
    return _sheet(path, source, best[1], best[2])


def _headings(source: Source, name: str) -> tuple[Row | None, int]:
    """The row of a sheet that most likely has the headings, and how many of them are known."""
    found: Row | None = None
    most = 0
    for row in islice(source.rows(name), ABOVE):
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


def _sheet(path: Path, source: Source, name: str, row: Row) -> Sheet:
    extent = source.extent(name)
    columns = tuple(range(min(row.cells), max(row.cells) + 1))
    headings = _told(path, [row.cells.get(column, "") for column in columns], columns)
    below = max([row.number, *(last[1] for first, last in extent.merged if first[1] == row.number)])
    if headings[-len(RESULTS) :] == RESULTS:
        place = columns[-len(RESULTS)]
    else:
        place = 1 + max([extent.column, *(last[0] for _, last in extent.merged if last[1] >= row.number)])
    if place + len(RESULTS) - 1 > MOST_COLUMNS:
        raise BrokenFile(
            f"{path.name}: a sheet has {MOST_COLUMNS:,} columns, and the last in use of {name!r} is "
            f"{letters(place - 1)}: there is no room for ours behind it"
        )
    return Sheet(path, source, name, row.number, below, columns, headings, extent, place)


def _told(path: Path, found: list[str], columns: tuple[int, ...]) -> tuple[str, ...]:
    """The headings, each its own: an empty one, or one of the user's that stands twice, goes by its column's letters too."""
    told: list[str] = []
    for heading, column in zip(found, columns, strict=True):
        if heading in told and column_name(heading):
            raise BrokenFile(f"{path.name}: headings that stand twice: {heading!r}")
        again = not heading or heading in told
        told.append(TWICE.format(heading, letters(column)).strip() if again else heading)
    return tuple(told)


def _read(sheet: Sheet) -> Iterator[Row]:
    """The rows below the headings that say anything."""
    until = {first: last[1] for first, last in sheet.extent.merged if last[1] > first[1] > sheet.below}
    merged: dict[int, tuple[int, str]] = {}
    own = sheet.own
    for row in sheet.source.rows(sheet.name):
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
