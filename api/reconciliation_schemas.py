"""A bill as JSON: the quote that it is held against, its invoices, and the facts that it shows. Nothing is reckoned here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast

from marshmallow import ValidationError, fields, post_load, validates_schema

from api.fields import Choice, Day, Exact, Flag, Fragment, KnownNow, Line, Several, refusals_of
from api.figures import QuantityField, Rates, stated_currencies
from api.goods_fields import HsCode
from api.goods_schemas import MoneyIn, TariffIn
from api.languages import LANGUAGES
from api.reading import Refused
from api.schemas import MOST_LINES, QuoteIn
from api.strict import Strict
from calculator.billing import LINES, BillFacts, LineFacts
from calculator.errors import Unpriceable, Unreadable
from calculator.money import YUAN, Money
from calculator.request import QuoteRequest

MOST_INVOICES = 200
BILL_LIKE = '{"line": "vat", "amount": {"amount": "42239.26", "currency": "CNY"}}'
ID = "q_[A-Za-z0-9_-]{1,40}"


@dataclass(frozen=True, slots=True)
class BilledLine:
    """An invoice as it was sent, its rate not looked up yet; `rate` is its sender's own, by the pair it was stated in."""

    line: str
    amount: Money
    on: date | None = None
    rate: tuple[tuple[str, str], Decimal] | None = None
    number: str = ""
    credit: bool = False
    quote: str = ""

    @property
    def told_apart(self) -> tuple[str, date | None, str, bool]:
        """What makes it another invoice than those of the same line."""
        return self.line, self.on, self.number, self.credit


@dataclass(frozen=True, slots=True)
class Bill:
    """What is reconciled: a kept quote by its id, or else a request, with the bill and its facts."""

    quote: str
    request: QuoteRequest | None
    invoices: tuple[BilledLine, ...]
    facts: BillFacts


class BillLineIn(Strict):
    """An invoice, or one tax of a customs bill."""

    line = Choice(*LINES, required=True, metadata={"description": "The line of the quote's totals that it is for."})
    amount = fields.Nested(MoneyIn(), required=True)
    on = Day(metadata={"description": "Its day; foreign money is told in yuan at the market rate of that day."})
    fx = Rates(
        metadata={
            "description": (
                "The one rate that it was paid at, or, for an invoice in yuan, that its sender reckoned with; in place of "
                "that of the day."
            ),
            "maxProperties": 1,
        }
    )
    invoice = Line(60, metadata={"description": "Its number, which tells invoices of one line and day apart."})
    credit = Flag(metadata={"description": "It is a credit note or a refund: the amount is given back."})
    quote = Line(60, metadata={"description": "The quote that it names; another one is a bill of another shipment."})

    @validates_schema(skip_on_field_errors=True)
    def rated(self, data: dict[str, Any], **_: object) -> None:
        """Refuse foreign money without a rate or a day, and a rate of another currency."""
        currency, rates = data["amount"].currency, data.get("fx")
        if rates is None:
            if currency != YUAN and "on" not in data:
                raise ValidationError([Unreadable("bill_day_needed", "/on", ("2026-11-23",), currency=currency)])
            return
        found = {base if quote == YUAN else quote for base, quote in rates}
        if len(rates) != 1 or (currency != YUAN and found != {currency}):
            other = "USD" if currency == YUAN else currency
            raise ValidationError([Unreadable("bill_rate_not_its_own", "/fx", (f"{other}/{YUAN}",), currency=currency)])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> BilledLine:
        return BilledLine(
            line=data["line"],
            amount=data["amount"],
            on=data.get("on"),
            rate=next(iter(data.get("fx", {}).items()), None),
            number=data.get("invoice", ""),
            credit=data.get("credit", False),
            quote=data.get("quote", ""),
        )


