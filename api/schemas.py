"""The request of a quote as JSON: every field, what it may hold, and how it becomes a `QuoteRequest`.

The door says what was read, what the user left to us (`defaulted`) and everything that is wrong at once. It computes nothing.
"""

import re
from dataclasses import replace
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load

from api.fields import (
    Choice,
    Day,
    Exact,
    Flag,
    Fragment,
    Known,
    KnownNow,
    Line,
    Strict,
    nearest_first,
    refusals_of,
    text_of,
    wrong_type,
)
from api.figures import Currency, InsuredShare, Rates, Share, stated_currencies
from api.goods_schemas import GoodsIn, MoneyIn
from api.languages import LANGUAGES
from api.reading import LONGEST_ECHO, MOST_REFUSALS, Refused, escaped
from calculator.errors import Unpriceable, Unreadable
from calculator.incoterms import ALL_IN, DESTINATION_LEGS, ORIGIN_LEGS, Incoterm
from calculator.money import Money
from calculator.request import Costs, GoodsLine, Insurance, QuoteRequest

BASES = ("value", "net_weight", "gross_weight", "volume", "quantity")
PORT = re.compile(r"[A-Z]{5}")
FREE_PLACE = re.compile(r".*\S.*, ?[A-Z]{2}")


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


MONEY = MoneyIn()
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

    schema: ClassVar[Fragment] = {
        "type": "string",
        "minLength": 2,
        "maxLength": 100,
        "examples": ["MXZLO", "Uruapan, MX"],
    }

    def read(self, value: object) -> str:
        text = Line(100).read(value)
        if not PORT.fullmatch(text) and not FREE_PLACE.fullmatch(text):
            raise Unreadable("place_without_country", "", ("MXZLO", "Uruapan, MX"), text=text)
        return text


class Release(Exact):
    """The data release of the tables."""

    schema: ClassVar[Fragment] = {"type": "string", "maxLength": 100, "examples": ["latest"]}

    def read(self, value: object) -> str:
        release = KnownNow.get().release
        text = text_of(value, "", ("latest", release))
        if text not in ("latest", release):
            raise Unreadable("unknown_release", "", ("latest", release), text=text[:LONGEST_ECHO])
        return text


class GoodsList(fields.List):
    """One to 200 lines of goods."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not 1 <= len(value) <= 200:
            code = "too_many" if value else "no_goods"
            raise ValidationError([Unreadable(code, "", (), most=200)])
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

    def load(self, data: Any, **kwargs: Any) -> QuoteRequest:
        """The request that the JSON asks. Raises Refused with all that is wrong."""
        stated = stated_currencies(data)
        with KnownNow(replace(self.known, currencies=self.known.currencies | stated) if stated else self.known):
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
        cut = [
            f"goods/{n}/hs_code/ten_digits_priced_by_eight" for n, line in enumerate(goods) if len(line.hs_code) == 10
        ]
        return QuoteRequest(
            goods=tuple(replace(line, hs_code=line.hs_code[:8]) for line in goods),
            declared_on=data.get("declared_on") or self.known.today(),
            incoterm=Incoterm(data.get("incoterm", "FOB")),
            place=place,
            place_is_port=PORT.fullmatch(place) is not None if place else None,
            place_country=(place[:2] if PORT.fullmatch(place) else place.strip()[-2:]) if place else "",
            costs=costs,
            fx=data.get("fx", {}),
            customs_fx=data.get("customs_fx", {}),
            regime=data.get("regime", "general_trade"),
            vat_recoverable=importer.get("vat_recoverable", False),
            display_currency=data.get("display_currency", "CNY"),
            language=data.get("language", "en"),
            tables=data.get("tables", "latest"),
            strict_fx=self.known.strict_fx,
            defaulted=(*_left_to_us(original), *cut),
        )


def _left_to_us(asked: dict[str, Any]) -> tuple[str, ...]:
    """What the user left out of a request that could be read, as paths: each is an assumption of the quote."""
    left = [name for name in ("incoterm", "regime", "declared_on", "tables") if name not in asked]
    lines = asked["goods"]
    without = next((number for number, line in enumerate(lines) if "origin" not in line), None)
    if without is not None:
        left.append(f"goods/{without}/origin")
    if "vat_recoverable" not in asked.get("importer", {}):
        left.append("importer/vat_recoverable")
    if len(lines) > 1 and "allocate_by" not in asked.get("costs", {}):
        left.append("costs/allocate_by")
    return (*left, "payment")


def schema_name(schema: type[Schema] | Schema) -> str:
    """The name of a schema in the documentation: its class without the door's suffix."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("In") + ("Request" if kind is QuoteIn else "")
