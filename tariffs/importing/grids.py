"""What every kind of file is read to: rows of text that know their lines; and the refusal of a file as a whole."""

from dataclasses import dataclass, field
from pathlib import Path

from tariffs.findings import Finding

MOST_BYTES = 100 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200_000, 256, 5_000_000
LONGEST_CELL = 4_000  # characters


class FileRefused(ValueError):
    """A file that cannot be imported; `findings` are all its faults, each with its place."""

    def __init__(self, file: str, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.file, self.findings = file, findings

    @classmethod
    def whole(
        cls, file: str, code: str, text: str, line: int | None = None, column: str | None = None
    ) -> "FileRefused":
        """The refusal for one fault that makes the rest unreadable."""
        return cls(file, (Finding(file, line, column, code, text),))


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row as text, and the line of the file that it begins on; `within` tells rows of one line apart, as in JSON."""

    line: int
    cells: tuple[str, ...]
    within: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula, and whether its last value is stored beside it."""

    line: int
    column: int
    cached: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A file as rows of text. `merged` are the ranges that span cells, as (first line, first column, last, last)."""

    file: str
    rows: tuple[GridRow, ...]
    notes: tuple[str, ...] = ()
    formulas: tuple[Formula, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    by_position: bool = field(default=True)


def letter(column: int) -> str:
    """The name of a column in a spreadsheet, from 0: A, B, …, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def sized(path: Path) -> int:
    """The size of a file, refused before a byte of it is read where it is too large, empty or no file."""
    file = str(path)
    try:
        if not path.is_file():
            raise FileRefused.whole(file, "no_file", "is not a file")
        size = path.stat().st_size
    except OSError as error:
        raise FileRefused.whole(file, "no_file", error.strerror or "cannot be read") from error
    if size > MOST_BYTES:
        raise FileRefused.whole(
            file, "too_large", f"has {size / 2**20:.0f} MB; at most {MOST_BYTES >> 20} MB: a schedule has about one"
        )
    if not size:
        raise FileRefused.whole(file, "empty_file", "is empty")
    return size
