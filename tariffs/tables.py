"""The tables on disk: CSV for rows of one shape, TOML for the few with structure, read exactly or refused with a place.

Cells stay text until somebody needs them, because a schedule of nine thousand lines loads in a blink as text and a
quote needs a handful of them. Nothing here knows what a column means: it knows files, lines and columns.
"""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from sys import intern
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import WeakValueDictionary

DATA: Traversable = files("tariffs") / "data"
Cell = TypeVar("Cell")
Raw = tuple[str, ...]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TOML_PLACE = re.compile(r"(.*) \(at line ([0-9]+), column ([0-9]+)\)", re.DOTALL)


class TableError(ValueError):
    """A table that cannot be read; the text says file:line:column and why."""

    def __init__(self, file: str, line: int | None, column: str | int | None, text: str) -> None:
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {text}")
        self.file, self.line, self.column, self.text = file, line, column, text


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CsvTable:
    """A CSV file as rows of text, all of the width of its heading."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Raw, ...]

    def line(self, index: int) -> int:
        """The line of the file that a row stands on; the heading is line 1 and no cell spans two lines."""
        return index + 2

    def place(self, index: int) -> tuple[str, int]:
        """The file and the line that a row stands on; in a table laid over another the file may differ by row."""
        return self.file, self.line(index)

    def cell(self, index: int, column: str, read: Callable[[str], Cell]) -> Cell:
        """A cell as what it should be, or a TableError with its place."""
        try:
            return read(self.rows[index][self.columns.index(column)])
        except ValueError as error:
            raise TableError(*self.place(index), column, str(error)) from error

    def grouped(self) -> dict[str, tuple[Raw, ...]]:
        """The rows by their first column, in the order of the file."""
        groups: dict[str, list[Raw]] = {}
        for row in self.rows:
            groups.setdefault(row[0], []).append(row)
        return {key: tuple(rows) for key, rows in groups.items()}


# The tables that some book holds, by their place and what is in them: two releases share the files that they have alike.
_HELD: WeakValueDictionary[tuple[str, tuple[str, ...], bytes], CsvTable] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A TOML file: its values, and the lines on which its headings stand."""

    file: str
    values: Mapping[str, Any]
    headings: Mapping[str, tuple[int, ...]]

    def line(self, heading: str, index: int = 0) -> int | None:
        """The line of the n-th `[heading]` or `[[heading]]`."""
        lines = self.headings.get(heading, ())
        return lines[index] if index < len(lines) else None

    def place(self, heading: str, index: int = 0) -> tuple[str, int | None]:
        """The file and the line of the n-th `[heading]` or `[[heading]]`."""
        return self.file, self.line(heading, index)

    def rows(self, *path: str) -> list["TomlRow"]:
        """The `[[path]]` rows, in the order of the file."""
        found: Any = self.values
        for key in path:
            found = found.get(key, {}) if isinstance(found, dict) else {}
        if not isinstance(found, list):
            raise TableError(self.file, self.line(".".join(path)), None, f"[[{'.'.join(path)}]] is missing")
        return [TomlRow(self, ".".join(path), index, values) for index, values in enumerate(found)]


@dataclass(frozen=True, slots=True)
class TomlRow:
    """One `[[heading]]` of a TOML file."""

    table: TomlTable
    heading: str
    index: int
    values: Mapping[str, Any]

    def error(self, field: str, text: str) -> TableError:
        """What is wrong with a field, with its place."""
        return TableError(*self.table.place(self.heading, self.index), field, text)

    def text(self, field: str, default: str | None = None) -> str:
        """A field that is text."""
        value = self.values.get(field, default)
        if not isinstance(value, str):
            raise self.error(field, "text is missing")
        return value

    def day(self, field: str) -> date | None:
        """A field that is a day, or None where it is left out."""
        value = self.values.get(field)
        if value is not None and type(value) is not date:
            raise self.error(field, f"{value!r} is not a day")
        return value

    def number(self, field: str) -> Decimal | None:
        """A field that is an exact number, or None where it is left out."""
        value = self.values.get(field)
        return None if value is None else self.exact(field, value)

    def exact(self, field: str, value: object) -> Decimal:
        """A number of this row as an exact decimal."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self.error(field, f"{value!r} is not a number")
        return Decimal(value)


def csv_table(file: str, columns: tuple[str, ...], root: Traversable = DATA) -> CsvTable:
    """Read a CSV table whose heading must be exactly these columns."""
    content = raw_bytes(file, root)
    key = file, columns, sha256(content).digest()
    if (held := _HELD.get(key)) is not None:
        return held
    text = _text(file, content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [tuple(map(intern, row)) for row in reader]
    except csv.Error as error:
        raise TableError(file, reader.line_num, None, str(error)) from error
    if not rows or rows[0] != columns:
        raise TableError(file, 1, None, f"the heading is not {','.join(columns)}")
    if reader.line_num != len(rows) or any(len(row) != len(columns) for row in rows):
        _complain_of_shape(file, text, len(columns))
    found = _HELD[key] = CsvTable(file, columns, tuple(rows[1:]))
    return found


def toml_table(file: str, root: Traversable = DATA) -> TomlTable:
    """Read a TOML table, its numbers exact."""
    text = _text(file, raw_bytes(file, root))
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.fullmatch(str(error))
        if place:
            raise TableError(file, int(place[2]), int(place[3]), place[1]) from error
        raise TableError(file, None, None, str(error)) from error
    headings: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("[") and line.rstrip().endswith("]"):
            name = line.strip().strip("[]")
            headings[name] = (*headings.get(name, ()), number)
    return TomlTable(file, values, headings)


def raw_bytes(file: str, root: Traversable = DATA) -> bytes:
    """A table's bytes as they stand."""
    try:
        return root.joinpath(*file.split("/")).read_bytes()
    except OSError as error:
        raise TableError(file, None, None, error.strerror or "cannot be read") from error


def day(text: str) -> date:
    """A day written 2026-01-31."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day such as 2026-01-31")
    return date.fromisoformat(text)


def open_day(text: str) -> date | None:
    """A day, or None where the cell is empty: an open end."""
    return day(text) if text else None


def number(text: str) -> Decimal:
    """A plain decimal number: no exponent, no grouping."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a plain number")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not a plain number") from error


def open_number(text: str) -> Decimal | None:
    """A number, or None where nobody has declared one."""
    return number(text) if text else None


def names_of(cell: Mapping[str, str]) -> Mapping[str, str]:
    """A row's name in every language."""
    return MappingProxyType({language: cell[language] for language in ("en", "es", "zh")})


def _text(file: str, content: bytes) -> str:
    if content.startswith(b"\xef\xbb\xbf"):
        raise TableError(file, 1, 1, "begins with a byte-order mark; save it as plain UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise TableError(file, line, column, "is not UTF-8") from error


def _complain_of_shape(file: str, text: str, width: int) -> None:
    """Name the first row that is too short, too long or spread over lines."""
    reader, before = csv.reader(io.StringIO(text, newline=""), strict=True), 0
    for row in reader:
        if reader.line_num != before + 1:
            raise TableError(file, before + 1, None, "a cell spans more than one line")
        if len(row) != width:
            raise TableError(file, reader.line_num, None, f"{len(row)} cells where the heading has {width}")
        before = reader.line_num
