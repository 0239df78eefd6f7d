"""Many consignments walked together: the same rules and the same walk as for one quote, read over exact columns.

Consignments whose plans have one shape (the same rules over the same facts) form a group, and each fact of a group becomes a
column: of what was chosen for each kind of request, and of the figures that each consignment has of its own. Nothing is chosen
here, and nothing is explained.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, Inexact
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from calculator.blank import Blank, BlankQuantity
from calculator.choices import Choice
from calculator.columns import Column, Digits, Mask, Ratio, distinct, rounded
from calculator.money import EXACT, Number, Quotient, Rounding
from calculator.plan import Limit, Plan
from calculator.reckoning import FIGURES, facts_of
from calculator.rules import Facts, Pass, Signs, Walked, walk
from calculator.second_reading import Columns, stacked

# As many rows as stay in the processor's own memory; an amount beyond machine integers slows no more rows than these.
ROWS = 16_384
# The largest digits of a figure whose products are not yet beyond machine integers.
LARGE = 10**11


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """Consignments of equally many lines: which of the `choices` each is of, and its own figures.

    `figures` has a column for every place of a blank in the choices, with a row for each consignment. `orders` are canonical
    orders of their lines, and `order` says which of these each has.
    """

    choices: Sequence[Choice]
    which: Digits
    figures: Mapping[int, Column]
    orders: Sequence[tuple[int, ...]] = ((0,),)
    order: Digits | None = None

    def __len__(self) -> int:
        return len(self.which)

    def some(self, rows: Digits, choices: Sequence[Choice] | None = None) -> "Many":
        """Some of the consignments, in that order; with other choices in the places of their own, if these are given."""
        return Many(
            self.choices if choices is None else choices,
            self.which[rows],
            {place: column.taken(rows) for place, column in self.figures.items()},
            self.orders,
            None if self.order is None else self.order[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Some of many consignments, walked: `rows` are their numbers, `which` those of their choices in `choices`.

    The lines of `walked` stand in the canonical `order`. The rows of `undefined` divide by nothing and have no figures.
    `estimated` is kept with the shape: by which of certain rules come to nothing, whether quotes of each choice are estimates.
    """

    choices: Sequence[Choice]
    order: tuple[int, ...]
    rows: Digits
    which: Digits
    walked: Walked
    undefined: Mask
    estimated: dict[Signs, Digits]

    def column(self, value: Any, rounding: Rounding) -> tuple[Column, Mask]:
        """A figure of the walk, rounded, with a row for each consignment; and the rows in which there is none."""
        column, undefined = rounded(value, rounding)
        if len(column.digits) == 1 != len(self.rows):
            column = Column(np.full(len(self.rows), column.digits[0]), column.scale, column.bound)
        return column, np.broadcast_to(undefined, len(self.rows))


