"""A rehearsal as a person reads it: in a terminal, as a table (CSV) and as a workbook."""

from collections.abc import Iterator
from typing import BinaryIO

from rich.table import Table
from rich.text import Text

from api.locales import number
from api.months_answer import rates_in_words
from api.sheet_rows import Cell, amount_cell, csv_of, workbook_of
from api.tables_terminal import wide_console
from api.terminal import amount_of, signed
from api.writing import Json

SHOWN = 50
HEADINGS = {
    "en": (
        "Request",
        "Declared",
        "Then",
        "On the day",
        "Difference",
        "From",
        "To",
        "Status",
        "Why",
        "Rates, or reason",
    ),
    "es": (
        "Solicitud",
        "Declarado",
        "Antes",
        "Ese día",
        "Diferencia",
        "Desde",
        "Hasta",
        "Estado",
        "Por qué",
        "Tasas o motivo",
    ),
    "zh": ("请求", "申报日", "之前", "当日", "差额", "最低", "最高", "状态", "原因", "税率或理由"),
}
# fmt: off
CAUSES = {
    "refused": ("cannot be priced", "no se puede cotizar", "无法报价"),
    "provisional_rate_ended": (
        "a provisional rate ended: both results",
        "terminó una tasa provisional: ambos resultados",
        "暂定税率已到期：两种结果",
    ),
    "rate_changed": ("another rate", "otra tasa", "税率变动"),
    "exchange_rate": ("another exchange rate", "otro tipo de cambio", "汇率变动"),
    "charge_carried_on": ("a charge that ended is carried on", "se mantiene un cargo vencido", "沿用已到期费用"),
    "table_not_updated": ("a table was not updated", "una tabla sin actualizar", "税表未更新"),
    "status_changed": ("less sure, or surer", "menos o más segura", "可靠程度变化"),
    "other": ("other", "otro", "其他"),
    "unpriced": ("cannot be priced on either day", "no se puede cotizar ningún día", "两日均无法报价"),
    "none": ("nothing changes", "nada cambia", "无变化"),
}
# fmt: on
TOLD = {"en": 0, "es": 1, "zh": 2}
SUMMARY = {
    "en": ("Why", "Requests", "Difference"),
    "es": ("Por qué", "Solicitudes", "Diferencia"),
    "zh": ("原因", "请求数", "差额"),
}


def print_rehearsal(document: Json, language: str, whole: bool) -> None:
    """The requests that change, then how many for which cause."""
    console = wide_console()
    changing = [row for row in document["rows"] if row["causes"] != ["none"]]
    shown = document["rows"] if whole else changing[:SHOWN]
    if shown:
        table = Table(header_style="bold", expand=False)
        for place, heading in enumerate(HEADINGS[language]):
            figure = 2 <= place <= 6
            table.add_column(heading, justify="right" if figure else "left", no_wrap=figure, overflow="fold")
        for row in shown:
            money = (row[name] for name in ("before", "after", "difference", "low", "high"))
            before, after, difference, low, high = (amount_of(each, language) if each else "" for each in money)
            if row["difference"]:
                difference = signed(row["difference"], language)
            cells = (before, after, difference, low, high)
            table.add_row(*map(Text, (row["name"], row["declared_on"] or "", *cells, *_words(row, language))))
        console.print(table)
    if not whole and len(changing) > len(shown):
        console.print(f"… +{len(changing) - len(shown)}: --all, --json, --to")
    sums = Table(header_style="bold", expand=False)
    why, count, difference = SUMMARY[language]
    sums.add_column(why)
    sums.add_column(count, justify="right")
    sums.add_column(difference, justify="right")
    for each in document["summary"]:
        told = (cause_in_words(each["cause"], language), f"{each['count']}", signed(each["difference"], language))
        sums.add_row(*map(Text, told))
    console.print(sums)
    rows = number(f"{len(document['rows'])}", language)
    console.print(f"{document['on']}, {document['release']}, {document['fx_release']}: {rows}")


def table(document: Json, language: str) -> bytes:
    """The rows as CSV."""
    return csv_of(_rows(document, language))


def workbook(file: BinaryIO, document: Json, language: str) -> None:
    """The rows as a workbook."""
    workbook_of(file, _rows(document, language), 1)


def cause_in_words(cause: str, language: str) -> str:
    """What lies behind a difference."""
    return CAUSES[cause][TOLD[language]]


def _rows(document: Json, language: str) -> Iterator[list[Cell]]:
    yield list(HEADINGS[language])
    for row in document["rows"]:
        money = [amount_cell(row[name]) for name in ("before", "after", "difference", "low", "high")]
        yield [row["name"], row["declared_on"] or "", *money, *_words(row, language)]


def _words(row: Json, language: str) -> tuple[str, str, str]:
    """The status, the causes, and the rates that are others or the reason for a refusal."""
    before, after = row["status"]["before"], row["status"]["after"]
    status = " → ".join(dict.fromkeys(filter(None, (before, after))))
    causes = "; ".join(cause_in_words(each, language) for each in row["causes"])
    return status, causes, rates_in_words(row["changed"]) if row["reason"] is None else row["reason"]["text"]