class LineFactsIn(Strict):
    """What a bill shows of one line of goods; {} where it shows nothing."""

    hs_code = HsCode(metadata={"description": "The code that customs used."})
    quantity = QuantityField()
    customs_value = fields.Nested(MoneyIn(), metadata={"description": "The customs value that customs used, in yuan."})
    tariff = fields.Nested(TariffIn(), metadata={"description": "The rates that customs used."})

    @validates_schema(skip_on_field_errors=True)
    def in_yuan(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a customs value in other money: customs states it in yuan; and one of nothing."""
        value = data.get("customs_value")
        if value is not None and value.currency != YUAN:
            where = "/customs_value/currency"
            raise ValidationError([Unreadable("customs_value_in_yuan", where, (YUAN,), currency=value.currency)])
        if value is not None and not value.amount:
            raise ValidationError([Unreadable("not_positive", "/customs_value/amount", (), text="0")])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> LineFacts:
        return LineFacts(**{**data, "hs_code": data.get("hs_code", "")[:8]})


class BillFactsIn(Strict):
    """What the bill shows of how its taxes were reckoned; what it does not show stays that of the quote."""

    declared_on = Day(metadata={"description": "The day the declaration was completed."})
    customs_fx = Rates(metadata={"description": "The rates that customs used."})
    goods = Several(
        fields.Nested(LineFactsIn()),
        most=MOST_LINES,
        metadata={"description": "One entry for each line of goods of the quote, in its order."},
    )

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> BillFacts:
        return BillFacts(data.get("declared_on"), data.get("customs_fx", {}), tuple(data.get("goods", ())))


class QuotedRequest(Exact):
    """The request of a quote."""

    schema: ClassVar[Fragment] = {
        "allOf": [{"$ref": "#/components/schemas/QuoteRequest"}],
        "description": "The request of a quote that was not kept, in place of `quote`.",
    }
    quotes: QuoteIn

    def read(self, value: object) -> QuoteRequest:
        return self.quotes.load(value)


class ReconciliationIn(Strict):
    """A quote, and the bill that came."""

    quote = Line(60, ID, metadata={"description": "The id of a kept quote.", "examples": ["q_5tXgW1b0nJ8"]})
    request = QuotedRequest()
    bill = Several(
        fields.Nested(BillLineIn()),
        most=MOST_INVOICES,
        required=True,
        metadata={"description": "The invoices, and the taxes of the customs bill.", "minItems": 1},
    )
    facts = fields.Nested(BillFactsIn())
    language = Choice(*LANGUAGES, metadata={"description": "The language of the answer; without it English."})

    def __init__(self, quotes: QuoteIn, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._known = quotes.known
        cast(QuotedRequest, self.fields["request"]).quotes = quotes

    def load(self, data: Any, **kwargs: Any) -> Bill:
        """The bill and what it is held against. Raises Refused with all that is wrong."""
        known = replace(self._known, currencies=self._known.currencies | _stated(data))
        with KnownNow(known):
            try:
                bill: Bill = super().load(data, **kwargs)
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
        return bill

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def held_against_one(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse a bill without a quote, or with two."""
        if not isinstance(original, dict):
            return
        given = [name for name in ("quote", "request") if name in original]
        if len(given) != 1:
            where = "/request" if given else "/quote"
            raise ValidationError([Unreadable("quote_or_request", where, ("quote", "request"))])

    @validates_schema(skip_on_field_errors=True)
    def sound(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a bill of nothing, and invoices that nothing tells apart."""
        if not data["bill"]:
            raise ValidationError([Unreadable("nothing_billed", "/bill", (BILL_LIKE,))])
        twice = list(_twice(data["bill"]))
        if twice:
            raise ValidationError(cast(list[Any], twice))

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Bill:
        return Bill(data.get("quote", ""), data.get("request"), tuple(data["bill"]), data.get("facts", BillFacts()))


def of_its_quote(bill: Bill, quote: str, lines: int) -> None:
    """Refuse an invoice that names another quote, and facts of more or fewer lines of goods. Raises Refused."""
    refusals: list[Unpriceable] = [
        Unreadable("bill_names_another_quote", f"/bill/{at}/quote", (quote,) if quote else (), quote=each.quote)
        for at, each in enumerate(bill.invoices)
        if each.quote and each.quote != quote
    ]
    shown = bill.facts.goods
    if shown and len(shown) != lines:
        refusals.append(Unreadable("facts_for_each_line", "/facts/goods", (), lines=lines, facts=len(shown)))
    if refusals:
        raise Refused(refusals)


def _twice(invoices: Sequence[BilledLine]) -> Iterator[Unreadable]:
    """Invoices of one line that nothing tells from an earlier one."""
    first: dict[object, int] = {}
    for at, each in enumerate(invoices):
        before = first.setdefault(each.told_apart, at)
        if before != at:
            yield Unreadable(
                "billed_twice", f"/bill/{at}", ("on", "invoice"), figure=each.line, first=f"/bill/{before}"
            )


def _stated(data: object) -> frozenset[str]:
    """The currencies for which the bill brings a rate itself."""
    if not isinstance(data, Mapping):
        return frozenset()
    lines, facts = data.get("bill"), data.get("facts")
    stated = [stated_currencies(each) for each in lines[:MOST_INVOICES]] if isinstance(lines, list) else []
    return stated_currencies(facts).union(*stated)
