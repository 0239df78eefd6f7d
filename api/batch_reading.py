"""How a call says that a file of rows is to be read: what its headings stand for, which sheet is meant. The file so opened."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.batches.layout import meant
from api.queries import words
from api.reading import LONGEST_ECHO, Refused
from calculator.errors import Unreadable

if TYPE_CHECKING:
    from api.batches.forms import Form, Table

# Every flat name once, with long headings; nginx takes a line of 8 kB, in which they stand as %XX.
LONGEST_COLUMNS = 2_000


def columns(text: str) -> dict[str, str]:
    """What headings stand for, by the headings: HEADING=name with semicolons between them."""
    try:
        return meant(piece for each in words(text, LONGEST_COLUMNS).split(";") if (piece := each.strip()))
    except ValueError as error:
        raise Unreadable("wrong_form", "", ("Ware=product",), text=error.args[0][:LONGEST_ECHO]) from None


@contextmanager
def rows_of(form: "Form", path: Path, asked: Mapping[str, Any]) -> Iterator[tuple["Table", dict[str, str]]]:
    """The rows of a file, and what is said of its headings. Raises Refused, also for what breaks while the rows are taken."""
    from api.batches.forms import BrokenFile, opened

    try:
        with opened(_of_sheet(form, asked.get("sheet")), path) as table:
            yield table, _known(asked.get("columns", {}), table)
    except BrokenFile as error:
        raise Refused([Unreadable("file_not_read", "", (), why=f"{error}")]) from None


def _of_sheet(form: "Form", sheet: str | None) -> "Form":
    """The form, of one sheet where the address names one."""
    if sheet is None:
        return form
    from api.batches.workbooks.sheet import SHEETS, of_sheet

    found = of_sheet(form, sheet)
    if found is None:
        raise Refused([Unreadable("sheet_of_no_workbook", "?/sheet", SHEETS)])
    return found


def _known(said: dict[str, str], table: "Table") -> dict[str, str]:
    """What headings stand for, of headings that are there."""
    there = {*table.schema.names, *(each.strip() for each in table.schema.names)}
    unknown = [each for each in said if each not in there]
    if unknown:
        facts = {"text": unknown[0][:LONGEST_ECHO]}
        raise Refused([Unreadable("no_such_heading", "?/columns", table.schema.names[:20], **facts)])
    return said
