"""Where the figures of a step come from: the step, the row or the field behind each of them.

Many steps of a walk only hand an amount on (the one freight as the sum of all freights, a waiver that takes nothing
off). They are not listed; whoever reads such a figure is sent to the step that it came from. A step that reckons and is
not listed of itself (a line's part of a common cost) is put on the list as soon as another one leans on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import localcontext
from functools import lru_cache

from calculator.arithmetic import ZERO, Expression, Name, Operation
from calculator.money import EXACT, Number
from calculator.quote import Quote, worth_showing
from calculator.rules import EXPLAINED, Rule, Step, Walked

# Where the consignment has one line, a line's part of something is all of it.
WHOLES = {
    "carriage_share": "dutiable_carriage",
    "premium_share": "dutiable_premium",
    "inland_share": "inland_costs",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """An input of a rule: the name it reads, whether that is a sum over lines, and the name that each line has."""

    name: str
    summed: bool
    own: str

    @classmethod
    def of(cls, name: str, single: bool) -> "Figure":
        """`single`: the consignment has one line, so that sums and parts are the figure itself."""
        for sign in ("total_", "running_"):
            if name.startswith(sign):
                return cls(name, True, name.removeprefix(sign))
        return cls(name, False, WHOLES.get(name, name) if single else name)


@lru_cache(maxsize=8192)
def addends(rule: Rule) -> tuple[str, ...] | None:
    """The names that a rule merely adds up, None where it does more than that."""
    names = tuple(_added(rule.formula))
    return names if len(names) == len(rule.inputs) - len(rule.lacking) else None


def _added(formula: Expression) -> Iterator[str]:
    """The names of a sum, from left to right; a sum of many is deep, so that nothing may call itself here."""
    waiting = [formula]
    while waiting:
        match waiting.pop():
            case Name(code=code):
                yield code
            case Operation(operator="+", left=left, right=right):
                waiting += (right, left)


def unrounded(walked: Walked, step: Step) -> Number:
    """What a rule came to before it was rounded."""
    rule = step.rule
    values = [ZERO if name in rule.lacking else walked.value(step.line, name) for name in rule.inputs]
    with localcontext(EXACT):
        value: Number = rule.function(EXPLAINED, *values)
    return value


class Trail:
    """The steps of one quote: which are listed, and which stand behind a figure."""

    def __init__(self, quote: Quote) -> None:
        self.quote = quote
        self.single = len(quote.lines) == 1
        steps = quote.walked.steps
        self._places = {(step.line, step.rule.name): place for place, step in enumerate(steps)}
        self.listed = [place for place, step in enumerate(steps) if worth_showing(step.rule, step.value)]
        self._seen = set(self.listed)
        self._origins: dict[tuple[int | None, str], str] = {}

    def origin(self, line: int | None, figure: Figure) -> str:
        """The step behind a result, or the row or field that it was handed on from."""
        at, name = 0 if figure.summed else line, figure.own
        asked = (at, name)
        known = self._origins.get(asked)
        # A sum leans on the step of every line, even if this line leans on its own already.
        if known is None or (figure.summed and not self.single):
            known = self._origins[asked] = self._found(at, name, figure.summed)
        return known

    def _found(self, at: int | None, name: str, summed: bool) -> str:
        while True:
            figure = Figure.of(name, self.single)
            if figure.summed:  # what was handed on is itself a sum over the lines
                at, name, summed = 0, figure.own, True
            place = self._places.get((at, name), self._places.get((None, name)))
            if place is None:
                fact = self.quote.choice.plan.fact(at, name)
                return fact.origin if fact is not None else f"step:{name}"
            if place in self._seen:
                return f"step:{name}"
            step = self.quote.walked.steps[place]
            behind = self._behind(step)
            if behind is None:
                self._list(step, summed)
            if behind in (None, name):
                return f"step:{name}"
            name = behind or name

    def all_zero(self, step: Step) -> bool:
        """Whether a step adds up nothing but zeros."""
        added = addends(step.rule)
        return added is not None and not any(self.quote.walked.value(step.line, name) for name in added)

    def _behind(self, step: Step) -> str | None:
        """The one figure that a step hands on, its own name where there is nothing to hand on, None where it reckons."""
        name = step.rule.name
        if self.single and name in WHOLES:
            return WHOLES[name]
        added = addends(step.rule)
        if added is None:
            return None
        some = [each for each in added if self.quote.walked.value(step.line, each)]
        if len(some) > 1:
            return None
        return some[0] if some else added[0] if added else name

    def _list(self, step: Step, summed: bool) -> None:
        """List a step that another one leans on; of every line, where a sum leans on it."""
        lines = range(len(self.quote.lines)) if summed and step.line is not None else (step.line,)
        for line in lines:
            place = self._places.get((line, step.rule.name))
            if place is not None and place not in self._seen:
                self._seen.add(place)
                self.listed.append(place)
