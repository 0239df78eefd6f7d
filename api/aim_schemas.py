"""What is aimed for, as JSON: the request of a quote with one price left open, and the landed cost that it is to come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, post_load

from api.display import minor_unit
from api.fields import Choice, KnownNow, refusals_of, wrong_type
from api.figures import Currency, ExactDecimal, UnitOfPrice
from api.goods_schemas import GoodsIn, PriceIn
from api.reading import Refused
from api.schemas import TRIES, Asking, GoodsList, bounded
from api.strict import Strict
from calculator.aiming import NET
from calculator.errors import Unreadable
from calculator.request import QuoteRequest

OF = ("landed_cost", NET)
# What is read in place of the price that is sought.
ANY = "1"


class OpenPriceIn(PriceIn):
    """A price; that which is sought has no amount."""

    amount = ExactDecimal(positive=True)


class OpenGoodsIn(GoodsIn):
    """A line of goods, whose price may be open."""

    price = fields.Nested(OpenPriceIn(), required=True)


@dataclass(frozen=True, slots=True)
class Goal:
    """A landed cost in a currency, of the consignment ("total") or of a unit."""

    amount: Decimal
    currency: str
    per: str
    of: str = OF[0]


class GoalIn(Strict):
    """The landed cost that is not to be exceeded."""

    amount = ExactDecimal(required=True, positive=True)
    currency = Currency(required=True)
    per = UnitOfPrice(required=True, metadata={"description": "A unit of the line whose price is open, or `total`."})
    of = Choice(*OF, metadata={"description": "Which figure; without it the landed cost."})

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Goal:
        return Goal(**data)


@dataclass(frozen=True, slots=True)
class Aim:
    """The request with any price in the line whose price is open, and what it is to come to."""

    request: QuoteRequest
    line: int
    goal: Goal

    @property
    def step(self) -> Decimal:
        """The smallest unit of the currency of the price."""
        return minor_unit(self.request.goods[self.line].price.currency).step


GOAL = GoalIn()


class TargetIn(Asking):
    """A consignment with one price left open, and the landed cost that is not to be exceeded."""

    goods = GoodsList(
        fields.Nested(OpenGoodsIn()),
        required=True,
        metadata={
            "description": "The lines of goods; one has a price without an amount.",
            "minItems": 1,
            "maxItems": 200,
        },
    )
    target = fields.Nested(GoalIn(), required=True)

    def load(self, data: Any, **_: Any) -> Aim:  # type: ignore[override]
        """What is aimed for. Raises Refused with all that is wrong."""
        if not isinstance(data, dict):
            raise Refused([wrong_type("object")])
        goal = self._goal(data)
        document = {name: value for name, value in data.items() if name != "target"}
        opened = [number for number, line in enumerate(_lines(document)) if _is_open(line)]
        if opened:
            document["goods"] = [_closed(line) if _is_open(line) else line for line in document["goods"]]
        request = self.quotes.load(document)
        if len(opened) != 1:
            pointer = f"/goods/{opened[1] if opened else 0}/price/amount"
            raise Refused([Unreadable("one_open_price", pointer, (), prices=len(opened))])
        bounded(len(request.goods), TRIES, "/goods")
        return Aim(request, opened[0], goal)

    def _goal(self, data: Mapping[str, Any]) -> Goal:
        if "target" not in data:
            example = '{"amount": "18.00", "currency": "CNY", "per": "kg"}'
            raise Refused([Unreadable("missing_field", "/target", (example,))])
        with KnownNow(self.known):
            try:
                goal: Goal = GOAL.load(data["target"])
            except ValidationError as error:
                raise Refused(refusals_of(error.messages, "/target")) from None
        return goal


def _lines(document: Mapping[str, Any]) -> list[Any]:
    goods = document.get("goods")
    return goods if isinstance(goods, list) else []


def _is_open(line: object) -> bool:
    """Whether a line has a price without an amount."""
    price = line.get("price") if isinstance(line, dict) else None
    return isinstance(price, dict) and "amount" not in price


def _closed(line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "price": {**line["price"], "amount": ANY}}
