"""Whether a folder may be laid over the tables: all its faults at once, and the book that results if there are none.

Whoever sets `GALEON_TABLES` is quoted from these rows a moment later, so the whole check of the tables runs on the
merged book first. What cannot be read at all is told and left aside, so that the rest is checked in the same go.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from tariffs import manifest, rows
from tariffs.checks import check
from tariffs.findings import LETTERS, Finding, at_row
from tariffs.fx import customs, snapshots
from tariffs.origins import FILE as ORIGINS
from tariffs.origins import origin
from tariffs.overlay import SOURCES, STANDINGS, Overlay, OverlayRefused
from tariffs.postal import FILE as POSTAL_ARTICLES
from tariffs.postal import postal_class
from tariffs.records import CONSUMPTION_TAX, IMPORT_TAXES, Records
from tariffs.requirements import FILE as REQUIREMENTS
from tariffs.requirements import requirement
from tariffs.tables import DATA, Raw, TableError, TomlRow, TomlTable

PACKAGES, LINES = "cn/packages.csv", "cn/tariff_lines.csv"
SHARED = frozenset({"known_until", "row"})  # what an overlay may say of a table of the package

# The faults that follow from a file that could not be read.
FOLLOWS = {SOURCES: ("unknown_source",), LINES: ("orphan_row", "gap")}


def accepted(folder: Path, root: Traversable = DATA) -> Records:
    """The book with the folder laid over it. Raises OverlayRefused with every fault."""
    overlay = Overlay.read(folder)
    records, faults = judged(overlay, root)
    if faults:
        raise OverlayRefused(folder, tuple(faults))
    return records


def judged(overlay: Overlay, root: Traversable = DATA) -> tuple[Records, list[Finding]]:
    """The book that results without what cannot be read, and the faults of the overlay."""
    unread = dict.fromkeys(_untypable(overlay, root))
    files = {fault.file for fault in unread} - {str(overlay.folder / SOURCES)}
    documents = overlay.tomls.get(SOURCES)
    lost = [key for key in documents.values if any(_document(documents, key))] if documents else []
    tomls = {name: table for name, table in overlay.tomls.items() if table.file not in files}
    if documents is not None:
        tomls[SOURCES] = replace(
            documents, values={key: documents.values[key] for key in documents.values if key not in lost}
        )
    tables = {name: table for name, table in overlay.tables.items() if table.file not in files}
    records = Records(root, replace(overlay, tables=MappingProxyType(tables), tomls=MappingProxyType(tomls)))
    # What cannot be read is told once; that other rows then miss it is no second fault.
    left_aside = files | {fault.file for fault in overlay.faults}
    follow = {code for name, codes in FOLLOWS.items() if str(overlay.folder / name) in left_aside for code in codes}
    found = (
        each
        for each in check(records)
        if each.code not in follow
        and not (each.code == "unknown_source" and any(each.text.startswith(repr(key)) for key in lost))
    )
    return records, [*overlay.faults, *unread, *found]


def _untypable(overlay: Overlay, root: Traversable) -> Iterator[Finding]:
    """The faults of what is typed as soon as it is read."""
    for name, table in overlay.tomls.items():
        if name == STANDINGS:
            yield from _standings(overlay, table, root)
        elif name == SOURCES:
            for key in table.values:
                yield from _document(table, key)
        elif name == IMPORT_TAXES:
            yield from _headings(table)
        elif name == CONSUMPTION_TAX:
            yield from _rows(table, rows.excise)
    yield from _cells(overlay, REQUIREMENTS, requirement)
    yield from _cells(overlay, ORIGINS, origin)
    yield from _cells(overlay, POSTAL_ARTICLES, postal_class)
    yield from _cells(overlay, PACKAGES, partial(rows.package, first=date.min))
    if customs.FILE in overlay.tables:
        yield from customs.findings(overlay.tables[customs.FILE])
    if snapshots.FILE in overlay.tables:
        yield from snapshots.findings(overlay.tables[snapshots.FILE])


def _cells(overlay: Overlay, name: str, typed: Callable[[Raw], object]) -> Iterator[Finding]:
    table = overlay.tables.get(name)
    if table is None:
        return
    for at, raw in enumerate(table.rows):
        try:
            typed(raw)
        except ValueError as error:
            yield at_row(table, at, table.columns[0], "bad_cell", str(error))


def _document(table: TomlTable, key: str) -> Iterator[Finding]:
    values = table.values[key]
    if isinstance(values, dict):
        yield from _tried(partial(manifest.source, key, TomlRow(table, key, 0, values)))
    else:
        yield Finding(table.file, table.line(key), key, "unreadable", "is not a [heading] with fields")


def _headings(table: TomlTable) -> Iterator[Finding]:
    for name in table.values:
        if name not in ("vat", "parameter"):
            line = next((lines[0] for heading, lines in table.headings.items() if heading.split(".")[0] == name), None)
            yield Finding(table.file, line, name, "unknown_table", "is neither vat nor parameter")
    yield from _rows(table, rows.rate_of_class, "vat")
    yield from _rows(table, rows.parameter, "parameter")


def _rows(table: TomlTable, typed: Callable[[str, TomlRow], object], *path: str) -> Iterator[Finding]:
    headings = table.values.get(path[0], {}) if path else table.values
    for name in headings if isinstance(headings, dict) else ():
        try:
            found = table.rows(*path, name)
        except TableError as error:
            yield _finding(error)
            continue
        for raw in found:
            yield from _tried(partial(typed, name, raw))


def _standings(overlay: Overlay, table: TomlTable, root: Traversable) -> Iterator[Finding]:
    """What the overlay's tables.toml says of tables: known_until, and what its own lines share."""
    known = {state.name for state in manifest.manifest(root).tables}
    own = overlay.tomls.get(SOURCES)
    documents = {*manifest.sources(root), *(own.values if own else ())}
    for name, values in table.values.items():
        if name not in known:
            yield Finding(
                table.file, table.line(name), name, "unknown_table", f"is no table ({', '.join(sorted(known))})"
            )
            continue
        if not isinstance(values, dict) or not set(values) <= SHARED:
            yield Finding(table.file, table.line(name), name, "unknown_field", "may say known_until and row only")
            continue
        entry = TomlRow(table, name, 0, values)
        yield from _tried(partial(entry.day, "known_until"))
        if "row" not in values:
            continue
        if name != "tariff-lines" or not isinstance(values["row"], dict):
            yield Finding(table.file, table.line(name), "row", "unknown_field", "is only said of tariff-lines")
            continue
        yield from _tried(partial(manifest.standing, entry))
        row = values["row"]
        if row.get("source") not in documents:
            yield Finding(table.file, table.line(name), "source", "unknown_source", f"{row.get('source')!r} is unknown")
        if row.get("confidence") not in LETTERS:
            yield Finding(table.file, table.line(name), "confidence", "bad_confidence", "is not A, B or C")


def _tried(read: Callable[[], object]) -> Iterator[Finding]:
    try:
        read()
    except TableError as error:
        yield _finding(error)
    except (KeyError, TypeError, ValueError) as error:
        yield Finding("", None, None, "unreadable", str(error))


def _finding(error: TableError) -> Finding:
    return Finding(
        error.file, error.line, None if error.column is None else str(error.column), "unreadable", error.text
    )
