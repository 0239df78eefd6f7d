"""A rehearsal as a person reads it: in a terminal, as a table (CSV) and as a workbook."""

from collections.abc import Iterator
from typing import BinaryIO

from rich.table import Table
from rich.text import Text

from api.headings import HEADINGS
from api.locales import number
from api.months_answer import rates_in_words
from api.rehearsing import NONE
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.tables_terminal import wide_console
from api.terminal import amount_of, headed, signed
from api.writing import Json

SHOWN = 50
# The columns of a table, by what they are headed with.
THEN, THAT_DAY, BEFORE, AFTER = "rehearsal_then", "rehearsal_that_day", "before", "after"
WHEN = (THEN, THAT_DAY)
REQUEST, DECLARED = "rehearsal_request", "rehearsal_declared"
LAST = ("difference", "rehearsal_low", "rehearsal_high", "status", "rehearsal_why", "rehearsal_rates")
SUMMARY = ("rehearsal_why", "rehearsal_requests", "difference")


def print_rehearsal(document: Json, language: str, whole: bool, when: tuple[str, str] = WHEN) -> None:
    """The requests that change, then how many for which cause; `when` is what the two figures are headed with.

    Of other than two days, all is declared on the one day that is told at the end.
    """
    console = wide_console()
    changing = [row for row in document["rows"] if row["causes"] != [NONE]]
    shown = document["rows"] if whole else changing[:SHOWN]
    if shown:
        table = Table(header_style="bold", expand=False)
        request = (REQUEST, DECLARED) if when == WHEN else (REQUEST,)
        for place, heading in enumerate(headed((*request, *when, *LAST), language), -len(request)):
            figure = 0 <= place <= 4
            table.add_column(heading, justify="right" if figure else "left", no_wrap=figure, overflow="fold")
        for row in shown:
            money = (row[name] for name in ("before", "after", "difference", "low", "high"))
            before, after, difference, low, high = (amount_of(each, language) if each else "" for each in money)
            if row["difference"]:
                difference = signed(row["difference"], language)
            cells = (before, after, difference, low, high)
            named = (row["name"], row["declared_on"] or "")[: len(request)]
            table.add_row(*map(Text, (*named, *cells, *_words(row, language))))
        console.print(table)
    if not whole and len(changing) > len(shown):
        console.print(f"… +{len(changing) - len(shown)}: --all, --json, --to")
    sums = Table(header_style="bold", expand=False)
    why, count, difference = headed(SUMMARY, language)
    sums.add_column(why)
    sums.add_column(count, justify="right")
    sums.add_column(difference, justify="right")
    for each in document["summary"]:
        told = (cause_in_words(each["cause"], language, when), f"{each['count']}", signed(each["difference"], language))
        sums.add_row(*map(Text, told))
    console.print(sums)
    rows = number(f"{sum(each['count'] for each in document['summary'])}", language)
    console.print(f"{document['on']}, {document['release']}, {document['fx_release']}: {rows}")


def table(document: Json, language: str) -> bytes:
    """The rows as CSV."""
    return csv_of(_rows(document, language))


def workbook(file: BinaryIO, document: Json, language: str) -> None:
    """The rows as a workbook."""
    workbook_of(file, _rows(document, language), 1)


def cause_in_words(cause: str, language: str, when: tuple[str, str] = WHEN) -> str:
    """What lies behind a difference of two days, or of two releases on one day."""
    own = f"{when[1]}:{cause}"
    return headed((own if own in HEADINGS else f"rehearsal:{cause}",), language)[0]


def _rows(document: Json, language: str) -> Iterator[list[Cell]]:
    yield list(headed((REQUEST, DECLARED, *WHEN, *LAST), language))
    for row in document["rows"]:
        money = [amount_cell(row[name]) for name in ("before", "after", "difference", "low", "high")]
        yield [row["name"], row["declared_on"] or "", *money, *_words(row, language)]


def _words(row: Json, language: str) -> tuple[str, str, str]:
    """The status, the causes, and the rates that are others or the reason for a refusal."""
    before, after = row["status"]["before"], row["status"]["after"]
    status = " → ".join(dict.fromkeys(filter(None, (before, after))))
    causes = "; ".join(cause_in_words(each, language) for each in row["causes"])
    return status, causes, rates_in_words(row["changed"]) if row["reason"] is None else row["reason"]["text"]
