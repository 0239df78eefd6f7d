"""What tables there are and what they rest on: the manifest and the list of cited documents.

The state of a table (until when its makers looked, how far it can be trusted, its hash) stands in every quote, so that
a reader of the quote years later can tell which book it was made from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from types import MappingProxyType

from calculator.citations import Source
from tariffs.tables import DATA, TableError, TomlRow, TomlTable, raw_bytes, toml_table

MANIFEST, SOURCES, RELEASE = "tables.toml", "sources.toml", "release.toml"


@dataclass(frozen=True, slots=True)
class TableState:
    """A table as it stands in this release; `sha256` is taken over its files in their order.

    `covers_from` is the first day on which the table was made to be whole; None where that is its oldest row's.
    """

    name: str
    title: str
    known_until: date
    confidence: str
    licence: str
    sha256: str
    files: tuple[str, ...]
    covers_from: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What every row of a file shares, where the file does not repeat it."""

    source: str
    valid_from: date
    confidence: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The release, its tables and what their rows share."""

    release: str
    tables: tuple[TableState, ...]
    standings: Mapping[str, Standing]


def manifest(root: Traversable = DATA, release: object = None) -> Manifest:
    """Read the manifest and hash every file that it names; the release is the one sealed, or the one given."""
    table = toml_table(MANIFEST, root)
    if release is None:
        release = toml_table(RELEASE, root).values.get("release")
    if not isinstance(release, str):
        raise TableError(RELEASE, None, "release", "text is missing")
    entries = {name: _entry(table, name) for name, values in table.values.items() if isinstance(values, dict)}
    standings = {name: standing(entry) for name, entry in entries.items() if "row" in entry.values}
    states = tuple(_state(name, entry, root) for name, entry in entries.items())
    return Manifest(release, states, MappingProxyType(standings))


def sources(root: Traversable = DATA) -> Mapping[str, Source]:
    """Every cited document by its id."""
    table = toml_table(SOURCES, root)
    return MappingProxyType({key: source(key, _entry(table, key)) for key in table.values})


def _entry(table: TomlTable, name: str) -> TomlRow:
    return TomlRow(table, name, 0, table.values[name])


def _state(name: str, entry: TomlRow, root: Traversable) -> TableState:
    files = entry.values.get("files")
    if not isinstance(files, list) or not files:
        raise entry.error("files", "names no file")
    digest = sha256()
    for file in files:
        digest.update(raw_bytes(file, root))
    return TableState(
        name=name,
        title=entry.text("title"),
        known_until=_set_day(entry, "known_until"),
        confidence=entry.text("confidence"),
        licence=entry.text("licence"),
        sha256=digest.hexdigest(),
        files=tuple(files),
        covers_from=entry.day("covers_from"),
    )


def standing(entry: TomlRow) -> Standing:
    """What an entry of the manifest says of all its rows."""
    row = TomlRow(entry.table, entry.heading, entry.index, entry.values["row"])
    return Standing(row.text("source", ""), _set_day(row, "valid_from"), row.text("confidence", ""))


def _set_day(row: TomlRow, field: str) -> date:
    day = row.day(field)
    if day is None:
        raise row.error(field, "a day is missing")
    return day


def source(key: str, entry: TomlRow) -> Source:
    """A cited document."""
    return Source(
        id=key,
        title=entry.text("title"),
        title_zh=entry.text("title_zh", ""),
        title_es=entry.text("title_es", ""),
        issuer=entry.text("issuer", ""),
        number=entry.text("number", ""),
        published=entry.day("published"),
        effective_from=entry.day("effective"),
        url=entry.text("url", ""),
        retrieved_on=entry.day("retrieved_on"),
        confidence=entry.text("confidence"),
        licence=entry.text("licence", ""),
    )
