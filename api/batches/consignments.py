"""Rows priced one consignment after another, each exactly as a request of its own would be.

This is the reading that explains: what it cannot price it says why, in the row, and goes on with the next.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from api.batches.layout import SHIPMENT
from api.batches.results import AMOUNTS, ERROR, OUTCOME, PER_UNIT, REGIME, Result, failed
from api.batches.used import Used
from api.cells import unit_told
from api.errors import error
from api.flat import document, in_flat_names
from api.flat_names import flat_name_of
from api.pricing import price
from api.reading import MOST_REFUSALS, Refused
from api.schemas import MOST_LINES, QuoteIn
from api.wording import Wording
from calculator.errors import Unpriceable, Unreadable
from calculator.quote import Quote
from calculator.request import QuoteRequest
from tariffs.book import Book

# A row's problems in words: so many, and then how many more.
MOST_SAID = 8
Texts = Mapping[str, str]
# A refusal by flat name and the row it is about, None for the consignment as a whole.
InRow = tuple[int | None, Unpriceable]
GOODS = "goods"
# What a spreadsheet takes for the beginning of a formula; a heading may begin so, a problem may not.
FORMULA = "=+-@ \t\r\n"
# What a column of decimals holds.
MOST_AMOUNT = Decimal(10) ** 34


class InRows(Exception):
    """Rows that are wrong before they make a request."""

    def __init__(self, refusals: list[InRow]) -> None:
        super().__init__(refusals)
        self.refusals = refusals


# What keeps a consignment from being priced.
REFUSALS = (InRows, Refused, Unpriceable)


@dataclass(frozen=True)
class Pricing:
    """What rows are priced with: the tables, the reading of requests, and the language of problems.

    `called` has the user's own headings by their flat names: problems speak of the columns that the user sees. `used` notes the
    rows of the tables that are used, where these are kept.
    """

    book: Book
    schema: QuoteIn
    language: str = "en"
    called: Mapping[str, str] = field(default_factory=dict)
    used: Used | None = None

    def consignment(self, rows: Sequence[Texts]) -> list[Result]:
        """What each row of one consignment came to; all fail together, each with its own problems."""
        try:
            quote = price(self.request(rows), self.book)
            results = results_of(quote)
        except REFUSALS as refusal:
            return self.refused(refusal, len(rows))
        if self.used is not None:
            self.used.by_quote(quote)
        return results

    def request(self, rows: Sequence[Texts]) -> QuoteRequest:
        """What the rows of one consignment ask. Raises one of REFUSALS."""
        if len(rows) > MOST_LINES:
            raise Unreadable("shipment_too_long", "", (), most=MOST_LINES, rows=len(rows))
        # No column that comes back has the ends of a range.
        return replace(self.schema.load(_together(rows)), language=self.language, fx_band=None)

    def refused(self, refusal: Exception, rows: int) -> list[Result]:
        """The problems of a consignment, each told in the row that it speaks of, or in all of them."""
        own: list[list[Unpriceable]] = [[] for _ in range(rows)]
        for number, each in _refusals(refusal):
            for row in range(rows) if number is None else (number,):
                own[row].append(each)
        return self.rows_told(own)

    def told(self, refusals: Iterable[Unpriceable]) -> Result:
        """A row that fails, with its problems in words: each behind the column that it speaks of."""
        wording = Wording.of(self.language)
        found = list(refusals)
        said = []
        for each in found[:MOST_SAID]:
            name, detail = self.called.get(each.pointer, each.pointer), error(each, wording)["detail"]
            said.append(f"{name.lstrip(FORMULA)}: {detail}" if name else f"{detail}")
        if len(found) > MOST_SAID:
            more = "" if len(found) <= MOST_REFUSALS else "+"
            said.append(f"(+{min(len(found), MOST_REFUSALS) - MOST_SAID}{more})")
        return failed(" ".join(" ".join(said).split()))

    def rows_told(self, own: Iterable[Sequence[Unpriceable]]) -> list[Result]:
        """The rows of a consignment that fails, each with its own problems; one without says that another has them."""
        beside = [Unreadable("row_beside_refused", SHIPMENT.name)]
        return [self.told(each or beside) for each in own]


def _refusals(refusal: Exception) -> Iterable[InRow]:
    match refusal:
        case InRows():
            return refusal.refusals
        case Refused():
            return map(_in_row, refusal.refusals)
        case Unpriceable():
            return [_in_row(refusal)]
    raise refusal


def results_of(quote: Quote) -> list[Result]:
    """What each line of a quote came to. Raises Unpriceable where a figure has more digits than a column holds."""
    status = quote.outcome.status
    return [_result(quote, number, status) for number in range(len(quote.lines))]


def _result(quote: Quote, number: int, status: str) -> Result:
    figures = quote.lines[number]
    if any(abs(value) >= MOST_AMOUNT for value in figures.values()):
        raise Unpriceable("amount_overflows", f"/{GOODS}/{number}/price", (), most=MOST_AMOUNT)
    found: dict[str, Decimal | str | None] = {name: figures[name] for name in AMOUNTS}
    line = quote.request.goods[number]
    per_unit = {each.unit: each.amount for each in quote.per_unit[number]}
    told = unit_told(line.quantity.unit, line.price.per, per_unit)
    found[PER_UNIT] = None if told is None else per_unit[told]
    return found | {REGIME: quote.regime, OUTCOME: status, ERROR: None}


def _together(rows: Sequence[Texts]) -> dict[str, Any]:
    """The request of one consignment: a line of goods for each row, and what they say of the whole, in which they agree."""
    whole: dict[str, Any] = {}
    goods: list[Any] = []
    refusals: list[InRow] = []
    for number, row in enumerate(rows):
        try:
            asked = document(row)
        except Refused as refused:
            refusals += [(number, each) for each in refused.refusals]
            continue
        goods += asked.pop(GOODS)
        for pointer, first in _merged(whole, asked):
            refusals.append(
                (number, Unreadable("rows_disagree", flat_name_of(pointer), (str(first),), first=str(first)))
            )
    if refusals:
        raise InRows(refusals)
    return {GOODS: goods, **whole}


def _merged(whole: dict[str, Any], asked: Mapping[str, Any], pointer: str = "") -> Iterator[tuple[str, object]]:
    """Put what a row says of the whole to what the rows before it said; where it says something else, that is told."""
    for name, value in asked.items():
        there = whole.setdefault(name, value)
        if isinstance(there, dict) and isinstance(value, dict):
            yield from _merged(there, value, f"{pointer}/{name}")
        elif there != value:
            yield f"{pointer}/{name}", there


def _in_row(refusal: Unpriceable) -> InRow:
    """A refusal of a request as one of a row: the row is that of its line of goods, its place has a flat name."""
    parts, number, pointer = refusal.pointer.split("/", 3), None, refusal.pointer
    if len(parts) > 2 and parts[1] == GOODS and parts[2].isdecimal():
        number, pointer = int(parts[2]), "/".join(["", GOODS, "0", *parts[3:]])
    (told,) = in_flat_names([type(refusal)(refusal.code, pointer, refusal.allowed, **refusal.facts)])
    return number, told
