"""What is compared, as JSON: one request of a quote, and `vary` with what is put in its places.

Every combination is a scenario. The request itself may leave out what varies. Nothing is priced here.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load

from api.cost_schemas import FreightField
from api.fields import Choice, Day, Exact, Fragment, KnownNow, Several, refusals_of, wrong_type
from api.figures import MarketRates, stated_currencies
from api.goods_schemas import PriceIn
from api.payment_schemas import PaymentTermsIn
from api.reading import Refused, plain
from api.route_schemas import RouteIn
from api.schemas import Asking, Place, bounded, placed
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.request import Costs, Price, QuoteRequest, Route
from calculator.way import BEST, REGIMES

MOST_SCENARIOS = 200
# What varies in places that a request may leave out; its prices it may not.
FILLED = frozenset({"regime", "route", "payment", "incoterm", "declared_on", "fx"})
TERMS = tuple(term.value for term in Incoterm)
PRICE_LIKE = '{"amount": "2.90", "currency": "USD", "per": "kg"}'


@dataclass(frozen=True, slots=True)
class VariedRoute:
    """A way, and the freight on it where it is another than that of the request: money, or our planning range."""

    route: Route
    freight: Money | str | None = None

    def costs(self, stated: Costs) -> Costs:
        """The costs of the request on this way."""
        if self.freight is None:
            return stated
        if isinstance(self.freight, Money):
            return replace(stated, freight=self.freight, planning=False)
        return replace(stated, freight=None, planning=True)


@dataclass(frozen=True, slots=True)
class VariedTerm:
    """An Incoterm, with the place that it names and the price under it where these are others."""

    incoterm: Incoterm
    place: str | None = None
    prices: tuple[Price, ...] | None = None


class VariedRouteIn(RouteIn):
    """A way to compare; freight given here is that of this way alone."""

    freight = FreightField()

    @post_load
    def made(self, data: dict[str, Any], **kwargs: object) -> VariedRoute:
        freight = data.pop("freight", None)
        return VariedRoute(super().made(data, **kwargs), freight)


class PricesField(Exact):
    """A price; or a list with one for each line of goods."""

    schema: ClassVar[Fragment] = {
        "oneOf": [
            {"$ref": "#/components/schemas/Price"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Price"}, "minItems": 1, "maxItems": 200},
        ],
        "description": "The price of the only line of goods, or a list of the prices of all lines.",
    }

    def read(self, value: object) -> tuple[Price, ...]:
        if not isinstance(value, list):
            return (_price(value, ""),)
        return tuple(_price(each, f"/{number}") for number, each in enumerate(value))


def _price(value: object, pointer: str) -> Price:
    if not isinstance(value, dict):
        raise Unreadable("wrong_type", pointer, (PRICE_LIKE,), expected="object")
    try:
        price: Price = PRICE.load(value)
    except ValidationError as error:
        raise Refused(refusals_of(error.messages, pointer)) from None
    return price


PRICE = PriceIn()


class TermIn(Strict):
    """An Incoterm with its place and the price under it."""

    incoterm = Choice(*TERMS, required=True, metadata={"description": "The term of the price."})
    place = Place()
    price = PricesField()

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> VariedTerm:
        return VariedTerm(Incoterm(data["incoterm"]), data.get("place"), data.get("price"))


class TermField(Exact):
    """An Incoterm, by itself or with its place and the price under it."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"type": "string", "enum": list(TERMS)}, {"$ref": "#/components/schemas/Term"}]
    }
    alone = Choice(*TERMS)

    def read(self, value: object) -> VariedTerm:
        if isinstance(value, str):
            return VariedTerm(Incoterm(self.alone.read(value)))
        if not isinstance(value, dict):
            raise wrong_type("text")
        try:
            term: VariedTerm = TERM.load(value)
        except ValidationError as error:
            raise Refused(refusals_of(error.messages)) from None
        return term


TERM = TermIn()


def _several(inner: Any, described: str) -> Several:
    return Several(inner, most=MOST_SCENARIOS, metadata={"description": described, "minItems": 1})


