"""The single item that cannot be divided (不可分割的单个商品): it alone may be dearer than the limits of retail and post."""

from calculator.classes import says_yes
from calculator.quantities import Quantity, convert
from calculator.request import QuoteRequest
from calculator.units import UNITS

INDIVISIBLE = "indivisible"
# Two pieces that are sold as one.
PAIR = "pair"


def is_single_item(request: QuoteRequest) -> bool:
    """Whether a consignment is one item: one piece or one package, or goods of which the request says so."""
    if len(request.goods) > 1:
        return False
    line = request.goods[0]
    if INDIVISIBLE in line.attributes:
        return says_yes(line, INDIVISIBLE, "/goods/0")
    return _is_one(line.quantity)


def _is_one(quantity: Quantity) -> bool:
    kind = UNITS[quantity.unit].kind
    if kind == "package" or quantity.unit == PAIR:
        return quantity.value == 1
    return kind == "count" and convert(quantity, "unit") == 1
