"""From a request and its dossier to a plan: which rules apply, in which order, with which figures, and why.

Choosing looks at names and dates, never at amounts. What the tables leave open becomes an open point of the plan, and
`picks` answers it; the default answers are the first ones.
"""

from dataclasses import dataclass, replace
from datetime import date

from calculator import postal_choice, retail_choice, trade_choice
from calculator.common import ANEW, Anew, Common
from calculator.desk import Desk, Picks
from calculator.dossier import Dossier
from calculator.exchange import rate_of
from calculator.holding_choice import holding_passes
from calculator.incoterms import AT_ORIGIN, BY_WATER, Leg, contained
from calculator.legs import Legs, legs_of
from calculator.logistics import AIR, COURIER
from calculator.measuring import check_measures, check_package
from calculator.money import YUAN
from calculator.payment_choice import PESO, chosen_rail, peso_rates, units_of
from calculator.plan import Fact, Paying, Plan, PlannedLine
from calculator.request import QuoteRequest
from calculator.route_choice import RoutePlan, route_plan
from calculator.rules import Pass, Rule
from calculator.way import CBEC_RETAIL, GENERAL_TRADE, POSTAL_ARTICLES, Chosen, Way
from calculator.weighing import canonical_order, weight_of

WAYS = {
    GENERAL_TRADE: trade_choice.chosen_way,
    CBEC_RETAIL: retail_choice.chosen_way,
    POSTAL_ARTICLES: postal_choice.chosen_way,
}
LINES = {
    GENERAL_TRADE: trade_choice.chosen_lines,
    CBEC_RETAIL: retail_choice.chosen_lines,
    POSTAL_ARTICLES: postal_choice.chosen_lines,
}

# The oldest of the texts that the rules cite: Decree 124, since when values are rounded to the fen.
FIRST_TEXTS = date(2005, 3, 1)


