"""The table of a day as CSV, XLSX and Parquet; each names the release that it was read from and the hash of that.

Every cell is a text, so that 08044000 keeps its zero and 25% stays 25%. No text can be taken for a formula: in CSV an
apostrophe stands before what a spreadsheet would reckon with, and a workbook is told that each cell is a text. Rows are written
as they come, and no file is held in memory.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, BinaryIO

from api.headings import HEADINGS
from api.line_answer import known_until, not_updated
from api.renderings.styles import STYLES
from api.renderings.table import MARK
from api.renderings.texts import inert, shortened, sound
from api.schedule.apart import parquet_apart
from api.schedule.rows import COLUMNS, TABLES, Row
from api.wording import Wording
from calculator.plan import Remark
from tariffs.announced import SCHEDULE
from tariffs.records import Records
from tariffs.release import Seal

# No text turns into anything else, whatever it looks like; rows go out as they come.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDE = {
    **{f"name_{each}": 44 for each in ("en", "es", "zh")},
    "path_zh": 40,
    "sources": 30,
    "consumption_tax": 20,
    "table_not_updated": 60,
}
USUAL = 13
LONGEST_SHEET_NAME = 31
# The rows of the sheet that tells the release, by the heading of each.
NAMED = {"release": "release", "release_sha256": "release_hash", "on": "date", "known_until": "known_until"}


@dataclass(frozen=True, slots=True)
class About:
    """What every file says of itself: `told` by names that are the same in all of them, and whether the day is late."""

    told: Mapping[str, str]
    seal: Seal
    not_updated: Mapping[str, date]

    @classmethod
    def of(cls, records: Records, on: date) -> "About":
        """Of the file of a day. `known_until` is the last day that the makers of the schedule's table looked at."""
        told = {
            "release": records.release,
            "release_sha256": records.seal.sha256,
            "on": f"{on}",
            "known_until": f"{known_until(records, SCHEDULE) or ''}",
        }
        return cls(told, records.seal, not_updated(records, TABLES, on))


Writer = Callable[[BinaryIO, Iterable[Row], About, Wording], None]


def write_csv(file: BinaryIO, rows: Iterable[Row], about: About, _: Wording) -> None:
    """UTF-8 with a byte-order mark, as Excel needs it; the release stands in the last columns of each row."""
    text = io.TextIOWrapper(file, "utf-8", newline="")
    try:
        text.write(MARK)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow((*COLUMNS, *about.told))
        last = tuple(about.told.values())
        writer.writerows([*map(inert, row), *last] for row in rows)
        text.flush()
    finally:
        # The file is not ours to close.
        text.detach()


def write_parquet(file: BinaryIO, rows: Iterable[Row], about: About, _: Wording) -> None:
    """Columns of texts; the release stands in the metadata of the schema, under names that begin with galeon."""
    parquet_apart(file, COLUMNS, rows, {f"galeon.{name}": each for name, each in about.told.items()})


def write_xlsx(file: BinaryIO, rows: Iterable[Row], about: About, wording: Wording) -> None:
    """One sheet of lines and one that tells the release, which the properties of the document name too. Raises OSError."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    try:
        with Workbook(file, OPTIONS) as book:
            _filled(book, rows, about, wording)
    except FileCreateError as error:
        raise OSError(f"{error}") from error


def _filled(book: Any, rows: Iterable[Row], about: About, wording: Wording) -> None:
    told = about.told
    title = _said(wording, "schedule_of", day=told["on"])
    made = datetime.combine(about.seal.day, time())
    book.set_properties(
        {"title": title, "subject": told["release"], "comments": told["release_sha256"], "created": made}
    )
    for name, value in told.items():
        book.set_custom_property(f"galeon.{name}", value, "text")
    names = ("schedule", "release")
    lines, release = (book.add_worksheet(shortened(_said(wording, each), LONGEST_SHEET_NAME)) for each in names)
    _lines(book, lines, rows)
    _release(book, release, about, wording, title)


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


def _release(book: Any, sheet: Any, about: About, wording: Wording, title: str) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 76)
    sheet.write_string(0, 0, title, book.add_format(STYLES["title"]))
    bold = book.add_format({"bold": True})
    for row, (name, value) in enumerate(about.told.items(), 2):
        sheet.write_string(row, 0, _said(wording, NAMED[name]), bold)
        sheet.write_string(row, 1, value)
    late = (
        wording.text(Remark("table_not_updated", facts={"table": table, "known_until": last}))
        for table, last in about.not_updated.items()
    )
    for line, text in enumerate((*late, _said(wording, "schedule_note")), len(about.told) + 3):
        sheet.write_string(line, 0, text)


def _said(wording: Wording, heading: str, **facts: str) -> str:
    return wording.sentence(HEADINGS[heading]).format(**facts)


WRITERS: Mapping[str, Writer] = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}
