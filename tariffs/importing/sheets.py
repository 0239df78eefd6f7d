"""What a sheet's own text says beside its values: formulas, merged cells, which numbers are shown as percent, its extent.

The library that reads the values tells none of these, and it lays a sheet out by its furthest cell: two cells at the
corners of a sheet would take gigabytes. So the sheet is gone through once, without a tree, before it is handed over.
"""

import re
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from tariffs.importing.grids import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, FileRefused, Formula

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# The percent formats that every workbook has.
_PERCENT_FORMATS = frozenset({"9", "10"})
PIECE = 1024 * 1024


@dataclass(slots=True)
class Sheet:
    """The findings of one pass through a sheet; lines from 1, columns from 0."""

    formulas: list[Formula] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    percent: set[tuple[int, int]] = field(default_factory=set)
    last_line: int = 0
    last_column: int = -1


def names(archive: ZipFile, file: str) -> dict[str, str]:
    """The visible sheets by name and the part of the archive that each is, in the order of the workbook."""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            targets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            sheets.append((attributes.get("name", ""), attributes.get("id", "")))

    _parse(archive, "xl/_rels/workbook.xml.rels", file, relation)
    _parse(archive, "xl/workbook.xml", file, sheet)
    return {name: targets[key] for name, key in sheets if targets.get(key) in archive.namelist()}


def percent_styles(archive: ZipFile, file: str) -> frozenset[str]:
    """The numbers of the cell styles that show a number as percent."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    formats = set(_PERCENT_FORMATS)
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(attributes.get("numFmtId", ""))
        elif name == "xf" and inside:
            styles.append(attributes.get("numFmtId", ""))
        elif name == "cellXfs":
            inside.append(name)

    def end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    _parse(archive, "xl/styles.xml", file, start, end)
    return frozenset(str(at) for at, each in enumerate(styles) if each in formats)


def looked_through(archive: ZipFile, part: str, percent: frozenset[str], file: str) -> Sheet:
    """One pass through a sheet; refused where it is laid out larger than any schedule."""
    sheet = Sheet()
    line, column, style, formula, value = 0, -1, "", False, False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal line, column, style, formula, value
        if name == "c":
            line, column = _place(attributes["r"], file) if "r" in attributes else (line, column + 1)
            style, formula, value = attributes.get("s", ""), False, False
            sheet.last_line, sheet.last_column = max(sheet.last_line, line), max(sheet.last_column, column)
            _within(sheet, file)
        elif name == "v":
            value = True
        elif name == "f":
            formula = True
        elif name == "row":
            line, column = int(attributes.get("r", line + 1)), -1
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            sheet.merged.append((*_place(first, file), *_place(last or first, file)))

    def end(name: str) -> None:
        if name == "c":
            if formula:
                sheet.formulas.append(Formula(line, column, value))
            if style in percent:
                sheet.percent.add((line, column))

    _parse(archive, part, file, start, end)
    return sheet


def _within(sheet: Sheet, file: str) -> None:
    rows, columns = sheet.last_line, sheet.last_column + 1
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        text = f"reaches to line {rows} and column {columns}; at most {MOST_ROWS} lines and {MOST_COLUMNS} columns"
        raise FileRefused.whole(file, "too_large", text)


def _place(reference: str, file: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        raise FileRefused.whole(file, "broken_archive", f"{reference[:20]!r} is no cell")
    column = 0
    for character in found[1]:
        column = column * 26 + ord(character) - 64
    return int(found[2]), column - 1


def _parse(archive: ZipFile, part: str, file: str, start: Any, end: Any = None) -> None:
    """Go through a part of the archive. Entities are refused, since a few of them can unfold to gigabytes."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def doctype(*_: object) -> None:
        raise FileRefused.whole(file, "broken_archive", f"{part} defines a document type; no spreadsheet does")

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: text for key, text in attributes.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    try:
        with archive.open(part) as stream:
            _feed(parser, stream)
    except (KeyError, ValueError, expat.ExpatError) as error:
        if isinstance(error, FileRefused):
            raise
        raise FileRefused.whole(file, "broken_archive", f"is no whole XLSX file: {part}: {error}") from error


def _feed(parser: expat.XMLParserType, stream: IO[bytes]) -> None:
    while piece := stream.read(PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
