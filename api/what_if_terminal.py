"""A basket before and after a change of the law, as a person reads it in a terminal."""

from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.headings import HEADINGS
from api.terminal import amount_of, bracketed, headed, new_console, print_candidates, reason_of, signed
from api.wording import Wording

Told = dict[str, Any]
FIGURES = ("before", "after", "difference")


def print_what_if(document: Told, language: str, console: Console | None = None) -> None:
    """The requests, one a row, with their landed costs; then the taxes of all that were priced."""
    console = console or new_console()
    console.print(_basket(document, language))
    for each in document["basket"]:
        if candidates := each.get("candidates"):
            console.print(Text(each["label"], style="bold"))
            print_candidates(candidates, language, console)
    console.print(_taxes(document["revenue"], language))
    if document["unmet"]:
        numbers = ", ".join(f"{each + 1}" for each in document["unmet"])
        console.print(Text(Wording.of(language).sentence(HEADINGS["changes_unmet"]).format(numbers=numbers)))


def _basket(document: Told, language: str) -> Table:
    goods, *figures, revenue, reason, all_ = headed(("goods_lines", *FIGURES, "revenue", "reason", "all"), language)
    table = _table(Wording.of(language).heading("landed_cost"), (goods, *figures, revenue))
    table.add_column(reason, overflow="fold")
    for each in document["basket"]:
        costs = [amount_of(each[when]["landed_cost"], language) if each[when] else "" for when in ("before", "after")]
        revenue = signed(each["revenue"], language) if each["revenue"] else ""
        told = (each["label"], *costs, _difference(each, language), revenue, reason_of(each, language))
        table.add_row(*map(Text, told))
    whole = (*_both(document["landed_cost"], language), signed(document["revenue"]["difference"], language))
    table.add_section()
    table.add_row(*(Text(each, style="bold") for each in (all_, *whole)))
    return table


def _difference(told: Told, language: str) -> str:
    """The difference of the landed cost, and its share of what it was."""
    if told["difference"] is None:
        return ""
    difference, share = signed(told["difference"], language), told["difference_percent"]
    return bracketed(difference, share, language) if share else difference


def _taxes(revenue: Told, language: str) -> Table:
    """Each tax that is collected before or after, and their sum."""
    wording = Wording.of(language)
    title, all_, *figures = headed(("revenue_content", "all", *FIGURES), language)
    table = _table(title, ("", *figures))
    for name, both in revenue["taxes"].items():
        if any(Decimal(both[when]["amount"]) for when in ("before", "after")):
            table.add_row(Text(wording.heading(name)), *map(Text, _both(both, language)))
    table.add_section()
    table.add_row(*(Text(each, style="bold") for each in (all_, *_both(revenue, language))))
    return table


def _both(told: Told, language: str) -> tuple[str, str, str]:
    before, after = (amount_of(told[when], language) for when in ("before", "after"))
    return before, after, signed(told["difference"], language)


def _table(title: str, heads: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=False)
    name, *figures = heads
    table.add_column(name, overflow="fold")
    for figure in figures:
        table.add_column(figure, justify="right", no_wrap=True)
    return table
