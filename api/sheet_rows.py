"""Rows of texts and amounts as a table (CSV) or as the sheet of a workbook; the first row has the headings."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import BinaryIO

from api.renderings.texts import inert, sound
from api.writing import Json

# UTF-8 with a mark, by which Excel knows it.
MARK = "\ufeff"
AMOUNT, WIDTH = "#,##0.00", 16
Cell = str | Decimal


def amount_cell(told: Json | None) -> Cell:
    """An amount of money as a number; an empty cell where there is none."""
    return Decimal(told["amount"]) if told else ""


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """The rows as CSV: a point as decimal sign, no text that a spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_told(each) for each in row] for row in rows)
    return text.getvalue().encode()


def _told(cell: Cell) -> str:
    return f"{cell}" if isinstance(cell, Decimal) else inert(cell)


def workbook_of(file: BinaryIO, rows: Iterable[Sequence[Cell]], frozen: int) -> None:
    """The rows as a sheet; headings and the first so many columns stay in sight."""
    import xlsxwriter

    headings, *others = rows
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold, amount = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": AMOUNT})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, frozen)
        sheet.set_column(0, len(headings) - 1, WIDTH)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, f"{heading}", bold)
        for number, row in enumerate(others, 1):
            for column, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(number, column, value, amount)
                elif value:
                    sheet.write_string(number, column, sound(value))
        sheet.autofilter(0, 0, len(others), len(headings) - 1)
