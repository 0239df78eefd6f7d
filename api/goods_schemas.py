"""A line of goods as JSON: what it is, how much of it, at what price, and the rates that the user states for it."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from api.attributes import Attributes
from api.fields import Choice, Flag, Line, Several
from api.figures import Currency, Density, ExactDecimal, Quantities, QuantityField, UnitOfPrice
from api.goods_fields import LONGEST_PART, FraccionField, HsCode, OriginField, PartField, QuotaField
from api.rates import ExciseRate, Rate, Share
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.money import Money
from calculator.request import Adjustment, GoodsLine, OwnRemedy, OwnTariff, Price
from calculator.tariff_line import MeasureKind

ADDITIONS = ("royalty", "commission", "packing", "assist", "container", "proceeds")
DEDUCTIONS = ("installation", "inland_transport", "import_taxes", "maintenance", "technical_service")
REMEDIES = ("anti_dumping", "countervailing", "safeguard", "retaliatory")
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"


class MoneyIn(Strict):
    """An amount in one currency."""

    amount = ExactDecimal(required=True)
    currency = Currency(required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Money:
        return Money(data["amount"], data["currency"])


class PriceIn(Strict):
    """A price for one unit, or for the whole line ("total")."""

    amount = ExactDecimal(required=True, positive=True)
    currency = Currency(required=True)
    per = UnitOfPrice(required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Price:
        return Price(**data)


class TradeRemedyIn(Strict):
    """A trade-remedy duty that the user states."""

    kind = Choice(*REMEDIES, required=True, metadata={"description": "Which trade remedy it is."})
    duty = Rate(required=True)
    deposit = Flag(
        metadata={"description": "It is paid as a deposit under provisional measures, at the ratio given as `duty`."}
    )

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> OwnRemedy:
        return OwnRemedy(MeasureKind(data["kind"]), data["duty"], data.get("deposit", False))


class TariffIn(Strict):
    """Rates that the user states; what is left out is the table's."""

    duty = Rate()
    vat = Share()
    consumption_tax = ExciseRate()
    trade_remedies = Several(
        fields.Nested(TradeRemedyIn()),
        most=10,
        metadata={"description": "In place of those of the tables; an empty list states that there is none."},
    )
    cbec = Flag(
        metadata={"description": "The goods are, or are not, on the list of cross-border e-commerce retail imports."}
    )

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> OwnTariff:
        remedies = data.get("trade_remedies")
        return OwnTariff(**{**data, "trade_remedies": None if remedies is None else tuple(remedies)})


class AdditionIn(Strict):
    """A legal addition to the customs value (Customs Tariff Law art. 25)."""

    code = Choice(*ADDITIONS, required=True, metadata={"description": "What is added."})
    amount = fields.Nested(MoneyIn(), required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Adjustment:
        return Adjustment(**data)


class DeductionIn(Strict):
    """A legal deduction from the customs value (Customs Tariff Law art. 26)."""

    code = Choice(*DEDUCTIONS, required=True, metadata={"description": "What is deducted."})
    amount = fields.Nested(MoneyIn(), required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Adjustment:
        return Adjustment(**data)


class GoodsIn(Strict):
    """One line of goods."""

    product = Line(
        80, SLUG, metadata={"description": "A product of ours; see /v1/products.", "examples": ["avocado-fresh"]}
    )
    hs_code = HsCode()
    fraccion = FraccionField()
    description = Line(500, metadata={"description": "What the goods are; with `tariff` it stands in for a code."})
    quantity = QuantityField(required=True)
    price = fields.Nested(PriceIn(), required=True)
    package = Line(60, metadata={"description": "A package of the product, by which its packages are counted."})
    origin = OriginField()
    preference = Flag(metadata={"description": "A proof of origin under an agreement with China is held."})
    tariff_quota = QuotaField()
    tariff_part = PartField(LONGEST_PART)
    tariff = fields.Nested(TariffIn())
    net_weight = QuantityField()
    gross_weight = QuantityField()
    volume = QuantityField()
    density = Density()
    statutory = Quantities(metadata={"description": "Quantities in the line's statutory units."})
    attributes = Attributes()
    additions = Several(
        fields.Nested(AdditionIn()), most=20, metadata={"description": "What the law adds to the price."}
    )
    deductions = Several(
        fields.Nested(DeductionIn()), most=20, metadata={"description": "What the law leaves out of the price."}
    )
    related_party = Flag(
        metadata={"description": "Buyer and seller are related, so that customs may refuse the price."}
    )
    advance_ruling = Line(60, metadata={"description": "The number of an advance ruling that the request relies on."})

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def identified(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Say which good it is: by product, by code, or by a description with the rates that a table would give."""
        if not isinstance(original, dict) or {"product", "hs_code", "fraccion"} & original.keys():
            return
        if "description" not in original:
            ways = ("product", "hs_code", "fraccion", "description + tariff")
            raise ValidationError([Unreadable("goods_not_identified", "", ways)])
        tariff = original.get("tariff", {})
        lacking = [rate for rate in ("duty", "vat") if isinstance(tariff, dict) and rate not in tariff]
        if lacking:
            pointers = [Unreadable("missing_field", f"/tariff/{rate}", ("9%",)) for rate in lacking]
            raise ValidationError(pointers)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> GoodsLine:
        for name in ("additions", "deductions"):
            if name in data:
                data[name] = tuple(data[name])
        return GoodsLine(**data)
