"""What a request is told of a fact that decides a class: the range of each class, and a number of each that may be sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Clause:
    """A fact compared with a bound; an optional one is tried only where the request states the fact."""

    name: str
    comparison: str
    bound: str
    optional: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the fact is compared with a number."""
        return self.bound[0].isdigit()


def ranges(classes: Iterable[Sequence[Clause]]) -> tuple[str, ...]:
    """Each class as a range of the one fact that its clauses speak of: "1000 < displacement_cc <= 1500"."""
    return tuple(dict.fromkeys(_range(clauses) for clauses in classes))


def examples(classes: Iterable[Sequence[Clause]]) -> tuple[str, ...]:
    """A number of each class."""
    return tuple(dict.fromkeys(f"{_example(clauses):f}" for clauses in classes))


def _range(clauses: Sequence[Clause]) -> str:
    name = clauses[0].name
    lower = next((each for each in clauses if each.comparison.startswith(">")), None)
    upper = next((each for each in clauses if each.comparison.startswith("<")), None)
    if lower is None or upper is None:
        return " & ".join(f"{name} {each.comparison} {each.bound}" for each in clauses)
    return f"{lower.bound} {lower.comparison.replace('>', '<')} {name} {upper.comparison} {upper.bound}"


def _example(clauses: Sequence[Clause]) -> Decimal:
    """A bound where the class contains it, else a number beside or between its bounds."""
    within = next((each for each in clauses if "=" in each.comparison), None)
    if within is not None:
        return Decimal(within.bound)
    above = next((Decimal(each.bound) for each in clauses if each.comparison == ">"), None)
    below = next((Decimal(each.bound) for each in clauses if each.comparison == "<"), None)
    if below is None:
        return (above or Decimal(0)) + 1
    return ((above or Decimal(0)) + below) / 2
