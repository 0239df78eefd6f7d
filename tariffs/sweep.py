"""Every line of the schedule priced once: how each comes out, counted, as a proof that none is left without an answer.

The day, the price and the rate of exchange are fixed, so that the counts change with the tables and never with the calendar.
Nothing here asserts anything; the tests hold both readings of the rules against each other over the same requests.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.quantities import Quantity
from calculator.quote import Quote, quote_of
from calculator.request import GoodsLine, Price, QuoteRequest
from tariffs.book import Book
from tariffs.coverage import block_of

DECLARED_ON = date(2026, 11, 27)
PRICE = Price(Decimal(10000), "USD", "total")
FX = {("USD", "CNY"): Decimal("6.7628")}
MANY = Decimal(1000)
# What a line is counted in whose units are missing in the copy of the schedule: its weight, as customs asks of any good.
NO_UNIT = "kg"
# The block of the README that is generated.
BLOCK: re.Pattern[str] = block_of("sweep")
# What keeps a line from being priced, and the field of the refusal that says what is missing.
MISSING = {"attribute_missing": "attribute", "quantity_missing": "unit", "trade_remedy_rate_unknown": "kind"}


@dataclass(frozen=True, slots=True)
class Swept:
    """A line with what was asked of it, and what came of it: a quote, or the refusal to give one."""

    hs_code: str
    request: QuoteRequest
    quote: Quote | None = None
    refusal: Unpriceable | None = None

    @property
    def outcome(self) -> str:
        """How it came out: "complete", "estimated", or the problem."""
        if self.quote is not None:
            return self.quote.outcome.status
        return self.refusal.code if self.refusal is not None else ""

    @property
    def missing(self) -> str:
        """What a refusal asks for, "" where it names nothing."""
        if self.refusal is None:
            return ""
        return f"{self.refusal.facts.get(MISSING.get(self.refusal.code, ''), '')}"


def in_all_units(units: Sequence[str]) -> tuple[Quantity, ...]:
    """A thousand of each statutory unit, the first being the quantity."""
    return tuple(Quantity(MANY, unit) for unit in units or (NO_UNIT,))


def requests(book: Book, second: bool = False) -> Iterator[tuple[str, QuoteRequest]]:
    """The request of every line; of those that have a second unit in that alone, where `second`."""
    for code in book.records.codes:
        line = book.records.line(code)
        units = line.units if line is not None else ()
        if second and len(units) < 2:
            continue
        quantity, *others = in_all_units(units[1:] if second else units)
        goods = GoodsLine(quantity, PRICE, hs_code=code, statutory=tuple(others))
        yield code, QuoteRequest((goods,), DECLARED_ON, Incoterm.CIF, fx=FX)


def sweep(book: Book, second: bool = False) -> tuple[Swept, ...]:
    """Every line priced, in the order of the schedule."""
    return tuple(_priced(code, request, book) for code, request in requests(book, second))


def _priced(code: str, request: QuoteRequest, book: Book) -> Swept:
    try:
        return Swept(code, request, quote_of(request, book.dossier(request)))
    except Unpriceable as refusal:
        return Swept(code, request, refusal=refusal.at(refusal.pointer))


def markdown(both: Iterable[Swept], second: Iterable[Swept]) -> str:
    """The counts as Markdown, for people."""
    every, twice = tuple(both), tuple(second)
    lines = [
        (
            f"Every one of the {len(every):,} lines asked for on {DECLARED_ON}: CIF 10,000 USD, 1,000 of its first statutory "
            f"unit and 1,000 of its second; and the {len(twice):,} lines that have a second one by 1,000 of that alone."
        ),
        "",
        "| outcome | because of | lines, both units | lines, second unit alone |",
        "| --- | --- | ---: | ---: |",
    ]
    counted = [_counted(swept) for swept in (every, twice)]
    for key in sorted({*counted[0], *counted[1]}, key=lambda each: (each[0], -counted[0][each], each[2:])):
        numbers = (f"{each[key]:,}" if each[key] else "" for each in counted)
        lines.append("| " + " | ".join((*key[1:], *numbers)) + " |")
    return "\n".join(lines) + "\n"


def _counted(swept: Iterable[Swept]) -> Counter[tuple[int, str, str]]:
    """How many came out how: the rank of the outcome, its name, and what it is because of.

    An estimate counts once under each of its reasons, so that those do not add up to all estimates.
    """
    found: Counter[tuple[int, str, str]] = Counter()
    for each in swept:
        if each.outcome == "complete":
            found[0, "`complete`", "every figure is A, B or the request's own"] += 1
        elif each.outcome == "estimated":
            found[1, "`estimated`", "any of:"] += 1
            assert each.quote is not None
            for code in {reason.code for reason in each.quote.outcome.reasons}:
                found[2, "", f"`{code}`"] += 1
        else:
            found[3, f"`{each.outcome}`", f"`{each.missing}`"] += 1
    return found
