"""Making a release out of a folder of tables: sealed, without a fault, and from the same tables the same bytes.

Who signs is no matter of this room: it is given what signs the manifest.
"""

import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tariffs import kept_index
from tariffs.checks import check
from tariffs.findings import Finding
from tariffs.fx import customs
from tariffs.indexing import bearers_of, indexed
from tariffs.packs import archive, refused
from tariffs.packs.contents import Packed, files_of, told_of, written
from tariffs.packs.refused import PackRefused
from tariffs.pinyin import Pinyin
from tariffs.records import Records
from tariffs.release import differences
from tariffs.tables import TableError, raw_bytes

MANIFEST, SIGNATURE, FOLDER = "manifest.json", "manifest.sig", "tables"
# gzip's own form without a time and a name, so that `tar x` and `gunzip` open a release by hand.
GZIP = 31
MOST_FAULTS = 20

Signs = Callable[[bytes], bytes]


def packed(folder: Path, signs: Signs) -> tuple[str, bytes]:
    """The release of a folder of tables, and its archive. Raises PackRefused."""
    try:
        records = sound(folder)
        contents = {name: _content(name, folder, records) for name in files_of(folder)}
        told = told_of(folder)
    except (TableError, OSError) as error:
        raise PackRefused(refused.TABLES_UNSOUND, f"the tables cannot be read: {error}") from None
    members = {name: _zipped(content) for name, content in contents.items()}
    manifest = written(told, [_described(name, contents[name], members[name]) for name in contents])
    listed = [(member(name), content) for name, content in members.items()]
    whole = b"".join(archive.written([(MANIFEST, manifest), (SIGNATURE, signs(manifest)), *listed]))
    if len(whole) > archive.MOST_PACKED:
        raise PackRefused(refused.TOO_LARGE, "the release would be larger than any that can be installed")
    return records.release, whole


def sound(root: Path) -> Records:
    """The tables of a folder, where they are sealed and have no fault. Raises PackRefused, TableError."""
    if changed := differences(root):
        names = ", ".join(each.name for each in changed)
        raise PackRefused(
            refused.NOT_SEALED,
            f"not as release.toml has them: {names}. If that is meant: galeon tables seal --data {root}",
        )
    records = Records(root)
    if faults := faults_of(records):
        more = f"\n  … and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        told = "\n".join(f"  {fault}" for fault in faults[:MOST_FAULTS])
        raise PackRefused(refused.TABLES_UNSOUND, f"{len(faults)} faults in the tables:\n{told}{more}")
    return records


def faults_of(records: Records) -> list[Finding]:
    """Every fault of a release, its customs rates among it."""
    return [*check(records), *customs.findings(records.customs_rates)]


def member(name: str) -> str:
    """What a file of a release is called in the archive."""
    return f"{FOLDER}/{name}.gz"


def _content(name: str, folder: Path, records: Records) -> bytes:
    """A file of the release; the index of the search is made where that of the folder is of other tables."""
    if name == kept_index.FILE:
        mark = kept_index.fingerprint(records)
        if kept_index.kept(mark, folder) is None:
            return kept_index.packed(indexed(bearers_of(records), Pinyin.load(folder)), mark)
    return raw_bytes(name, folder)


def _zipped(content: bytes) -> bytes:
    zipper = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    return zipper.compress(content) + zipper.flush()


def _described(name: str, content: bytes, zipped: bytes) -> Packed:
    return Packed(name, sha256(content).hexdigest(), len(content), sha256(zipped).hexdigest(), len(zipped))
