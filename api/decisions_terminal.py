"""A price that is offered, and what moves a landed cost, as a person reads them in a terminal."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.locales import day, number
from api.terminal import amount_of, capital, headed, new_console, print_outcome, reason_of, signed
from api.wording import Wording

Told = dict[str, Any]
BREAK_EVEN = ("benchmark", "benchmark_landed_cost", "benchmark_margin", "break_even_price", "break_even_fx", "none")


def print_target(document: Told, language: str, console: Console | None = None) -> None:
    """The highest price, what the landed cost is at it, and every price that meets the target."""
    console = console or new_console()
    wording = Wording.of(language)
    highest, left, prices = headed(("target_price", "target_left", "target_prices"), language)
    reached = document["reached"]
    sums = _facts()
    sums.add_row(Text(highest, style="bold"), Text(_per(document["price"], language), style="bold"))
    sums.add_row(Text(capital(wording.label(reached["of"]))), _per(reached, language))
    sums.add_row(Text(left), amount_of(reached["left"], language))
    for each in document["intervals"]:
        sums.add_row(Text(prices), f"{number(each['from']['amount'], language)} – {_per(each['to'], language)}")
        prices = ""
    console.print(sums)
    print_outcome(document["quote"], wording, console)


def print_stress(document: Told, language: str, console: Console | None = None) -> None:
    """The shocks and the grid, one a row; then what breaks even, and the months."""
    console = console or new_console()
    if document["shocks"]:
        console.print(_shocks(document, language))
    if "break_even" in document:
        console.print(_break_even(document["break_even"], language))
    if "history" in document:
        console.print(_history(document["history"], language))


def _shocks(document: Told, language: str) -> Table:
    what, by, difference, reason, nothing = headed(("shock", "shock_by", "difference", "reason", "no_shock"), language)
    table = _rows(what, by, Wording.of(language).heading("landed_cost"), difference, reason)
    table.add_row(Text(nothing), "", amount_of(document["base"]["landed_cost"], language), "", "")
    labels = {each["what"]: each["label"] for each in document["shocks"]}
    for each in document["shocks"]:
        table.add_row(Text(each["label"]), each["by"], *_answer(each, language))
    for each in document.get("grid", ()):
        named = (", ".join(labels[name] for name in each["by"]), ", ".join(each["by"].values()))
        table.add_row(*map(Text, named), *_answer(each, language))
    return table


def _answer(told: Told, language: str) -> tuple[Text, ...]:
    """The landed cost, its difference with a sign, and why there is none."""
    cost = amount_of(told["landed_cost"], language) if told["landed_cost"] else ""
    difference = signed(told["difference"], language) if told["difference"] else ""
    return Text(cost), Text(difference), Text(reason_of(told, language))


def _break_even(told: Told, language: str) -> Table:
    domestic, landed, margin, price, rate, none = headed(BREAK_EVEN, language)
    sums = _facts()
    sums.add_row(Text(domestic), _per(told["benchmark"], language))
    sums.add_row(Text(landed), _per(told["landed_cost"], language))
    sums.add_row(Text(margin, style="bold"), Text(f"{_per(told['margin'], language)} ({told['margin_percent']})"))
    sums.add_row(Text(price), _per(told["price"], language) if told["price"] else none)
    fx = told["fx"]
    sums.add_row(Text(rate), f"{fx['pair']} {number(fx['rate'], language)}" if fx else none)
    return sums


def _history(months: list[Told], language: str) -> Table:
    month, changed, reason = headed(("month", "month_changed", "reason"), language)
    table = Table(header_style="bold", expand=False)
    table.add_column(month, no_wrap=True)
    table.add_column(Wording.of(language).heading("landed_cost"), justify="right", no_wrap=True)
    table.add_column(changed, overflow="fold")
    table.add_column(reason, overflow="fold")
    for each in months:
        cost = amount_of(each["landed_cost"], language) if each["landed_cost"] else ""
        told = (
            day(date.fromisoformat(each["declared_on"]), language),
            cost,
            "; ".join(changed_in_words(each, language)),
            reason_of(each, language),
        )
        table.add_row(*map(Text, told))
    return table


def changed_in_words(month: Told, language: str) -> Iterator[str]:
    """The rates of a month that are others than in the one before, each with its line of goods."""
    wording = Wording.of(language)
    basis, none = headed(("basis", "none"), language)
    for each in month["changed"]:
        name = basis if each["what"] == "basis" else wording.label(each["what"])
        before, after = (wording.label(each[end]) if each[end] else none for end in ("from", "to"))
        yield f"{each['goods'] + 1}: {name} {before} → {after}"


def _rows(what: str, by: str, cost: str, difference: str, reason: str) -> Table:
    table = Table(header_style="bold", expand=False)
    table.add_column(what, overflow="fold")
    for figure in (by, cost, difference):
        table.add_column(figure, justify="right", no_wrap=True)
    table.add_column(reason, overflow="fold")
    return table


def _facts() -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    return table


def _per(priced: Told, language: str) -> str:
    """An amount of money for a unit, or in total."""
    unit = headed(("in_total",), language)[0] if priced["per"] == "total" else f"/ {priced['per']}"
    return f"{amount_of(priced, language)} {unit}"
