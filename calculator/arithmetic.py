"""The two halves of an explained number: its exact value, and the formula it followed.

A rule is an ordinary function of a reading `m` and of its facts. Read with `Explained`, the facts are exact
numbers and the result is the amount. Read with `Formula`, the same function is traced over the names of its facts,
and the result is the sentence to print beside the amount. The formula cannot lie: both come from the same operators.
Tracing is done once for each rule, not for each quote.

Rules use + − ×, comparison and the words of the reading: divide, round, least, greatest, where, share, num.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from calculator.money import Number, Rounding, divide

ZERO = Decimal(0)


class Explained:
    """Exact numbers: decimals, and quotients that nobody has rounded yet.

    `known` has what rules and stages of a walk came to before, by themselves and their facts, where that is remembered.
    """

    known: dict[Any, Any] | None = None
    # And what the requests of many walks have in common, where they are priced together.
    common: Any = None

    def num(self, value: "str | int | Decimal") -> Number:
        """A constant of the law."""
        return Decimal(value)

    def divide(self, dividend: Number, divisor: Number) -> Number:
        """The exact quotient; nothing is cut before a rule rounds."""
        return divide(dividend, divisor)

    def round(self, value: Number, rounding: Rounding) -> Decimal:
        """The rounding that the rule declares."""
        return rounding(value)

    def least(self, *values: Number) -> Number:
        """The lowest of some amounts."""
        return min(values)

    def greatest(self, *values: Number) -> Number:
        """The highest of some amounts."""
        return max(values)

    def where(self, condition: bool, yes: Number, no: Number) -> Number:
        """One amount if the condition holds, else the other."""
        return yes if condition else no

    def share(self, common: Number, part: Number, whole: Number) -> Number:
        """The part of a common amount that falls on one line, not rounded; nothing where there is nothing to share by."""
        return divide(common * part, whole) if whole != 0 else ZERO

    def running_share(
        self, common: Number, running: Number, part: Number, whole: Number, rounding: Rounding
    ) -> Decimal:
        """The same, rounded so that the shares of all lines add up: the rounded running total less the one before."""
        if whole == 0:
            return rounding(ZERO)
        return rounding(divide(common * running, whole)) - rounding(divide(common * (running - part), whole))


class Remembering(Explained):
    """The same for many walks that have most of their facts in common: no rule is applied twice to the same facts."""

    def __init__(self, common: Any = None) -> None:
        self.known, self.common = {}, common


class Watching(Explained):
    """The same, noting which way every comparison went: prices with the same `turns` follow the same formulas."""

    def __init__(self) -> None:
        self.turns: list[int] = []

    def least(self, *values: Number) -> Number:
        """The lowest, and which it is."""
        found = min(values)
        self.turns.append(values.index(found))
        return found

    def greatest(self, *values: Number) -> Number:
        """The highest, and which it is."""
        found = max(values)
        self.turns.append(values.index(found))
        return found

    def where(self, condition: bool, yes: Number, no: Number) -> Number:
        """One of two, and which."""
        self.turns.append(bool(condition))
        return yes if condition else no


class Expression:
    """A formula over the names of facts, built by the same operators as the amount."""

    level = 9

    def __add__(self, other: "Expression") -> "Expression":
        return other if _nothing(self) else self if _nothing(other) else Operation("+", self, other)

    def __sub__(self, other: "Expression") -> "Expression":
        return self if _nothing(other) else Operation("−", self, other)

    def __mul__(self, other: "Expression") -> "Expression":
        return Constant(ZERO) if _nothing(self) or _nothing(other) else Operation("×", self, other)

    def __le__(self, other: "Expression") -> "Operation":
        return Operation("≤", self, other)

    def __lt__(self, other: "Expression") -> "Operation":
        return Operation("<", self, other)

    def __ge__(self, other: "Expression") -> "Operation":
        return Operation("≥", self, other)

    def __gt__(self, other: "Expression") -> "Operation":
        return Operation(">", self, other)

    def text(self, label: Callable[[str], str], words: Callable[[str], str]) -> str:
        """The formula in words: `label` names a fact, `words` gives the pattern of a word of the reading."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Expression):
    """A number that the law's own text contains."""

    value: Decimal

    def text(self, label: Callable[[str], str], words: Callable[[str], str]) -> str:
        return format(self.value, "f")


@dataclass(frozen=True)
class Name(Expression):
    """A fact or the result of another rule."""

    code: str

    def text(self, label: Callable[[str], str], words: Callable[[str], str]) -> str:
        return label(self.code)


LEVELS = {"+": 1, "−": 1, "×": 2, "÷": 2, "≤": 0, "<": 0, "≥": 0, ">": 0}


@dataclass(frozen=True)
class Operation(Expression):
    """Two formulas joined by an operator."""

    operator: str
    left: Expression
    right: Expression

    @property
    def level(self) -> int:  # type: ignore[override]
        return LEVELS[self.operator]

    def text(self, label: Callable[[str], str], words: Callable[[str], str]) -> str:
        left = _bracketed(self.left, self.level, label, words)
        # a − (b − c) and a ÷ (b × c) need their brackets; a + (b + c) does not
        right = _bracketed(self.right, self.level + (self.operator in "−÷"), label, words)
        return f"{left} {self.operator} {right}"


@dataclass(frozen=True)
class Word(Expression):
    """A word of the reading applied to formulas."""

    word: str
    arguments: tuple[Expression, ...]

    def text(self, label: Callable[[str], str], words: Callable[[str], str]) -> str:
        return words(self.word).format(
            *(argument.text(label, words) for argument in self.arguments),
            all=", ".join(argument.text(label, words) for argument in self.arguments),
        )


def _bracketed(part: Expression, level: int, label: Callable[[str], str], words: Callable[[str], str]) -> str:
    text = part.text(label, words)
    return f"({text})" if part.level < level else text


def _nothing(part: Expression) -> bool:
    return isinstance(part, Constant) and part.value == 0


class Formula:
    """Names instead of numbers; absent facts are zero and leave the formula."""

    def num(self, value: "str | int | Decimal") -> Expression:
        return Constant(Decimal(value))

    def divide(self, dividend: Expression, divisor: Expression) -> Expression:
        if _nothing(dividend) or (isinstance(divisor, Constant) and divisor.value == 1):
            return dividend
        return Operation("÷", dividend, divisor)

    def round(self, value: Expression, rounding: Rounding) -> Expression:
        return value

    def least(self, *values: Expression) -> Expression:
        return Word("least", values)

    def greatest(self, *values: Expression) -> Expression:
        return Word("greatest", values)

    def where(self, condition: Expression, yes: Expression, no: Expression) -> Expression:
        return Word("where", (condition, yes, no))

    def share(self, common: Expression, part: Expression, whole: Expression) -> Expression:
        return Operation("÷", Operation("×", common, part), whole)

    def running_share(
        self, common: Expression, running: Expression, part: Expression, whole: Expression, rounding: Rounding
    ) -> Expression:
        return Word("running_share", (common, running, part, whole))


def formula(function: Callable[..., Any], inputs: tuple[str, ...], lacking: frozenset[str]) -> Expression:
    """Trace a rule over the names of its facts."""
    names: list[Expression] = [Constant(ZERO) if name in lacking else Name(name) for name in inputs]
    traced = function(Formula(), *names)
    return traced if isinstance(traced, Expression) else Constant(Decimal(traced))
