"""XML into which something is put as it streams by: what is not touched goes out byte by byte as it came."""

from collections.abc import Iterator

from api.batches.forms import BrokenFile
from api.batches.workbooks.archive import MOST_HELD, Archive, End, Start, feed, parser_of


class Splice:
    """The bytes of a part between the elements that are looked at. `out` is what goes out next."""

    def __init__(self, part: str, start: Start, end: End) -> None:
        self.out = bytearray()
        self._part, self._raw, self._base = part, bytearray(), 0
        self._start, self._parser = start, parser_of(start, end)

    def chunks(self, archive: Archive) -> Iterator[bytes]:
        """The part, a piece at a time."""
        for chunk in archive.chunks(self._part):
            self._raw += chunk
            if len(self._raw) > MOST_HELD:
                raise BrokenFile(f"{self._part}: this is no sheet: one of its rows has no end")
            feed(self._parser, chunk, self._part)
            yield bytes(self.out)
            self.out.clear()
        feed(self._parser, b"", self._part, last=True)
        yield bytes(self.out + self._raw)

    def watch(self, begins: bool) -> None:
        """Whether elements that begin are looked at from here on; those that end always are."""
        self._parser.StartElementHandler = self._start if begins else None

    def take(self) -> bytes:
        """What has gone by since it was last taken, up to the element that begins or ends here."""
        return self._taken(self._parser.CurrentByteIndex - self._base)

    def through(self, element: str) -> bytes:
        """The same, with the tag of the end of an element that ends here, if it has one of its own."""
        taken = self.take()
        ends = self._raw.startswith(f"</{element}".encode())
        return taken + self._taken(self._raw.index(b">") + 1) if ends else taken

    def _taken(self, length: int) -> bytes:
        taken = bytes(self._raw[:length])
        del self._raw[:length]
        self._base += length
        return taken
