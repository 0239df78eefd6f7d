"""The tariff book: all tables of one release, and the dossier of a request taken from them.

This is the only room that reads tables for a quote. What it hands out are values; it chooses nothing and prices nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import InvalidOperation
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from calculator.alike import apart
from calculator.choices import Choice, chosen_for_all
from calculator.common import ANEW, Anew, Common
from calculator.dossier import Dossier, LineDossier, Parameter, TableState
from calculator.errors import NotInForce, Unpriceable
from calculator.fracciones import Led
from calculator.goods import Package, Product
from calculator.logistics import RouteDossier
from calculator.memory import Memory
from calculator.money import YUAN, ExchangeRate
from calculator.origins import UNKNOWN, Origin
from calculator.rails import Rail
from calculator.request import GoodsLine, QuoteRequest
from calculator.tariff_line import SUBHEADING, ExciseCase, Measure, MeasureKind, VatRate
from calculator.validity import in_force
from tariffs.announced import SCHEDULE, Tables, before
from tariffs.currencies import asked_by_tables, given, rates_of
from tariffs.fx import FxTables
from tariffs.fx.live import LiveFx
from tariffs.leading import agreed, not_there
from tariffs.payment_day import payment_due
from tariffs.payments import asked_by_payment, rails_of
from tariffs.records import Records
from tariffs.routes import asked_by_route, route_of
from tariffs.tables import DATA
from tariffs.taxed_alike import letters, taxes

# Of how many lines of goods dossiers are kept.
MOST_LINES = 2048
# Columns that are set for a year and end with it.
FOR_A_YEAR = frozenset({MeasureKind.PROVISIONAL, MeasureKind.QUOTA_PROVISIONAL})
REMEDIES = frozenset(
    {MeasureKind.ANTI_DUMPING, MeasureKind.COUNTERVAILING, MeasureKind.SAFEGUARD, MeasureKind.RETALIATORY}
)


class Book:
    """Everything the house knows; safe to share between threads. Only the exchange rates move on, whole releases at a time."""

    def __init__(self, records: Records, fx: FxTables | LiveFx) -> None:
        self.records = records
        self._fx = fx
        self.release = records.release
        self._tables = tuple(
            TableState(each.name, each.sha256[:12], each.known_until, each.confidence, each.covers_from)
            for each in records.tables
        )
        if records.overlay is not None:
            self._tables += (TableState("overlay", records.overlay.version, None, "the user's own rows"),)
        self._known_until = {state.name: state.known_until for state in self._tables}
        # Many quotes ask for the same few days.
        self._parameters = lru_cache(maxsize=512)(self._parameters_on)
        # And many requests for the same rows, whatever the figures that they reckon with.
        self._dossiers: Memory[Dossier | None] = Memory(MOST_LINES)

    @classmethod
    def load(cls, overlay: Path | None = None, own_fx: Path | None = None, root: Traversable = DATA) -> "Book":
        """Read every table of a release once, with a folder laid over them; raises OverlayRefused.

        `own_fx` is the folder of rates that `galeon fx` writes to: it is read again whenever it has changed. `root` holds the
        release: an installed one (tariffs/installed.py), or the package's.
        """
        return cls(Records.load(overlay, root), LiveFx(overlay, own_fx, root))

    @property
    def fx(self) -> FxTables:
        """The exchange rates as they are now; whoever answers one request takes them once."""
        return self._fx.current()

    @property
    def fx_release(self) -> str:
        """The release of the exchange rates as they are now."""
        return self.fx.release

    def dossier(self, request: QuoteRequest) -> Dossier:
        """Every dated row that the request may need: the same dossier for all requests that differ in figures alone.

        Raises Unpriceable for what the tables do not hold.
        """
        return self._dossier(request, self.fx, None)

    def dossiers(self, common: Common) -> Callable[[QuoteRequest], Dossier]:
        """Where the dossiers of many requests that have much in common come from, all at the same exchange rates."""
        fx = self.fx
        return lambda request: self._dossier(request, fx, common)

    def _dossier(self, request: QuoteRequest, fx: FxTables, common: Common | None) -> Dossier:
        key = (apart(request).names, fx.sha256)
        dossiers = self._dossiers if common is None else common.dossiers
        known = dossiers.found(key, lambda: self._without_figures(request, fx, common), len(request.goods))
        return known or self._found(request, fx, common or ANEW)

    def choice_for_all(self, blank: QuoteRequest) -> Choice | None:
        """What is chosen for all requests that are like one without measures; None where one must be looked at.

        Raises Unpriceable where no such request can be priced.
        """
        try:
            return chosen_for_all(blank, self._found(blank, self.fx), {})
        except InvalidOperation:
            return None

    def _without_figures(self, request: QuoteRequest, fx: FxTables, common: Common | None) -> Dossier | None:
        """The dossier found without looking at any figure, None where the request is refused or asks for a look at one."""
        try:
            part = common or ANEW
            return self._found(part.blank(request, figures=True), fx, part)
        except (InvalidOperation, Unpriceable):
            return None

    def _found(self, request: QuoteRequest, fx: FxTables, part: Common | Anew = ANEW) -> Dossier:
        lines = part.found(self._rows, request)
        route = part.found(route_of, request, lines, self.records)
        rails = part.found(rails_of, request, self.records)
        on = request.declared_on
        needed = part.found(_exchanged, request, lines, route, rails)
        customs_rates, market_rates = part.found(_rates, *needed, on, fx)
        parameters = part.same(self._parameters(on))
        return Dossier(
            lines=lines,
            customs_rates=customs_rates,
            market_rates=market_rates,
            parameters=parameters,
            sources=self.records.sources,
            tables=self._tables,
            release=self.release,
            fx_release=fx.release,
            on=on,
            payment_due=part.found(payment_due, request, parameters),
            route=route,
            rails=rails,
            losses=self.records.logistics.losses(on) if request.holding and request.holding.usual_loss else {},
        )

    def _rows(self, request: QuoteRequest) -> tuple[LineDossier, ...]:
        """The rows of every line of goods."""
        return tuple(self._line(line, request, f"/goods/{number}") for number, line in enumerate(request.goods))

    def _codes(self, line: GoodsLine, product: Product | None, request: QuoteRequest, pointer: str) -> tuple[str, ...]:
        """The eight-digit code of a line of goods, from its codes or its product; none for a good outside the tables.

        Where nobody has chosen between lines that are taxed alike, all of them, the one that is priced first.
        """
        code = agreed(self.records, line, product, pointer) if line.fraccion else line.hs_code
        if code:
            codes: tuple[str, ...] = (code,)
            if len(code) == SUBHEADING:
                codes = self._of_subheading(code, line, request, pointer)
            elif self.records.line(code) is None:
                codes = self._of_divided(code, line, request, pointer)
            if product is not None and product.hs_code:
                if product.hs_code not in codes:
                    allowed, facts = (product.hs_code,), {"product": line.product, "hs_code": codes[0]}
                    raise Unpriceable("codes_disagree", f"{pointer}/hs_code", allowed, **facts)
                return (product.hs_code,)
            return codes
        if product is None:
            return ()
        if not product.hs_code:
            under = self.records.under(product.subheading)
            raise Unpriceable("code_needed", f"{pointer}/hs_code", under, product=product.slug)
        return (product.hs_code,)

    def _of_subheading(self, subheading: str, line: GoodsLine, request: QuoteRequest, pointer: str) -> tuple[str, ...]:
        """The lines of a subheading that give the same taxes, the least sure first; where they do not, a choice is asked for."""
        under = self.records.under(subheading)
        if not under:
            raise not_there(self.records, subheading, f"{pointer}/hs_code")
        if len(under) == 1:
            return under
        found = {code: self._of_code(code, line, request.declared_on, pointer) for code in under}
        if len({taxes(line, each, request.regime) for each in found.values()}) > 1:
            raise Unpriceable("ambiguous_code", f"{pointer}/hs_code", under, hs_code=subheading)
        return tuple(sorted(under, key=lambda code: letters(found[code]), reverse=True))

    def _of_divided(self, code: str, line: GoodsLine, request: QuoteRequest, pointer: str) -> tuple[str, ...]:
        """A code that the schedule lacks; of a line that it has divided into lines that are all taxed alike, those."""
        refusal = not_there(self.records, code, f"{pointer}/hs_code")
        if refusal.code != "line_divided":
            return (code,)
        try:
            return self._of_subheading(code[:SUBHEADING], line, request, pointer)
        except Unpriceable as other:
            raise refusal if other.code == "ambiguous_code" else other from None

    def _led(self, line: GoodsLine) -> Led | None:
        """How a Mexican code led to its line, None without one."""
        if not line.fraccion:
            return None
        return Led(self.records.fracciones.of(line.fraccion), len(self.records.under(line.fraccion[:SUBHEADING])))

    def _product(self, line: GoodsLine, pointer: str) -> Product | None:
        if not line.product:
            return None
        product = self.records.product(line.product)
        if product is None:
            nearest = self.records.nearest_products(line.product)
            raise Unpriceable("unknown_product", f"{pointer}/product", nearest, product=line.product)
        return product

    def _line(self, line: GoodsLine, request: QuoteRequest, pointer: str) -> LineDossier:
        on, product = request.declared_on, self._product(line, pointer)
        package = _package(line, product, pointer)
        origin = self._origin(line, on, pointer)
        codes = self._codes(line, product, request, pointer)
        if not codes:
            return LineDossier(product=product, package=package, origin=origin, postal=self.records.postal("", on))
        code, *others = codes
        if self.records.line(code) is None:
            raise not_there(self.records, code, f"{pointer}/hs_code")
        # What the market asks of one of the lines alone, it may not ask of these goods.
        asked = self.records.requirements(code, line.product, on)
        for other in others:
            of_other = self.records.requirements(other, line.product, on)
            asked = tuple(each for each in asked if each in of_other)
        return replace(
            self._of_code(code, line, on, pointer),
            product=product,
            package=package,
            requirements=asked,
            origin=origin,
            led=self._led(line),
            alike=codes if others else (),
        )

    def _of_code(self, code: str, line: GoodsLine, on: date, pointer: str) -> LineDossier:
        """The rows of a line of the schedule that concern goods on a day."""
        measures = _concerning(self.records.measures(code), line.origin)
        columns = tuple(each for each in measures if each.kind not in REMEDIES)
        remedies = tuple(each for each in measures if each.kind in REMEDIES)
        own = line.tariff
        found = LineDossier(
            tariff_line=self.records.line(code),
            measures=in_force(columns, on),
            ended=self._ended(columns, on),
            vat=() if own is not None and own.vat is not None else self._vat(code, on, pointer),
            excise=() if own is not None and own.consumption_tax is not None else self._excise(code, on, pointer),
            remedies=in_force(remedies, on),
            pending=_concerning(in_force(self.records.pending_remedies(code), on), line.origin),
            covered_from=min((each.validity.valid_from for each in columns), default=None),
            listing=self.records.listing(code, on),
            postal=self.records.postal(code, on),
        )
        tables = Tables(
            measures=lambda day: in_force(columns, day),
            remedies=lambda day: in_force(remedies, day),
            vat=lambda day: self.records.vat(code, day),
            excise=lambda day: self.records.excise(code, day),
        )
        stood = before(found, tables, self._known_until)
        return found if stood is None else replace(found, before=stood)

    def _origin(self, line: GoodsLine, on: date, pointer: str) -> Origin | None:
        """The country of a line of goods, None where its origin is unknown, or older than the table and not needed."""
        if line.origin == UNKNOWN:
            return None
        try:
            found = self.records.origin(line.origin, on)
        except NotInForce as error:
            if line.tariff is not None and line.tariff.duty is not None:
                return None
            raise error.at(f"{pointer}/origin") from None
        if found is None:
            nearest = self.records.origins.nearest(line.origin)
            raise Unpriceable("unknown_origin", f"{pointer}/origin", nearest, origin=line.origin)
        return found

    def _ended(self, columns: tuple[Measure, ...], on: date) -> tuple[Measure, ...]:
        """Provisional rates that ended after the last day our table knows: nobody has said whether they go on."""
        known = self._known_until.get(SCHEDULE)
        if known is None or on <= known:
            return ()
        for_a_year: dict[object, list[Measure]] = {}
        for each in columns:
            if each.kind in FOR_A_YEAR:
                for_a_year.setdefault((each.kind, each.part), []).append(each)
        return tuple(
            last
            for series in for_a_year.values()
            if not any(each.validity.covers(on) for each in series)
            and (last := series[-1]).validity.valid_to is not None
            and last.validity.valid_to >= known
        )

    def _vat(self, code: str, on: date, pointer: str) -> tuple[VatRate, ...]:
        try:
            return self.records.vat(code, on)
        except NotInForce as error:
            raise error.at(f"{pointer}/tariff/vat") from None

    def _excise(self, code: str, on: date, pointer: str) -> tuple[ExciseCase, ...]:
        try:
            return self.records.excise(code, on)
        except NotInForce as error:
            raise error.at(f"{pointer}/tariff/consumption_tax") from None

    def _parameters_on(self, on: date) -> Mapping[str, Parameter]:
        """Every dated figure of a day; one that has no row then is left out."""
        dated = (figure for figures in self.records.parameters.values() for figure in figures)
        return MappingProxyType({each.name: each for each in dated if each.row.validity.covers(on)})


def _exchanged(
    request: QuoteRequest, lines: Sequence[LineDossier], route: RouteDossier | None, rails: tuple[Rail, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The currencies of which a request needs the customs rate, and those of which it needs the market rate."""
    currencies = {*request.currencies(), *asked_by_tables(lines), *asked_by_route(route, request.holding)} - {YUAN}
    customs = currencies - given(request.fx) - given(request.customs_fx)
    # What the seller receives is crossed at the desk's own rates, also where the user insists on another.
    paid = asked_by_payment(request.payment, rails)
    at_market = (currencies | {request.display_currency}) - {YUAN} - given(request.fx) | paid - {YUAN}
    return tuple(sorted(customs)), tuple(sorted(at_market))


def _rates(
    customs: tuple[str, ...], at_market: tuple[str, ...], on: date, fx: FxTables
) -> tuple[Mapping[str, ExchangeRate], Mapping[str, ExchangeRate]]:
    """The customs rates and the market rates of a day that are known."""
    return (
        rates_of(customs, on, fx.customs),
        rates_of(at_market, on, lambda currency, day: fx.market(currency, YUAN, day)),
    )


def _package(line: GoodsLine, product: Product | None, pointer: str) -> Package | None:
    """The package named, or the usual one of the product."""
    if not line.package:
        return product.packages[0] if product is not None and product.packages else None
    packages = product.packages if product is not None else ()
    found = next((each for each in packages if each.code == line.package), None)
    if found is None:
        allowed = tuple(each.code for each in packages)
        raise Unpriceable("unknown_package", f"{pointer}/package", allowed, package=line.package, product=line.product)
    return found


def _concerning(measures: Iterable[Measure], origin: str) -> tuple[Measure, ...]:
    """The rows that speak of goods of an origin: of an unknown one every trade remedy may, and no agreement does."""
    return tuple(
        each
        for each in measures
        if not each.origins or origin in each.origins or (origin == UNKNOWN and each.kind in REMEDIES)
    )
