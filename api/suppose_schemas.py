"""What is supposed, as JSON: changed rows of the law, and a basket of requests that they are tried on."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, cast

from marshmallow import ValidationError, fields, post_load, validates_schema

from api.fields import Choice, Day, Exact, Fragment, KnownNow, Line, Several, refusals_of, wrong_type
from api.rates import ExciseRate, Rate, Share
from api.reading import Refused
from api.schemas import QuoteIn, bounded
from api.strict import Strict
from calculator.errors import Unpriceable, Unreadable
from calculator.request import OwnExcise, QuoteRequest
from calculator.supposing import CONSUMPTION_TAX, MEASURES, VAT, Supposed
from calculator.tariff_line import DutyRate

MOST_CHANGES = MOST_REQUESTS = 200
NOTHING = "none"
READERS: Mapping[str, Rate | Share | ExciseRate] = {VAT: Share(), CONSUMPTION_TAX: ExciseRate()}
DUTY = Rate()


class SupposedRowIn(Strict):
    """A row of the law that is supposed."""

    hs_code = Line(
        8,
        "[0-9]{2}([0-9]{2}){0,3}",
        required=True,
        metadata={
            "description": "A line of the Chinese tariff, or how several begin.",
            "examples": ["08044000", "0804"],
        },
    )
    measure = Choice(*MEASURES, required=True, metadata={"description": "The column of the tariff, or the tax."})
    expression = Line(
        200,
        required=True,
        metadata={
            "description": "The rate as `tariff.duty` and its neighbours of a request write it; `none` takes the row away.",
            "examples": ["5%", "20% + 1 CNY/kg", NOTHING],
        },
    )
    valid_from = Day(metadata={"description": "Its first day; without it, on all days."})
    valid_to = Day(metadata={"description": "Its last day."})
    origins = Several(
        Line(2, "[A-Z]{2}", metadata={"examples": ["MX"]}),
        most=50,
        metadata={"description": "The origins that it is for; without them, all."},
    )

    @validates_schema(skip_on_field_errors=True)
    def dated(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a row that ends before it begins."""
        first, last = data.get("valid_from"), data.get("valid_to")
        if first is not None and last is not None and last < first:
            raise ValidationError([Unreadable("days_reversed", "/valid_to", (f"{first}",), first=first, last=last)])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Supposed:
        measure = data["measure"]
        rate = _rate(measure, data["expression"])
        origins = tuple(data.get("origins", ()))
        return Supposed(data["hs_code"], measure, rate, data.get("valid_from"), data.get("valid_to"), origins)


def _rate(measure: str, text: str) -> DutyRate | Decimal | OwnExcise | None:
    if text == NOTHING:
        return None
    try:
        return READERS.get(measure, DUTY).read(text)
    except Unpriceable as refusal:
        raise ValidationError([refusal.at("/expression")]) from None


class Basket(Exact):
    """The requests of quotes that the changes are tried on."""

    schema: ClassVar[Fragment] = {
        "type": "array",
        "items": {"$ref": "#/components/schemas/QuoteRequest"},
        "minItems": 1,
        "maxItems": MOST_REQUESTS,
    }
    quotes: QuoteIn

    def read(self, value: object) -> tuple[QuoteRequest, ...]:
        if not isinstance(value, list):
            raise wrong_type("list")
        if not 1 <= len(value) <= MOST_REQUESTS:
            raise Unreadable("too_many" if value else "nothing_varied", "", ("changes", "basket"), most=MOST_REQUESTS)
        found: list[QuoteRequest] = []
        refusals: list[Unpriceable] = []
        for number, each in enumerate(value):
            try:
                found.append(self.quotes.load(each))
            except Refused as refused:
                refusals += [refusal.at(f"/{number}") for refusal in refused.refusals]
        if refusals:
            raise Refused(refusals)
        # Each as the law is and as it would be.
        bounded(sum(len(each.goods) for each in found), 2, "")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Question:
    """Changes of the law, and the requests that they are tried on."""

    changes: tuple[Supposed, ...]
    basket: tuple[QuoteRequest, ...]


class WhatIfIn(Strict):
    """Changed rows of the law, and a basket of consignments."""

    changes = Several(
        fields.Nested(SupposedRowIn()),
        most=MOST_CHANGES,
        required=True,
        metadata={"description": "Rows in the places of those in force, one after the other.", "minItems": 1},
    )
    basket = Basket(required=True)

    def __init__(self, quotes: QuoteIn, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known = quotes.known
        cast(Basket, self.fields["basket"]).quotes = quotes

    def load(self, data: Any, **kwargs: Any) -> Question:
        """The question. Raises Refused with all that is wrong."""
        with KnownNow(self._known):
            try:
                question: Question = super().load(data, **kwargs)
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
        return question

    @validates_schema
    def some(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a question without a change."""
        if not data["changes"]:
            raise ValidationError([Unreadable("nothing_varied", "/changes", ("changes", "basket"))])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Question:
        return Question(tuple(data["changes"]), data["basket"])
