"""Opening a release that came from elsewhere: signature first, then hashes, then the tables, each byte before it is used.

Nothing is unpacked that the signed manifest does not list with its hash, and nothing is laid outside the folder given. What
passes is as sound as a release of the package: sealed, whole, without a fault.
"""

import zlib
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from tariffs import kept_index
from tariffs.packs import refused
from tariffs.packs.archive import Reader, Source
from tariffs.packs.contents import MOST_MANIFEST, Contents, Packed, files_of, read, told_of
from tariffs.packs.packing import GZIP, MANIFEST, SIGNATURE, member, sound
from tariffs.packs.refused import PackRefused, said
from tariffs.records import Records
from tariffs.release import sealed
from tariffs.tables import TableError

# Raises PackRefused unless the signature is that of the manifest by a key that is trusted.
Vouches = Callable[[bytes, bytes], None]
MOST_SIGNATURE = 1024


def opened(source: Source, folder: Path, vouches: Vouches) -> Records:
    """Lay the files of a release into an empty folder, and check them. Raises PackRefused; the folder is then of no use."""
    reader = Reader(source)
    manifest = _first(reader, MANIFEST, MOST_MANIFEST)
    vouches(manifest, _first(reader, SIGNATURE, MOST_SIGNATURE))
    contents = read(manifest)
    for each in contents.files:
        path = folder / each.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_unpacked(each, _next(reader, each, contents.files)))
    if (more := reader.heading()) is not None:
        raise PackRefused(refused.UNKNOWN_MEMBER, f"{said(more.name)} is not in the manifest")
    return _checked(folder, contents)


def _first(reader: Reader, name: str, most: int) -> bytes:
    """A member that must stand at the beginning."""
    heading = reader.heading()
    if heading is None or heading.name != name:
        raise PackRefused(refused.NOT_A_PACK, "this is no release that `galeon tables pack` made")
    if heading.size > most:
        raise PackRefused(refused.TOO_LARGE, f"{name} is larger than it can be")
    return reader.content(heading)


def _next(reader: Reader, wanted: Packed, files: tuple[Packed, ...]) -> bytes:
    """The packed bytes of the file that comes next."""
    heading, name = reader.heading(), member(wanted.name)
    if heading is None or (heading.name != name and heading.name in {member(each.name) for each in files}):
        raise PackRefused(refused.MISSING_MEMBER, f"{wanted.name} is in the manifest and not in the archive")
    if heading.name != name:
        raise PackRefused(refused.UNKNOWN_MEMBER, f"{said(heading.name)} is not in the manifest")
    content = reader.content(heading) if heading.size == wanted.packed_size else b""
    if sha256(content).hexdigest() != wanted.packed_sha256:
        raise PackRefused(refused.ALTERED, f"{wanted.name} is not the file that was signed")
    return content


def _unpacked(file: Packed, content: bytes) -> bytes:
    """The file itself, never longer than it is said to be."""
    unzipper = zlib.decompressobj(GZIP)
    try:
        found = unzipper.decompress(content, file.size + 1)
    except zlib.error:
        found = b""
    if len(found) > file.size:
        raise PackRefused(refused.TOO_LARGE, f"{file.name} unpacks to more than the manifest says")
    if not unzipper.eof or unzipper.unused_data or sha256(found).hexdigest() != file.sha256:
        raise PackRefused(refused.ALTERED, f"{file.name} does not unpack to the file that was signed")
    return found


def _checked(folder: Path, contents: Contents) -> Records:
    """The tables as laid out, where they are what the manifest says and what a release must be."""
    try:
        _whole(folder, contents)
        records, told = sound(folder), told_of(folder)
        if kept_index.kept(kept_index.fingerprint(records), folder) is None:
            raise PackRefused(refused.TABLES_UNSOUND, "the index of the search is of other tables")
    except (TableError, OSError) as error:
        raise PackRefused(refused.TABLES_UNSOUND, f"the tables cannot be read: {error}") from None
    except PackRefused:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, zlib.error) as error:
        # A table of another shape than this version reads; the signature says that it was meant.
        text = f"the tables cannot be read by this version: {type(error).__name__} {said(str(error))}"
        raise PackRefused(refused.TABLES_UNSOUND, text) from None
    if differs := [name for name in {**told, **contents.told} if told.get(name) != contents.told.get(name)]:
        text = f"the manifest says otherwise than the tables: {', '.join(map(said, differs))}"
        raise PackRefused(refused.MANIFEST_UNREADABLE, text)
    return records


def _whole(folder: Path, contents: Contents) -> None:
    """Raises PackRefused where a table of the package is missing, or a file belongs to no table."""
    here: Mapping[str, Any] = sealed(folder).tables
    if lacking := [name for name in sealed().tables if name not in here]:
        raise PackRefused(refused.TABLE_MISSING, f"the release lacks the tables {', '.join(lacking)}")
    known, names = files_of(folder), {each.name for each in contents.files}
    if lacking := [name for name in known if name not in names]:
        raise PackRefused(refused.TABLE_MISSING, f"the release lacks {', '.join(map(said, lacking))}")
    if unknown := [each.name for each in contents.files if each.name not in known]:
        raise PackRefused(refused.UNKNOWN_MEMBER, f"no table names {', '.join(unknown)}")
