"""The workbook that goes out: the one that came in with our columns and a summary, or a new one for rows of another form."""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import pyarrow as pa
import xlsxwriter

from api.batches.about import About
from api.batches.csv_files import cells as texts_of
from api.batches.forms import BrokenFile, Form
from api.batches.names import MEDIA_TYPES
from api.batches.results import AMOUNTS, RESULTS
from api.batches.workbooks.cells import is_number, sayable
from api.batches.workbooks.document import MOST_ROWS, Document
from api.batches.workbooks.same_document import same_document
from api.batches.workbooks.same_workbook import same_workbook
from api.batches.workbooks.sheet import SUMMARY, Sheet, read
from api.batches.workbooks.summary import Line, Summary
from api.batches.workbooks.workbook import Workbook

AMOUNT = "#,##0.00"


def _write(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    summary = Summary(About.told(schema))
    answers = summary.counting(batches)
    if isinstance(manner, Sheet) and isinstance(manner.source, Workbook):
        same_workbook(file, schema, answers, manner, manner.source.book, summary)
    else:
        _new(file, schema, answers, summary)


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


def _write_document(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], manner: object) -> None:
    if not isinstance(manner, Sheet) or not isinstance(manner.source, Document):
        raise BrokenFile("an .ods comes back only where one was given: write .xlsx, which LibreOffice opens too")
    summary = Summary(About.told(schema))
    same_document(file, schema, summary.counting(batches), manner, summary)


XLSX = Form("xlsx", (".xlsx", ".xlsm"), MEDIA_TYPES["xlsx"], read, _write)
ODS = Form("ods", (".ods",), MEDIA_TYPES["ods"], read, _write_document)
