"""Scenarios of one shipment side by side: what each comes to, which are closed and why, and what it costs above the cheapest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from calculator.alike import remember
from calculator.arithmetic import Remembering
from calculator.common import Common
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import EXACT
from calculator.quote import Quote, quote_from
from calculator.request import QuoteRequest
from calculator.ways import CLOSED, OPEN, UNCERTAIN, WayIn, refused, tried

ORDER = (OPEN, UNCERTAIN, CLOSED)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One of several requests: its place among them, whether its way is open, and its quote wherever it could be priced.

    `above` has the totals in which it differs from the cheapest, in yuan; None where one of the two has none.
    """

    number: int
    way: WayIn
    quote: Quote | None
    above: dict[str, Decimal] | None = None


def compared(
    requests: Sequence[QuoteRequest], dossiers: Callable[[Common], Callable[[QuoteRequest], Dossier]]
) -> list[Scenario]:
    """The scenarios, open ones first, by landed cost; equals keep their order.

    Raises Unpriceable where every one of them is refused for the same thing, which then is no matter of the scenario.
    """
    with localcontext(EXACT):
        common = Common()
        m, dossier_of = Remembering(common), dossiers(common)
        found = [_scenario(number, request, dossier_of, m) for number, request in enumerate(requests)]
    refusals = [each.way.refusal for each in found]
    first = refusals[0]
    if first is not None and all(each is not None and _same(each, first) for each in refusals):
        raise first
    found.sort(key=_rank)
    cheapest = found[0].quote if found[0].way.status == OPEN else None
    return [each if cheapest is None or each.quote is None else _beside(each, each.quote, cheapest) for each in found]


def _scenario(
    number: int, request: QuoteRequest, dossier_of: Callable[[QuoteRequest], Dossier], m: Remembering
) -> Scenario:
    remember(request, m.common.apart(request))
    try:
        dossier = dossier_of(request)
    except Unpriceable as refusal:
        return Scenario(number, refused(request.regime, refusal), None)
    way = tried(request, dossier, m)
    quote = None if way.reckoned is None else quote_from(request, dossier, way.reckoned, way.range)
    return Scenario(number, way, quote)


def _same(one: Unpriceable, other: Unpriceable) -> bool:
    return (one.code, one.pointer, one.facts) == (other.code, other.pointer, other.facts)


def _rank(scenario: Scenario) -> tuple[int, Decimal, int]:
    landed = Decimal("Infinity") if scenario.quote is None else scenario.quote.totals["landed_cost"]
    return ORDER.index(scenario.way.status), landed, scenario.number


def _beside(scenario: Scenario, quote: Quote, cheapest: Quote) -> Scenario:
    differences = {name: value - cheapest.totals[name] for name, value in quote.totals.items()}
    above = {name: value for name, value in differences.items() if value or name == "landed_cost"}
    return Scenario(scenario.number, scenario.way, quote, above)
