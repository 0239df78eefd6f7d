"""The one form of the archive: a tar (POSIX ustar) in which every byte is determined by the members, so that none can change.

Times, owners and modes are not kept: each heading is that which this module would write, the filling is zero, and nothing
follows the end. A reader therefore never asks what a strange archive means. It is read as it comes, within limits that do
not rest on what its headings say, and no name of it becomes a path before it was found in a signed list.
"""

import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tariffs.packs import refused
from tariffs.packs.refused import PackRefused, said

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
# Bytes of a whole archive. The tables of 2026 take 2 MB.
MOST_PACKED = 64 * 1024 * 1024
PIECE = 256 * 1024


class Source(Protocol):
    """What is read from: a file, or an answer of a server."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A member as its heading tells of it."""

    name: str
    size: int


def written(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of an archive."""
    for name, content in members:
        yield _heading(name, len(content))
        yield content
        yield _filling(len(content))
    yield END


class Reader:
    """Reads an archive once, from its beginning. Raises PackRefused at the first byte that is not as it must be."""

    def __init__(self, source: Source, most: int = MOST_PACKED) -> None:
        self._source, self._most = source, most
        self._taken = 0
        self._seen: set[str] = set()

    def heading(self) -> Heading | None:
        """The next member, None at the end, behind which nothing may stand."""
        block = self._exactly(BLOCK)
        if not any(block):
            if any(self._exactly(BLOCK)) or self._source.read(1):
                raise PackRefused(refused.ALTERED, "something stands behind the end of the archive")
            return None
        try:
            member = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.HeaderError, ValueError):
            raise PackRefused(refused.NOT_A_PACK, "this is no release that `galeon tables pack` made") from None
        _plain(member)
        if member.name in self._seen:
            raise PackRefused(refused.DOUBLE_MEMBER, f"{said(member.name)} stands in the archive twice")
        self._seen.add(member.name)
        if not 0 <= member.size <= self._most - self._taken:
            raise PackRefused(refused.TOO_LARGE, _too_large(self._most))
        if block != _heading(member.name, member.size):
            raise PackRefused(refused.ALTERED, f"the heading of {said(member.name)} is not as it was written")
        return Heading(member.name, member.size)

    def content(self, heading: Heading) -> bytes:
        """What stands below a heading."""
        content = self._exactly(heading.size)
        if any(self._exactly(len(_filling(heading.size)))):
            raise PackRefused(refused.ALTERED, f"the filling behind {said(heading.name)} is not zero")
        return content

    def _exactly(self, size: int) -> bytes:
        found = bytearray()
        while len(found) < size:
            piece = self._source.read(min(PIECE, size - len(found)))
            if not piece:
                raise PackRefused(refused.CUT_SHORT, "the archive ends before its end")
            found += piece
            self._taken += len(piece)
            if self._taken > self._most:
                raise PackRefused(refused.TOO_LARGE, _too_large(self._most))
        return bytes(found)


def is_safe(name: str) -> bool:
    """Whether a name stays in the folder that it is laid in, on any system."""
    parts = name.split("/")
    plain = name.isascii() and name.isprintable() and not set(name) & set('\\:*?"<>|')
    return plain and all(part and not part.startswith(".") and not part.endswith((".", " ")) for part in parts)


def _plain(member: tarfile.TarInfo) -> None:
    """Raises PackRefused for anything but a file at a place of its own."""
    if not member.isreg():
        kinds = {tarfile.SYMTYPE: "a symbolic link", tarfile.LNKTYPE: "a hard link", tarfile.DIRTYPE: "a folder"}
        kind = kinds.get(member.type, "a device" if member.isdev() else "a member of another kind")
        raise PackRefused(refused.NOT_A_FILE, f"{said(member.name)} is {kind}; a release holds plain files alone")
    if not is_safe(member.name):
        raise PackRefused(refused.UNSAFE_PATH, f"{said(member.name)} would lie outside the folder of the release")


def _heading(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = size
    return member.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def _filling(size: int) -> bytes:
    return bytes(-size % BLOCK)


def _too_large(most: int) -> str:
    return f"the archive is larger than {most // 1024 // 1024} MB, which no release is"
