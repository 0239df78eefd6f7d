"""The workbook that goes out: the one that came in with our columns and a summary, or a new one for rows of another form."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import xlsxwriter

from api.batches.about import About
from api.batches.csv_files import cells as texts_of
from api.batches.forms import BrokenFile, Form
from api.batches.results import AMOUNTS, RESULTS
from api.batches.workbooks.archive import Archive
from api.batches.workbooks.beside import Beside, Results
from api.batches.workbooks.book import CONTENT_TYPES, relations
from api.batches.workbooks.cells import is_number, sayable
from api.batches.workbooks.parts import listed, related, sheeted, styled, typed
from api.batches.workbooks.sheet import BEGINS, SUMMARY, Sheet, read
from api.batches.workbooks.summary import Line, Summary

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SUMMARY_PART = "xl/worksheets/galeon.xml"
# What a workbook with macros has more than one without.
MACROS = re.compile(r"xl/vba\w*\.(bin|xml)|xl/_rels/vba\w*\.bin\.rels")
MOST_ROWS = 1_048_576
AMOUNT = "#,##0.00"
HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'


def _write(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    summary = Summary(About.told(schema))
    answers = summary.counting(batches)
    if isinstance(manner, Sheet):
        _same(file, schema, answers, manner, summary)
    else:
        _new(file, schema, answers, summary)


def _same(
    file: BinaryIO, schema: "pa.Schema", answers: Iterable["pa.RecordBatch"], sheet: Sheet, summary: Summary
) -> None:
    with Archive(sheet.path) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as made:
        old, name = _summary_of(archive, sheet)
        styles, amount = styled(archive.whole(sheet.book.styles)) if sheet.book.styles else (b"", None)
        changed = {sheet.book.styles: styles} if sheet.book.styles else {}
        book, types, links = sheet.book.part, CONTENT_TYPES, relations(sheet.book.part)
        changed[types] = typed(archive.whole(types), None if old else SUMMARY_PART)
        changed[links] = related(archive.whole(links), None if old else SUMMARY_PART)
        if not old:
            changed[book] = listed(archive.whole(book), name)
        beside = Beside(sheet, schema.names[-len(RESULTS) :], _results(answers, sheet), amount)
        for part, info in archive.parts.items():
            if MACROS.fullmatch(part) or part == old:
                continue
            if part == sheet.part:
                _put(made, info, beside.chunks(archive))
            else:
                _put(made, info, [changed[part]] if part in changed else archive.chunks(part))
        _put(made, zipfile.ZipInfo(old or SUMMARY_PART), [sheeted(HEAD, summary.lines(sheet.rows), amount)])


def _put(made: zipfile.ZipFile, like: zipfile.ZipInfo, chunks: Iterable[bytes]) -> None:
    """A part with the name and the day of another."""
    info = zipfile.ZipInfo(like.filename, like.date_time)
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, like.external_attr
    with made.open(info, "w", force_zip64=like.file_size >= 1 << 30) as part:
        for chunk in chunks:
            part.write(chunk)


def _summary_of(archive: Archive, sheet: Sheet) -> tuple[str | None, str]:
    """The part of the summary that an earlier run left, and what a new one is to be called."""
    name, number = SUMMARY, 1
    while name in sheet.book.sheets:
        part = sheet.book.sheets[name]
        if part != sheet.part and sheet.begins(archive, part, BEGINS):
            return part, name
        number += 1
        name = f"{SUMMARY} {number}"
    return None, name


def _results(answers: Iterable["pa.RecordBatch"], sheet: Sheet) -> Results:
    """The results of each row by its number in the sheet."""
    place = 0
    for answer in answers:
        columns = [column.to_pylist() for column in answer.columns[-len(RESULTS) :]]
        for values in zip(*columns, strict=True):
            yield sheet.rows[place], values
            place += 1


def _new(file: BinaryIO, schema: "pa.Schema", answers: Iterable["pa.RecordBatch"], summary: Summary) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True, "use_zip64": True}) as book:
        amount, bold = book.add_format({"num_format": AMOUNT}), book.add_format({"bold": True})
        sheet, told = book.add_worksheet(), book.add_worksheet(SUMMARY)
        first = len(schema) - len(RESULTS)
        sheet.set_column(first, len(schema) - 1, 16)
        for column, heading in enumerate(schema.names):
            sheet.write_string(0, column, sayable(heading), bold)
        styles = [*[None] * first, *(amount if name in AMOUNTS else None for name in RESULTS)]
        for number, values in enumerate(_rows(answers, first), 1):
            if number >= MOST_ROWS:
                raise BrokenFile(f"a sheet has {MOST_ROWS:,} rows and these are more: write CSV or Parquet")
            _fill(sheet, number, values, styles)
        for number, line in enumerate(summary.lines()):
            _fill(told, number, line, [amount if not isinstance(each, int) else None for each in line])
        told.set_column(0, 0, 60)


def _rows(answers: Iterable["pa.RecordBatch"], first: int) -> Iterator[Sequence[object]]:
    for answer in answers:
        own = [_own(column) for column in answer.columns[:first]]
        ours = [column.to_pylist() for column in answer.columns[first:]]
        yield from zip(*own, *ours, strict=True)


def _own(column: "pa.Array") -> Sequence[object]:
    return (
        column.to_pylist() if pa.types.is_integer(column.type) or pa.types.is_decimal(column.type) else texts_of(column)
    )


def _fill(
    sheet: "xlsxwriter.worksheet.Worksheet", row: int, values: Line | Sequence[object], styles: Sequence[object]
) -> None:
    for column, value in enumerate(values):
        if is_number(value):
            sheet.write_number(row, column, value, styles[column])
        elif value is not None and value != "":
            sheet.write_string(row, column, sayable(str(value)))


XLSX = Form("xlsx", (".xlsx", ".xlsm"), MEDIA_TYPE, read, _write)
