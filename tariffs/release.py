"""The release: what the tables were when they were sealed, and whether they still are.

A quote names the release it was made from, so the name must stand for one content and no other. `release.toml` keeps
the name with a hash of every table; whoever changes a table seals it again under a new name, and a test fails until then.
Exchange rates have a release of their own (`tariffs.fx`), since they go on when the law stands still.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from types import MappingProxyType

from tariffs.manifest import MANIFEST, RELEASE, SOURCES, manifest
from tariffs.tables import DATA, TableError, TomlTable, raw_bytes, toml_table

# A second release of one day takes a further number.
NAME = re.compile(r"data-([0-9]{4})\.([0-9]{2})\.([0-9]{2})(?:\.[1-9][0-9]*)?")
HEADING = """\
# The release: its name and the SHA-256 of every table, over the table's files in their order. Written by `galeon tables
# seal` and compared by `galeon tables verify`; not to be edited.
"""


class BadRelease(ValueError):
    """A name that no release can have."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A release: its name, the hash of each table and of the two lists beside them, and one hash over all of these."""

    release: str
    tables: Mapping[str, str]
    lists: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """One hash for everything: over the hashes and names, in the order of the names."""
        lines = sorted(f"{name} {digest}\n" for name, digest in {**self.tables, **self.lists}.items())
        return sha256("".join(lines).encode()).hexdigest()

    @property
    def day(self) -> date:
        """The day in the name of the release."""
        return day_of(self.release)

    def __str__(self) -> str:
        """The text of release.toml."""
        parts = [HEADING, f'\nrelease = "{self.release}"\nsha256 = "{self.sha256}"\n']
        for heading, hashes in (("tables", self.tables), ("lists", self.lists)):
            parts.append(f"\n[{heading}]\n")
            parts += [f'"{name}" = "{digest}"\n' for name, digest in hashes.items()]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was sealed; a hash is "" where there is no such table."""

    name: str
    sealed: str
    found: str


def day_of(release: str) -> date:
    """The day in the name of a release. Raises BadRelease for a name that has none."""
    named = NAME.fullmatch(release)
    try:
        if named:
            return date(int(named[1]), int(named[2]), int(named[3]))
    except ValueError:
        pass
    raise BadRelease(f"{release!r} is not a release such as data-2026.11.26")


def order_of(release: str) -> tuple[date, int]:
    """Where a release stands among others: by its day, and within a day by its number. Raises BadRelease."""
    day = day_of(release)
    return day, int(release.removeprefix(f"data-{day:%Y.%m.%d}").lstrip(".") or 1)


def sealed(root: Traversable = DATA) -> Seal:
    """The release as it was sealed."""
    table = toml_table(RELEASE, root)
    seal = Seal(_text(table, "release"), _hashes(table, "tables"), _hashes(table, "lists"))
    try:
        seal.day  # noqa: B018
    except BadRelease as error:
        raise TableError(RELEASE, None, "release", str(error)) from error
    if seal.sha256 != _text(table, "sha256"):
        raise TableError(RELEASE, None, "sha256", "is not the hash over the lines below: the file was edited")
    return seal


def sealed_now(release: str, root: Traversable = DATA) -> Seal:
    """The tables as they are, under a name. Raises BadRelease."""
    day_of(release)
    hashes = {table.name: table.sha256 for table in manifest(root, release).tables}
    lists = {name: sha256(raw_bytes(name, root)).hexdigest() for name in (MANIFEST, SOURCES)}
    return Seal(release, MappingProxyType(hashes), MappingProxyType(lists))


def differences(root: Traversable = DATA) -> tuple[Difference, ...]:
    """Every table and list that is not as it was sealed; nothing where the release is whole."""
    then = sealed(root)
    now = sealed_now(then.release, root)
    before, after = {**then.tables, **then.lists}, {**now.tables, **now.lists}
    names = dict.fromkeys((*before, *after))
    found = (Difference(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(each for each in found if each.sealed != each.found)


def next_name(today: date, before: str) -> str:
    """The name of a release made today, where `before` is the one that it follows. Raises BadRelease.

    It is never an earlier one: where the clock is behind `before`, it has the day of that.
    """
    day = max(today, day_of(before)) if before else today
    name = f"data-{day:%Y.%m.%d}"
    if before != name and not before.startswith(f"{name}."):
        return name
    return f"{name}.{int(before.removeprefix(name).lstrip('.') or 1) + 1}"


def _text(table: TomlTable, field: str) -> str:
    value = table.values.get(field)
    if not isinstance(value, str):
        raise TableError(table.file, None, field, "text is missing")
    return value


def _hashes(table: TomlTable, heading: str) -> Mapping[str, str]:
    found = table.values.get(heading)
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise TableError(table.file, table.line(heading), heading, "hashes are missing")
    return MappingProxyType(found)
