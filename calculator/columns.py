"""Exact columns of numbers, for pricing many consignments at once.

A column is whole numbers with one decimal scale: machine integers while a proven bound shows that no row can wrap, Python's
own integers beyond. A ratio is two columns that nobody has divided yet. There is no float, and the only rounding of columns
is here. numpy stays in this room, which is entered for bulk alone: importing it takes longer than a quote.
"""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from calculator.money import EXACT, Number, Quotient, Rounding, downwards, half_up, upwards

LIMIT = 2**63 - 1
Digits = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
# Up to such numbers, and somewhat beyond, they are counted in a row of places; larger ones are sorted.
COUNTED = 2**16
NONE: Mask = np.zeros(1, dtype=np.bool_)


class _Exact:
    """What columns and ratios have in common: they stand on either side of an operator, and compare row by row."""

    __slots__ = ()

    def __neg__(self) -> Any:
        raise NotImplementedError

    def __radd__(self, other: Number) -> Any:
        return read(other) + self

    def __sub__(self, other: Any) -> Any:
        return self + -read(other)

    def __rsub__(self, other: Number) -> Any:
        return read(other) + -self

    def __rmul__(self, other: Number) -> Any:
        return read(other) * self

    def __lt__(self, other: Any) -> Mask:
        return _compared(np.less, self, other)

    def __le__(self, other: Any) -> Mask:
        return _compared(np.less_equal, self, other)

    def __gt__(self, other: Any) -> Mask:
        return _compared(np.greater, self, other)

    def __ge__(self, other: Any) -> Mask:
        return _compared(np.greater_equal, self, other)


