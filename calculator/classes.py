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
    otherwise: list[Class] = []
    asked: dict[str, list[str]] = {}
    choices = _words(condition for condition, _ in cases)
    for condition, found in cases:
        if not condition:
            otherwise.append(found)
        elif _holds(condition, line, pointer, asked, choices):
            return found
    if asked:
        name, bounds = next(iter(asked.items()))
        raise Unpriceable(
            "attribute_missing", f"{pointer}/attributes/{name}", bounds, attribute=name, needed_for=needed_for
        )
    if otherwise:
        return otherwise[0]
    raise Unpriceable(
        "category_undecided",
        f"{pointer}/attributes",
        tuple(condition for condition, _ in cases),
        needed_for=needed_for,
    )


def asked_by(conditions: Iterable[str]) -> frozenset[str]:
    """The attributes that some conditions speak of."""
    return frozenset(name for condition in conditions for name, _, _, _ in _clauses(condition))


def says_yes(line: GoodsLine, attribute: str, pointer: str) -> bool:
    """Whether the request says yes to a plain question about the goods; silence is no."""
    given = line.attributes.get(attribute, "no")
    if given not in _YES_NO:
        where = f"{pointer}/attributes/{attribute}"
        raise Unpriceable("attribute_not_a_choice", where, sorted(_YES_NO), attribute=attribute, given=given)
    return given == "yes"


@lru_cache(maxsize=1024)
def _clauses(condition: str) -> list[tuple[str, bool, str, str]]:
    """Each clause as name, whether it may be left unsaid, comparison and bound."""
    clauses = []
    for clause in condition.split(" and ") if condition else ():
        matched = _CONDITION.fullmatch(clause.strip())
        if matched is None:
            raise ValueError(f"condition that cannot be read: {condition}")
        name, optional, comparison, bound = matched.groups()
        clauses.append((name, bool(optional), comparison, bound))
    return clauses


def _words(conditions: Iterable[str]) -> dict[str, set[str]]:
    """The words that each attribute may be, of those that are not compared with a number."""
    words: dict[str, set[str]] = {}
    for condition in conditions:
        for name, _, _, bound in _clauses(condition):
            if not bound[0].isdigit():
                words.setdefault(name, set()).add(bound)
    return words


def _holds(
    condition: str, line: GoodsLine, pointer: str, asked: dict[str, list[str]], choices: dict[str, set[str]]
) -> bool:
    for name, optional, comparison, bound in _clauses(condition):
        given = line.attributes.get(name)
        if given is None:
            if not optional:
                asked.setdefault(name, []).append(f"{comparison} {bound}")
            return False
        if name not in choices:
            if not _HOLDS[comparison](_number(given, name, pointer), Decimal(bound)):
                return False
        elif given not in choices[name] and (len(choices[name]) > 1 or optional):
            where = f"{pointer}/attributes/{name}"
            raise Unpriceable("attribute_not_a_choice", where, sorted(choices[name]), attribute=name, given=given)
        elif given != bound:
            return False
    return True


def _number(given: str, name: str, pointer: str) -> Decimal:
    try:
        return read_decimal(given)
    except Unpriceable:
        where = f"{pointer}/attributes/{name}"
        raise Unpriceable("attribute_not_a_number", where, (), attribute=name, given=given) from None
