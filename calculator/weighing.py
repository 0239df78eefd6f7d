"""The weights by which common costs are spread over the lines, and the order in which their running totals are taken."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.freight import CM3_PER_M3, KG_PER_TONNE
from calculator.logistics import ModeRule
from calculator.measuring import quantity_in
from calculator.money import divide
from calculator.plan import Fact, PlannedLine
from calculator.request import QuoteRequest
from calculator.route_choice import VALUE, RoutePlan


def weight_of(request: QuoteRequest, dossier: Dossier, route: RoutePlan, number: int) -> Fact | None:
    """What a line weighs in the spreading of common costs; None where they are spread by value, or there is one line."""
    basis = route.allocated_by
    if len(request.goods) == 1 or basis == VALUE:
        return None
    line, found, packed = request.goods[number], dossier.lines[number], route.packings[number]
    pointer = f"/goods/{number}"
    match basis:
        case "net_weight":
            return quantity_in("kg", line, found, pointer, "allocation")
        case "gross_weight" if packed.gross_kg is not None:
            return packed.gross_kg
        case "volume" if packed.volume_m3 is not None:
            return packed.volume_m3
        case "chargeable" if dossier.route is not None and packed.gross_kg is not None:
            return _chargeable(dossier.route.rule, packed.gross_kg, packed.volume_m3)
        case "quantity":
            return quantity_in(_common_unit(request, dossier), line, found, pointer, "allocation")
    raise Unpriceable("allocation_weight_missing", f"{pointer}/{basis}", (), basis=basis)


def _common_unit(request: QuoteRequest, dossier: Dossier) -> str:
    """A unit that every line can be counted in, the same whatever their order."""
    units = sorted({line.quantity.unit for line in request.goods})
    for unit in units:
        try:
            for line, found in zip(request.goods, dossier.lines, strict=True):
                quantity_in(unit, line, found, "", "allocation")
        except Unpriceable:
            continue
        return unit
    return units[0]


def _chargeable(rule: ModeRule, gross: Fact, volume: Fact | None) -> Fact:
    """What a mode counts of one line, unrounded: its weight, or the weight of the room it takes where that is more."""
    if volume is None:
        return gross
    per_kg = rule.cm3_per_kg or Decimal(KG_PER_TONNE)
    by_room = divide(volume.value * CM3_PER_M3, per_kg)
    return gross if gross.value >= by_room else replace(volume, value=by_room, unit="kg")


def canonical_order(request: QuoteRequest, lines: Sequence[PlannedLine]) -> tuple[int, ...]:
    """By code, price and quantity, then the request's order: so the order of a request changes no amount."""

    def key(number: int) -> tuple[object, ...]:
        asked = request.goods[number]
        quantity = asked.quantity
        return (lines[number].hs_code, asked.price.currency, asked.price.amount, quantity.value, quantity.unit, number)

    return tuple(sorted(range(len(lines)), key=key))
