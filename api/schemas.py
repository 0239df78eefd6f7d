"""The request of a quote as JSON: every field, what it may hold, and how it becomes a `QuoteRequest`.

The door says what was read, what the user left to us (`defaulted`) and everything that is wrong at once. It computes nothing.
"""

import re
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from api.fields import Choice, Day, Exact, Flag, Known, KnownNow, Line, Strict, escaped, nearest_first, text_of, wrong_type
from api.figures import (
    Attributes,
    Currency,
    Density,
    ExactDecimal,
    ExciseRate,
    Quantities,
    QuantityField,
    Rate,
    Rates,
    Share,
    UnitOfPrice,
)
from api.reading import LONGEST_ECHO, Refused
from calculator.errors import Unpriceable, Unreadable
from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS, Incoterm
from calculator.money import Money
from calculator.request import (
    Adjustment,
    Costs,
    GoodsLine,
    Insurance,
    OwnRemedy,
    OwnTariff,
    Price,
    QuoteRequest,
)
from calculator.tariff_line import MeasureKind

LANGUAGES = ("en", "es", "zh")
BASES = ("value", "net_weight", "gross_weight", "volume", "quantity")
ADDITIONS = ("royalty", "commission", "packing", "assist", "container", "proceeds")
DEDUCTIONS = ("installation", "inland_transport", "import_taxes", "maintenance", "technical_service")
REMEDIES = ("anti_dumping", "countervailing", "safeguard", "retaliatory")
PORT = re.compile(r"[A-Z]{5}")
FREE_PLACE = re.compile(r".*\S.*, ?[A-Z]{2}")
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

    kind = Choice(*REMEDIES, required=True)
    duty = Rate(required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> OwnRemedy:
        return OwnRemedy(MeasureKind(data["kind"]), data["duty"])


class TariffIn(Strict):
    """Rates that the user states; what is left out is the table's."""

    duty = Rate()
    vat = Share()
    consumption_tax = ExciseRate()
    trade_remedies = fields.List(fields.Nested(TradeRemedyIn()))

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> OwnTariff:
        remedies = data.get("trade_remedies")
        return OwnTariff(**{**data, "trade_remedies": None if remedies is None else tuple(remedies)})


class AdditionIn(Strict):
    """A legal addition to the customs value (Customs Tariff Law art. 25)."""

    code = Choice(*ADDITIONS, required=True)
    amount = fields.Nested(MoneyIn(), required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Adjustment:
        return Adjustment(**data)


class DeductionIn(Strict):
    """A legal deduction from the customs value (Customs Tariff Law art. 26)."""

    code = Choice(*DEDUCTIONS, required=True)
    amount = fields.Nested(MoneyIn(), required=True)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Adjustment:
        return Adjustment(**data)


class HsCode(Exact):
    """A code of the Chinese tariff: 8 digits, or 10 of which the first eight count; points and spaces may stand between."""

    schema = {"type": "string", "pattern": "^[0-9]([ .]?[0-9]){5,9}$", "examples": ["08044000"]}

    def read(self, value: object) -> str:
        text = text_of(value)
        digits = re.sub(r"[ .]", "", text[:LONGEST_ECHO])
        if not re.fullmatch(r"[0-9]{6}|[0-9]{8}|[0-9]{10}", digits):
            raise Unreadable("not_an_hs_code", "", ("08044000",), text=text[:LONGEST_ECHO])
        return digits


class GoodsIn(Strict):
    """One line of goods."""

    product = Line(80, SLUG, metadata={"examples": ["avocado-fresh"]})
    hs_code = HsCode()
    description = Line(500)
    quantity = QuantityField(required=True)
    price = fields.Nested(PriceIn(), required=True)
    package = Line(60)
    origin = Choice("MX", "unknown", metadata={"description": "Country of origin."})
    tariff = fields.Nested(TariffIn())
    net_weight = QuantityField()
    gross_weight = QuantityField()
    volume = QuantityField()
    density = Density()
    statutory = Quantities(metadata={"description": "Quantities in the line's statutory units."})
    attributes = Attributes()
    additions = fields.List(fields.Nested(AdditionIn()))
    deductions = fields.List(fields.Nested(DeductionIn()))
    related_party = Flag()
    advance_ruling = Line(60)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def identified(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Say which good it is: by product, by code, or by a description with the rates that a table would give."""
        if not isinstance(original, dict) or {"product", "hs_code"} & original.keys():
            return
        if "description" not in original:
            ways = ("product", "hs_code", "description + tariff")
            raise ValidationError([Unreadable("goods_not_identified", "", ways)])  # type: ignore[list-item]
        tariff = original.get("tariff", {})
        lacking = [rate for rate in ("duty", "vat") if isinstance(tariff, dict) and rate not in tariff]
        if lacking:
            pointers = [Unreadable("missing_field", f"/tariff/{rate}", ("9%",)) for rate in lacking]
            raise ValidationError(pointers)  # type: ignore[arg-type]

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> GoodsLine:
        for name in ("additions", "deductions"):
            if name in data:
                data[name] = tuple(data[name])
        return GoodsLine(**data)


class InsuranceRateIn(Strict):
    """A premium as a rate on a share of CIF."""

    rate = Share(required=True, metadata={"examples": ["0.3%"]})
    insured = Share(metadata={"examples": ["110%"]})

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Insurance:
        return Insurance(**data)


class InsuranceField(Exact):
    """Insurance as money, or as a rate."""

    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Money"}, {"$ref": "#/components/schemas/InsuranceRate"}],
    }

    def read(self, value: object) -> Insurance:
        if isinstance(value, dict) and not {"amount", "currency"} & value.keys():
            insurance: Insurance = INSURANCE_RATE.load(value)
            if insurance.insured == 0:
                raise Unreadable("not_positive", "/insured", text="0")
            return insurance
        return Insurance(amount=MONEY.load(value))  # type: ignore[arg-type]


MONEY = MoneyIn()
INSURANCE_RATE = InsuranceRateIn()


class Charges(Exact):
    """Charges by leg, each money."""

    def __init__(self, *legs: str, **kwargs: Any) -> None:
        self.legs = (*legs, ALL_IN)
        money = {"$ref": "#/components/schemas/Money"}
        self.schema = {
            "type": "object",
            "properties": dict.fromkeys(self.legs, money),
            "additionalProperties": False,
        }
        super().__init__(**kwargs)

    def read(self, value: object) -> dict[str, Money]:
        if not isinstance(value, dict):
            raise wrong_type("object")
        refusals: list[Unpriceable] = []
        charges = {}
        for leg, money in value.items():
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

    freight = fields.Nested(MoneyIn())
    insurance = InsuranceField()
    origin = Charges(*(leg.value for leg in ORIGIN_LEGS))
    destination = Charges(*(leg.value for leg in DESTINATION_LEGS))
    allocate_by = Choice(*BASES)

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Costs:
        return Costs(**data)


class ImporterIn(Strict):
    """Who imports."""

    vat_recoverable = Flag(metadata={"description": "The importer deducts the import VAT as input tax."})


class Place(Exact):
    """A port by its code (UN/LOCODE without a space), or a place with its country."""

    schema = {"type": "string", "minLength": 2, "maxLength": 100, "examples": ["MXZLO", "Uruapan, MX"]}

    def read(self, value: object) -> str:
        text = Line(100).read(value)
        if not PORT.fullmatch(text) and not FREE_PLACE.fullmatch(text):
            raise Unreadable("place_without_country", "", ("MXZLO", "Uruapan, MX"), text=text)
        return text


class Release(Exact):
    """The data release of the tables."""

    schema = {"type": "string", "maxLength": 100, "examples": ["latest"]}

    def read(self, value: object) -> str:
        text = text_of(value)
        release = KnownNow.get().release
        if text not in ("latest", release):
            raise Unreadable("unknown_release", "", ("latest", release), text=text[:LONGEST_ECHO])
        return text


class GoodsList(fields.List):
    """One to 200 lines of goods."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not 1 <= len(value) <= 200:
            code = "too_many" if value else "no_goods"
            raise ValidationError([Unreadable(code, "", (), most=200)])  # type: ignore[list-item]
        return super()._deserialize(value, attr, data, **kwargs)


class QuoteIn(Strict):
    """A consignment to be priced."""

    goods = GoodsList(fields.Nested(GoodsIn()), required=True, metadata={"minItems": 1, "maxItems": 200})
    incoterm = Choice(*(term.value for term in Incoterm))
    place = Place()
    costs = fields.Nested(CostsIn())
    fx = Rates(metadata={"description": "Rates the user insists on, for customs and market."})
    customs_fx = Rates(metadata={"description": "Rates for customs alone."})
    regime = Choice("general_trade")
    tables = Release()
    importer = fields.Nested(ImporterIn())
    declared_on = Day(metadata={"description": "The day the declaration to China Customs is completed."})
    display_currency = Currency()
    language = Choice(*LANGUAGES)

    def __init__(self, known: Known, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def load(self, data: Any, **kwargs: Any) -> QuoteRequest:  # type: ignore[override]
        """The request that the JSON asks. Raises Refused with all that is wrong."""
        with KnownNow(self.known):
            try:
                request: QuoteRequest = super().load(data, **kwargs)
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
            return request

    @post_load(pass_original=True)
    def made(self, data: dict[str, Any], original: dict[str, Any], **_: object) -> QuoteRequest:
        goods: list[GoodsLine] = data["goods"]
        costs = data.get("costs", Costs())
        importer = data.get("importer", {})
        place = data.get("place", "")
        lines, cut = _eight_digits(goods)
        return QuoteRequest(
            goods=lines,
            declared_on=data.get("declared_on") or self.known.today(),
            incoterm=Incoterm(data.get("incoterm", "FOB")),
            place=place,
            place_is_port=PORT.fullmatch(place) is not None if place else None,
            costs=costs,
            fx=data.get("fx", {}),
            customs_fx=data.get("customs_fx", {}),
            regime=data.get("regime", "general_trade"),
            vat_recoverable=importer.get("vat_recoverable", False),
            display_currency=data.get("display_currency", "CNY"),
            language=data.get("language", "en"),
            tables=data.get("tables", "latest"),
            strict_fx=self.known.strict_fx,
            defaulted=(*_left_to_us(original), *(("ten_digits_priced_by_eight",) if cut else ())),
        )


def _left_to_us(asked: dict[str, Any]) -> tuple[str, ...]:
    """What the user left out of a request that could be read: each is an assumption of the quote."""
    left = [name for name in ("incoterm", "regime", "declared_on", "tables") if name not in asked]
    lines = asked["goods"]
    if any("origin" not in line for line in lines):
        left.append("origin")
    if "vat_recoverable" not in asked.get("importer", {}):
        left.append("vat_recoverable")
    if len(lines) > 1 and "allocate_by" not in asked.get("costs", {}):
        left.append("allocate_by")
    return (*left, "payment")


def _eight_digits(goods: list[GoodsLine]) -> tuple[tuple[GoodsLine, ...], bool]:
    """The lines with codes of ten digits cut to the eight that the tables have."""
    cut = any(len(line.hs_code) == 10 for line in goods)
    return tuple(replace(line, hs_code=line.hs_code[:8]) for line in goods) if cut else tuple(goods), cut


def refusals_of(messages: object, pointer: str = "") -> list[Unpriceable]:
    """What marshmallow gathered, as refusals with their full pointers."""
    match messages:
        case dict():
            found = []
            for key, each in messages.items():
                found += refusals_of(each, pointer if key == "_schema" else f"{pointer}/{escaped(str(key))}")
            return found
        case list() | tuple():
            return [refusal for each in messages for refusal in refusals_of(each, pointer)]
        case Unreadable(code="unknown_field"):
            name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            if messages.facts:
                return [messages.at(pointer)]
            return [Unreadable("unknown_field", pointer, nearest_first(name, messages.allowed), field=name)]
        case Unpriceable():
            return [messages.at(pointer)]
        case _:
            return [Unreadable("wrong_value", pointer, text=str(messages))]


def schema_name(schema: type[Schema] | Schema) -> str:
    """The name of a schema in the documentation: its class without the door's suffix."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("In") + ("Request" if kind is QuoteIn else "")
