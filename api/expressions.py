"""The formula of a step once more, for machines: an expression over the inputs of the step, with its rounding.

`i0`, `i1`, … are the inputs in their order. The words are those of `WORDS`; nothing else can stand in an expression, so
that a spreadsheet, or a program in any language, can reckon a step again from the answer alone.
"""

from calculator.arithmetic import LEVELS, Constant, Expression, Name, Operation, Word
from calculator.money import Rounding
from calculator.rules import Rule

SIGNS = {"−": "-", "×": "*", "÷": "/", "≤": "<=", "≥": ">="}
WORDS = """+ - * / and <, <=, >, >= as usual; `least(…)`, `greatest(…)`; `where(condition, yes, no)`;
`round(x, step)` to the nearest multiple of the step, halves away from zero; `floor(x, step)` and `ceil(x, step)`;
`running_share(cost, running, part, whole)`: round(cost * running / whole, 0.01) less
round(cost * (running - part) / whole, 0.01), nothing where the whole is 0."""


def expression(rule: Rule) -> str:
    """What a rule reckons, over the inputs that its step lists."""
    listed = [name for name in rule.inputs if name not in rule.lacking]
    written = _written(rule.formula, {name: f"i{place}" for place, name in reversed([*enumerate(listed)])})
    return written if rule.rounds_to is None else _rounded(written, rule.rounds_to)


def _rounded(written: str, rounding: Rounding) -> str:
    return f"{rounding.word}({written}, {rounding.step:f})"


def _written(part: Expression, names: dict[str, str]) -> str:
    match part:
        case Constant(value):
            return f"{value:f}"
        case Name(code):
            return names[code]
        case Word(word, arguments):
            return f"{word}({', '.join(_written(each, names) for each in arguments)})"
        case Operation(operator, left, right):
            level = LEVELS[operator]
            # a − (b − c) and a ÷ (b × c) need their brackets; a + (b + c) does not
            after = _bracketed(right, level + (operator in "−÷"), names)
            return f"{_bracketed(left, level, names)} {SIGNS.get(operator, operator)} {after}"
    raise TypeError(part)


def _bracketed(part: Expression, level: int, names: dict[str, str]) -> str:
    written = _written(part, names)
    return f"({written})" if part.level < level else written
