"""The cashier of many consignments: their figures in columns, and how far each can be trusted.

It gives what `quote_of` gives, row by row the same, but for the explanation. What only a look at one consignment can settle (a
limit that is exceeded, a price below its costs, an amount beyond machine integers) is left to that: its row is not `sound`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calculator.choices import Choice
from calculator.columns import LIMIT, Column, Digits, Mask, distinct, divide, read
from calculator.money import FEN, Number
from calculator.outcome import trust
from calculator.per_unit import PER_UNIT, counts
from calculator.reckoning import FIGURES, limited
from calculator.rules import Rule, Signs, Step, Walked
from calculator.second_reading import ZERO, nonzero
from calculator.spread import POINT_OF
from calculator.together import Group, Many, Together

# How much of a line there is of the unit that its cost is told for, among the facts of the walk.
COUNT = "per_unit_count"
# The unit of a line's quantity, that of its price and the units that are known: which of these its cost is told for.
Told = Callable[[str, str, Sequence[str]], str | None]
# Signs are numbered in as many bits.
MOST_SIGNS = 12
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What many consignments came to: for each line its figures in fen by name, a row for each consignment.

    `per_unit` has the landed cost of the unit told, in ten-thousandths of a yuan, in the rows of `counted`. `taken` says by
    open points where a waiver takes something off, `landed_cost` is that of all lines.
    """

    lines: Sequence[dict[str, Digits]]
    per_unit: Sequence[Digits]
    counted: Sequence[Mask]
    landed_cost: Digits
    taken: Mapping[str, Mask]
    estimated: Mask
    sound: Mask

    @classmethod
    def empty(cls, many: Many, names: Iterable[str]) -> "Sums":
        """No figures yet."""
        rows, lines, names = len(many), range(len(many.orders[0])), tuple(names)
        return cls(
            [{name: np.zeros(rows, np.int64) for name in names} for _ in lines],
            [np.zeros(rows, np.int64) for _ in lines],
            [np.zeros(rows, np.bool_) for _ in lines],
            np.zeros(rows, np.int64),
            {key: np.zeros(rows, np.bool_) for key in POINT_OF.values()},
            np.zeros(rows, np.bool_),
            np.ones(rows, np.bool_),
        )

    def put(self, rows: Digits, others: "Sums") -> None:
        """Have the figures of other sums in these rows."""
        for line, other in zip(self.lines, others.lines, strict=True):
            for name, figures in line.items():
                figures[rows] = other[name]
        for mine, theirs in (
            *zip(self.per_unit, others.per_unit, strict=True),
            *zip(self.counted, others.counted, strict=True),
            *((taken, others.taken[key]) for key, taken in self.taken.items()),
            (self.landed_cost, others.landed_cost),
            (self.estimated, others.estimated),
            (self.sound, others.sound),
        ):
            mine[rows] = theirs


def together(told: Told) -> Together:
    """What walks consignments for `sums_of`."""
    return Together(lambda choice, line: _count(choice, line, told))


def sums_of(many: Many, walks: Together, names: Iterable[str] = tuple(FIGURES)) -> Sums:
    """The sums of consignments as they were chosen, whatever is open. `names` are the figures wanted."""
    sums = Sums.empty(many, names)
    for group in walks.walked(many):
        sums.sound[group.rows] = ~np.broadcast_to(group.undefined, len(group.rows))
        for line, facts in zip(group.order, group.walked.lines, strict=True):
            _put_line(sums, group, line, facts)
        for limit in group.choices[0].plan.limits:
            _refuse(sums, group, read(limited(limit, group.walked)) > group.walked.shared[limit.figure])
        for step in group.walked.steps:
            if step.rule.name in POINT_OF:
                sums.taken[POINT_OF[step.rule.name]][group.rows] |= nonzero(step.value)
        sums.estimated[group.rows] = _estimated(group)
    return sums


