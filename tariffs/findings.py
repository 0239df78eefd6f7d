"""Faults of tables as values, each with its place; and the one fault that any series of dated rows can have."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from calculator.errors import Unpriceable
from calculator.quantities import unit
from calculator.validity import Validity
from tariffs.tables import CsvTable, TableError, number

LETTERS = ("A", "B", "C")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where it stands, what kind it is and what is wrong."""

    file: str
    line: int | None
    column: str | None
    code: str
    text: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.text} [{self.code}]"


@dataclass(frozen=True, slots=True)
class DatedPlace:
    """A row of a series: its days, and where it stands."""

    validity: Validity
    file: str
    line: int | None


def at_row(table: CsvTable, index: int, column: str, code: str, text: str) -> Finding:
    """A fault of a cell."""
    return Finding(*table.place(index), column, code, text)


def figure_of(text: str) -> Decimal | None:
    """A figure, zero where it is left out, None where it is no number."""
    try:
        return number(text) if text else Decimal(0)
    except ValueError:
        return None


def unread_cells(table: CsvTable, index: int, readers: Mapping[str, Callable[[str], object]]) -> Iterator[Finding]:
    """Every cell of a row that its column's reader refuses, where loading stops at the first."""
    for column, read in readers.items():
        try:
            table.cell(index, column, read)
        except TableError as error:
            yield at_row(table, index, column, "bad_cell", error.text)


def overlaps(key: str, dated: Iterable[DatedPlace], gaps: bool) -> Iterator[Finding]:
    """Rows of one series that share a day, and, where the series must not break, days that have no row."""
    for before, after in pairwise(sorted(dated, key=lambda row: row.validity.valid_from)):
        last, first = before.validity.valid_to, after.validity.valid_from
        if last is None or last >= first:
            other = f"line {before.line}" if before.file == after.file else f"{before.file}:{before.line}"
            text = f"{key} has two rows on {first} (see {other})"
            yield Finding(after.file, after.line, "valid_from", "overlap", text)
        elif gaps and last + timedelta(days=1) != first:
            yield Finding(after.file, after.line, "valid_from", "gap", f"{key} has no row after {last} before {first}")


def known_unit(code: str) -> bool:
    """Whether a table's unit is one that quantities are counted in, in its own spelling."""
    try:
        return unit(code).code == code
    except Unpriceable:
        return False
