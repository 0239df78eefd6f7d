"""From a request and its dossier to a plan: which rules apply, in which order, with which figures, and why.

Choosing looks at names and dates, never at amounts. What the tables leave open becomes an open point of the plan, and
`picks` answers it; the default answers are the first ones.
"""

from calculator import postal_choice, retail_choice, trade_choice
from calculator.desk import Desk, Picks
from calculator.dossier import Dossier
from calculator.exchange import rate_of
from calculator.legs import legs_of
from calculator.plan import Plan
from calculator.request import QuoteRequest
from calculator.way import CBEC_RETAIL, GENERAL_TRADE, POSTAL_ARTICLES
from calculator.weighing import canonical_order

WAYS = {
    GENERAL_TRADE: trade_choice.chosen_way,
    CBEC_RETAIL: retail_choice.chosen_way,
    POSTAL_ARTICLES: postal_choice.chosen_way,
}


def choose(request: QuoteRequest, dossier: Dossier, picks: Picks | None = None) -> Plan:
    """The plan of a request. Raises Unpriceable, with a pointer, where the law or the request leaves something out."""
    desk = Desk(picks or {})
    legs = legs_of(request, presumes=request.regime == GENERAL_TRADE)
    way = WAYS[request.regime](request, dossier, legs, desk)
    shared = {**legs.facts, **way.shared}
    currencies = request.currencies().union(*(chosen.currencies for chosen in way.lines))
    for currency in sorted(currencies):
        for use in ("customs", "market"):
            shared[f"{use}_rate:{currency}"] = rate_of(request, dossier, currency, use, desk.reasons, desk.warnings)
    for field in request.defaulted:
        desk.assume(field, "/" + field)
    desk.assumptions += legs.assumptions
    lines = tuple(chosen.planned for chosen in way.lines)
    return Plan(
        regime=request.regime,
        shared=shared,
        lines=lines,
        passes=way.passes,
        order=canonical_order(request, lines),
        alternatives=tuple(each for chosen in way.lines for each in chosen.alternatives),
        open_points=tuple(desk.open_points),
        assumptions=tuple(desk.assumptions),
        warnings=tuple(desk.warnings),
        reasons=tuple(desk.reasons),
        zeros=legs.zeros | {"payment_cost": "no_rail"},
        limits=way.limits,
    )