class Together:
    """Walks one batch of consignments after the other; the facts of choices of one shape are stacked once.

    `beside` gives further figures of a line by their names, which stand among its facts.
    """

    def __init__(self, beside: Callable[[Choice, int], Mapping[str, Number]] = lambda *_: {}) -> None:
        self._beside = beside
        self._shapes: dict[Hashable, _Shape] = {}
        self._known: dict[tuple[Choice, tuple[int, ...]], tuple[_Shape, int]] = {}

    def walked(self, many: Many) -> Iterator[Group]:
        """All consignments, each in exactly one group."""
        if not len(many):
            return
        kinds = many.which if many.order is None else many.which * len(many.orders) + many.order
        shapes, at = self._places(many, distinct(kinds)[0])
        numbers = shapes[kinds] * 2 + _large(many)
        # Numbers of sixteen bits are sorted several times as fast
        small = len(self._shapes) * 2 <= np.iinfo(np.uint16).max
        order = np.argsort(numbers.astype(np.uint16) if small else numbers, kind="stable")
        numbers = numbers[order]
        bounds = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(order)]
        listed = list(self._shapes.values())
        for start, stop in pairwise(bounds):
            shape = listed[int(numbers[start]) // 2]
            for begin in range(start, stop, ROWS):
                rows = order[begin : min(begin + ROWS, stop)]
                yield shape.walked(rows, at[kinds[rows]], many)

    def _places(self, many: Many, kinds: Digits) -> tuple[Digits, Digits]:
        """The number of the shape of each kind of consignment that there is, and where its choice stands in that shape."""
        shapes, at = np.zeros(int(kinds[-1]) + 1, np.int64), np.zeros(int(kinds[-1]) + 1, np.int64)
        for kind in kinds.tolist():
            number, which = divmod(kind, len(many.orders))
            if many.order is None:
                number, which = kind, 0
            shape, at[kind] = self._placed(many.choices[number], many.orders[which])
            shapes[kind] = shape.number
        return shapes, at

    def _placed(self, choice: Choice, order: tuple[int, ...]) -> "tuple[_Shape, int]":
        known = self._known.get((choice, order))
        if known is not None:
            return known
        beside = [self._beside(choice, line) for line in range(len(choice.plan.lines))]
        shared, *lines = facts_of(choice.plan)
        facts = [shared, *(lines[line] | dict(beside[line]) for line in order)]
        read_ = _names(choice.plan.passes, choice.plan.limits).union(*beside)
        key = _passes(choice.plan, order), order, choice.plan.limits, tuple(_signature(each, read_) for each in facts)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = _Shape(
                len(self._shapes), key[0], order, [[*each & read_] for each in map(dict.keys, facts)]
            )
        placed = self._known[choice, order] = shape, shape.add(choice, facts)
        return placed


class _Shape:
    """What consignments have in common that can be walked together, and their choices with the facts of each."""

    def __init__(
        self, number: int, passes: tuple[Pass, ...], order: tuple[int, ...], names: Sequence[Sequence[str]]
    ) -> None:
        self.number = number
        self.choices: list[Choice] = []
        self._passes = passes
        self._order = order
        self._names = names
        self._facts: list[Sequence[Facts]] = []
        self._stacked: list[dict[str, _Stacked]] = []
        self._estimated: dict[Signs, Digits] = {}

    def add(self, choice: Choice, facts: Sequence[Facts]) -> int:
        """Where a choice stands from now on."""
        self.choices.append(choice)
        self._facts.append(facts)
        self._stacked = []
        return len(self.choices) - 1

    def walked(self, rows: Digits, which: Digits, many: Many) -> Group:
        """Some consignments of this shape."""
        if not self._stacked:
            self._stacked = [
                {name: _Stacked.of([facts[place][name] for facts in self._facts]) for name in names}
                for place, names in enumerate(self._names)
            ]
        m = Columns()
        figures: dict[int, Column] = {}
        for some in self._stacked:
            for each in some.values():
                if each.place is not None and each.place not in figures:
                    figures[each.place] = many.figures[each.place].taken(rows).tightened()
        shared, *lines = [{name: each.column(which, figures) for name, each in some.items()} for some in self._stacked]
        walked = walk(self._passes, shared, lines, range(len(lines)), m)
        return Group(self.choices, self._order, rows, which, walked, m.undefined, self._estimated)


@dataclass(frozen=True, slots=True)
class _Stacked:
    """A fact of each choice of a shape, one under the other: figures, or factors of the figure in a place."""

    place: int | None
    values: Column | Ratio

    @classmethod
    def of(cls, values: Sequence[Number]) -> "_Stacked":
        first = values[0]
        if not isinstance(first, Blank):
            return cls(None, stacked(values))
        return cls(first.place, stacked([_factor(value) for value in values]))

    def column(self, which: Digits, figures: Mapping[int, Column]) -> Any:
        """The fact of each consignment."""
        values = self.values
        if isinstance(values, Ratio):
            values = Ratio(values.numerator.taken(which), values.denominator.taken(which))
        else:
            values = values.taken(which)
        return values if self.place is None else figures[self.place] * values


def _factor(blank: object) -> Number:
    """How much a figure counts where it stands."""
    return _number(blank.factor) if isinstance(blank, BlankQuantity) else 1


@lru_cache(maxsize=1024)
def _number(factor: Fraction) -> Number:
    above, below = Decimal(factor.numerator), Decimal(factor.denominator)
    try:
        return EXACT.divide(above, below)
    except Inexact:
        return Quotient(above, below)


def _signature(facts: Facts, names: frozenset[str]) -> Hashable:
    """The facts of a line that rules read, and the places of those that are figures of the request."""
    return frozenset((name, getattr(value, "place", None)) for name, value in facts.items() if name in names)


def _large(many: Many) -> Digits:
    """The rows that are kept apart because of a figure so large that it slows those beside it."""
    found = np.zeros(len(many), np.int64)
    for column in many.figures.values():
        if column.bound > LARGE:
            found |= abs(column.digits) > LARGE
    return found


def _passes(plan: Plan, order: tuple[int, ...]) -> tuple[Pass, ...]:
    if order == tuple(range(len(plan.lines))):
        return plan.passes
    return tuple(
        Pass(stage.consignment, tuple(stage.lines[number] for number in order) if stage.lines else ())
        for stage in plan.passes
    )


@lru_cache(maxsize=1024)
def _names(passes: tuple[Pass, ...], limits: tuple[Limit, ...]) -> frozenset[str]:
    """The facts that any rule of a plan reads, or the sum of which it reads."""
    rules = [each for stage in passes for some in (stage.consignment, *stage.lines) for each in some]
    read_by_rules = {name.removeprefix("total_").removeprefix("running_") for each in rules for name in each.inputs}
    limited = {name for limit in limits for name in (limit.amount.removeprefix("total_"), limit.figure)}
    return frozenset(read_by_rules | limited | set(FIGURES.values()))
