"""Which of several classes of the law a good belongs to, by the facts about it that the request states.

A class carries a condition such as "displacement_cc > 1000 and displacement_cc <= 1500" or "kind = solid", or none. A clause
whose name ends in "?" is tried only where the request states that fact.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from calculator.errors import Unpriceable
from calculator.facts_asked import Clause, examples, ranges
from calculator.quantities import read_decimal
from calculator.request import GoodsLine

Class = TypeVar("Class")
_CONDITION = re.compile(r"(\w+)(\??) (<=|>=|<|>|=) (\S+)")
_HOLDS = {
    "<=": lambda value, bound: value <= bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    ">": lambda value, bound: value > bound,
    "=": lambda value, bound: value == bound,
}
_YES_NO = frozenset({"yes", "no"})


def decided(cases: Sequence[tuple[str, Class]], line: GoodsLine, pointer: str, needed_for: str) -> Class:
    """The class whose condition holds. Raises Unpriceable for a fact that is missing, is of the wrong kind or fits none."""
    facts = _Facts(tuple(condition for condition, _ in cases), line, pointer)
    otherwise: list[Class] = []
    for condition, found in cases:
        if not condition:
            otherwise.append(found)
        elif facts.hold(condition):
            return found
    if facts.asked:
        raise facts.missing(facts.asked[0], needed_for)
    if otherwise:
        return otherwise[0]
    classes = tuple(condition for condition, _ in cases)
    raise Unpriceable("category_undecided", f"{pointer}/attributes", (), needed_for=needed_for, classes=classes)


def asked_by(conditions: Iterable[str]) -> frozenset[str]:
    """The attributes that some conditions speak of."""
    return frozenset(clause.name for condition in conditions for clause in _clauses(condition))


def says_yes(line: GoodsLine, attribute: str, pointer: str) -> bool:
    """Whether the request says yes to a plain question about the goods; silence is no."""
    given = line.attributes.get(attribute, "no")
    if given not in _YES_NO:
        where = f"{pointer}/attributes/{attribute}"
        raise Unpriceable("attribute_not_a_choice", where, sorted(_YES_NO), attribute=attribute, given=given)
    return given == "yes"


@lru_cache(maxsize=1024)
def _clauses(condition: str) -> tuple[Clause, ...]:
    """The clauses of a condition."""
    clauses = []
    for clause in condition.split(" and ") if condition else ():
        matched = _CONDITION.fullmatch(clause.strip())
        if matched is None:
            raise ValueError(f"condition that cannot be read: {condition}")
        name, optional, comparison, bound = matched.groups()
        clauses.append(Clause(name, comparison, bound, bool(optional)))
    return tuple(clauses)


class _Facts:
    """The facts of a line held against the conditions of its classes."""

    def __init__(self, conditions: tuple[str, ...], line: GoodsLine, pointer: str) -> None:
        self.conditions = conditions
        self.line = line
        self.pointer = f"{pointer}/attributes"
        # The facts that the request lacks, in the order in which they were missed.
        self.asked: list[str] = []
        # The words that each attribute may be, of those that are not compared with a number.
        self.choices: dict[str, set[str]] = {}
        for clause in (each for condition in conditions for each in _clauses(condition)):
            if not clause.is_number:
                self.choices.setdefault(clause.name, set()).add(clause.bound)

    def hold(self, condition: str) -> bool:
        """Whether a condition holds."""
        return all(self._holds(clause) for clause in _clauses(condition))

    def missing(self, name: str, needed_for: str) -> Unpriceable:
        """The refusal for want of a fact, with what may be sent: each word, or a number of each class."""
        words = self.choices.get(name)
        classes = self._classes(name)
        # A class without a condition takes whatever is not named.
        allowed = sorted(words | _YES_NO if "" in self.conditions and words <= _YES_NO else words) if words else ()
        return Unpriceable(
            "attribute_missing",
            f"{self.pointer}/{name}",
            allowed or examples(classes),
            attribute=name,
            needed_for=needed_for,
            classes=None if words else ranges(classes),
        )

    def _holds(self, clause: Clause) -> bool:
        name, given = clause.name, self.line.attributes.get(clause.name)
        if given is None:
            if not clause.optional:
                self.asked.append(name)
            return False
        if name not in self.choices:
            return bool(_HOLDS[clause.comparison](self._number(given, name), Decimal(clause.bound)))
        choices = self.choices[name]
        if given not in choices and (len(choices) > 1 or clause.optional):
            where = f"{self.pointer}/{name}"
            raise Unpriceable("attribute_not_a_choice", where, sorted(choices), attribute=name, given=given)
        return given == clause.bound

    def _number(self, given: str, name: str) -> Decimal:
        try:
            return read_decimal(given)
        except Unpriceable:
            where, allowed = f"{self.pointer}/{name}", examples(self._classes(name))
            raise Unpriceable("attribute_not_a_number", where, allowed, attribute=name, given=given) from None

    def _classes(self, name: str) -> list[list[Clause]]:
        """What each class says of an attribute, of those that speak of it."""
        said = ([each for each in _clauses(condition) if each.name == name] for condition in self.conditions)
        return [each for each in said if each]
