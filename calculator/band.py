"""What becomes of a consignment when exchange rates rise or fall by a share that the request asks for.

Each currency may rise or fall by itself: it is moved up and down alone, and every one that way together, so that the work
grows with the currencies and not with their combinations. What is moved are the market's rates, and the customs rate where
nobody has published it: an estimate, or a rate that the user states for both uses. A published one holds for its month.
The rates are tried at both ends of the band; a threshold that a value crosses in between is seen only by its ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.arithmetic import Explained
from calculator.desk import Picks
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import YUAN
from calculator.outcome import Width
from calculator.plan import Plan, Remark
from calculator.reckoning import Moved, Reckoned, burden, reckon, width
from calculator.request import QuoteRequest

MARKET, CUSTOMS = "market_rate:", "customs_rate:"
BAND, CLOSED = "fx_band", "fx_band_closed"


@dataclass(frozen=True, slots=True)
class Ends:
    """The factors of the rates at which a consignment is cheapest and dearest, all that was reckoned, and what it is worth."""

    low: Moved
    high: Moved
    tried: tuple[Reckoned, ...]
    sources: tuple[Width, ...]


def fx_band(request: QuoteRequest, dossier: Dossier, shown: Reckoned, picks: Picks, m: Explained) -> Ends:
    """The band of `request.fx_band` around a reckoning with some answers to open points."""
    share = request.fx_band or Decimal(0)
    trials = _Trials(request, dossier, shown, picks, m)
    low: dict[str, Decimal] = {}
    high: dict[str, Decimal] = {}
    currencies = list(_moving(shown.choice.plan, dossier))
    for rates in (rates for _, rates in currencies):
        ways = [dict.fromkeys(rates, 1 - share), {}, dict.fromkeys(rates, 1 + share)]
        found = [(burden(reckoned), way) for way in ways if (reckoned := trials.at(way)) is not None]
        low |= min(found, key=lambda each: each[0])[1]
        high |= max(found, key=lambda each: each[0])[1]
    if len(currencies) > 1:
        trials.at(low)
        trials.at(high)
    facts: dict[str, object] = {"share": share, "currencies": tuple(currency for currency, _ in currencies)}
    tried = tuple(trials.found)
    cheapest, dearest = min(tried, key=burden), max(tried, key=burden)
    apart, above = width(cheapest, dearest), width(shown, dearest)
    sources = [Width(Remark(BAND, "/fx_band", facts), apart, above, asked=True)]
    if trials.refused is not None:
        facts = {"share": share, "because": trials.refused.facts.get("because")}
        sources.append(Width(Remark(CLOSED, "/fx_band", facts), None, asked=True))
    return Ends(low, high, tried, tuple(sources))


class _Trials:
    """Reckonings of one consignment at moved rates, and the first of them that was refused."""

    def __init__(self, request: QuoteRequest, dossier: Dossier, shown: Reckoned, picks: Picks, m: Explained) -> None:
        self.request, self.dossier, self.shown, self.picks, self.m = request, dossier, shown, picks, m
        self.found = [shown]
        self.refused: Unpriceable | None = None

    def at(self, moved: Mapping[str, Decimal]) -> Reckoned | None:
        """The consignment at these rates, None where it cannot be priced so: a limit is exceeded."""
        if not moved:
            return self.shown
        try:
            reckoned = reckon(self.request, self.dossier, self.picks, self.m, moved)
        except Unpriceable as refusal:
            self.refused = self.refused or refusal
            return None
        self.found.append(reckoned)
        return reckoned


def _moving(plan: Plan, dossier: Dossier) -> Iterator[tuple[str, Iterable[str]]]:
    """The currencies of a plan, each with the rates that move with it."""
    for name in plan.shared:
        currency = name.removeprefix(MARKET)
        if currency in (name, YUAN):
            continue
        customs = plan.shared.get(CUSTOMS + currency)
        published = dossier.customs_rates.get(currency)
        own = customs is not None and customs.origin.startswith("request:/fx/")
        estimated = customs is not None and published is not None and published.estimate
        yield currency, (name, CUSTOMS + currency) if own or estimated else (name,)