# The rates that paying needs: whether the user's own of the peso, else those of the currencies crossed; and all its currencies.
_Asked = tuple[bool, str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Held:
    """What holding the goods brings: rules, figures, and the currencies that it is reckoned in at the market rate."""

    passes: tuple[Pass, ...]
    shared: dict[str, Fact]
    currencies: set[str]


NOTHING_HELD = _Held((), {}, set())


def choose(request: QuoteRequest, dossier: Dossier, picks: Picks | None = None, part: Common | Anew = ANEW) -> Plan:
    """The plan of a request. Raises Unpriceable, with a pointer, where the law or the request leaves something out."""
    plan = choose_unordered(request, dossier, picks or {}, part)
    return replace(plan, order=canonical_order(request, plan.lines))


def choose_unordered(request: QuoteRequest, dossier: Dossier, picks: Picks, part: Common | Anew = ANEW) -> Plan:
    """The plan but for the order of its lines, which prices have a part in: up to there no amount is looked at.

    It is chosen in parts, each by itself, so that requests that have much in common choose what they share once.
    """
    desk = Desk(picks)
    route = part.chosen(_route, desk, request, dossier)
    legs = part.chosen(_legs, desk, request, route)
    assumptions = legs.assumptions
    rail = part.chosen(chosen_rail, desk, request, dossier)
    lines = part.chosen(LINES[request.regime], desk, request, dossier)
    way, legs = part.chosen(_way, desk, request, dossier, lines, legs)
    if rail is not None:
        legs = part.found(_paid, legs, part.same(tuple(rail.rules)))
    held = NOTHING_HELD if request.holding is None else part.chosen(_held, desk, request, dossier)
    asked = (
        None if rail is None else (rail.own_pesos, rail.currency, tuple(rail.crossed), tuple(sorted(rail.currencies)))
    )
    asked = part.same(asked)
    rates = part.chosen(_rates, desk, request, dossier, part.found(_exchanged, request, legs, way, asked, held), asked)
    part.chosen(_told, desk, request, dossier)
    desk.assumptions += assumptions
    return Plan(
        regime=request.regime,
        shared={**legs.facts, **(rail.shared if rail is not None else {}), **way.shared, **held.shared, **rates},
        lines=part.chosen(_measured_lines, desk, request, dossier, route, way),
        passes=part.found(_passes, way, legs, held),
        order=(),
        alternatives=tuple([each for line in lines for each in line.alternatives]),
        open_points=tuple(desk.open_points),
        assumptions=tuple(desk.assumptions),
        warnings=tuple(desk.warnings),
        reasons=tuple(desk.reasons),
        zeros=legs.zeros if rail is not None else legs.zeros | {"payment_cost": "no_rail"},
        limits=(*way.limits, *route.limits, *(rail.limits if rail is not None else ())),
        allocated_by=route.allocated_by,
        packings=route.packings,
        tolls={toll.name: toll.leg for toll in route.tolls},
        units=part.found(_units, route, rail),
        paying=rail,
    )


def _route(request: QuoteRequest, dossier: Dossier, desk: Desk) -> RoutePlan:
    for number, (line, found) in enumerate(zip(request.goods, dossier.lines, strict=True)):
        check_measures(line, f"/goods/{number}")
        check_package(line, found, f"/goods/{number}")
    return route_plan(request, dossier, desk)


def _legs(request: QuoteRequest, route: RoutePlan, desk: Desk) -> Legs:
    return legs_of(request, route, presumes=request.regime == GENERAL_TRADE)


def _paid(legs: Legs, rules: tuple[Rule, ...]) -> Legs:
    """The legs with the rules of paying."""
    return replace(legs, paid=True, market=[*legs.market, *rules])


def _way(
    request: QuoteRequest, dossier: Dossier, lines: tuple[Chosen, ...], legs: Legs, desk: Desk
) -> tuple[Way, Legs]:
    """The way into China, and the legs with what is charged for coming late."""
    own = legs.copy()
    return WAYS[request.regime](request, dossier, lines, own, desk), own


def _held(request: QuoteRequest, dossier: Dossier, desk: Desk) -> _Held:
    shared: dict[str, Fact] = {}
    currencies: set[str] = set()
    return _Held(holding_passes(request, dossier, shared, currencies, desk), shared, currencies)


def _exchanged(
    request: QuoteRequest, legs: Legs, way: Way, paying: _Asked | None, held: _Held
) -> tuple[tuple[str, str], ...]:
    """The currencies to turn into yuan, each by which rate. Paying and holding are reckoned at the market rate alone."""
    at_market = held.currencies | set(paying[3] if paying is not None else ())
    stated = request.currencies(used=request.regime == CBEC_RETAIL)
    currencies = stated.union(legs.currencies, *(chosen.currencies for chosen in way.lines))
    return tuple(
        (currency, use)
        for currency in sorted(currencies | at_market)
        for use in (("customs", "market") if currency in currencies else ("market",))
    )


def _passes(way: Way, legs: Legs, held: _Held) -> tuple[Pass, ...]:
    return (*way.regime.totalled(legs), *held.passes)


def _rates(
    request: QuoteRequest,
    dossier: Dossier,
    exchanged: tuple[tuple[str, str], ...],
    paying: _Asked | None,
    desk: Desk,
) -> dict[str, Fact]:
    """The exchange rates of some currencies, and those that `paying` asks."""
    for base, quote in request.fx:
        used = request.payment is not None and PESO in (base, quote)
        if YUAN not in (base, quote) and not used:
            desk.warn("fx_pair_unused", f"/fx/{base}~1{quote}", pair=f"{base}/{quote}")
    own_pesos, currency_paid, crossed, _ = paying or (False, "", (), ())
    return peso_rates(own_pesos, currency_paid, crossed, request, dossier) | {
        f"{use}_rate:{currency}": rate_of(request, dossier, currency, use, desk.reasons, desk.warnings)
        for currency, use in exchanged
    }


def _told(request: QuoteRequest, dossier: Dossier, desk: Desk) -> None:
    """What must be told of the request beside what was chosen."""
    _unused(request, dossier, desk)
    if request.declared_on < FIRST_TEXTS:
        desk.reason("older_than_the_texts", "/declared_on", letter="C")
    for field in request.defaulted:
        desk.assume(field, "/" + field)


def _measured_lines(
    request: QuoteRequest, dossier: Dossier, route: RoutePlan, way: Way, desk: Desk
) -> tuple[PlannedLine, ...]:
    return tuple(_measured(chosen.planned, request, dossier, route, number) for number, chosen in enumerate(way.lines))


def _units(route: RoutePlan, rail: Paying | None) -> dict[str, str]:
    if not (route.tolls or rail or route.rules):
        return {}
    return {**route.units(), **(units_of(rail) if rail is not None else {})}


def _measured(
    planned: PlannedLine, request: QuoteRequest, dossier: Dossier, route: RoutePlan, number: int
) -> PlannedLine:
    """A line with what it weighs and measures on the way."""
    facts = dict(route.lines[number])
    weight = weight_of(request, dossier, route, number)
    if weight is not None:
        facts["weight"] = weight
    return replace(planned, facts={**planned.facts, **facts}) if facts else planned


def _unused(request: QuoteRequest, dossier: Dossier, desk: Desk) -> None:
    """What the request states about the importer and this regime does not ask."""
    if request.cbec_used is not None and request.regime != CBEC_RETAIL:
        desk.warn("importer_field_unused", "/importer/cbec_used", field="cbec_used", regime=request.regime)
    if request.costs.planning and Leg.FREIGHT in contained(request.incoterm, request.place_is_port):
        desk.warn("planning_unused", "/costs/freight", incoterm=request.incoterm.value)
    _on_the_way(request, dossier, desk)
    by_air = dossier.route is not None and dossier.route.rule.mode in (AIR, COURIER)
    if by_air and request.incoterm in BY_WATER:
        desk.warn("term_for_water", "/incoterm", incoterm=request.incoterm.value)
    if request.late.counts_first_day and request.late.paid_on is None:
        desk.warn(
            "importer_field_unused", "/importer/counts_first_day", field="counts_first_day", regime=request.regime
        )


def _on_the_way(request: QuoteRequest, dossier: Dossier, desk: Desk) -> None:
    """The port that the Incoterm names is the one that the route starts from, or ends at."""
    if dossier.route is None or not request.place_is_port:
        return
    end = dossier.route.origin if request.incoterm in AT_ORIGIN else dossier.route.destination
    if request.place not in (end.code, end.official):
        desk.warn("place_not_on_route", "/place", place=request.place, route=end.code)
