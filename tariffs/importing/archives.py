"""Whether a zip archive may be unpacked: weighed entry by entry before any library is handed it.

A spreadsheet is a zip archive, and a zip of a few kilobytes can unpack to terabytes. Its own statement of sizes is read
first and then not believed: every entry is unpacked to nowhere, and stopped where it grows past what it said.
"""

import struct
import zlib
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from tariffs.importing.grids import FileRefused

MOST_UNPACKED = 200 * 1024 * 1024
MOST_ENTRIES = 2_000
MOST_DIRECTORY = 1024 * 1024
# Deflate reaches about 1,000; the sheets of real workbooks stay below 60.
MOST_RATIO, RATIO_FROM = 150, 1024 * 1024
PIECE = 256 * 1024
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def weigh(path: Path) -> None:
    """Refuse an archive that is none, is cut short, or unpacks to more than a spreadsheet has."""
    file = str(path)
    with path.open("rb") as stream:
        head = stream.read(8)
        if head == OLE:
            text = "is an old .xls file or has a password; save it as .xlsx without one"
            raise FileRefused.whole(file, "not_xlsx", text)
        if not head.startswith(b"PK"):
            raise FileRefused.whole(file, "not_xlsx", "is no XLSX file: it is not a zip archive")
        _directory(stream, file)
        try:
            with ZipFile(stream) as archive:
                entries = archive.infolist()
        except (BadZipFile, NotImplementedError, OSError, ValueError, struct.error) as error:
            raise FileRefused.whole(file, "broken_archive", f"is no whole XLSX file: {error}") from error
        _declared(entries, path.stat().st_size, file)
        left = MOST_UNPACKED
        for entry in entries:
            left -= _unpacked(stream, entry, left, file)


def _directory(stream: IO[bytes], file: str) -> None:
    """The end record says how large the directory is; a directory of a million entries is not even listed."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise FileRefused.whole(file, "broken_archive", "is no whole XLSX file: it is cut short")
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    if count > MOST_ENTRIES or directory > MOST_DIRECTORY:
        raise FileRefused.whole(file, "zip_bomb", f"holds {count} parts; a spreadsheet has a few dozen")


def _declared(entries: list[ZipInfo], size: int, file: str) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MOST_UNPACKED:
        text = f"unpacks to {total / 2**20:.0f} MB; at most {MOST_UNPACKED >> 20} MB"
        raise FileRefused.whole(file, "zip_bomb", text)
    if sum(entry.compress_size for entry in entries) > size:
        raise FileRefused.whole(file, "zip_bomb", "is no XLSX file: its parts overlap")
    for entry in entries:
        if entry.flag_bits & 1:
            raise FileRefused.whole(file, "not_xlsx", f"{entry.filename} has a password")
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise FileRefused.whole(file, "not_xlsx", f"{entry.filename} is packed in a way no spreadsheet is")
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
            text = f"{entry.filename} unpacks to {entry.file_size // max(1, entry.compress_size)} times its size"
            raise FileRefused.whole(file, "zip_bomb", text)


def _unpacked(stream: IO[bytes], entry: ZipInfo, left: int, file: str) -> int:
    """How much an entry really holds; refused where that is more than it said, or than is left."""
    stream.seek(entry.header_offset)
    head = stream.read(30)
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise FileRefused.whole(file, "broken_archive", f"is no whole XLSX file: {entry.filename} is missing")
    name, extra = struct.unpack_from("<HH", head, 26)
    stream.seek(name + extra, 1)
    inflate = zlib.decompressobj(-15) if entry.compress_type == ZIP_DEFLATED else None
    held, packed, allowed = 0, entry.compress_size, min(left, entry.file_size)
    while packed > 0:
        piece = stream.read(min(PIECE, packed))
        if not piece:
            raise FileRefused.whole(file, "broken_archive", f"is no whole XLSX file: {entry.filename} is cut short")
        packed -= len(piece)
        while piece:
            try:
                out = inflate.decompress(piece, PIECE) if inflate else piece
            except zlib.error as error:
                text = f"is no whole XLSX file: {entry.filename} is damaged"
                raise FileRefused.whole(file, "broken_archive", text) from error
            held += len(out)
            piece = inflate.unconsumed_tail if inflate else b""
            if held > allowed:
                raise FileRefused.whole(file, "zip_bomb", f"{entry.filename} unpacks to more than it says")
    return held
