"""Expressions of steps as spreadsheet formulas that reckon to the fen, though a spreadsheet has binary fractions alone.

A rounding is written ROUND(ROUND(x × 100, places), 0) ÷ 100. The inner one takes away what binary fractions add to or
leave of a decimal, so that a tie is the exact .5 that the outer one rounds; ÷ 100 gives the nearest binary fraction of
the fen. `places` are as many as the size of the amount leaves of the fifteen digits that a spreadsheet keeps. The same
operations are done here in the same binary fractions (`Formula.value`): a formula that would miss is never written.
"""

import ast
import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from calculator.money import half_up

MOST_PLACES, DIGITS = 6, 15
# Excel reads no longer formula.
LONGEST = 8000
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2}
WHOLE = 9


class Formula:
    """One expression, to be written over cells or reckoned over their values."""

    def __init__(self, expression: str) -> None:
        self._tree = _tree(expression)

    def text(self, cells: Sequence[str], places: int) -> str:
        """The formula over the cells of the inputs, without its equals sign."""
        return _text(self._tree, cells, places)[0]

    def value(self, values: Sequence[float], places: int) -> float:
        """What a spreadsheet comes to. Raises ArithmeticError where it would show an error."""
        return _value(self._tree, values, places)


def places_for(amount: Fraction, expression: str) -> tuple[int, ...]:
    """The decimals of the inner rounding to try, the usual first: those that hundredths of an amount of this size leave.

    A quotient that is rounded up or down may lie a hair beside a whole number, so that it takes all there are at once.
    An amount so large that they would spoil it is rounded once: MOST_PLACES takes nothing away there.
    """
    whole = len(str(int(abs(amount))))
    most = max(0, DIGITS - 2 - whole)
    usual = most if expression.startswith(("ceil(", "floor(")) else MOST_PLACES
    return min(usual, most), min(MOST_PLACES + 3, most), MOST_PLACES


@lru_cache(maxsize=1024)
def _tree(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _text(node: ast.expr, cells: Sequence[str], places: int) -> tuple[str, int]:
    """A part of a formula, and how tightly it holds together."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return f"{value}", WHOLE
        case ast.Name(id=name):
            return cells[int(name[1:])], WHOLE
        case ast.BinOp(left, operator, right):
            sign = SIGNS[type(operator)]
            level = LEVELS[sign]
            before, after = _text(left, cells, places), _text(right, cells, places)
            return f"{_held(before, level)}{sign}{_held(after, level + (sign in '-/'))}", level
        case ast.Compare(left, [operator], [right]):
            one, other = (_held(_text(each, cells, places), 1 + (each is right)) for each in (left, right))
            return f"ROUND({one}-{other},{MOST_PLACES}){COMPARED[type(operator)]}0", 0
        case ast.Call(ast.Name(id=word), arguments):
            return _call(word, [_text(each, cells, places)[0] for each in arguments], places)
    raise ValueError(ast.dump(node))


def _held(part: tuple[str, int], level: int) -> str:
    text, own = part
    return f"({text})" if own < level else text


def _call(word: str, given: Sequence[str], places: int) -> tuple[str, int]:
    match word, given:
        case ("least", _):
            return f"MIN({','.join(given)})", WHOLE
        case ("greatest", _):
            return f"MAX({','.join(given)})", WHOLE
        case ("where", [condition, yes, no]):
            return f"IF({condition},{yes},{no})", WHOLE
        case ("running_share", [cost, running, part, whole]):
            upto, before = (
                _fen(f"({cost})*({each})/({whole})*100", places) for each in (running, f"({running})-({part})")
            )
            return f"IF(({whole})=0,0,({upto}-{before})/100)", WHOLE
        case (_, [value, step]):
            return _on_step(word, value, step, places), 2
    raise ValueError(word)


def _on_step(word: str, value: str, step: str, places: int) -> str:
    steps = _per(step)
    scaled = f"({value})" if steps == 1 else f"({value})*{steps}" if steps else f"({value})/{step}"
    snapped = f"ROUND({scaled},{places})"
    whole = {"round": f"ROUND({snapped},0)", "floor": f"INT({snapped})", "ceil": f"-INT(-{snapped})"}[word]
    return whole if steps == 1 else f"{whole}/{steps}" if steps else f"{whole}*{step}"


def _fen(scaled: str, places: int) -> str:
    return f"ROUND(ROUND({scaled},{places}),0)"


def _per(step: str) -> int:
    """How many steps make 1, 0 where they make none exactly."""
    each = Decimal(step)
    return int(1 / each) if each and int(1 / each) * each == 1 else 0


def _value(node: ast.expr, values: Sequence[float], places: int) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return values[int(name[1:])]
        case ast.BinOp(left, operator, right):
            return _reckoned(operator, _value(left, values, places), _value(right, values, places))
        case ast.Compare(left, [operator], [right]):
            apart = _rounded(_value(left, values, places) - _value(right, values, places), MOST_PLACES)
            sign = COMPARED[type(operator)]
            return float((apart == 0 and "=" in sign) or (apart < 0 if "<" in sign else apart > 0))
        case ast.Call(ast.Name(id="where"), [condition, yes, no]):
            return _value(yes if _value(condition, values, places) else no, values, places)
        case ast.Call(ast.Name(id=word), arguments):
            step = ast.unparse(arguments[-1])
            return _called(word, [_value(each, values, places) for each in arguments], step, places)
    raise ValueError(ast.dump(node))


def _reckoned(operator: ast.operator, left: float, right: float) -> float:
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case _:
            return left / right


def _called(word: str, given: Sequence[float], step: str, places: int) -> float:
    match word, given:
        case ("least", _):
            return min(given)
        case ("greatest", _):
            return max(given)
        case ("running_share", [cost, running, part, whole]):
            if whole == 0:
                return 0.0
            upto, before = (
                _rounded(_rounded(cost * each / whole * 100, places), 0) for each in (running, running - part)
            )
            return (upto - before) / 100
    steps = _per(step)
    scaled = given[0] * steps if steps else given[0] / float(step)
    snapped = _rounded(scaled, places)
    whole = {"round": _rounded(snapped, 0), "floor": math.floor(snapped), "ceil": math.ceil(snapped)}[word]
    return whole / steps if steps else whole * float(step)


def _rounded(value: float, places: int) -> float:
    """A spreadsheet's own rounding: half away from zero, of a number that is not near a tie unless it is one."""
    return float(half_up(places)(Decimal(value)))