class Column(_Exact):
    """Exact numbers one under the other: `digits` ÷ 10 to the `scale`, none of the digits beyond ± `bound`.

    A column of one row stands for that number in every row.
    """

    __slots__ = ("bound", "digits", "scale", "tight")

    def __init__(self, digits: Digits, scale: int, bound: int) -> None:
        self.digits = digits
        self.scale = scale
        self.bound = bound
        self.tight = False

    @classmethod
    def of(cls, values: Sequence[Decimal | int]) -> "Column":
        """A column of these numbers, with no more decimals than they need."""
        numbers = [value if isinstance(value, Decimal) else Decimal(value) for value in values]
        scale = max(0, *(-cast(int, number.as_tuple().exponent) for number in numbers))
        whole = [int(number.scaleb(scale, EXACT)) for number in numbers]
        while scale and not any(each % 10 for each in whole):
            whole, scale = [each // 10 for each in whole], scale - 1
        bound = max(map(abs, whole))
        return cls(np.array(whole, dtype=np.int64 if bound <= LIMIT else object), scale, bound)

    def at(self, scale: int) -> "Column":
        """The same numbers with more decimals."""
        more = scale - self.scale
        return _joined(np.multiply, self, read(10**more), scale, operator.mul) if more else self

    def taken(self, rows: Digits) -> "Column":
        """The numbers of these rows, in their order; a column of one row stays what it is."""
        return self if len(self.digits) == 1 else Column(self.digits[rows], self.scale, self.bound)

    def tightened(self) -> "Column":
        """Itself, with the lowest bound that its rows prove, and in machine integers where that allows them."""
        if not self.tight:
            self.bound = max(abs(int(self.digits.min())), abs(int(self.digits.max())))
            self.tight = True
            if self.bound <= LIMIT:
                self.digits = self.digits.astype(np.int64, copy=False)
        return self

    def __neg__(self) -> "Column":
        return Column(-self.digits, self.scale, self.bound)

    def __add__(self, other: Any) -> "Column | Ratio":
        other = read(other)
        if isinstance(other, Ratio):
            return other + self
        if other.bound == 0 or self.bound == 0:
            return self if other.bound == 0 else other
        left, right = _aligned(self, other)
        return _joined(np.add, left, right, left.scale, operator.add)

    def __mul__(self, other: Any) -> "Column | Ratio":
        other = read(other)
        if isinstance(other, Ratio):
            return other * self
        if self is ONE or other is ONE:
            return other if self is ONE else self
        return _joined(np.multiply, self, other, self.scale + other.scale, operator.mul)


class Ratio(_Exact):
    """What `Quotient` is to a decimal: two columns that nobody has divided yet."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Any, denominator: Any) -> None:
        self.numerator: Column = numerator
        self.denominator: Column = denominator

    def __neg__(self) -> "Ratio":
        return Ratio(-self.numerator, self.denominator)

    def __add__(self, other: Any) -> "Ratio":
        numerator, denominator = terms(read(other))
        if _same(self.denominator, denominator):
            return Ratio(self.numerator + numerator, self.denominator)
        if denominator is ONE:
            return Ratio(self.numerator + numerator * self.denominator, self.denominator)
        crossed = self.numerator * denominator + numerator * self.denominator
        return Ratio(crossed, self.denominator * denominator)

    def __mul__(self, other: Any) -> "Ratio":
        numerator, denominator = terms(read(other))
        return Ratio(self.numerator * numerator, self.denominator * denominator)


def divide(dividend: Any, divisor: Any) -> Ratio:
    """The exact ratio of two columns, not rounded."""
    (above, over), (below, under) = terms(read(dividend)), terms(read(divisor))
    if _same(over, under):
        return Ratio(above, below)
    return Ratio(above * under, over * below)


def chosen(condition: Mask, yes: Any, no: Any) -> "Column | Ratio":
    """The one number in the rows where the condition holds, the other in the rest."""
    above, below = read(yes), read(no)
    if isinstance(above, Column) and isinstance(below, Column):
        left, right = _aligned(above, below)
        return _joined(partial(np.where, condition), left, right, left.scale, max)
    return Ratio(*(chosen(condition, one, other) for one, other in zip(terms(above), terms(below), strict=True)))


def rounded(value: Any, rounding: Rounding) -> tuple[Column, Mask]:
    """The numbers on the step, ties exact, and the rows that divide by nothing and so have none (zero stands there)."""
    if not rounding.decimal:
        steps, without = rounded(divide(value, rounding.step), Rounding(Decimal(1), rounding.mode))
        return cast(Column, steps * rounding.step), without
    numerator, denominator = terms(read(value))
    places = -cast(int, rounding.step.as_tuple().exponent)
    more = places + denominator.scale - numerator.scale
    numerator = numerator.at(numerator.scale + max(more, 0))
    denominator = denominator.at(denominator.scale + max(-more, 0))
    undefined: Mask = denominator.digits == 0
    if undefined.any():
        numerator = _joined(partial(np.where, undefined), ZERO, numerator, numerator.scale, max)
        denominator = _joined(partial(np.where, undefined), ONE, denominator, denominator.scale, max)
    whole = _divided(numerator, denominator, rounding.mode)
    return Column(whole.digits, places, whole.bound).at(max(places, 0)), undefined


def read(value: Any) -> Any:
    """A column or a ratio as it is, any other number as one that stands for every row."""
    return value if isinstance(value, _Exact) else _constant(value)


@lru_cache(maxsize=1024)
def _constant(value: Number) -> "Column | Ratio":
    if isinstance(value, Quotient):
        return Ratio(Column.of([value.numerator]), Column.of([value.denominator]))
    return Column.of([value])


ZERO, ONE = read(0), read(1)
_HALF_UP, _FLOOR, _CEILING = (each.mode for each in (half_up(0), downwards(0), upwards(Decimal(1))))


def terms(value: "Column | Ratio") -> tuple[Column, Column]:
    """What is divided, and by what."""
    return (value, ONE) if isinstance(value, Column) else (value.numerator, value.denominator)


def distinct(numbers: Digits) -> tuple[Digits, Digits]:
    """The distinct ones of some whole numbers from 0, and which of them stands in each row."""
    most = int(numbers.max(initial=0))
    if most > COUNTED + len(numbers):
        return np.unique(numbers, return_inverse=True)
    there = np.bincount(numbers, minlength=most + 1) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]


def _same(left: Column, right: Column) -> bool:
    """Whether two columns are beyond doubt the same: one object, or one number."""
    if left is right:
        return True
    return (
        len(left.digits) == len(right.digits) == 1 and left.scale == right.scale and left.digits[0] == right.digits[0]
    )


def _aligned(left: Column, right: Column) -> tuple[Column, Column]:
    scale = max(left.scale, right.scale)
    return left.at(scale), right.at(scale)


def _joined(
    operation: Callable[..., Any], left: Column, right: Column, scale: int, most: Callable[[int, int], int]
) -> Column:
    """Two columns row by row; `most` is the proof: how far the result can go, from how far they do."""
    bound = most(left.bound, right.bound)
    if bound > LIMIT:
        bound = most(left.tightened().bound, right.tightened().bound)
    return Column(operation(*_held(bound, left.digits, right.digits)), scale, bound)


def _held(bound: int, *digits: Digits) -> Sequence[Digits]:
    """The digits in integers that hold the bound."""
    return digits if bound <= LIMIT else [each.astype(object, copy=False) for each in digits]


def _compared(comparison: np.ufunc, one: Any, other: Any) -> Mask:
    left, right = read(one), read(other)
    if isinstance(left, Column) and isinstance(right, Column):
        left, right = _aligned(left, right)
        return cast(Mask, comparison(left.digits, right.digits))
    # As with quotients: the sign of the difference, whatever its denominator
    numerator, denominator = terms(left - right)
    signed = np.where(denominator.digits < 0, -numerator.digits, numerator.digits)
    return cast(Mask, comparison(signed, 0))


def _divided(numerator: Column, denominator: Column, mode: str) -> Column:
    """Whole quotients, rounded; the denominator is nowhere zero."""
    below = int(denominator.digits[0]) if len(denominator.digits) == 1 else 0
    if below == 1:
        return Column(numerator.digits, 0, numerator.bound)
    bound = numerator.bound + denominator.bound
    if bound > LIMIT:
        bound = numerator.tightened().bound + denominator.tightened().bound
    above, under = _held(bound, numerator.digits, denominator.digits)
    if (under < 0).any():
        above, under = np.where(under < 0, -above, above), abs(under)
    if mode == _FLOOR:
        digits = above // under
    elif mode == _CEILING:
        digits = -(-above // under)
    elif mode == _HALF_UP:
        # Away from zero at a tie, as decimals do; half an odd denominator is never met
        negative = above < 0
        if negative.any():
            digits = (abs(above) + under // 2) // under
            digits = np.where(negative, -digits, digits)
        else:
            digits = (above + under // 2) // under
    else:
        raise ValueError(f"no rounding of columns: {mode}")
    rounded = Column(digits, 0, numerator.bound // abs(below) + 1 if below else numerator.bound)
    return rounded if digits.dtype != object and below else rounded.tightened()