class VaryIn(Strict):
    """What is put in the places of the request: every combination is a scenario."""

    regime = _several(Choice(*REGIMES), "Ways into China.")
    route = _several(fields.Nested(VariedRouteIn()), "Ways of the goods, each with its own freight if need be.")
    payment = _several(fields.Nested(PaymentTermsIn()), "Ways of paying.")
    incoterm = _several(TermField(), "Terms, each with its own place and price if need be.")
    declared_on = _several(Day(), "Days of declaration.")
    fx = _several(MarketRates(), "Rates that the user insists on, in place of all of those of the request.")
    price = _several(PricesField(), "Prices of the goods.")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The scenarios that are compared: the requests, and what each has in the varied places, as it was asked."""

    requests: tuple[QuoteRequest, ...]
    differs: tuple[Mapping[str, Any], ...]
    varied: tuple[str, ...]


class ComparisonIn(Asking):
    """A consignment in up to 200 scenarios."""

    regime = Choice(
        *REGIMES, metadata={"description": "The way into China; that `best` would choose among is compared."}
    )
    vary = fields.Nested(VaryIn(), required=True)

    def load(self, data: Any, **_: Any) -> Comparison:  # type: ignore[override]
        """The scenarios that the JSON asks. Raises Refused with all that is wrong."""
        if not isinstance(data, dict):
            raise Refused([wrong_type("object")])
        asked, vary = _parted(data)
        options = self._options(data, vary)
        bases = _alike({regime: self._base(asked, options, vary, regime) for regime in options.get("regime", (None,))})
        refusals = list(_unlike(options, len(next(iter(bases.values())).goods)))
        if refusals:
            raise Refused(refusals)
        bounded(len(next(iter(bases.values())).goods), math.prod(map(len, options.values())), "/vary")
        scenarios = _Scenarios(bases, options)
        numbered = list(product(*(range(len(each)) for each in options.values())))
        chosen = [dict(zip(options, numbers, strict=True)) for numbers in numbered]
        return Comparison(
            tuple(map(scenarios.request, chosen)),
            tuple({name: plain(vary[name][number]) for name, number in each.items()} for each in chosen),
            tuple(options),
        )

    def _options(self, data: Mapping[str, Any], vary: object) -> dict[str, Sequence[Any]]:
        """What is put in each place, read."""
        if "vary" not in data:
            raise Refused([Unreadable("missing_field", "/vary", ('{"regime": ["general_trade", "cbec_retail"]}',))])
        known = replace(self.known, currencies=self.known.currencies | _currencies(data, vary))
        with KnownNow(known):
            try:
                read: dict[str, Sequence[Any]] = VARY.load(vary)
            except ValidationError as error:
                raise Refused(refusals_of(error.messages, "/vary")) from None
        empty = [f"/vary/{name}" for name, each in read.items() if not each] if read else ["/vary"]
        if empty:
            raise Refused([Unreadable("nothing_varied", pointer, _names()) for pointer in empty])
        count = math.prod(map(len, read.values()))
        if count > MOST_SCENARIOS:
            raise Refused([Unreadable("too_many_scenarios", "/vary", (), most=MOST_SCENARIOS, scenarios=count)])
        return {name: read[name] for name in _names() if name in read}

    def _base(
        self,
        asked: Mapping[str, Any],
        options: Mapping[str, Sequence[Any]],
        vary: Mapping[str, Any],
        regime: str | None,
    ) -> QuoteRequest:
        """The request as it would be with the first of everything that varies, but for its regime."""
        filling = {name: _first(name, vary[name]) for name in options.keys() & FILLED}
        if regime is not None:
            filling["regime"] = regime
        if asked.get("regime") == BEST:
            raise Refused([Unreadable("not_a_choice", "/regime", REGIMES, text=BEST)])
        # What it says itself in a place that varies is read too: nothing is overlooked.
        self.quotes.load({**filling, **asked})
        return self.quotes.load({**asked, **filling})


VARY = VaryIn()


def _names() -> tuple[str, ...]:
    return tuple(VARY.load_fields)


def _parted(data: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """The request of a quote, and what varies."""
    return {name: value for name, value in data.items() if name != "vary"}, data.get("vary")


def _currencies(data: Mapping[str, Any], vary: object) -> frozenset[str]:
    """The currencies for which the request, or something that varies, brings a rate itself."""
    pairs = vary.get("fx") if isinstance(vary, dict) else None
    stated = [stated_currencies({"fx": each}) for each in pairs[:MOST_SCENARIOS]] if isinstance(pairs, list) else []
    return stated_currencies(data).union(*stated)


def _unlike(options: Mapping[str, Sequence[Any]], lines: int) -> Iterator[Unreadable]:
    """Prices that are not as many as the lines of goods, and those that vary in two places."""
    terms = [(f"/vary/incoterm/{at}/price", each.prices) for at, each in enumerate(options.get("incoterm", ()))]
    prices = [(f"/vary/price/{at}", each) for at, each in enumerate(options.get("price", ()))]
    for pointer, each in (*terms, *prices):
        if each is not None and len(each) != lines:
            yield Unreadable("price_for_each_line", pointer, (), lines=lines, prices=len(each))
    if prices and any(each is not None for _, each in terms):
        yield Unreadable("price_varied_twice", "/vary/price", ())


def _alike(bases: Mapping[str | None, QuoteRequest]) -> Mapping[str | None, QuoteRequest]:
    """The same requests, holding the same objects wherever they say the same: what they share is priced once."""
    first = next(iter(bases.values()))

    def alike(base: QuoteRequest) -> QuoteRequest:
        values = {
            field.name: (getattr(first, field.name), getattr(base, field.name)) for field in dataclasses.fields(base)
        }
        return replace(base, **{name: ours for name, (ours, own) in values.items() if ours == own})

    return {regime: alike(base) for regime, base in bases.items()}


class _Scenarios:
    """The requests with something in the places of their own; what is put there is made once for all of them."""

    def __init__(self, bases: Mapping[str | None, QuoteRequest], options: Mapping[str, Sequence[Any]]) -> None:
        self.bases, self.options = bases, options
        self._made: dict[tuple[object, ...], Mapping[str, Any]] = {}

    def request(self, chosen: Mapping[str, int]) -> QuoteRequest:
        """The request with the options of these numbers."""
        regime = self.options["regime"][chosen["regime"]] if "regime" in chosen else None
        base = self.bases[regime]
        changes: dict[str, Any] = {}
        for name, number in chosen.items():
            key = regime, name, number
            if key not in self._made:
                self._made[key] = _changes(base, name, self.options[name][number])
            changes |= self._made[key]
        return replace(base, **changes) if changes else base


def _changes(base: QuoteRequest, name: str, option: Any) -> Mapping[str, Any]:
    """What an option changes in a request."""
    match name:
        case "route":
            return {"route": option.route, "costs": option.costs(base.costs)}
        case "incoterm":
            place = {} if option.place is None else placed(option.place)
            return {"incoterm": option.incoterm, **place, **(_priced(base, option.prices) if option.prices else {})}
        case "price":
            return _priced(base, option)
        case "regime":
            return {}
        case _:
            return {name: option}


def _priced(base: QuoteRequest, prices: Sequence[Price]) -> Mapping[str, Any]:
    lines = zip(base.goods, prices, strict=True)
    return {"goods": tuple(replace(line, price=price) for line, price in lines)}


def _first(name: str, asked: Sequence[Any]) -> Any:
    """The first of what varies in a place, as a request has it there."""
    first = asked[0]
    if name == "route":
        return {field: value for field, value in first.items() if field != "freight"}
    if name == "incoterm" and isinstance(first, dict):
        return first["incoterm"]
    # Nothing may have been paid before the last of the days.
    return max(asked, key=date.fromisoformat) if name == "declared_on" else first
