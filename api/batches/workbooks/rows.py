"""The rows of a sheet of XLSX as texts, while it streams by."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import digits

from api.batches.forms import BrokenFile
from api.batches.workbooks.archive import MOST_HELD, Archive, feed, parser_of, plain
from api.batches.workbooks.numbers import PLAIN, Meaning, told

PLACE, LETTERS = re.compile("([A-Z]{1,3})([0-9]{1,7})"), re.compile("[A-Z]{1,3}")
MIDNIGHT = "T00:00:00"
TEXTS = frozenset({"v", "t", "f"})


@dataclass(slots=True)
class Row:
    """A row by its number, from 1: the texts of its cells by their columns, and which of them could not be reckoned."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    unreckoned: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Values:
    """What cells refer to: the texts that they share, what their styles mean, and which day is day zero."""

    strings: Sequence[str]
    meanings: Sequence[Meaning]
    from_1904: bool


@lru_cache(maxsize=16_384)
def letters(column: int) -> str:
    """The letters of a column, from 1: A."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def place_of(reference: str) -> tuple[int, int] | None:
    """The column and row of a cell's reference; None for what is none."""
    match = PLACE.fullmatch(reference)
    if match is None:
        return None
    return _column(match[1]), int(match[2])


def column_of(reference: str) -> int:
    """The column of a cell's reference; 0 for what is none."""
    named = reference.rstrip(digits)
    return _column(named) if named != reference else 0


@lru_cache(maxsize=16_384)
def _column(named: str) -> int:
    if not LETTERS.fullmatch(named):
        return 0
    column = 0
    for letter in named:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


class _Reading:
    """What the elements of a sheet say; whole rows are taken away from `ready`."""

    def __init__(self, values: Values) -> None:
        self.ready: list[Row] = []
        self._values = values
        self._row = Row(0)
        self._column = 0
        self._said: dict[str, str] = {}
        self._inside = ""
        self._pronounced = False
        self._found: dict[str, list[str]] = {}

    def start(self, element: str, said: dict[str, str]) -> None:
        name = plain(element)
        if name == "c":
            self._column = column_of(said.get("r", "")) or self._column + 1
            self._said, self._found = said, {}
        elif name in TEXTS:
            self._inside = name
            if name not in self._found:
                self._found[name] = []
        elif name == "rPh":
            self._pronounced = True
        elif name == "row":
            number = said.get("r", "")
            self._row = Row(int(number) if number.isdecimal() else self._row.number + 1)
            self._column = 0

    def text(self, written: str) -> None:
        if self._inside and not self._pronounced:
            self._found[self._inside].append(written)

    def end(self, element: str) -> None:
        name = plain(element)
        if name in TEXTS:
            self._inside = ""
        elif name == "c":
            self._cell()
        elif name == "rPh":
            self._pronounced = False
        elif name == "row":
            self.ready.append(self._row)

    def _cell(self) -> None:
        kind = self._said.get("t", "n")
        value = "".join(self._found.get("t" if kind == "inlineStr" else "v", ()))
        if kind == "e" or ("f" in self._found and not value and kind != "str"):
            self._row.unreckoned.add(self._column)
        if value and (text := self._text(kind, value)):
            self._row.cells[self._column] = text

    def _text(self, kind: str, value: str) -> str:
        match kind:
            case "s":
                number = int(value) if value.isdecimal() else -1
                return self._values.strings[number].strip() if 0 <= number < len(self._values.strings) else ""
            case "n":
                style = self._said.get("s", "")
                known = self._values.meanings
                means = known[int(style)] if style.isdecimal() and int(style) < len(known) else PLAIN
                return told(value, means, self._values.from_1904)
            case "b":
                return "true" if value == "1" else "false"
            case "d":
                return value.removesuffix(MIDNIGHT)
        return value.strip()


def rows(archive: Archive, part: str, values: Values) -> Iterator[Row]:
    """The rows of a sheet that it has anything of, in their order."""
    reading = _Reading(values)
    parser = parser_of(reading.start, reading.end)
    parser.CharacterDataHandler = reading.text
    for chunk in archive.chunks(part):
        feed(parser, chunk, part)
        yield from reading.ready
        reading.ready.clear()
    feed(parser, b"", part, last=True)
    yield from reading.ready


# A row or a cell: which, the column that it names, whether it is empty.
TAG = re.compile(rb"""<(?:\w+:)?(row|c)(?=[\s/>])(?:[^<>]*?\sr=["']([A-Z]{1,3})?[0-9]{1,7}["'])?[^<>]*?(/?)>""")
MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<>]*?ref=["']([A-Z0-9]+):([A-Z0-9]+)["']""")


@dataclass(slots=True)
class Extent:
    """How far a sheet goes: its last column with a value, how many rows it has, and what is merged (first and last cell).

    `far` is the last column with a cell, be it an empty one.
    """

    column: int = 1
    rows: int = 0
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    far: int = 1


def extent_of(archive: Archive, part: str) -> Extent:
    """The extent of a sheet. What is merged stands behind the rows, and is needed while they are read."""
    measured, rest = _Measured(), b""
    for chunk in archive.chunks(part):
        body = rest + chunk
        cut = body.rfind(b"<")
        body, rest = (body[:cut], body[cut:]) if cut > 0 else (b"", body)
        if len(rest) > MOST_HELD:
            raise BrokenFile(f"{part}: this is no XML of a sheet: it has no end of an element for too long")
        measured.see(body)
    measured.see(rest)
    return measured.extent


class _Measured:
    """The extent of what has gone by. A cell that names no column stands behind the one before it."""

    def __init__(self) -> None:
        self.extent = Extent()
        self._column = 0

    def see(self, body: bytes) -> None:
        tags = TAG.findall(body)
        for (kind, named, empty), times in Counter(tags).items():
            if kind == b"row":
                self.extent.rows += times
            elif named:
                self._reaches(_column(named.decode()), empty)
        if any(kind == b"c" and not named for kind, named, _ in tags):
            self._count(tags)
        elif tags:
            self._column = _column(tags[-1][1].decode())
        for first, last in MERGED.findall(body):
            corners = place_of(first.decode()), place_of(last.decode())
            if corners[0] and corners[1]:
                self.extent.merged.append((corners[0], corners[1]))

    def _count(self, tags: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        for kind, named, empty in tags:
            self._column = _column(named.decode()) if named or kind == b"row" else self._column + 1
            self._reaches(self._column, empty)

    def _reaches(self, column: int, empty: bytes) -> None:
        self.extent.far = max(self.extent.far, column)
        if not empty:
            self.extent.column = max(self.extent.column, column)
