"""The index that a release carries ready made, and how it is told whether it is still that of the tables.

Tables that were changed or overlaid have another fingerprint; their index is made when somebody first searches.

    python -m tariffs.kept_index        makes the files of the release anew, after a change of names, lines or goods
"""

import sys
import zlib
from array import array
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path

from tariffs.indexing import bearers_of, indexed
from tariffs.pinyin import FILE as READINGS
from tariffs.pinyin import Pinyin, readings, written
from tariffs.postings import LENGTH, NUMBER, SHARE, Bearing, Index, Postings
from tariffs.records import Records
from tariffs.tables import DATA

FILE = "search/index.z"
VERSION = b"galeon search index 1\n"
_READ = {
    "cn/names.csv": itemgetter(0, 1, 2),
    "cn/line_names.csv": itemgetter(0, 1),
    "cn/tariff_lines.csv": itemgetter(0, 1, 2),
    "cn/products.csv": itemgetter(0, 1, 2, 3, 4),
}


def index_of(records: Records, root: Traversable = DATA) -> Index:
    """The index of these records: the one kept if it is theirs, else made anew."""
    return kept(fingerprint(records), root) or indexed(bearers_of(records), Pinyin.load(root))


def fingerprint(records: Records) -> bytes:
    """What the index of these records depends on, in 32 bytes."""
    digest = sha256(VERSION)
    for file, cells in _READ.items():
        digest.update("\n".join(["\t".join(cells(row)) for row in records.file(file).rows]).encode())
    return digest.digest()


def kept(mark: bytes, root: Traversable = DATA) -> Index | None:
    """The index kept in the release, None where it is that of other tables or cannot be read."""
    try:
        content = root.joinpath(*FILE.split("/")).read_bytes()
    except OSError:
        return None
    begin = VERSION + mark
    if not content.startswith(begin):
        return None
    return _read(zlib.decompress(content[len(begin) :]))


def packed(index: Index, mark: bytes) -> bytes:
    """The index as the release keeps it."""
    parts: list[bytes] = []
    for postings in (index.words, index.grams, index.sounds):
        parts += ["\n".join(postings.words).encode(), _bytes(NUMBER, postings.starts), _bytes(NUMBER, postings.numbers)]
    parts += [_bytes(LENGTH, index.lengths), _bytes(LENGTH, index.sizes)]
    bearing = index.bearing
    parts += [_bytes(NUMBER, bearing.starts), _bytes(NUMBER, bearing.bearers), _bytes(SHARE, bearing.shares)]
    sized = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
    return VERSION + mark + zlib.compress(sized, 9)


def _read(content: bytes) -> Index:
    parts = []
    place = 0
    while place < len(content):
        size = int.from_bytes(content[place : place + 4], "little")
        parts.append(content[place + 4 : place + 4 + size])
        place += 4 + size
    words, grams, sounds = (
        Postings(parts[at].decode().split("\n"), _numbers(NUMBER, parts[at + 1]), _numbers(NUMBER, parts[at + 2]))
        for at in (0, 3, 6)
    )
    lengths, sizes = _numbers(LENGTH, parts[9]), _numbers(LENGTH, parts[10])
    bearing = Bearing(_numbers(NUMBER, parts[11]), _numbers(NUMBER, parts[12]), _numbers(SHARE, parts[13]))
    return Index(words, grams, sounds, lengths, sizes, bearing)


def _bytes(kind: str, numbers: Sequence[int]) -> bytes:
    return _little(array(kind, numbers)).tobytes()


def _numbers(kind: str, content: bytes) -> Sequence[int]:
    return _little(array(kind, content))


def _little(numbers: "array[int]") -> "array[int]":
    """The numbers with the low byte first, on any machine."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def make(root: Path) -> None:
    """Write the readings and the index of the tables at `root`."""
    records = Records(root)
    lines = records.file("cn/tariff_lines.csv").rows
    names = (good.names["zh"] for good in records.products.values())
    texts = {text for raw in lines for text in (raw[1], *raw[2].split(" > "))}.union(names)
    (root / "search").mkdir(exist_ok=True)
    (root / READINGS).write_text(written(readings(texts)), encoding="utf-8")
    index = indexed(bearers_of(records), Pinyin.load(root))
    (root / FILE).write_bytes(packed(index, fingerprint(records)))


if __name__ == "__main__":
    make(Path(str(DATA)))
