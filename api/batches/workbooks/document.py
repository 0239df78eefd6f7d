"""A workbook of OpenDocument (ODS) as a source of rows.

Cells and rows that are alike stand there once, with how often they come; what would unroll to more than a sheet is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from api.batches.forms import BrokenFile
from api.batches.workbooks.archive import Archive, feed, parser_of, plain
from api.batches.workbooks.book import elements, number
from api.batches.workbooks.numbers import PLAIN, Kind, told
from api.batches.workbooks.rows import MIDNIGHT, Extent, Row

CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 1_048_576, 16_384, 1 << 25
CELLS = frozenset({"table-cell", "covered-table-cell"})
# Texts inside a cell that are not what it says: remarks of readers.
BESIDE = frozenset({"annotation", "shapes"})


def repeated(said: dict[str, str], what: str) -> int:
    """How often a row or cell comes."""
    return max(1, number(said.get(f"number-{what}-repeated")))


def unprefixed(said: dict[str, str]) -> dict[str, str]:
    """Attributes without their prefixes; LibreOffice tells of errors in a type of its own beside that of the standard."""
    own = said.get("calcext:value-type", "")
    return {plain(name): value for name, value in said.items() if name != "calcext:value-type"} | {"own": own}


class Document:
    """The sheets of an ODS archive. Raises BrokenFile."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        manifest = archive.whole(MANIFEST)
        if manifest and any(name == "encryption-data" for name, _ in elements(manifest, MANIFEST)):
            raise BrokenFile(f"{archive.path.name}: the workbook is behind a password: save it without one")
        reading = _Reading(None)
        for _ in reading.through(archive):
            pass
        self._extents = reading.extents

    @property
    def names(self) -> list[str]:
        """The names of the sheets in their order."""
        return [*self._extents]

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a sheet that have anything in them."""
        return _Reading(name).through(self._archive)

    def extent(self, name: str) -> Extent:
        """How far a sheet goes."""
        return self._extents[name]


@dataclass(slots=True)
class _Cell:
    said: dict[str, str]
    texts: list[str] = field(default_factory=list)


class _Reading:
    """What the elements of the tables say; the rows of the one that is `wanted`, or how far each goes."""

    def __init__(self, wanted: str | None) -> None:
        self.extents: dict[str, Extent] = {}
        self._wanted = wanted
        self._name, self._depth = "", 0
        self._ready: list[tuple[Row, int]] = []
        self._row, self._times, self._column = Row(0), 1, 0
        self._cell: _Cell | None = None
        self._beside = self._paragraphs = 0
        self._cells = 0

    def through(self, archive: Archive) -> Iterator[Row]:
        """The rows of the wanted sheet."""
        parser = parser_of(self._start, self._end)
        parser.CharacterDataHandler = self._text
        for chunk in archive.chunks(CONTENT):
            feed(parser, chunk, CONTENT)
            yield from self._unrolled()
        feed(parser, b"", CONTENT, last=True)
        yield from self._unrolled()

    def _unrolled(self) -> Iterator[Row]:
        for row, times in self._ready:
            for after in range(times):
                yield Row(row.number + after, dict(row.cells), set(row.unreckoned))
        self._ready.clear()

    def _start(self, element: str, said: dict[str, str]) -> None:
        name = plain(element)
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._name = unprefixed(said).get("name", "")
                self.extents[self._name] = Extent()
                self._row, self._times = Row(0), 1
        elif self._depth != 1:
            return
        elif name == "table-row":
            self._row, self._times = Row(self._row.number + self._times), repeated(unprefixed(said), "rows")
            self._column = 0
        elif name in CELLS:
            self._cell = _Cell(unprefixed(said))
        elif name in BESIDE:
            self._beside += 1
        elif name == "p":
            self._paragraphs += 1
            if self._cell is not None and self._cell.texts and not self._beside:
                self._cell.texts.append("\n")
        elif name == "s":
            self._text(" " * min(number(said.get("text:c")) or 1, 1000))

    def _text(self, written: str) -> None:
        if self._cell is not None and self._paragraphs and not self._beside:
            self._cell.texts.append(written)

    def _end(self, element: str) -> None:
        name = plain(element)
        if name == "table":
            self._depth -= 1
        elif self._depth != 1:
            return
        elif name in CELLS and self._cell is not None:
            self._known(self._cell)
            self._cell = None
        elif name in BESIDE:
            self._beside -= 1
        elif name == "p":
            self._paragraphs -= 1
        elif name == "table-row":
            self._rowed()

    def _known(self, cell: _Cell) -> None:
        times = repeated(cell.said, "columns")
        first, self._column = self._column + 1, self._column + times
        extent = self.extents[self._name]
        wide, high = (max(1, number(cell.said.get(f"number-{what}-spanned"))) for what in ("columns", "rows"))
        if wide * high > 1:
            corner = first + wide - 1, self._row.number + high - 1
            extent.merged.append(((first, self._row.number), corner))
        value = text_of(cell.said, "".join(cell.texts))
        wrong = unreckoned(cell.said)
        if not value and not wrong:
            return
        if self._column > MOST_COLUMNS:
            raise BrokenFile(f"{self._name}: a sheet has {MOST_COLUMNS:,} columns, and this one more")
        extent.column = max(extent.column, self._column)
        for column in range(first, self._column + 1):
            if value:
                self._row.cells[column] = value
            if wrong:
                self._row.unreckoned.add(column)

    def _rowed(self) -> None:
        row = self._row
        if not row.cells and not row.unreckoned:
            return
        self._cells += self._times * (len(row.cells) + len(row.unreckoned))
        if row.number + self._times - 1 > MOST_ROWS or self._cells > MOST_CELLS:
            raise BrokenFile(f"{self._name}: this unrolls to more than a sheet of {MOST_ROWS:,} rows")
        self.extents[self._name].rows += self._times
        if self._name == self._wanted:
            self._ready.append((row, self._times))


def unreckoned(said: dict[str, str]) -> bool:
    """Whether a cell has a formula without a value."""
    return "formula" in said and ("value-type" not in said or said.get("own") == "error")


def text_of(said: dict[str, str], shown: str) -> str:
    """What a cell says: the value that it has, or else what it shows."""
    match said.get("value-type"):
        case "float" | "currency":
            value = told(said.get("value", ""), PLAIN, from_1904=False)
            # A code that is a number shows its zeros.
            return shown if shown.startswith("0") and shown.isdecimal() and shown.lstrip("0") == value else value
        case "percentage":
            return told(said.get("value", ""), (Kind.SHARE, 0), from_1904=False)
        case "date":
            return said.get("date-value", "").removesuffix(MIDNIGHT)
        case "boolean":
            return said.get("boolean-value", "")
    return (said.get("string-value") or shown).strip()
