"""The weights by which common costs are spread over the lines, and the order in which their running totals are taken."""

from collections.abc import Sequence

from calculator.dossier import LineDossier
from calculator.errors import Unpriceable
from calculator.measuring import quantity_in
from calculator.plan import Fact, PlannedLine
from calculator.quantities import convert
from calculator.request import QuoteRequest


def weight_of(request: QuoteRequest, found: LineDossier, number: int) -> Fact | None:
    """What a line weighs in the spreading of common costs; None where they are spread by value, or there is one line."""
    basis = request.costs.allocate_by
    if len(request.goods) == 1 or basis == "value":
        return None
    line = request.goods[number]
    pointer = f"/goods/{number}"
    match basis:
        case "net_weight":
            return quantity_in("kg", line, found, pointer, "allocation")
        case "gross_weight" if line.gross_weight is not None:
            return Fact.of_request(convert(line.gross_weight, "kg"), f"{pointer}/gross_weight", "kg")
        case "volume" if line.volume is not None:
            return Fact.of_request(convert(line.volume, "L"), f"{pointer}/volume", "L")
        case "quantity":
            return quantity_in(request.goods[0].quantity.unit, line, found, pointer, "allocation")
    raise Unpriceable("allocation_weight_missing", f"{pointer}/{basis}", (), basis=basis)


def canonical_order(request: QuoteRequest, lines: Sequence[PlannedLine]) -> tuple[int, ...]:
    """By code, price and quantity, then the request's order: so the order of a request changes no amount."""

    def key(number: int) -> tuple[object, ...]:
        asked = request.goods[number]
        quantity = asked.quantity
        return (lines[number].hs_code, asked.price.currency, asked.price.amount, quantity.value, quantity.unit, number)

    return tuple(sorted(range(len(lines)), key=key))
