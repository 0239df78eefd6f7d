"""Choices side by side, each a bar from nothing to its cost, the one that was taken in full; what is closed says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.pictures.canvas import PATTERNS, Picture
from api.pictures.rows import Row, drawn, foot, scale_of
from api.renderings.shown import LONGEST_NAME, Json, Shown, Words
from api.renderings.texts import shortened

TOP, FOOT = 8, 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: what it is called, what it costs (None where it cannot be had, for a reason), and whether it is ours."""

    label: str
    cost: Json | None
    because: str
    chosen: bool


def comparison(words: Words, title: str, choices: Sequence[Choice], ours: str = "chosen") -> Picture:
    """The bars of some choices, in their order; `ours` is what the heading calls the one that is drawn in full.

    The title stands over the picture, where it is shown.
    """
    rows = [_row(words, each) for each in choices]
    told = [words.said("part_of_it", label=_named(words, row, ours), amount=row.figure) for row in rows]
    content = words.said("compared_content", choices=words.said("separator").join(told))
    return Picture(title, content, words.language, foot(rows, TOP) + FOOT, drawn(rows, scale_of(rows), TOP), PATTERNS)


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


def _named(words: Words, row: Row, ours: str) -> str:
    label = shortened(row.label, LONGEST_NAME)
    return words.said(ours, label=label) if row.strong else label


def _row(words: Words, choice: Choice) -> Row:
    if choice.cost is None:
        return Row(choice.label, Decimal(0), Decimal(0), choice.because, None)
    shown = f"{words.figure(choice.cost['amount'])} {choice.cost['currency']}"
    kind = "total" if choice.chosen else "cost"
    return Row(choice.label, Decimal(0), Decimal(choice.cost["amount"]), shown, kind, strong=choice.chosen)
