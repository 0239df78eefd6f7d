"""The second reading of the rules: the same words over exact columns, and what is read becomes columns."""

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from typing import Any

from calculator.columns import NONE, ONE, Column, Mask, Ratio, chosen, divide, read, rounded, terms
from calculator.money import Number, Quotient, Rounding

ZERO = Decimal("0.00")


class Columns:
    """The reading of the rules over columns, word by word that of `Explained`.

    Where a rule rounds a division by nothing `Explained` raises; here one row may not take the others with it, and
    `undefined` marks it. What a condition discards may divide by nothing in both.
    """

    known = None

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


def stacked(values: Sequence[Number]) -> Column | Ratio:
    """Numbers one under the other; where all are the same, one that stands for every row."""
    first = values[0]
    if all(value is first or (type(value) is type(first) and value == first) for value in values):
        values = (first,)
    plain = [value for value in values if not isinstance(value, Quotient)]
    if len(plain) == len(values):
        return Column.of(plain) if any(value != 1 for value in plain) else ONE
    pairs = [(each.numerator, each.denominator) if isinstance(each, Quotient) else (each, 1) for each in values]
    return Ratio(*(stacked(side) for side in zip(*pairs, strict=True)))


def nonzero(value: Any) -> Mask:
    """The rows in which an amount is something."""
    found: Mask = terms(read(value))[0].digits != 0
    return found
