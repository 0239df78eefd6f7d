"""What one kilogram, jin, package or piece of the goods costs landed."""

from dataclasses import dataclass
from decimal import Decimal

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import packages, quantity_in
from calculator.money import divide, half_up
from calculator.request import GoodsLine
from calculator.units import UNITS

PER_UNIT = half_up(4)


@dataclass(frozen=True, slots=True)
class PerUnit:
    """The landed cost of one unit, in yuan to four decimals."""

    unit: str
    amount: Decimal


def per_unit(line: GoodsLine, found: LineDossier, landed_cost: Decimal) -> tuple[PerUnit, ...]:
    """The landed cost by kilogram, jin, package and whatever else the goods are counted in."""
    wanted = ["kg", "jin", "L", line.quantity.unit]
    if line.price.per != "total":
        wanted.append(line.price.per)
    result: dict[str, PerUnit] = {}
    for unit in wanted:
        if unit in result or UNITS[unit].kind == "package":
            continue
        try:
            quantity = quantity_in(unit, line, found, "", "per_unit")
        except Unpriceable:
            continue
        result[unit] = PerUnit(unit, PER_UNIT(divide(landed_cost, quantity.value)))
    count = packages(line, found)
    if count is not None and found.package is not None:
        result["package"] = PerUnit(found.package.code, PER_UNIT(divide(landed_cost, count.value)))
    elif UNITS[line.quantity.unit].kind == "package":
        amount = PER_UNIT(divide(landed_cost, line.quantity.value))
        result["package"] = PerUnit(line.quantity.unit, amount)
    return tuple(result.values())
