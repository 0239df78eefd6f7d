"""Many plans walked together: the same rules and the same walk as for one quote, read over exact columns.

Plans of one shape (the same rules over the same facts) form a group, and each fact of a group becomes a column. What is
asked, and which law applies, is settled plan by plan before; here nothing is chosen, and nothing is explained.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import itemgetter, or_
from typing import Any

from calculator.columns import NONE, Column, Mask, Ratio, chosen, divide, read, rounded, terms
from calculator.money import EXACT, FEN, Number, Quotient, Rounding
from calculator.outcome import Totals
from calculator.plan import Fact, Limit, Plan, PlannedLine
from calculator.reckoning import FIGURES, WAIVERS, limited, recovers, silent
from calculator.rules import Facts, Pass, walk

ZERO = Decimal("0.00")
# As many rows as stay in the processor's own memory; an amount beyond machine integers slows no more rows than these.
ROWS = 16_384


class Columns:
    """The reading of the rules over columns, word by word that of `Explained`.

    Where a rule rounds a division by nothing `Explained` raises; here one row may not take the others with it, and
    `undefined` marks it. What a condition discards may divide by nothing in both.
    """

    def __init__(self) -> None:
        self.undefined: Mask = NONE

    def num(self, value: "str | int | Decimal") -> Decimal:
        """A constant of the law."""
        return Decimal(value)

    def divide(self, dividend: Any, divisor: Any) -> Ratio:
        """The exact ratio; nothing is cut before a rule rounds."""
        return divide(dividend, divisor)

    def round(self, value: Any, rounding: Rounding) -> Column:
        """The rounding that the rule declares."""
        column, undefined = rounded(value, rounding)
        self.undefined = self.undefined | undefined
        return column

    def least(self, *values: Any) -> Any:
        """The lowest of some amounts, row by row."""
        return reduce(lambda low, each: self.where(each < low, each, low), values)

    def greatest(self, *values: Any) -> Any:
        """The highest of some amounts, row by row."""
        return reduce(lambda high, each: self.where(each > high, each, high), values)

    def where(self, condition: Mask | bool, yes: Any, no: Any) -> Any:
        """One amount in the rows where the condition holds, the other in the rest."""
        if isinstance(condition, bool) or condition.all():
            return yes if condition is not False else no
        return chosen(condition, yes, no) if condition.any() else no

    def share(self, common: Any, part: Any, whole: Any) -> Any:
        """The part of a common amount, not rounded; nothing in the rows where there is nothing to share by."""
        quotient = common if part is whole else divide(read(common) * part, whole)
        return self.where(nonzero(whole), quotient, ZERO)

    def running_share(self, common: Any, running: Any, part: Any, whole: Any, rounding: Rounding) -> Any:
        """The same, rounded so that the shares of all lines add up; the first line's is all that has run up."""
        shared = self.round(self.share(common, running, whole), rounding)
        if running is part:
            return shared
        return shared - self.round(self.share(common, running - part, whole), rounding)


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of a plan's lines and of the whole, in yuan; the taxes of which a waiver takes something off.

    `exceeded` are the limits of the regime that the consignment goes beyond.
    """

    lines: tuple[Totals, ...]
    totals: Totals
    waived: frozenset[str]
    exceeded: tuple[Limit, ...]


def walked_together(plans: Sequence[Plan], vat_recoverable: Sequence[bool] = ()) -> list[Sums | None]:
    """The figures of each plan, in the order of the plans; None where a rule divides by nothing.

    `vat_recoverable` says for each plan whether its buyer deducts the import VAT; left out, nobody does.
    """
    groups: dict[Hashable, list[int]] = {}
    for number, plan in enumerate(plans):
        groups.setdefault(_shape(plan), []).append(number)
    found: list[Sums | None] = [None] * len(plans)
    for numbers in groups.values():
        for start in range(0, len(numbers), ROWS):
            some = numbers[start : start + ROWS]
            recoverable = [
                bool(vat_recoverable) and recovers(plans[number], vat_recoverable[number]) for number in some
            ]
            sums = _walked([plans[number] for number in some], recoverable)
            for number, each in zip(some, sums, strict=True):
                found[number] = each
    return found


def _shape(plan: Plan) -> Hashable:
    """What plans must have in common to be walked together; the lines of each in its canonical order."""
    lines = tuple((frozenset(each.facts), bool(each.zeros.get("trade_remedies"))) for each in _ordered(plan))
    return _passes(plan), frozenset(plan.shared), lines, plan.limits


def _ordered(plan: Plan) -> list[PlannedLine]:
    return [plan.lines[number] for number in plan.order]


def _passes(plan: Plan) -> tuple[Pass, ...]:
    if plan.order == tuple(range(len(plan.lines))):
        return plan.passes
    return tuple(
        Pass(stage.consignment, tuple(stage.lines[number] for number in plan.order) if stage.lines else ())
        for stage in plan.passes
    )


def _walked(plans: Sequence[Plan], vat_recoverable: Sequence[bool]) -> list[Sums | None]:
    """The figures of plans of one shape."""
    m, count, first = Columns(), len(plans), plans[0]
    passes = _passes(first)
    names = _names(first)
    walked = walk(
        passes,
        _columns([plan.shared for plan in plans], names),
        [_line(same, names) for same in zip(*map(_ordered, plans), strict=True)],
        range(len(first.lines)),
        m,
    )
    deducted = stacked([int(recoverable) for recoverable in vat_recoverable])
    figures = [_figures(facts, deducted, m) for facts in walked.lines]
    sums = {name: sum((line[name] for line in figures), ZERO) for name in figures[0]}
    lines = [_rows(line, count) for line in figures]
    totals = _rows(sums, count) if len(lines) > 1 else lines[0]
    waived = {
        tax: reduce(or_, (nonzero(step.value) for step in walked.steps if step.rule.name == waiver), NONE)
        for tax, waiver in WAIVERS.items()
    }
    exceeded = {limit: read(limited(limit, walked)) > walked.shared[limit.figure] for limit in first.limits}
    return [
        None
        if _at(m.undefined, row)
        else Sums(
            _as_asked(plan.order, [line[row] for line in lines]),
            totals[row],
            frozenset(tax for tax, taken in waived.items() if _at(taken, row)),
            tuple(limit for limit, above in exceeded.items() if _at(above, row)),
        )
        for row, plan in enumerate(plans)
    ]


def _figures(facts: Mapping[str, Any], deducted: Column | Ratio, m: Columns) -> dict[str, Any]:
    """The figures of one line of each plan; `deducted` is 1 where the buyer deducts the VAT."""
    figures: dict[str, Any] = {name: m.round(facts.get(source, ZERO), FEN) for name, source in FIGURES.items()}
    return figures | {"landed_cost_net_of_vat": figures["landed_cost"] - figures["vat"] * deducted}


def _rows(figures: Mapping[str, Any], count: int) -> list[Totals]:
    columns = [decimals(rounded(column, FEN)[0], count) for column in figures.values()]
    return [dict(zip(figures, row, strict=True)) for row in zip(*columns, strict=True)]


def _as_asked(order: Sequence[int], lines: Sequence[Totals]) -> tuple[Totals, ...]:
    """Lines in the canonical order, put into the order of the request."""
    return tuple(line for _, line in sorted(zip(order, lines, strict=True), key=itemgetter(0)))


def _names(plan: Plan) -> frozenset[str]:
    """The facts that any rule of the plan reads, or the sum of which it reads."""
    rules = [each for stage in plan.passes for some in (stage.consignment, *stage.lines) for each in some]
    read_by_rules = {name.removeprefix("total_").removeprefix("running_") for each in rules for name in each.inputs}
    limits = {name for limit in plan.limits for name in (limit.amount.removeprefix("total_"), limit.figure)}
    return frozenset(read_by_rules | limits | set(FIGURES.values()))


def _line(same: Sequence[PlannedLine], names: frozenset[str]) -> Facts:
    """One line of each plan, with what a walk finds there from the start."""
    facts = _columns([planned.facts for planned in same], names)
    return facts | silent(same[0])


def _columns(stated: Sequence[Mapping[str, Fact]], names: frozenset[str]) -> Facts:
    return {name: stacked([facts[name].value for facts in stated]) for name in stated[0] if name in names}


def _at(mask: Mask, row: int) -> bool:
    """A row of a mask; one of one row speaks for all."""
    return bool(mask[row if len(mask) > 1 else 0])


def stacked(values: Sequence[Number]) -> Column | Ratio:
    """Numbers one under the other; where all are the same, one that stands for every row."""
    first = values[0]
    if all(value is first or (type(value) is type(first) and value == first) for value in values):
        values = (first,)
    plain = [value for value in values if not isinstance(value, Quotient)]
    if len(plain) == len(values):
        return Column.of(plain)
    pairs = [(each.numerator, each.denominator) if isinstance(each, Quotient) else (each, 1) for each in values]
    return Ratio(*(stacked(side) for side in zip(*pairs, strict=True)))


def decimals(value: Any, rows: int) -> list[Decimal]:
    """The numbers of a column, as many as there are rows. A ratio has to be rounded first."""
    column: Column = read(value)
    found = [Decimal(each).scaleb(-column.scale, EXACT) for each in column.digits.tolist()]
    return found * rows if len(found) == 1 else found


def nonzero(value: Any) -> Mask:
    """The rows in which an amount is something."""
    found: Mask = terms(read(value))[0].digits != 0
    return found
