"""The months of a landed cost as a person reads them in a terminal."""

from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.decisions_terminal import Told, changed_in_words
from api.locales import day, number
from api.terminal import amount_of, headed, new_console, reason_of
from api.wording import Wording

HEADS = ("month", "at_least", "outcome", "month_changed", "held_rates", "reason")


def print_calendar(document: Told, language: str, console: Console | None = None) -> None:
    """The months, one a row; those ahead stand below a line."""
    month, least, outcome, changed, held, reason = headed(HEADS, language)
    table = Table(header_style="bold", expand=False)
    table.add_column(month, no_wrap=True)
    table.add_column(Wording.of(language).heading("landed_cost"), justify="right", no_wrap=True)
    table.add_column(least, justify="right", no_wrap=True)
    for head in (outcome, changed, held, reason):
        table.add_column(head, overflow="fold")
    months = document["months"]
    for each, following in zip(months, [*months[1:], None], strict=True):
        ahead = following is not None and following["when"] == "ahead" != each["when"]
        table.add_row(*map(Text, _cells(each, language)), end_section=ahead)
    (console or new_console()).print(table)


def _cells(month: Told, language: str) -> tuple[str, ...]:
    found = month["outcome"]
    rates = (f"{each['pair']} {number(each['rate'], language)}" for each in month["held"])
    return (
        day(date.fromisoformat(month["declared_on"]), language),
        amount_of(month["landed_cost"], language) if month["landed_cost"] else "",
        amount_of(found["low"], language) if found and found["low"] else "",
        Wording.of(language).label(f"status:{found['status']}") if found else "",
        "; ".join(changed_in_words(month, language)),
        "; ".join(dict.fromkeys(rates)),
        reason_of(month, language),
    )
