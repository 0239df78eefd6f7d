"""The request of a quote as JSON: every field, what it may hold, and how it becomes a `QuoteRequest`.

The door says what was read, what the user left to us (`defaulted`) and everything that is wrong at once. It computes nothing.
"""

import re
from dataclasses import replace
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from api.asked_before import AskedBefore
from api.cost_schemas import PLANNING, CostsIn
from api.fields import Choice, Day, Exact, Fragment, Known, KnownNow, Line, refusals_of, text_of
from api.figures import Currency, MarketRates, Rates, stated_currencies
from api.goods_schemas import GoodsIn
from api.importer_schemas import Importer, ImporterIn, paid_before
from api.languages import LANGUAGES
from api.payment_schemas import PaymentTermsIn
from api.rates import Band
from api.reading import LONGEST_ECHO, Refused
from api.route_schemas import HoldingIn, RouteIn
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.incoterms import Incoterm
from calculator.request import Costs, GoodsLine, QuoteRequest
from calculator.way import BEST, CBEC_RETAIL, REGIMES

# The ways in for which it matters what the buyer has bought in the year.
OF_A_YEAR = (CBEC_RETAIL, BEST)
PORT = re.compile(r"[A-Z]{5}")
FREE_PLACE = re.compile(r".*\S.*, ?[A-Z]{2}")


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


# Of one consignment, and of all that one call prices.
MOST_LINES, MOST_AT_ONCE = 200, 5_000
# So often is a consignment priced, about, to find the figure at which it comes to a sum.
TRIES = 250


