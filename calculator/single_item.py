"""The single item that cannot be divided (不可分割的单个商品): it alone may be dearer than the limits of retail and post."""

from calculator.classes import says_yes
from calculator.desk import Desk
from calculator.quantities import Quantity, convert
from calculator.request import QuoteRequest
from calculator.units import UNITS

INDIVISIBLE = "indivisible"
# Two pieces that are sold as one.
PAIR = "pair"


def is_single_item(request: QuoteRequest, desk: Desk | None = None) -> bool:
    """Whether a consignment is one item: goods of which the request says so, or one piece, which is presumed to be, and noted so.

    A carton or a pallet can be divided unless the request says that it cannot.
    """
    if len(request.goods) > 1:
        return False
    line = request.goods[0]
    if INDIVISIBLE in line.attributes:
        return says_yes(line, INDIVISIBLE, "/goods/0")
    if _is_one(line.quantity):
        if desk is not None:
            desk.assume("single_item_presumed", "/goods/0/quantity")
        return True
    return False


def _is_one(quantity: Quantity) -> bool:
    if quantity.unit == PAIR:
        return quantity.value == 1
    return UNITS[quantity.unit].kind == "count" and convert(quantity, "unit") == 1
