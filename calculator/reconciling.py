"""A quote and the bill that came: how far each line is from what was quoted, and what made it so, to the fen.

What a line moves with a fact of the bill is that fact's part (exchanging.py). A line paid in foreign money walks at its own
rate. What is left after all facts is the line's own: a price, a fee, or a tax that nobody has explained.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise

from calculator.billing import LINES, TAXES, BillFacts, Invoice, paid, rates_of
from calculator.dossier import Dossier
from calculator.exchanging import (
    CLASSIFICATION,
    DE_MINIMIS,
    DECLARED_VALUE,
    EXCHANGE_RATE,
    QUANTITY,
    RATE_IN_FORCE,
    Rung,
    Walker,
)
from calculator.money import EXACT, FEN, ExchangeRate, divide
from calculator.outcome import Totals
from calculator.request import QuoteRequest

FEE, UNEXPLAINED = "fee", "unexplained"
# The order in which facts are exchanged; the last two are what no fact explains.
CAUSES = (QUANTITY, EXCHANGE_RATE, DECLARED_VALUE, CLASSIFICATION, RATE_IN_FORCE, DE_MINIMIS, FEE, UNEXPLAINED)
ZERO = Decimal("0.00")
Effects = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Variance:
    """One line: what was quoted, what was billed (None where nothing was), and the causes of the difference, in yuan.

    `goods` has the parts of the lines of goods in each cause.
    """

    line: str
    quoted: Decimal
    billed: Decimal | None
    causes: Effects
    goods: tuple[Effects, ...]
    invoices: tuple[Invoice, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """By how much the bill is above what was quoted."""
        return None if self.billed is None else self.billed - self.quoted


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """All lines that were quoted or billed, and the rungs that the taxes walked."""

    variances: tuple[Variance, ...]
    rungs: tuple[Rung, ...]


def reconciled(
    request: QuoteRequest,
    dossier: Dossier,
    invoices: Sequence[Invoice],
    facts: BillFacts,
    dossier_of: Callable[[QuoteRequest], Dossier],
) -> Reconciliation:
    """The variance of each line. `dossier` is what the quote rests on; `dossier_of` looks up what the bill brings anew.

    `facts.goods` has nothing, or one entry for each line. Raises Unpriceable for a fact that no price follows from.
    """
    with localcontext(EXACT):
        walker = Walker(request, dossier, facts, dossier_of)
        walker.refuse_others()
        by_line = {line: tuple(each for each in invoices if each.line == line) for line in LINES}
        ladders: dict[tuple[ExchangeRate, ...], tuple[Rung, ...]] = {}

        def ladder(rates: Mapping[str, ExchangeRate]) -> tuple[Rung, ...]:
            key = tuple(rates.values())
            if key not in ladders:
                ladders[key] = walker.ladder(rates, by_line)
            return ladders[key]

        variances = [_variance(line, by_line[line], ladder(rates_of(by_line[line]))) for line in LINES]
        return Reconciliation(tuple(each for each in variances if each is not None), ladder({}))


def _variance(line: str, invoices: tuple[Invoice, ...], ladder: Sequence[Rung]) -> Variance | None:
    """What a line comes to on its ladder, None where it was neither quoted nor billed."""
    quoted = ladder[0].reckoned.totals[line]
    if not invoices:
        return Variance(line, quoted, None, {}, ()) if quoted else None
    billed = paid(invoices)
    causes: Effects = {}
    goods: list[Effects] = [{} for _ in ladder[0].reckoned.lines]
    for before, after in pairwise(ladder):
        _add(causes, after.cause, after.reckoned.totals[line] - before.reckoned.totals[line])
        for number, parts in enumerate(goods):
            moved = after.reckoned.lines[number][line] - before.reckoned.lines[number][line]
            _add(parts, after.cause, moved)
    last = ladder[-1].reckoned
    left, cause = billed - last.totals[line], _left(line)
    _add(causes, cause, left)
    for parts, part in zip(goods, _shared(left, line, last.lines), strict=True):
        _add(parts, cause, part)
    return Variance(line, quoted, billed, causes, tuple(goods), invoices)


def _left(line: str) -> str:
    """What a difference is that no fact explains: a price, a tax, or what somebody asks for his service."""
    if line == "goods":
        return DECLARED_VALUE
    return UNEXPLAINED if line in TAXES else FEE


def _shared(amount: Decimal, line: str, lines: Sequence[Totals]) -> list[Decimal]:
    """The parts of the lines of goods in what is left, by what the line comes to for each, else by their landed costs."""
    weights = [each[line] for each in lines]
    if not sum(weights):
        weights = [each["landed_cost"] for each in lines]
    whole, parts, running, before = sum(weights), [], ZERO, ZERO
    for number, weight in enumerate(weights):
        running += weight
        upto = FEN(divide(amount * running, whole)) if whole and number + 1 < len(weights) else amount
        parts.append(upto - before)
        before = upto
    return parts


def _add(effects: Effects, cause: str, amount: Decimal) -> None:
    if amount:
        effects[cause] = effects.get(cause, ZERO) + amount