class GoodsList(fields.List):
    """One to 200 lines of goods."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list) and not 1 <= len(value) <= MOST_LINES:
            code = "too_many" if value else "no_goods"
            raise ValidationError([Unreadable(code, "", (), most=MOST_LINES)])
        return super()._deserialize(value, attr, data, **kwargs)


class QuoteIn(Strict):
    """A consignment to be priced."""

    goods = GoodsList(
        fields.Nested(GoodsIn()),
        required=True,
        metadata={"description": "The lines of goods.", "minItems": 1, "maxItems": MOST_LINES},
    )
    incoterm = Choice(
        *(term.value for term in Incoterm),
        metadata={"description": "The term of the price; without it FOB is assumed."},
    )
    place = Place()
    route = fields.Nested(RouteIn())
    costs = fields.Nested(CostsIn())
    holding = fields.Nested(HoldingIn())
    payment = fields.Nested(PaymentTermsIn())
    fx = MarketRates(metadata={"description": "Rates the user insists on, for customs and market."})
    customs_fx = Rates(metadata={"description": "Rates for customs alone."})
    fx_band = Band(
        metadata={
            "description": "The share by which market rates may rise or fall in `outcome.range`, each currency by itself; "
            "customs rates too where they are estimates or stand in `fx`. The totals stay.",
            "examples": ["5%"],
        }
    )
    regime = Choice(
        *REGIMES,
        BEST,
        metadata={"description": "The way into China; `best` takes the cheapest lawful one and lists the others."},
    )
    tables = Release()
    importer = fields.Nested(ImporterIn())
    declared_on = Day(metadata={"description": "The day the declaration to China Customs is completed."})
    display_currency = Currency()
    language = Choice(*LANGUAGES, metadata={"description": "The language of the answer; without it English."})

    def __init__(self, known: Known, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known
        self._before = AskedBefore(self._whole)

    def load(self, data: Any, **kwargs: Any) -> QuoteRequest:
        """The request that the JSON asks. Raises Refused with all that is wrong."""
        return self._before.load(data, self.known.today())

    def _whole(self, data: object) -> QuoteRequest:
        stated, known = stated_currencies(data), self.known
        if not stated <= known.currencies:
            known = replace(known, currencies=known.currencies | stated)
        with KnownNow(known):
            try:
                request: QuoteRequest = super().load(data)
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
            return request

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def paid_after_declaring(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse a day of payment before that of the declaration, unless the latter itself could not be read."""
        if "declared_on" not in data and isinstance(original, dict) and "declared_on" in original:
            return
        declared_on = data.get("declared_on") or self.known.today()
        if paid_before(data.get("importer"), declared_on):
            raise ValidationError(
                [Unreadable("paid_before_declared", "/importer/paid_on", (f"{declared_on}",), declared_on=declared_on)]
            )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def planned_for_a_lane(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Refuse the planning range of a lane where no lane is named."""
        if not isinstance(original, dict) or "route" in original:
            return
        costs = original.get("costs")
        if isinstance(costs, dict) and costs.get("freight") == PLANNING:
            raise ValidationError([Unreadable("planning_needs_route", "/costs/freight", ("route",))])

    @post_load(pass_original=True)
    def made(self, data: dict[str, Any], original: dict[str, Any], **_: object) -> QuoteRequest:
        goods: list[GoodsLine] = data["goods"]
        costs, route = data.get("costs", Costs()), data.get("route")
        if route is not None and "allocate_by" not in original.get("costs", {}):
            costs = replace(costs, allocate_by="")
        importer: Importer = data.get("importer", Importer())
        cut = [
            f"goods/{n}/hs_code/ten_digits_priced_by_eight" for n, line in enumerate(goods) if len(line.hs_code) == 10
        ]
        return QuoteRequest(
            goods=tuple(replace(line, hs_code=line.hs_code[:8]) if line.hs_code[8:] else line for line in goods),
            declared_on=data.get("declared_on") or self.known.today(),
            incoterm=Incoterm(data.get("incoterm", "FOB")),
            **placed(data.get("place", "")),
            costs=costs,
            fx=data.get("fx", {}),
            customs_fx=data.get("customs_fx", {}),
            regime=data.get("regime", "general_trade"),
            vat_recoverable=importer.vat_recoverable,
            cbec_used=importer.cbec_used,
            late=importer.late,
            route=route,
            holding=data.get("holding"),
            payment=data.get("payment"),
            display_currency=data.get("display_currency", "CNY"),
            language=data.get("language", "en"),
            tables=data.get("tables", "latest"),
            strict_fx=self.known.strict_fx,
            fx_band=data.get("fx_band"),
            defaulted=(*_left_to_us(original), *cut),
        )


class Asking(QuoteIn):
    """The request of a quote with members beside it, which `quotes` does not know."""

    def __init__(self, quotes: QuoteIn, **kwargs: Any) -> None:
        super().__init__(quotes.known, **kwargs)
        self.quotes = quotes


def bounded(lines: int, times: int, pointer: str) -> None:
    """Refuse what prices so many lines of goods so many times: one call is answered in a few seconds. Raises Refused."""
    if lines * times > MOST_AT_ONCE:
        facts = {"most": MOST_AT_ONCE, "lines": lines, "times": times}
        raise Refused([Unreadable("too_much_at_once", pointer, (), **facts)])


def placed(place: str) -> dict[str, Any]:
    """What a place says of the request: itself, whether it is a port, and its country."""
    if not place:
        return {"place": "", "place_is_port": None, "place_country": ""}
    port = PORT.fullmatch(place) is not None
    return {"place": place, "place_is_port": port, "place_country": place[:2] if port else place.strip()[-2:]}


def _left_to_us(asked: dict[str, Any]) -> tuple[str, ...]:
    """What the user left out of a request that could be read, as paths: each is an assumption of the quote."""
    left = [name for name in ("incoterm", "regime", "declared_on", "tables") if name not in asked]
    lines = asked["goods"]
    without = next((number for number, line in enumerate(lines) if "origin" not in line), None)
    if without is not None:
        left.append(f"goods/{without}/origin")
    importer = asked.get("importer", {})
    if "vat_recoverable" not in importer:
        left.append("importer/vat_recoverable")
    if asked.get("regime") in OF_A_YEAR and "cbec_used" not in importer:
        left.append("importer/cbec_used")
    if len(lines) > 1 and "allocate_by" not in asked.get("costs", {}):
        left.append("costs/allocate_by")
    holding = asked.get("holding", {})
    if "finance_rate" in holding and "year" not in holding:
        left.append("holding/year")
    return tuple(left) if "payment" in asked else (*left, "payment")


def schema_name(schema: type[Schema] | Schema) -> str:
    """The name of a schema in the documentation: its class without the door's suffix."""
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("In") + ("Request" if issubclass(kind, QuoteIn) else "")
