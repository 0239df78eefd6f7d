"""A private folder laid over the tables: its rows are added, or stand in for the package's rows of the same key.

A user who knows a rate that we do not, or next year's schedule before we do, need not touch the package, and whoever
reads a quote made so can tell: the overlay has a version of its own, which stands in the release. Here it is only read;
whether the book that results is sound is asked in `acceptance.py` before anybody is quoted from it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from calculator.citations import Source
from tariffs import manifest
from tariffs.findings import Finding
from tariffs.laid_over import READABLE, laid_over, toml_laid_over
from tariffs.logistics_rows import OWN
from tariffs.manifest import Manifest, Standing, TableState
from tariffs.rail_rows import COLUMNS as PAYMENT
from tariffs.tables import CsvTable, Raw, TableError, TomlRow, TomlTable, csv_table, toml_table

STANDINGS, SOURCES = manifest.MANIFEST, manifest.SOURCES
# Tables that may be a spreadsheet, and what they are then called.
SHEETS = {file.replace(".csv", ".xlsx"): file for file in (*OWN, *PAYMENT)}
TOMLS = ("cn/import_taxes.toml", "cn/consumption_tax.toml", SOURCES, STANDINGS)


class OverlayRefused(ValueError):
    """A folder that cannot be laid over the tables; `findings` are all its faults, each with its place."""

    def __init__(self, folder: Path, findings: tuple[Finding, ...]) -> None:
        told = "\n".join(f"  {finding}" for finding in findings)
        super().__init__(f"{folder} cannot be laid over the tables:\n{told}")
        self.folder, self.findings = folder, findings


@dataclass(frozen=True, slots=True)
class Overlay:
    """The folder as read: its tables, its version, and what in it cannot even be read."""

    folder: Path
    version: str
    tables: Mapping[str, CsvTable]
    tomls: Mapping[str, TomlTable]
    contents: Mapping[str, bytes]
    faults: tuple[Finding, ...]

    @classmethod
    def read(cls, folder: Path) -> "Overlay":
        """Read every file of the folder; what begins with a point, and README.md, is not looked at."""
        tables: dict[str, CsvTable] = {}
        tomls: dict[str, TomlTable] = {}
        contents, faults = _contents(folder)
        for name in contents:
            place = str(folder / name)
            try:
                if name in READABLE:
                    tables[name] = replace(csv_table(name, READABLE[name], folder), file=place)
                elif name in SHEETS:
                    faults += _sheet(folder, name, contents, tables)
                elif name in TOMLS:
                    tomls[name] = replace(toml_table(name, folder), file=place)
                else:
                    faults.append(Finding(place, None, None, "unknown_file", _unknown(name)))
            except TableError as error:
                misshapen = list(_misshapen(contents[name], READABLE.get(name, ()), place))
                column = None if error.column is None else str(error.column)
                faults += misshapen or [Finding(place, error.line, column, "unreadable", error.text)]
        sound = MappingProxyType(contents)
        return cls(folder, _version(contents), MappingProxyType(tables), MappingProxyType(tomls), sound, tuple(faults))

    def csv(self, table: CsvTable) -> CsvTable:
        """The package's table with the overlay's own laid over it."""
        own = self.tables.get(table.file)
        return table if own is None else laid_over(table, own)

    def toml(self, table: TomlTable) -> TomlTable:
        """The package's table with the overlay's headings in place of its own."""
        own = self.tomls.get(table.file)
        return table if own is None else toml_laid_over(table, own)

    def codes(self, file: str) -> frozenset[str]:
        """The first cells of the overlay's own rows of a file."""
        own = self.tables.get(file)
        return frozenset(row[0] for row in own.rows) if own else frozenset()

    def rows(self, file: str) -> frozenset[Raw]:
        """The overlay's own rows of a file."""
        own = self.tables.get(file)
        return frozenset(own.rows) if own else frozenset()

    def sources(self, below: Mapping[str, Source]) -> Mapping[str, Source]:
        """The cited documents, with the overlay's."""
        own = self.tomls.get(SOURCES)
        entries = {key: TomlRow(own, key, 0, values) for key, values in own.values.items()} if own else {}
        return MappingProxyType({**below, **{key: manifest.source(key, entry) for key, entry in entries.items()}})

    def manifest(self, below: Manifest) -> Manifest:
        """The manifest of the book that results; the overlay is named in its release."""
        states = tuple(map(self._state, below.tables))
        standings = {name: self.standing(name) or each for name, each in below.standings.items()}
        return Manifest(f"{below.release}+overlay-{self.version}", states, MappingProxyType(standings))

    def standing(self, table: str) -> Standing | None:
        """What the overlay's own rows of a table share, where its tables.toml says so."""
        entry = self._entry(table)
        return manifest.standing(entry) if entry is not None and "row" in entry.values else None

    def _state(self, state: TableState) -> TableState:
        entry = self._entry(state.name)
        known_until = entry.day("known_until") if entry is not None else None
        names = (name for file in state.files for name in (file, file.replace(".csv", ".xlsx")))
        own = [self.contents[name] for name in dict.fromkeys(names) if name in self.contents]
        digest = sha256(b"".join((bytes.fromhex(state.sha256), *own))).hexdigest() if own else state.sha256
        return replace(state, known_until=known_until or state.known_until, sha256=digest)

    def _entry(self, table: str) -> TomlRow | None:
        own = self.tomls.get(STANDINGS)
        values = own.values.get(table) if own else None
        return TomlRow(own, table, 0, values) if own and isinstance(values, Mapping) else None


def _contents(folder: Path) -> tuple[dict[str, bytes], list[Finding]]:
    if not folder.is_dir():
        return {}, [Finding(str(folder), None, None, "no_folder", "is not a folder")]
    contents: dict[str, bytes] = {}
    faults: list[Finding] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")) or name == "README.md" or path.is_dir():
            continue
        try:
            contents[name] = path.read_bytes()
        except OSError as error:
            faults.append(Finding(str(path), None, None, "unreadable", error.strerror or "cannot be read"))
    return contents, faults


def _sheet(folder: Path, name: str, contents: Mapping[str, bytes], tables: dict[str, CsvTable]) -> tuple[Finding, ...]:
    """Read a spreadsheet into the tables; its faults, one of which is that the same table is there as CSV too."""
    from tariffs.own_sheets import own_sheet  # only who has a spreadsheet waits for its reader

    file = SHEETS[name]
    if file in contents:
        return (Finding(str(folder / name), None, None, "two_files", f"{file} is there too: keep one of them"),)
    table, faults = own_sheet(folder / name, READABLE[file])
    if table is not None:
        tables[file] = table
    return faults


def _version(contents: Mapping[str, bytes]) -> str:
    digest = sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0{len(contents[name])}\0".encode() + contents[name])
    return digest.hexdigest()[:12]


def _unknown(name: str) -> str:
    near = get_close_matches(name, (*READABLE, *SHEETS, *TOMLS), n=1, cutoff=0.6)
    return "is no table" + (
        f"; is {near[0]} meant?" if near else f" (known: {', '.join((*READABLE, *SHEETS, *TOMLS))})"
    )


def _misshapen(content: bytes, columns: tuple[str, ...], place: str) -> Iterator[Finding]:
    """Every row of the wrong width, where that is what is wrong: reading stops at the first one."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        if tuple(next(reader, ())) != columns:
            return
        for row in reader:
            if len(row) != len(columns):
                text = f"{len(row)} cells where the heading has {len(columns)}"
                yield Finding(place, reader.line_num, None, "bad_width", text)
    except (UnicodeDecodeError, csv.Error):
        return
