"""How the buyer pays, as JSON: a rail of the tables, or one of the user's own with its fees."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from api.fields import Choice, Flag, Line, Several, Whole, number_text
from api.figures import Currency, ExactDecimal
from api.rates import Share
from api.reading import LONGEST_ECHO
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.money import YUAN
from calculator.rails import AMOUNT, BUYER, CHARGES, SELLER, TRANSFER, Fee, Rail
from calculator.request import Payment

OWN, RAIL_LIKE = "own", "swift-tt"
MOST_FEES, MOST_DAYS = 20, 365
# Margins are no fees of the list: each side has a field of its own.
FEE_CODE = r"(?!fx_)[a-z][a-z0-9_]{0,39}"


class Part(Share):
    """A share of the amount that leaves something of it: below 100%."""

    def read(self, value: object) -> Decimal:
        share = super().read(value)
        if share >= 1:
            raise Unreadable("fee_of_everything", "", ("0.8%",), text=number_text(value)[:LONGEST_ECHO])
        return share


class OwnFeeIn(Strict):
    """A fee that the user states: a share of the amount, between limits, a fixed amount, or both."""

    code = Line(
        40,
        FEE_CODE,
        required=True,
        metadata={"description": "What it is called; margins have fields of their own.", "examples": ["wire_fee"]},
    )
    payer = Choice(BUYER, SELLER, required=True, metadata={"description": "Who pays it."})
    share = Part(metadata={"description": "A share of the amount paid.", "examples": ["1%"]})
    fixed = ExactDecimal(metadata={"description": "An amount for the whole payment."})
    minimum = ExactDecimal(metadata={"description": "The least that the share comes to."})
    maximum = ExactDecimal(metadata={"description": "The most that the share comes to."})
    currency = Currency(metadata={"description": "The currency of the amounts."})
    tax = Part(metadata={"description": "Value-added tax on top, such as IVA.", "examples": ["16%"]})

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def whole(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse a fee of nothing, limits of no share, and amounts without their currency."""
        if not isinstance(original, dict):
            return
        given, refusals = original.keys(), []
        if not given & {"share", "fixed"} or (given & {"minimum", "maximum"} and "share" not in given):
            refusals.append(Unreadable("missing_field", "/share", ("1%",)))
        if given & {"fixed", "minimum", "maximum"} and "currency" not in given:
            refusals.append(Unreadable("missing_field", "/currency", (YUAN, "USD")))
        least, most = data.get("minimum"), data.get("maximum")
        if least is not None and most is not None and least > most:
            facts = {"least": f"{least:f}", "most": f"{most:f}"}
            refusals.append(Unreadable("minimum_above_maximum", "/minimum", (), **facts))
        if refusals:
            raise ValidationError(refusals)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Fee:
        return Fee(
            code=data["code"],
            names=_everywhere(data["code"]),
            payer=MappingProxyType({"": data["payer"]}),
            basis=AMOUNT if "share" in data else TRANSFER,
            share=data.get("share", Decimal(0)),
            fixed=data.get("fixed", Decimal(0)),
            minimum=data.get("minimum"),
            maximum=data.get("maximum"),
            # A share alone is in no currency: it is reckoned in yuan.
            currency=data.get("currency", YUAN),
            tax=data.get("tax", Decimal(0)),
            low=None,
            usual=True,
            row=None,
        )


class OwnRailIn(Strict):
    """A way of paying that the user states, with all that it costs."""

    name = Line(80, required=True, metadata={"description": "What it is called.", "examples": ["My bank"]})
    fees = Several(
        fields.Nested(OwnFeeIn()),
        most=MOST_FEES,
        required=True,
        metadata={"description": "Every fee of either side; an empty list states that there is none."},
    )
    days = Whole(MOST_DAYS, metadata={"description": "Days that the money is on its way.", "examples": [2]})

    @validates_schema
    def told_apart(self, data: dict[str, Any], **_: object) -> None:
        """Refuse two fees of one code."""
        codes = [fee.code for fee in data["fees"]]
        twice = [at for at, code in enumerate(codes) if code in codes[:at]]
        if twice:
            raise ValidationError([Unreadable("fee_twice", f"/fees/{at}/code", (), fee=codes[at]) for at in twice])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Rail:
        days = data.get("days")
        days = None if days is None else Decimal(days)
        names, fees = _everywhere(data["name"]), tuple(data["fees"])
        return Rail(OWN, names, (), False, True, days, days, None, None, fees, None)


class PaymentTermsIn(Strict):
    """How the buyer pays: by a rail of the tables, by one of the user's own, or by each of them compared."""

    rail = Line(60, metadata={"description": "A way of paying of /v1/payment-rails.", "examples": [RAIL_LIKE]})
    own = fields.Nested(OwnRailIn())
    currency = Currency(
        metadata={"description": "The currency of the payment; without it, that of the prices, or of the rail."}
    )
    charges = Choice(
        *CHARGES,
        metadata={
            "description": "Who bears the charges of a transfer: the sender all (OUR), each his own (SHA), the receiver (BEN).",
        },
    )
    compare = Flag(metadata={"description": "Every rail that reaches from China to Mexico is reckoned beside it."})
    buyer_margin = Part(
        metadata={
            "description": "What the buyer's bank takes on the exchange, in place of the rail's.",
            "examples": ["0.1%"],
        }
    )
    seller_margin = Part(
        metadata={
            "description": "What the seller's bank takes on the exchange, in place of the rail's.",
            "examples": ["0.8%"],
        }
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def one_way(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse two ways at once, and none where they are not compared."""
        if not isinstance(original, dict):
            return
        named = original.keys() & {"rail", "own"}
        if len(named) > 1:
            raise ValidationError([Unreadable("two_ways_of_paying", "/own", ("rail", "own"))])
        if not named and not original.get("compare"):
            raise ValidationError([Unreadable("missing_field", "/rail", (RAIL_LIKE,))])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Payment:
        return Payment(**data)


def _everywhere(name: str) -> MappingProxyType[str, str]:
    """A name of the user's own, the same in every language."""
    return MappingProxyType(dict.fromkeys(("en", "es", "zh"), name))
