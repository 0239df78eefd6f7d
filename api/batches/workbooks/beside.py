"""A sheet with our cells put beside the user's, as it streams by: what is not ours goes out byte by byte as it came."""

import re
from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa

from api.batches.results import AMOUNTS, RESULTS
from api.batches.workbooks.archive import Archive, plain
from api.batches.workbooks.book import number
from api.batches.workbooks.cells import cell, cells_of, prefixed
from api.batches.workbooks.rows import column_of, letters, place_of
from api.batches.workbooks.sheet import Sheet
from api.batches.workbooks.splice import Splice

WIDTH, WIDE = 16, 60
LOOKED_AT = frozenset({"c", "row", "dimension", "col", "cols", "sheetData"})
SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")


class Beside:
    """Writes a sheet anew. `amount` is the style of amounts, None where the workbook has no styles."""

    def __init__(
        self, sheet: Sheet, part: str, headings: Sequence[str], answers: Iterable["pa.RecordBatch"], amount: str | None
    ) -> None:
        self._sheet, self._headings = sheet, headings
        self._last = sheet.place + len(headings) - 1
        self._results = _by_row(sheet, answers, amount)
        self._next = next(self._results, None)
        self._splice = Splice(part, self._start, self._end)
        self._row, self._column, self._put = 0, 0, False
        self._begun = self._dropped = False
        self._heading_style: str | None = None
        self._columns, self._room = False, True
        self._bottom = 0

    def chunks(self, archive: Archive) -> Iterator[bytes]:
        """The sheet, a piece at a time."""
        return self._splice.chunks(archive)

    def _keep(self) -> None:
        taken = self._splice.take()
        if self._begun:
            # Where a row's cells begin and end is said in its own tag; ours are beyond.
            tag, sign, rest = taken.partition(b">")
            taken, self._begun = SPANS.sub(b"", tag) + sign + rest, False
        self._splice.out += taken

    def _start(self, element: str, said: dict[str, str]) -> None:
        name = plain(element)
        if name not in LOOKED_AT:
            return
        prefix = element[: -len(name)]
        if name == "c":
            self._cell(said, prefix)
        elif name == "row":
            self._keep()
            self._row = number(said.get("r")) or self._row + 1
            self._column, self._put, self._begun = 0, False, True
            # Where no cell stands in our place, those of the row are none of our concern.
            self._splice.watch(self._row <= self._sheet.row or self._sheet.extent.far >= self._sheet.place)
        elif name == "dimension":
            self._keep()
            self._dropped = True
            self._bottom = (place_of(said.get("ref", "").rpartition(":")[2]) or (0, 0))[1]
        elif name == "col":
            self._room &= number(said.get("min")) > self._last or number(said.get("max")) < self._sheet.place
        elif name == "sheetData" and not self._columns:
            self._keep()
            self._splice.out += f"<{prefix}cols>{self._widths(prefix)}</{prefix}cols>".encode()

    def _end(self, element: str) -> None:
        name = plain(element)
        if name not in LOOKED_AT:
            return
        prefix = element[: -len(name)]
        if name == "c":
            self._drop(element)
        elif name == "row":
            self._keep()
            self._ours(prefix)
            self._splice.watch(True)
        elif name == "dimension":
            self._drop(element)
            last = f"{letters(self._last)}{max(self._sheet.row, self._bottom)}"
            self._splice.out += f'<{prefix}dimension ref="A1:{last}"/>'.encode()
        elif name == "cols":
            self._columns = True
            if self._room:
                self._keep()
                self._splice.out += self._widths(prefix).encode()

    def _drop(self, element: str) -> None:
        """Leave out the element that ends here, if it gives way."""
        if self._dropped:
            self._splice.through(element)
        self._dropped = False

    def _widths(self, prefix: str) -> str:
        """Our columns, wide enough that no amount is shown as ####."""
        error = f'<{prefix}col min="{self._last}" max="{self._last}" width="{WIDE}" customWidth="1"/>'
        first = self._sheet.place
        return f'<{prefix}col min="{first}" max="{self._last - 1}" width="{WIDTH}" customWidth="1"/>{error}'

    def _cell(self, said: dict[str, str], prefix: str) -> None:
        self._column = column_of(said.get("r", "")) or self._column + 1
        if self._row == self._sheet.row and self._column == max(self._sheet.own):
            self._heading_style = said.get("s")
        if self._row >= self._sheet.row and self._column >= self._sheet.place:
            # What an earlier run left here gives way.
            self._keep()
            self._dropped = self._column <= self._last
            if not self._dropped:
                self._ours(prefix)

    def _ours(self, prefix: str) -> None:
        """Put our cells of the row, once."""
        if self._put:
            return
        self._put = True
        if self._row == self._sheet.row:
            for column, heading in enumerate(self._headings, self._sheet.place):
                self._splice.out += cell(prefix, column, self._row, heading, self._heading_style)
        elif self._next is not None and self._next[0] == self._row:
            self._splice.out += prefixed(prefix, self._next[1])
            self._next = next(self._results, None)


def _by_row(sheet: Sheet, answers: Iterable["pa.RecordBatch"], amount: str | None) -> Iterator[tuple[int, bytes]]:
    """The cells of each row by its number."""
    styles = [amount if name in AMOUNTS else None for name in RESULTS]
    for numbers, columns in sheet.results(answers):
        yield from zip(numbers, cells_of(sheet.place, numbers, columns, styles), strict=True)
