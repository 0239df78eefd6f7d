"""The workbook of OpenDocument that came in, with our columns and a summary; what these do not change goes out as it came."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from api.batches.results import AMOUNTS, RESULTS
from api.batches.workbooks.archive import Archive, plain, put
from api.batches.workbooks.cells import is_number, sayable
from api.batches.workbooks.document import CELLS, CONTENT, repeated, unprefixed
from api.batches.workbooks.sheet import Sheet
from api.batches.workbooks.splice import Splice
from api.batches.workbooks.summary import Line, Summary

# A signature no longer holds for what was changed.
SIGNATURE = "META-INF/documentsignatures.xml"
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
AMOUNT = "galeon-amount"
STYLE = (
    f'<number:number-style xmlns:number="{OASIS}datastyle:1.0" xmlns:style="{OASIS}style:1.0" '
    f'style:name="{AMOUNT}-number"><number:number number:decimal-places="2" number:min-decimal-places="2" '
    'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
    f'<style:style xmlns:style="{OASIS}style:1.0" style:name="{AMOUNT}" style:family="table-cell" '
    f'style:parent-style-name="Default" style:data-style-name="{AMOUNT}-number"/>'
)
# What may stand behind the tables of a workbook.
BEHIND = frozenset({"named-expressions", "database-ranges", "data-pilot-tables", "consolidation", "dde-links"})
# A row that stands for more rows than these has nothing of an earlier run.
MOST_CLEARED = 1000
ROW_TIMES, CELL_TIMES = (re.compile(rb'\s[\w-]+:number-%s-repeated="[0-9]+"' % what) for what in (b"rows", b"columns"))


def same_document(
    file: BinaryIO, schema: "pa.Schema", answers: Iterable["pa.RecordBatch"], sheet: Sheet, summary: Summary
) -> None:
    """Write the workbook that a sheet is of, with the answers beside its rows and what they came to on a sheet of its own."""
    with Archive(sheet.path) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as made:
        beside = _Beside(sheet, schema.names[-len(RESULTS) :], answers, summary)
        for part, info in archive.parts.items():
            if part == CONTENT:
                put(made, info, beside.chunks(archive))
            elif part != SIGNATURE:
                put(made, info, archive.chunks(part))


def _cell(value: object, amount: bool) -> bytes:
    if value is None or value == "":
        return b"<table:table-cell/>"
    if is_number(value):
        style = f' table:style-name="{AMOUNT}"' if amount else ""
        return (
            f'<table:table-cell{style} office:value-type="float" office:value="{value:f}">'
            f"<text:p>{value:,f}</text:p></table:table-cell>"
        ).encode()
    text = escape(sayable(str(value)))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'.encode()


def _empty(times: int) -> bytes:
    return b'<table:table-cell table:number-columns-repeated="%d"/>' % times if times > 0 else b""


def _table(name: str, lines: Sequence[Line]) -> bytes:
    rows = [
        b"<table:table-row>"
        + (b"".join(_cell(each, not isinstance(each, int)) for each in line) or _empty(1))
        + b"</table:table-row>"
        for line in lines
    ]
    return f"<table:table table:name={quoteattr(name)}>".encode() + b"".join(rows) + b"</table:table>"


def _by_row(sheet: Sheet, answers: Iterable["pa.RecordBatch"]) -> Iterator[tuple[int, Sequence[object]]]:
    """The results of each row by its number."""
    for numbers, columns in sheet.results(answers):
        values = zip(*(column.to_pylist() for column in columns), strict=True)
        yield from zip(numbers, values, strict=True)


class _Beside:
    """Writes the content anew."""

    def __init__(
        self, sheet: Sheet, headings: Sequence[str], answers: Iterable["pa.RecordBatch"], summary: Summary
    ) -> None:
        self._sheet, self._headings, self._summary = sheet, headings, summary
        self._again, self._called = sheet.summary()
        self._results = _by_row(sheet, answers)
        self._next = next(self._results, None)
        self._splice = Splice(CONTENT, self._start, self._end)
        self._depth, self._name, self._told = 0, "", False
        self._styled = self._inside_styles = False
        self._number, self._times = 0, 1
        self._tag, self._cells, self._cell_times = b"", list[tuple[bytes, int]](), 1
        self._named: str | None = None

    def chunks(self, archive: Archive) -> Iterator[bytes]:
        """The content, a piece at a time."""
        return self._splice.chunks(archive)

    @property
    def _ours(self) -> bool:
        return self._depth == 1 and self._name == self._sheet.name

    @property
    def _gives_way(self) -> bool:
        """Whether this table is the summary of an earlier run."""
        return self._again and self._name == self._called

    def _start(self, element: str, said: dict[str, str]) -> None:
        name = plain(element)
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._splice.out += self._splice.take()
                self._name, self._number, self._times = unprefixed(said).get("name", ""), 0, 1
        elif name == "automatic-styles":
            self._inside_styles = False
        elif not self._name:
            self._inside_styles = True
            self._styled |= said.get("style:name") == AMOUNT
        elif name in BEHIND and not self._depth and self._name:
            self._tell()
        elif self._depth == 1 and name == "table-row" and not self._gives_way:
            self._splice.out += self._splice.take()
            self._number, self._times = self._number + self._times, repeated(unprefixed(said), "rows")
            self._tag, self._cells = b"", []
        elif self._ours and name in CELLS:
            taken = self._splice.take()
            if not self._cells:
                self._tag = taken
            self._cell_times = repeated(unprefixed(said), "columns")

    def _end(self, element: str) -> None:
        name = plain(element)
        if name == "table":
            if self._depth == 1 and self._gives_way:
                self._splice.through(element)
            self._depth -= 1
        elif name == "automatic-styles" and not self._styled:
            self._splice.out += self._splice.take()
            if self._splice.out.endswith(b"/>") and not self._inside_styles:
                self._splice.out[-2:] = f">{STYLE}</{element}>".encode()
            else:
                self._splice.out += STYLE.encode()
        elif name == "spreadsheet":
            self._tell()
        elif self._ours and name in CELLS:
            self._cells.append((self._splice.through(element), self._cell_times))
        elif self._ours and name == "table-row":
            self._row(self._splice.through(element))

    def _tell(self) -> None:
        """Put the summary behind the last table, once."""
        if self._told:
            return
        self._told = True
        self._splice.out += self._splice.take()
        self._splice.out += _table(self._called, self._summary.lines(self._sheet.rows))

    def _row(self, end: bytes) -> None:
        """Put a row, or so many as it stands for, with our cells where there are any."""
        whole = self._tag + b"".join(cell for cell, _ in self._cells) + end
        if not self._cells or self._number + self._times <= self._sheet.row or not self._concerned():
            self._splice.out += whole
            return
        tag = ROW_TIMES.sub(b"", self._tag)
        for number in range(self._number, self._number + self._times):
            ours = b"".join(self._told_of(number))
            self._splice.out += tag + self._fitted(ours) + end

    def _concerned(self) -> bool:
        """Whether a row has cells of ours, or did at an earlier run."""
        last = self._number + self._times - 1
        ours = self._next is not None and self._next[0] <= last
        before = self._sheet.place <= max(self._sheet.columns) and self._times < MOST_CLEARED
        return ours or self._number <= self._sheet.row <= last or before

    def _told_of(self, number: int) -> list[bytes]:
        if number == self._sheet.row:
            return [_cell(heading, amount=False) for heading in self._headings]
        if self._next is None or self._next[0] != number:
            return [_empty(len(RESULTS))]
        values = self._next[1]
        self._next = next(self._results, None)
        return [_cell(value, name in AMOUNTS) for name, value in zip(RESULTS, values, strict=True)]

    def _fitted(self, ours: bytes) -> bytes:
        """The user's cells of the row, with ours in their place and nothing moved."""
        before, after = bytearray(), bytearray()
        first, place = 1, self._sheet.place
        behind = place + len(RESULTS)
        for cell, times in self._cells:
            last = first + times - 1
            left, right = min(last, place - 1) - first + 1, last - max(first, behind) + 1
            before += _cut(cell, times, left)
            after += _cut(cell, times, right)
            first = last + 1
        return bytes(before + _empty(place - first) + ours + after)


def _cut(cell: bytes, times: int, left: int) -> bytes:
    """A cell that comes so many times in place of as many as it did."""
    if left <= 0:
        return b""
    if left == times:
        return cell
    return CELL_TIMES.sub(b' table:number-columns-repeated="%d"' % left, cell, count=1)
