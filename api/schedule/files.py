"""The table of a day as CSV, XLSX and Parquet; each names the release that it was read from and the hash of that.

Every cell is a text, so that 08044000 keeps its zero and 25% stays 25%. No text can be taken for a formula: in CSV an
apostrophe stands before what a spreadsheet would reckon with, and a workbook is told that each cell is a text.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from api.headings import HEADINGS
from api.renderings.sheet import STYLES
from api.renderings.table import MARK
from api.renderings.texts import inert, shortened, sound
from api.schedule.rows import COLUMNS, Row
from api.wording import Wording
from tariffs.release import Seal

# No text turns into anything else, whatever it looks like; rows go out as they come.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE = {**{f"name_{each}": 44 for each in ("en", "es", "zh")}, "path_zh": 40, "sources": 30, "consumption_tax": 20}
USUAL = 13
LONGEST_SHEET_NAME = 31
OF_RELEASE = ("release", "release_sha256", "on")


def about(seal: Seal, release: str, on: object) -> dict[str, str]:
    """What every file says of itself."""
    return dict(zip(OF_RELEASE, (release, seal.sha256, f"{on}"), strict=True))


def as_csv(rows: Iterable[Row], told: Mapping[str, str]) -> bytes:
    """UTF-8 with a byte-order mark, as Excel needs it; the release stands in the last columns of each row."""
    text = io.StringIO(newline="")
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *told))
    last = tuple(told.values())
    writer.writerows([*map(inert, row), *last] for row in rows)
    return text.getvalue().encode()


def as_parquet(rows: list[Row], told: Mapping[str, str]) -> bytes:
    """Columns of texts; the release stands in the metadata of the schema, under names that begin with galeon."""
    import pyarrow as pa
    from pyarrow import parquet

    metadata = {f"galeon.{name}": each for name, each in told.items()}
    schema = pa.schema([(name, pa.string()) for name in COLUMNS], metadata=metadata)
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    table = pa.Table.from_arrays([pa.array(each, pa.string()) for each in columns], schema=schema)
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def as_xlsx(rows: Iterable[Row], told: Mapping[str, str], seal: Seal, wording: Wording) -> bytes:
    """One sheet of lines and one that tells the release, which the properties of the document name too."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, OPTIONS) as book:
        title = _said(wording, "schedule_of", day=told["on"])
        made = datetime.combine(seal.day, time())
        book.set_properties(
            {"title": title, "subject": told["release"], "comments": told["release_sha256"], "created": made}
        )
        for name, value in told.items():
            book.set_custom_property(f"galeon.{name}", value, "text")
        names = ("schedule", "release")
        lines, release = (book.add_worksheet(shortened(_said(wording, each), LONGEST_SHEET_NAME)) for each in names)
        _lines(book, lines, rows)
        _release(book, release, told, wording, title)
    return file.getvalue()


def _lines(book: Any, sheet: Any, rows: Iterable[Row]) -> None:
    head, cell = book.add_format(STYLES["columns"]), book.add_format({"num_format": "@"})
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDE.get(name, USUAL), cell)
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if value:
                sheet.write_string(last, column, sound(value), cell)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)


def _release(book: Any, sheet: Any, told: Mapping[str, str], wording: Wording, title: str) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 76)
    sheet.write_string(0, 0, title, book.add_format(STYLES["title"]))
    named = {"release": "release", "release_sha256": "release_hash", "on": "date"}
    bold = book.add_format({"bold": True})
    for row, (name, value) in enumerate(told.items(), 2):
        sheet.write_string(row, 0, _said(wording, named[name]), bold)
        sheet.write_string(row, 1, value)
    sheet.write_string(6, 0, _said(wording, "schedule_note"))


def _said(wording: Wording, heading: str, **facts: str) -> str:
    return wording.sentence(HEADINGS[heading]).format(**facts)
