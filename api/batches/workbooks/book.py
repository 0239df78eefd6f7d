"""What the parts of an XLSX workbook say of it as a whole: its sheets, its day zero, its texts and formats."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from api.batches.forms import BrokenFile
from api.batches.workbooks.archive import Archive, feed, parser_of, plain
from api.batches.workbooks.numbers import Meaning, meaning

CONTENT_TYPES, ROOT = "[Content_Types].xml", "_rels/.rels"
# What shared texts may unpack to; they are kept.
MOST_TEXTS = 1 << 29
WORKSHEET, STYLES, STRINGS = "/worksheet", "/styles", "/sharedStrings"


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: the part that tells of it, that of its styles, and the parts of its sheets by their names, in their order."""

    part: str
    styles: str | None
    strings: str | None
    sheets: dict[str, str]
    from_1904: bool


def elements(body: bytes, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements of a small part with their attributes, in their order."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = parser_of(lambda element, attributes: found.append((plain(element), attributes)), lambda _: None)
    feed(parser, body, name, last=True)
    return iter(found)


def relations(part: str) -> str:
    """The part that says what a part refers to."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def book_of(archive: Archive) -> Book:
    """The workbook in an archive. Raises BrokenFile where there is none."""
    part = next((place for kind, place, _ in _related(archive, "") if kind.endswith("/officeDocument")), None)
    if part is None:
        raise BrokenFile(f"{archive.path.name}: the archive holds no workbook of Excel")
    related = _related(archive, part)
    places = {key: place for kind, place, key in related if kind.endswith(WORKSHEET)}
    sheets, from_1904 = {}, False
    for name, said in elements(archive.whole(part), part):
        if name == "sheet":
            key = next((value for each, value in said.items() if plain(each) == "id" and ":" in each), "")
            if key in places:
                sheets[said.get("name", "")] = places[key]
        elif name == "workbookPr":
            from_1904 = said.get("date1904") in {"1", "true"}
    if not sheets:
        raise BrokenFile(f"{archive.path.name}: the workbook has no sheet of cells")
    styles, strings = (
        next((place for kind, place, _ in related if kind.endswith(end)), None) for end in (STYLES, STRINGS)
    )
    return Book(part, styles, strings, sheets, from_1904)


def _related(archive: Archive, part: str) -> list[tuple[str, str, str]]:
    """What a part refers to inside the archive: the kind, the part, the key."""
    where = relations(part) if part else ROOT
    return [
        (
            said.get("Type", ""),
            posixpath.normpath(posixpath.join(posixpath.dirname(part), said.get("Target", ""))).lstrip("/"),
            said.get("Id", ""),
        )
        for name, said in elements(archive.whole(where) or b"<none/>", where)
        if name == "Relationship" and said.get("TargetMode") != "External"
    ]


def meanings(archive: Archive, book: Book) -> list[Meaning]:
    """What the styles of cells make of numbers, by their place."""
    codes: dict[int, str] = {}
    found: list[Meaning] = []
    inside = False
    for name, said in elements((archive.whole(book.styles) if book.styles else b"") or b"<none/>", "styles"):
        if name == "numFmt":
            codes[number(said.get("numFmtId"))] = said.get("formatCode", "")
        elif name in {"cellXfs", "cellStyles", "dxfs"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            format_ = number(said.get("numFmtId"))
            found.append(meaning(format_, codes.get(format_)))
    return found


def strings(archive: Archive, book: Book) -> list[str]:
    """The texts that cells share, without what only says how they are pronounced."""
    found: list[str] = []
    if book.strings is None or book.strings not in archive.parts:
        return found
    texts: list[str] = []
    depth = {"t": 0, "rPh": 0}

    def start(name: str, _: dict[str, str]) -> None:
        if plain(name) in depth:
            depth[plain(name)] += 1

    def end(name: str) -> None:
        if plain(name) in depth:
            depth[plain(name)] -= 1
        elif plain(name) == "si":
            found.append("".join(texts))
            texts.clear()

    def text(written: str) -> None:
        if depth["t"] and not depth["rPh"]:
            texts.append(written)

    parser = parser_of(start, end)
    parser.CharacterDataHandler = text
    for chunk in archive.chunks(book.strings, MOST_TEXTS):
        feed(parser, chunk, book.strings)
    feed(parser, b"", book.strings, last=True)
    return found


def number(text: str | None) -> int:
    """The whole number of an attribute, 0 where it is none."""
    return int(text) if text and text.isdecimal() else 0
