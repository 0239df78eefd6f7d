"""Choices side by side, each a bar from nothing to its cost, the one that was taken in full; what is closed says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.pictures.canvas import PATTERNS, Picture
from api.pictures.rows import Row, drawn, foot, scale_of
from api.renderings.shown import LONGEST_NAME, Json, Shown
from api.renderings.texts import shortened

TOP, FOOT = 8, 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: what it is called, what it costs (None where it cannot be had, for a reason), and whether it is ours."""

    label: str
    cost: Json | None
    because: str
    chosen: bool


def comparison(quote: Shown, title: str, choices: Sequence[Choice]) -> Picture:
    """The bars of some choices, in their order; the title stands over the picture, where it is shown."""
    rows = [_row(quote, each) for each in choices]
    told = [quote.said("part_of_it", label=_named(quote, row), amount=row.figure) for row in rows]
    content = quote.said("compared_content", choices=quote.said("separator").join(told))
    return Picture(title, content, quote.language, foot(rows, TOP) + FOOT, drawn(rows, scale_of(rows), TOP), PATTERNS)


def regimes(quote: Shown) -> Picture | None:
    """The lawful ways of import by landed cost, where the quote compares them."""
    found = [
        Choice(
            each["label"],
            each["totals"] and each["totals"]["landed_cost"],
            quote.said(each["status"]) if each["status"] in ("closed", "unknown") else "",
            each["chosen"],
        )
        for each in quote.listed("regimes")
    ]
    return comparison(quote, quote.said("regimes"), found) if found else None


def payments(quote: Shown) -> Picture | None:
    """The rails by what paying costs both sides, where the quote compares them."""
    payment = quote.document["payment"]
    found = [
        Choice(each["label"], each["cost"], "", each["rail"] == payment["rail"])
        for each in payment.get("options") or ()
    ]
    return comparison(quote, quote.said("payment_options"), found) if found else None


def _named(quote: Shown, row: Row) -> str:
    label = shortened(row.label, LONGEST_NAME)
    return quote.said("chosen", label=label) if row.strong else label


def _row(quote: Shown, choice: Choice) -> Row:
    if choice.cost is None:
        return Row(choice.label, Decimal(0), Decimal(0), choice.because, None)
    shown = f"{quote.figure(choice.cost['amount'])} {choice.cost['currency']}"
    kind = "total" if choice.chosen else "cost"
    return Row(choice.label, Decimal(0), Decimal(choice.cost["amount"]), shown, kind, strong=choice.chosen)