def _put_line(sums: Sums, group: Group, line: int, facts: Mapping[str, Any]) -> None:
    """The figures of one line of each consignment of a group."""
    for name, figures in sums.lines[line].items():
        figures[group.rows] = _fen(sums, group, facts.get(FIGURES[name], ZERO))
    for name in ("goods", "customs_value"):
        _refuse(sums, group, read(facts.get(FIGURES[name], ZERO)) < 0)
    landed = _fen(sums, group, facts[FIGURES["landed_cost"]])
    sums.landed_cost[group.rows] += landed
    if COUNT in facts:
        cost, without = group.column(divide(Column(landed, 2, LIMIT), facts[COUNT]), PER_UNIT)
        sums.per_unit[line][group.rows] = _digits(sums, group, cost)
        sums.counted[line][group.rows] = ~without


def _fen(sums: Sums, group: Group, value: Any) -> Digits:
    column, _ = group.column(value, FEN)
    return _digits(sums, group, column)


def _digits(sums: Sums, group: Group, column: Column) -> Digits:
    """Digits as machine integers; rows that go beyond are not sound."""
    digits = column.tightened().digits
    if digits.dtype == np.int64:
        return digits
    beyond = abs(digits) > LIMIT
    _refuse(sums, group, beyond)
    return np.where(beyond, 0, digits).astype(np.int64)


def _refuse(sums: Sums, group: Group, condition: Mask) -> None:
    if condition.any():
        sums.sound[group.rows] &= ~condition


def _estimated(group: Group) -> Mask:
    """The rows that hang on a figure that is not verified, or on a table that is not up to date."""
    hidden = [step for step in group.walked.steps if step.rule.shown == "nonzero"]
    numbers, signs = _patterns([nonzero(step.value) for step in hidden], len(group.rows))
    known = np.stack([_known(group, there) for there in signs])
    missing = known[numbers, group.which] == UNKNOWN
    if missing.any():
        pairs, _ = distinct(group.which[missing] * len(signs) + numbers[missing])
        for which, number in (divmod(pair, len(signs)) for pair in pairs.tolist()):
            known[number, which] = _is_estimated(group, group.choices[which], signs[number])
        group.estimated.update(zip(signs, known, strict=True))
    estimated: Mask = known[numbers, group.which] == 1
    return estimated


def _known(group: Group, signs: Signs) -> Digits:
    """Of each choice of a group whether its quotes are estimates where the rules come to nothing as in `signs`."""
    known = group.estimated.get(signs, np.zeros(0, np.int8))
    return np.concatenate([known, np.full(len(group.choices) - len(known), UNKNOWN, np.int8)])


def _is_estimated(group: Group, choice: Choice, signs: Signs) -> bool:
    """Whether quotes of a choice are estimates in which the rules that may come to nothing do so as in `signs`."""
    there = iter(signs)
    steps = tuple(
        Step(step.rule, None if step.line is None else group.order[step.line], _sign(step.rule, there))
        for step in group.walked.steps
    )
    return trust(choice, Walked(steps, {}, ()), signs).outcome.status == "estimated"


def _sign(rule: Rule, there: Iterator[int]) -> Number:
    return next(there) if rule.shown == "nonzero" else 1


def _patterns(masks: Sequence[Mask], rows: int) -> tuple[Digits, Sequence[Signs]]:
    """The combination of some masks in each row as a number, and what each number stands for."""
    numbers = np.zeros(rows, np.int64)
    for place, mask in enumerate(masks):
        numbers = numbers * 2 + mask
        if place % MOST_SIGNS == MOST_SIGNS - 1:
            numbers = distinct(numbers)[1]
    found, numbers = distinct(numbers)
    first = np.zeros(len(found), np.int64)
    first[numbers[::-1]] = np.arange(rows)[::-1]
    return numbers, [tuple(int(mask[row if len(mask) > 1 else 0]) for mask in masks) for row in first.tolist()]


def _count(choice: Choice, line: int, told: Told) -> Mapping[str, Number]:
    """How much of a line there is of the unit that its cost is told for, where that is known."""
    asked, known = choice.request.goods[line], dict(counts(choice)[line])
    unit = told(asked.quantity.unit, asked.price.per, tuple(known))
    return {} if unit is None else {COUNT: known[unit]}
