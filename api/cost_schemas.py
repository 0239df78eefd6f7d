"""The costs of a consignment as JSON: freight, insurance as money or as a rate, and the charges of either side by leg."""

from typing import Any, ClassVar

from marshmallow import ValidationError, post_load

from api.fields import Choice, Exact, Fragment, nearest_first, refusals_of, wrong_type
from api.goods_schemas import MoneyIn
from api.rates import InsuredShare, Share
from api.reading import LONGEST_ECHO, MOST_REFUSALS, Refused, escaped
from api.strict import Strict
from calculator.errors import Unpriceable, Unreadable
from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS
from calculator.money import Money
from calculator.request import Costs, Insurance

BASES = ("value", "net_weight", "gross_weight", "volume", "chargeable", "quantity")
PLANNING = "planning"


class InsuranceRateIn(Strict):
    """A premium as a rate on a share of CIF."""

    rate = Share(required=True, metadata={"examples": ["0.3%"]})
    insured = InsuredShare(metadata={"examples": ["110%"]})

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Insurance:
        return Insurance(**data)


class InsuranceField(Exact):
    """Insurance as money, or as a rate."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"$ref": "#/components/schemas/Money"}, {"$ref": "#/components/schemas/InsuranceRate"}],
    }

    def read(self, value: object) -> Insurance:
        if not isinstance(value, dict):
            raise wrong_type("object")
        if {"amount", "currency"} & value.keys():
            return Insurance(amount=MONEY.load(value))
        insurance: Insurance = INSURANCE_RATE.load(value)
        if insurance.insured == 0:
            raise Unreadable("not_positive", "/insured", text="0")
        return insurance


class FreightField(Exact):
    """The main freight as money, or the wish for our own planning range of the lane."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"$ref": "#/components/schemas/Money"}, {"const": PLANNING}],
        "description": (
            "The main freight of the whole consignment; or `planning`, our own range for the lane, priced at its high end "
            "and told as estimated. It needs a route."
        ),
    }

    def read(self, value: object) -> Money | str:
        if value == PLANNING:
            return PLANNING
        if not isinstance(value, dict):
            raise Unreadable("wrong_type", "", (FREIGHT_LIKE, f'"{PLANNING}"'), expected="money_or_planning")
        money: Money = MONEY.load(value)
        return money


MONEY = MoneyIn()
FREIGHT_LIKE = '{"amount": "6200.00", "currency": "USD"}'
INSURANCE_RATE = InsuranceRateIn()


class Charges(Exact):
    """Charges by leg, each money."""

    def __init__(self, *legs: str, **kwargs: Any) -> None:
        self.legs = (*legs, ALL_IN)
        money = {"$ref": "#/components/schemas/Money"}
        properties = dict.fromkeys(self.legs, money)
        super().__init__(metadata={"type": "object", "properties": properties, "additionalProperties": False}, **kwargs)

    def read(self, value: object) -> dict[str, Money]:
        if not isinstance(value, dict):
            raise wrong_type("object")
        refusals: list[Unpriceable] = []
        charges = {}
        for leg, money in value.items():
            if len(refusals) > MOST_REFUSALS:
                break
            if leg not in self.legs:
                nearest = nearest_first(leg, self.legs)
                refusals.append(Unreadable("unknown_leg", f"/{escaped(leg)}", nearest, leg=leg[:LONGEST_ECHO]))
                continue
            try:
                charges[leg] = MONEY.load(money)
            except ValidationError as error:
                refusals += refusals_of(error.messages, f"/{leg}")
        if refusals:
            raise Refused(refusals)
        return charges


class CostsIn(Strict):
    """What the user states of the costs."""

    freight = FreightField()
    insurance = InsuranceField()
    origin = Charges(*(leg.value for leg in ORIGIN_LEGS))
    destination = Charges(*(leg.value for leg in DESTINATION_LEGS))
    allocate_by = Choice(
        *BASES, metadata={"description": "By what common costs are shared over the lines; left out, the mode decides."}
    )

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Costs:
        if data.get("freight") == PLANNING:
            return Costs(**{**data, "freight": None, "planning": True})
        return Costs(**data)
