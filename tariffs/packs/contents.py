"""What a release tells of itself, and which files it holds: the manifest, whose exact bytes are signed.

It is made from the tables alone, without a clock: when the release was made stands in its name. What the manifest says of
the tables is made again from the files when they are opened, so that it cannot say one thing and they another.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.resources.abc import Traversable
from typing import Any

from tariffs.fx import customs
from tariffs.kept_index import FILE as INDEX
from tariffs.manifest import MANIFEST, RELEASE, SOURCES, manifest, sources
from tariffs.packs import refused
from tariffs.packs.archive import is_safe
from tariffs.packs.refused import PackRefused, said
from tariffs.pinyin import FILE as READINGS
from tariffs.release import BadRelease, day_of, sealed

FORMAT = 1
# Bytes of the manifest, of one file unpacked, and of all of them.
MOST_MANIFEST, MOST_FILE, MOST_UNPACKED = 1024 * 1024, 64 * 1024 * 1024, 256 * 1024 * 1024
# The lists that say what the tables are; then what is no table of the release and goes with it: the customs rates of the
# months, and what a search looks things up in.
LISTS = (MANIFEST, SOURCES, RELEASE)
BESIDE = (customs.FILE, READINGS, INDEX)


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of a release: its hash and size as it is, and as it stands in the archive."""

    name: str
    sha256: str
    size: int
    packed_sha256: str
    packed_size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """The manifest as read: the release, what it tells of its tables, its files in the order of the archive."""

    release: str
    told: Mapping[str, Any]
    files: tuple[Packed, ...]


def files_of(root: Traversable) -> tuple[str, ...]:
    """The names of the files of a release in their order: the lists, the tables, what goes with them. Raises TableError."""
    tables = (file for table in manifest(root).tables for file in table.files)
    return tuple(sorted({*LISTS, *tables, *BESIDE}))


def told_of(root: Traversable) -> dict[str, Any]:
    """What a release tells of its tables and of the documents that they rest on. Raises TableError."""
    book, seal = manifest(root), sealed(root)
    return {
        "format": FORMAT,
        "release": seal.release,
        "day": f"{seal.day}",
        "sha256": seal.sha256,
        "tables": [
            {
                "name": table.name,
                "title": table.title,
                "known_until": f"{table.known_until}",
                "confidence": table.confidence,
                "licence": table.licence,
                "sha256": table.sha256,
                "files": list(table.files),
            }
            for table in book.tables
        ],
        "sources": [
            {"id": each.id, "title": each.title, "licence": each.licence or None} for each in sources(root).values()
        ],
    }


def written(told: Mapping[str, Any], files: Iterable[Packed]) -> bytes:
    """The manifest as it is signed."""
    document = {**told, "files": [asdict(each) for each in files]}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def read(content: bytes) -> Contents:
    """The manifest of an archive. Raises PackRefused."""
    try:
        document = json.loads(content.decode(), parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError):
        raise PackRefused(refused.MANIFEST_UNREADABLE, "the manifest is no JSON that can be read") from None
    if not isinstance(document, dict):
        raise _unreadable("is no JSON object")
    if document.get("format") != FORMAT:
        found = said(f"{document.get('format')}")
        raise PackRefused(
            refused.OTHER_FORMAT, f"the release is of format {found}, this Galeón reads {FORMAT}: take a newer Galeón"
        )
    release, listed = document.get("release"), document.get("files")
    if not isinstance(release, str) or not isinstance(listed, list):
        raise _unreadable("names no release or no files")
    try:
        day_of(release)
    except BadRelease as error:
        raise _unreadable(str(error)) from None
    files = tuple(map(_packed, listed))
    names = [each.name for each in files]
    if names != sorted(set(names)):
        raise _unreadable("does not list its files once each, in their order")
    for name in names:
        if not is_safe(name):
            raise PackRefused(refused.UNSAFE_PATH, f"{said(name)} would lie outside the folder of the release")
    if missing := [name for name in (*LISTS, *BESIDE) if name not in names]:
        raise PackRefused(refused.TABLE_MISSING, f"the release lacks {', '.join(missing)}")
    if any(each.size > MOST_FILE for each in files) or sum(each.size for each in files) > MOST_UNPACKED:
        raise PackRefused(refused.TOO_LARGE, f"the release unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
    told = {name: part for name, part in document.items() if name != "files"}
    return Contents(release, told, files)


def _packed(entry: object) -> Packed:
    """An entry of the list of files."""
    if not isinstance(entry, dict) or entry.keys() != set(Packed.__slots__):
        raise _unreadable("has a file that is not described as files are")
    texts, numbers = ("name", "sha256", "packed_sha256"), ("size", "packed_size")
    sound = all(isinstance(entry[name], str) for name in texts)
    if not sound or not all(type(entry[name]) is int and entry[name] >= 0 for name in numbers):
        raise _unreadable("has a file that is not described as files are")
    return Packed(**entry)


def _unreadable(text: str) -> PackRefused:
    return PackRefused(refused.MANIFEST_UNREADABLE, f"the manifest {text}")


def _no_fraction(text: str) -> object:
    raise ValueError(text)
