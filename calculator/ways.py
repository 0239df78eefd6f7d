"""Every lawful way in for one request: which regimes are open to it, which are closed and why, and the cheapest."""

from dataclasses import dataclass, replace

from calculator.arithmetic import Explained
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.outcome import Range
from calculator.plan import Remark
from calculator.reckoning import Reckoned, reckon
from calculator.request import Lateness, QuoteRequest
from calculator.rules import EXPLAINED
from calculator.spread import spread
from calculator.way import GENERAL_TRADE, REGIMES

OPEN, CLOSED, UNCERTAIN = "open", "closed", "unknown"
# What makes a regime neither open nor closed: nobody has read its list of the day, or what quarantine lets through by post.
NOT_READ = frozenset({"cbec_list_not_read", "cbec_list_of_another_year", "quarantine_by_post_not_read"})
# What closes a regime to a request.
CLOSING = frozenset({"regime_closed", "not_in_regime"})


@dataclass(frozen=True, slots=True)
class WayIn:
    """One regime as a way in for a request: open, closed, or unknown where the tables cannot tell.

    `refusal` is why it is closed or cannot be reckoned, `remark` what is not known of it; `reckoned` is there wherever it
    could be priced.
    """

    regime: str
    status: str
    refusal: Unpriceable | None = None
    remark: Remark | None = None
    reckoned: Reckoned | None = None
    range: Range | None = None


def ways_in(request: QuoteRequest, dossier: Dossier, m: Explained = EXPLAINED) -> tuple[WayIn, ...]:
    """Every regime tried. General trade is open to all goods: what keeps it from being priced is raised."""
    return tuple(_way_in(in_regime(request, regime), dossier, m) for regime in REGIMES)


def in_regime(request: QuoteRequest, regime: str) -> QuoteRequest:
    """The request in one regime; retail and post are taxed on release, so that nothing comes late there."""
    return replace(request, regime=regime, late=request.late if regime == GENERAL_TRADE else Lateness())


def cheapest(ways: tuple[WayIn, ...]) -> tuple[Reckoned, Range | None]:
    """The cheapest of the open ways to the buyer, who may recover VAT in general trade; of equals the first."""
    priced = [(way.reckoned, way.range) for way in ways if way.status == OPEN and way.reckoned is not None]
    return min(priced, key=lambda way: way[0].totals["landed_cost_net_of_vat"])


def tried(request: QuoteRequest, dossier: Dossier, m: Explained = EXPLAINED) -> WayIn:
    """A request as it stands: whether its regime is open to it, and what it comes to where it can be priced."""
    try:
        reckoned, range_ = spread(request, dossier, reckon(request, dossier, m=m), m)
    except Unpriceable as refusal:
        return refused(request.regime, refusal)
    unread = next((each for each in reckoned.choice.plan.reasons if each.code in NOT_READ), None)
    return WayIn(request.regime, UNCERTAIN if unread else OPEN, remark=unread, reckoned=reckoned, range=range_)


def refused(regime: str, refusal: Unpriceable) -> WayIn:
    """A regime that cannot be priced: closed by law, or unknown where that is not what keeps it from being priced.

    The refusal is kept without the calls that it came through, which would hold on to all that they were about.
    """
    return WayIn(regime, CLOSED if refusal.code in CLOSING else UNCERTAIN, refusal=refusal.at(""))


def _way_in(request: QuoteRequest, dossier: Dossier, m: Explained) -> WayIn:
    way = tried(request, dossier, m)
    if way.refusal is not None and request.regime == GENERAL_TRADE:
        raise way.refusal
    return way
