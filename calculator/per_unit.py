"""What one kilogram, jin, package or piece of the goods costs landed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from calculator.choices import Choice
from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import packages, quantity_in
from calculator.money import Number, divide, half_up
from calculator.request import GoodsLine
from calculator.units import UNITS

PER_UNIT = half_up(4)
# A unit and how many of it there are.
Count = tuple[str, Number]


@dataclass(frozen=True, slots=True)
class PerUnit:
    """The landed cost of one unit, in yuan to four decimals."""

    unit: str
    amount: Decimal


def per_unit(choice: Choice, landed_costs: Iterable[Decimal]) -> tuple[tuple[PerUnit, ...], ...]:
    """The landed cost of each line by kilogram, jin, package and whatever else its goods are counted in."""
    return tuple(
        tuple(PerUnit(unit, PER_UNIT(divide(landed_cost, count))) for unit, count in counts)
        for landed_cost, counts in zip(landed_costs, counts(choice), strict=True)
    )


def counts(choice: Choice) -> tuple[tuple[Count, ...], ...]:
    """How many of each unit the lines make."""
    return choice.beside(PerUnit, lambda: _counts(choice))


def _counts(choice: Choice) -> tuple[tuple[Count, ...], ...]:
    return tuple(_counted(*line) for line in zip(choice.request.goods, choice.dossier.lines, strict=True))


def _counted(line: GoodsLine, found: LineDossier) -> tuple[Count, ...]:
    """How many of each unit a line makes, as far as that is known."""
    wanted = ["kg", "jin", "L", line.quantity.unit]
    if line.price.per != "total":
        wanted.append(line.price.per)
    result: dict[str, Count] = {}
    for unit in wanted:
        if unit in result or UNITS[unit].kind == "package":
            continue
        try:
            quantity = quantity_in(unit, line, found, "", "per_unit")
        except Unpriceable:
            continue
        result[unit] = unit, quantity.value
    count = packages(line, found)
    if count is not None and found.package is not None:
        result["package"] = found.package.code, count.value
    elif UNITS[line.quantity.unit].kind == "package":
        result["package"] = line.quantity.unit, line.quantity.value
    return tuple(result.values())
