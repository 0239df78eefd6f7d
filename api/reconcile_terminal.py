"""Bills and what made them differ from their quotes, as a person reads them in a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.locales import days_in, number
from api.reconciliation_answer import cause_label
from api.renderings.shown import Words
from api.terminal import new_console, signed
from calculator.reconciling import CAUSES

Told = dict[str, Any]


def print_reconciliation(document: Told, language: str, console: Console | None = None) -> None:
    """The lines of one bill, one a row, then the facts that the bill brought, and what must be told."""
    console, words = console or new_console(), Words(language)
    console.print(
        _table([("", each["label"], each) for each in document["lines"]], document, words, words.said("line"))
    )
    for each in document["exchanged"]:
        where = "" if each["goods"] is None else f"{each['goods'] + 1}: "
        before, after = (_fact(each["what"], each[end], language) for end in ("from", "to"))
        console.print(Text(f"  · {cause_label(each['cause'], words)}: {where}{each['label']} {before} → {after}"))
    _warned(document, language, console)


def print_summary(document: Told, language: str, console: Console | None = None) -> None:
    """The bills by cause, one a row; then the products by cause. What could not be reconciled is told by its problem."""
    console, words = console or new_console(), Words(language)
    bills = [(each["file"], each["reconciliation"]) for each in document["bills"] if each["reconciliation"]]
    console.print(
        _table([(file, found["quote"] or "", found) for file, found in bills], document, words, words.said("bill"))
    )
    products = [(each["name"], each["description"] or "", each) for each in document["products"]]
    console.print(_table(products, document, words, words.said("goods_lines")))
    for file, found in bills:
        for each in found["warnings"]:
            console.print(Text(f"  · {file}: {days_in(each['text'], language)}"))


def print_problems(document: Told, language: str) -> None:
    """The files that could not be reconciled, on the error output."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for bill in document["bills"]:
        for each in bill["problems"]:
            where = f"{each['pointer']}: " if each["pointer"] else ""
            console.print(Text(f"{bill['file']}: {where}{days_in(each['detail'], language)}"))


def _table(rows: Sequence[tuple[str, str, Told]], whole: Told, words: Words, head: str) -> Table:
    """Rows with what was quoted and billed, the difference, and the causes that have a part anywhere; then the sum."""
    language = words.language
    told = [each for _, _, each in rows]
    found = {cause["cause"] for each in (*told, whole) for cause in each["causes"]}
    causes = [each for each in CAUSES if each in found]
    ends = [end for end in ("quoted", "billed") if any(end in each for each in told)]
    table = Table(header_style="bold", expand=False)
    table.add_column(head, overflow="fold")
    for name in (*(words.said(each) for each in (*ends, "difference")), *(cause_label(each, words) for each in causes)):
        table.add_column(name, justify="right", no_wrap=True)

    def cells(each: Told) -> list[str]:
        parts = {cause["cause"]: cause["amount"] for cause in each["causes"]}
        sums = [number(each[end]["amount"], language) if each.get(end) else "" for end in ends]
        moved = [each["difference"], *(parts.get(cause) for cause in causes)]
        return [*sums, *(_moved(amount, language) for amount in moved)]

    for name, more, each in rows:
        label = f"{name} ({more})" if name and more else name or more
        table.add_row(*map(Text, (label, *cells(each))))
    table.add_section()
    table.add_row(*(Text(each, style="bold") for each in (words.said("sum"), *cells(whole))))
    return table


def _fact(what: str, value: str | None, language: str) -> str:
    """A fact as it is written: a code keeps its digits, a day and a number go by the language."""
    if value is None:
        return "—"
    if what == "hs_code":
        return value
    return days_in(value, language) if what == "declared_on" else number(value, language)


def _moved(amount: Told | None, language: str) -> str:
    """An amount of yuan with its sign; nothing where there is none."""
    return signed(amount, language).removesuffix(f" {amount['currency']}") if amount else ""


def _warned(document: Told, language: str, console: Console) -> None:
    for each in document["warnings"]:
        console.print(Text(f"  · {days_in(each['text'], language)}"))
