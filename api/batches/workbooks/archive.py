"""The archive that a workbook is, read with suspicion.

What unpacks to more than a workbook can be is refused while it unpacks, whatever its table of contents says; so are passwords,
the older format of Excel, and XML with a document type, through which a text could name other files.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from xml.parsers import expat

from api.batches.forms import BrokenFile

CHUNK = 1 << 18
# What a part may unpack to: one that is read as a whole, and one that streams by. Two GiB are a sheet of a million full rows.
MOST_WHOLE, MOST_STREAMED = 1 << 26, 1 << 31
MOST_PARTS = 10_000
# As much of a part is held while it streams by; a row or a tag is far less.
MOST_HELD = 1 << 26
# Above so many bytes a part may be so many times what is stored of it; sheets are ten to sixty times.
SMALL, MOST_TIMES = 1 << 25, 400
# How files begin that hold an older workbook, or one behind a password (MS-CFB).
COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class Archive:
    """The parts of a workbook by name. Raises BrokenFile where it is none, and while parts are taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            if file.read(len(COMPOUND)) == COMPOUND:
                raise BrokenFile(
                    f"{path.name}: a workbook behind a password, or one of the older format .xls: "
                    "save it as .xlsx without a password"
                )
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise BrokenFile(f"{path.name}: this is no whole workbook: {error}") from None
        self.parts = {each.filename: each for each in self._zip.infolist()}
        if len(self.parts) != len(self._zip.infolist()) or len(self.parts) > MOST_PARTS:
            self.close()
            raise BrokenFile(f"{path.name}: the archive has parts that stand twice, or more than {MOST_PARTS:,}")

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def chunks(self, name: str, most: int = MOST_STREAMED) -> Iterator[bytes]:
        """A part, a piece at a time."""
        with self._broken(name):
            info = self.parts[name]
            if info.flag_bits & 1:
                raise BrokenFile(f"{self.path.name}: {name} is behind a password")
            taken = 0
            with self._zip.open(info) as part:
                while chunk := part.read(CHUNK):
                    taken += len(chunk)
                    if taken > most or (taken > SMALL and taken > MOST_TIMES * info.compress_size):
                        raise BrokenFile(f"{self.path.name}: {name} unpacks to more than a workbook can be")
                    yield chunk

    def whole(self, name: str) -> bytes:
        """A part as a whole, b"" where there is none."""
        return b"".join(self.chunks(name, MOST_WHOLE)) if name in self.parts else b""

    @contextmanager
    def _broken(self, name: str) -> Iterator[None]:
        try:
            yield
        except KeyError:
            raise BrokenFile(f"{self.path.name}: the workbook has no {name}") from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise BrokenFile(f"{self.path.name}: {name} cannot be unpacked: {error}") from None


def put(made: zipfile.ZipFile, like: zipfile.ZipInfo, chunks: Iterable[bytes], name: str | None = None) -> None:
    """Write a part like another: of its day, and of its name if it has none of its own."""
    info = zipfile.ZipInfo(name or like.filename, like.date_time)
    info.compress_type, info.external_attr = like.compress_type, like.external_attr
    with made.open(info, "w", force_zip64=like.file_size >= 1 << 30) as part:
        for chunk in chunks:
            part.write(chunk)


def parser_of(start: Start, end: End) -> "expat.XMLParserType":
    """A parser of XML in UTF-8 that refuses document types. It calls for each element that begins or ends."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = _doctype
    parser.XmlDeclHandler = _declared
    return parser


def feed(parser: "expat.XMLParserType", chunk: bytes, name: str, *, last: bool = False) -> None:
    """Parse a piece of a part. Raises BrokenFile."""
    try:
        parser.Parse(chunk, last)
    except expat.ExpatError as error:
        raise BrokenFile(f"{name}: this is no XML: {error}") from None


def _doctype(*_: object) -> None:
    raise BrokenFile("the workbook's XML declares a document type, which no workbook needs")


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.upper() not in {"UTF-8", "US-ASCII"}:
        raise BrokenFile(f"the workbook's XML is written in {encoding}: save it anew")


@lru_cache(maxsize=1024)
def plain(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]
