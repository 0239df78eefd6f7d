"""The cashier: from the walked plan to the quote, its sums, its open range and how far it can be trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import localcontext
from types import MappingProxyType

from calculator.arithmetic import Explained
from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.money import EXACT, Number
from calculator.outcome import Outcome, Range, Totals, Trust, trust, with_unbounded
from calculator.per_unit import PerUnit, per_unit
from calculator.plan import Plan, Remark
from calculator.reckoning import FIGURES, Reckoned, reckon
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED, Rule, Signs, Step, Walked
from calculator.spread import spread
from calculator.way import BEST
from calculator.ways import WayIn, cheapest, ways_in

# Raised whenever the same request and rows come out in other bytes; docs/stability.md tells what each version changed.
ENGINE_VERSION = "2"
# The versions before, each with the places (RFC 6901) of an answer that it did not tell of yet.
EARLIER_ENGINES: Mapping[str, frozenset[str]] = MappingProxyType({"1": frozenset({"/outcome/range"})})


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced consignment with everything it rests on. Amounts are yuan unless a currency is named.

    `choice` is what all quotes have in common that differ from this one in amounts alone, `signs` which figures of the walk
    and of the sums came to nothing: quotes of one choice and the same signs are explained in the same words.
    `ways` are the regimes that the cheapest was found among, where the request asked for that.
    """

    request: QuoteRequest
    dossier: Dossier
    choice: Choice
    walked: Walked
    totals: Totals
    lines: tuple[Totals, ...]
    signs: Signs
    trust: Trust
    range: Range | None
    ways: tuple[WayIn, ...] = ()

    @property
    def per_unit(self) -> tuple[tuple[PerUnit, ...], ...]:
        """The landed cost of each line by unit, reckoned anew each time."""
        with localcontext(EXACT):
            return per_unit(self.choice, (figures["landed_cost"] for figures in self.lines))

    @property
    def regime(self) -> str:
        """The way into China that was priced."""
        return self.choice.plan.regime

    @property
    def plan(self) -> Plan:
        """The plan with the amounts of the request, filled in anew each time."""
        return self.choice.filled(self.request)

    @property
    def outcome(self) -> Outcome:
        """How far the quote can be trusted, and why."""
        return self.trust.outcome.within(self.range)

    @property
    def expires_on(self) -> date | None:
        """The last day on which its figures hold, None where none of them ends."""
        return self.trust.expires_on

    @property
    def expires_because(self) -> Remark | None:
        """What ends then."""
        return self.trust.because

    def steps(self) -> Iterator[Step]:
        """The steps worth reading, in the order they were taken."""
        return (step for step in self.walked.steps if worth_showing(step.rule, step.value))


def worth_showing(rule: Rule, value: Number) -> bool:
    """Whether the explanation lists a rule that came out so."""
    return rule.shown == "always" or (rule.shown == "nonzero" and value != 0)


def quote_of(request: QuoteRequest, dossier: Dossier, m: Explained = EXPLAINED) -> Quote:
    """Price a request: choose, walk, total. Where a figure is open the totals are the higher, and the range has both.

    The regime "best" is the cheapest that is open to the request.
    """
    with localcontext(EXACT):
        ways = ways_in(request, dossier, m) if request.regime == BEST else ()
        reckoned, range_ = cheapest(ways) if ways else spread(request, dossier, reckon(request, dossier, m=m), m)
        return quote_from(request, dossier, reckoned, range_, ways)


def quote_from(
    request: QuoteRequest, dossier: Dossier, reckoned: Reckoned, range_: Range | None, ways: tuple[WayIn, ...] = ()
) -> Quote:
    """The quote that follows from a reckoning of its request."""
    walked, lines = reckoned.walked, reckoned.lines
    signs = (*walked.signs(), *(bool(value) for figures in (reckoned.totals, *lines) for value in figures.values()))
    found = trust(reckoned.choice, walked, signs)
    return Quote(
        request=request,
        dossier=dossier,
        choice=reckoned.choice,
        walked=walked,
        totals=reckoned.totals,
        lines=lines,
        signs=signs,
        trust=found,
        range=with_unbounded(range_, found, reckoned.totals),
        ways=ways,
    )


__all__ = ["ENGINE_VERSION", "FIGURES", "Quote", "quote_from", "quote_of", "worth_showing"]
