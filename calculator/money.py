"""Money, exchange rates and the rounding of both: the only place in the house where an amount is rounded.

Amounts are exact decimals. A quotient that does not terminate is kept as the pair it came from
(`Quotient`) until a rule rounds it, so that nothing is ever cut on the way: "divide last, round once".
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_05UP, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from functools import total_ordering

from calculator.blank import BlankQuantity

YUAN = "CNY"

# Wide enough for any product of priced figures; what would be inexact raises instead of being cut.
EXACT = Context(prec=2000, traps=[Inexact, InvalidOperation])
WIDE = Context(prec=2000)
# Enough for amounts of thirty digits before the point and thirty after it, at a tenth of what WIDE takes for a division.
# What is cut away leaves a last digit that is neither 0 nor 5, so that no rounding takes it for a tie or for nothing.
STICKY = Context(prec=60, rounding=ROUND_05UP)
MOST_WHOLE = 30
# As spreadsheets and most languages call them.
WORDS = {ROUND_HALF_UP: "round", ROUND_FLOOR: "floor", ROUND_CEILING: "ceil"}


@total_ordering
class Quotient:
    """An exact ratio of two decimals, the result of a division nobody has rounded yet."""

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: Decimal, denominator: Decimal) -> None:
        self.numerator = numerator
        self.denominator = denominator

    def __add__(self, other: "Number") -> "Quotient":
        if isinstance(other, Quotient):
            if other.denominator == self.denominator:
                return Quotient(EXACT.add(self.numerator, other.numerator), self.denominator)
            left = EXACT.multiply(self.numerator, other.denominator)
            right = EXACT.multiply(other.numerator, self.denominator)
            return Quotient(EXACT.add(left, right), EXACT.multiply(self.denominator, other.denominator))
        if not isinstance(other, Decimal | int):
            return NotImplemented
        return Quotient(EXACT.add(self.numerator, EXACT.multiply(_decimal(other), self.denominator)), self.denominator)

    __radd__ = __add__

    def __neg__(self) -> "Quotient":
        return Quotient(EXACT.minus(self.numerator), self.denominator)

    def __sub__(self, other: "Number") -> "Quotient":
        if not isinstance(other, Quotient | Decimal | int):
            return NotImplemented
        return self + (-other)

    def __rsub__(self, other: "Number") -> "Quotient":
        return -self + other

    def __mul__(self, other: "Number") -> "Quotient":
        if isinstance(other, Quotient):
            return Quotient(
                EXACT.multiply(self.numerator, other.numerator), EXACT.multiply(self.denominator, other.denominator)
            )
        if not isinstance(other, Decimal | int):
            return NotImplemented
        return Quotient(EXACT.multiply(self.numerator, _decimal(other)), self.denominator)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Quotient | Decimal | int):
            return NotImplemented
        return (self - other).numerator == 0

    def __lt__(self, other: "Number") -> bool:
        if not isinstance(other, Quotient | Decimal | int):
            return NotImplemented
        difference = self - other
        return (difference.numerator < 0) != (difference.denominator < 0) and difference.numerator != 0

    def __hash__(self) -> int:
        return hash((self.numerator, self.denominator))

    def __repr__(self) -> str:
        return f"{self.numerator} ÷ {self.denominator}"

    def cut(self) -> Decimal:
        """The ratio as a decimal that rounds like it: cut far behind any step, its last digit saying whether more followed."""
        short = STICKY.divide(self.numerator, self.denominator)
        # The digits of a tie terminate at once; anything else is told apart long before WIDE's last digit.
        return short if short.adjusted() < MOST_WHOLE else WIDE.divide(self.numerator, self.denominator)


Number = Decimal | Quotient | int


def _decimal(value: "Decimal | int") -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(value)


def divide(dividend: Number, divisor: Number) -> Number:
    """The exact ratio of two numbers, not rounded."""
    if isinstance(divisor, Quotient):
        return dividend * Quotient(divisor.denominator, divisor.numerator)
    if isinstance(dividend, Quotient):
        return Quotient(dividend.numerator, EXACT.multiply(dividend.denominator, _decimal(divisor)))
    if isinstance(dividend, BlankQuantity):
        return dividend.times(1, _decimal(divisor))
    return Quotient(_decimal(dividend), _decimal(divisor))


@dataclass(frozen=True, slots=True)
class Rounding:
    """Round to a multiple of `step`; `source` is the citation of the law that says so ("" where it is a convention).

    `decimal`: the step is one unit of some decimal place, not a half or a quarter of it.
    """

    step: Decimal
    mode: str
    source: str = ""
    decimal: bool = field(init=False, compare=False, default=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "decimal", self.step.as_tuple().digits == (1,))

    @property
    def word(self) -> str:
        """What is done to a value, in one word: round, floor or ceil."""
        return WORDS[self.mode]

    def __call__(self, value: Number) -> Decimal:
        """The value on the step, exact ties included."""
        if type(value) is Decimal and self.decimal and value.same_quantum(self.step):
            return value
        if isinstance(value, Quotient):
            value = value.cut()
        if self.decimal:
            return _decimal(value).quantize(self.step, rounding=self.mode, context=WIDE)
        steps = WIDE.divide(_decimal(value), self.step).quantize(Decimal(1), rounding=self.mode, context=WIDE)
        return EXACT.multiply(steps, self.step)


FEN = Rounding(Decimal("0.01"), ROUND_HALF_UP, "cn-gacc-decree-272 art. 13")


def half_up(places: int, source: str = "") -> Rounding:
    """Round half up to so many decimals."""
    return Rounding(Decimal(1).scaleb(-places), ROUND_HALF_UP, source)


def downwards(places: int) -> Rounding:
    """Cut to so many decimals towards the smaller number."""
    return Rounding(Decimal(1).scaleb(-places), ROUND_FLOOR)


def upwards(step: Decimal) -> Rounding:
    """The next larger multiple of a step, as carriers round a weight and nobody ships half a container."""
    return Rounding(step, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217). Only amounts of the same currency add up."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount of money is a Decimal")

    def __add__(self, other: "Money") -> "Money":
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def _same(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise TypeError("only money adds to money")
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} does not add to {self.currency}")
        return other.amount


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of `base` is worth in `quote`, exactly: multiplier ÷ divisor.

    A rate published in the other direction, or crossed through a third currency, keeps its published
    figures as divisor and multiplier, so that a conversion multiplies first and divides last.
    `desk` is "customs", "market" or "user"; `on` the day of the rate; `published_as` the figures as published.
    """

    base: str
    quote: str
    multiplier: Decimal
    divisor: Decimal
    on: date | None
    desk: str
    source: str
    confidence: str
    published_as: str
    estimate: bool = False
    valid_to: date | None = None
    age_days: int | None = None

    @property
    def value(self) -> Number:
        """The rate as one number."""
        return self.multiplier if self.divisor == 1 else divide(self.multiplier, self.divisor)
