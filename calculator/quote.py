"""The cashier: from the walked plan to the quote, its sums, its open range and how far it can be trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import localcontext

from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.money import EXACT, Number
from calculator.outcome import Outcome, Totals, expiry, outcome, used_facts
from calculator.per_unit import PerUnit, per_unit
from calculator.plan import Fact, Plan, Remark
from calculator.reckoning import FIGURES, reckon
from calculator.request import QuoteRequest
from calculator.rules import Rule, Step, Walked
from calculator.spread import spread
from calculator.way import BEST
from calculator.ways import WayIn, cheapest, ways_in

ENGINE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced consignment with everything it rests on. Amounts are yuan unless a currency is named.

    `choice` is what all quotes have in common that differ from this one in amounts alone.
    `ways` are the regimes that the cheapest was found among, where the request asked for that.
    """

    request: QuoteRequest
    dossier: Dossier
    choice: Choice
    plan: Plan
    walked: Walked
    totals: Totals
    lines: tuple[Totals, ...]
    per_unit: tuple[tuple[PerUnit, ...], ...]
    outcome: Outcome
    expires_on: date | None
    expires_because: Remark | None
    ways: tuple[WayIn, ...] = ()

    def steps(self) -> Iterator[Step]:
        """The steps worth reading, in the order they were taken."""
        return (step for step in self.walked.steps if worth_showing(step.rule, step.value))

    def fact(self, line: int | None, name: str) -> Fact | None:
        """The figure of this name that entered the walk for a line, None where it is the result of a rule."""
        if line is not None and name in self.plan.lines[line].facts:
            return self.plan.lines[line].facts[name]
        return self.plan.shared.get(name)


def worth_showing(rule: Rule, value: Number) -> bool:
    """Whether the explanation lists a rule that came out so."""
    return rule.shown == "always" or (rule.shown == "nonzero" and value != 0)


def quote_of(request: QuoteRequest, dossier: Dossier) -> Quote:
    """Price a request: choose, walk, total. Where a figure is open the totals are the higher, and the range has both.

    The regime "best" is the cheapest that is open to the request.
    """
    with localcontext(EXACT):
        ways = ways_in(request, dossier) if request.regime == BEST else ()
        reckoned, range_ = cheapest(ways) if ways else spread(request, dossier, reckon(request, dossier))
    plan, walked, lines = reckoned.plan, reckoned.walked, reckoned.lines
    used = tuple(used_facts(plan, walked))
    expires_on, because = expiry(used, request.declared_on)
    return Quote(
        request=request,
        dossier=dossier,
        choice=reckoned.choice,
        plan=plan,
        walked=walked,
        totals=reckoned.totals,
        lines=lines,
        per_unit=tuple(
            per_unit(line, found, figures["landed_cost"])
            for line, found, figures in zip(request.goods, dossier.lines, lines, strict=True)
        ),
        outcome=outcome(request.declared_on, dossier, plan, used, range_),
        expires_on=expires_on,
        expires_because=because,
        ways=ways,
    )


__all__ = ["ENGINE_VERSION", "FIGURES", "Quote", "quote_of", "worth_showing"]
