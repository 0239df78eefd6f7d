"""The workbook of Excel that came in, with our columns and a summary; every part that these do not change is as it was."""

import re
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

import pyarrow as pa

from api.batches.results import RESULTS
from api.batches.workbooks.archive import Archive, put
from api.batches.workbooks.beside import Beside
from api.batches.workbooks.book import CONTENT_TYPES, Book, relations
from api.batches.workbooks.parts import listed, related, sheeted, styled, typed
from api.batches.workbooks.sheet import Sheet
from api.batches.workbooks.summary import Summary

SUMMARY_PART = "xl/worksheets/galeon.xml"
# What a workbook with macros has more than one without.
MACROS = re.compile(r"xl/vba\w*\.(bin|xml)|xl/_rels/vba\w*\.bin\.rels")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}">'


def same_workbook(
    file: BinaryIO,
    schema: "pa.Schema",
    answers: Iterable["pa.RecordBatch"],
    sheet: Sheet,
    book: Book,
    summary: Summary,
) -> None:
    """Write the workbook that a sheet is of, with the answers beside its rows and what they came to on a sheet of its own."""
    with Archive(sheet.path) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as made:
        again, name = sheet.summary()
        old = book.sheets[name] if again else None
        changed, amount = _changed(archive, book, old, name)
        part_of_sheet = book.sheets[sheet.name]
        beside = Beside(sheet, part_of_sheet, schema.names[-len(RESULTS) :], answers, amount)
        for part, info in archive.parts.items():
            if MACROS.fullmatch(part) or part == old:
                continue
            if part == part_of_sheet:
                put(made, info, beside.chunks(archive))
            else:
                put(made, info, [changed[part]] if part in changed else archive.chunks(part))
        told = archive.parts[CONTENT_TYPES] if old is None else archive.parts[old]
        put(made, told, [sheeted(HEAD, summary.lines(sheet.rows), amount)], old or SUMMARY_PART)


def _changed(archive: Archive, book: Book, old: str | None, name: str) -> tuple[dict[str, bytes], str | None]:
    """The small parts that our columns and our sheet change, and the style of amounts."""
    new, amount = None if old else SUMMARY_PART, None
    links = relations(book.part)
    changed = {
        CONTENT_TYPES: typed(archive.whole(CONTENT_TYPES), new),
        links: related(archive.whole(links), new),
    }
    if book.styles in archive.parts:
        changed[book.styles], amount = styled(archive.whole(book.styles))
    if not old:
        changed[book.part] = listed(archive.whole(book.part), name)
    return changed, amount
