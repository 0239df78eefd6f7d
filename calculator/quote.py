"""The cashier: from the walked plan to the quote, its sums, its open range and how far it can be trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calculator.choose import Picks, choose
from calculator.dossier import Dossier
from calculator.money import FEN, Number
from calculator.outcome import Outcome, Range, Totals, Width, expiry, outcome, used_facts
from calculator.per_unit import PerUnit, per_unit
from calculator.plan import Fact, OpenPoint, Plan, Remark
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED, Rule, Step, Walked, walk

ENGINE_VERSION = "1"
ZERO = Decimal("0.00")

# What each figure of the totals is called in the walk.
FIGURES = {
    "goods": "goods",
    "freight": "freight",
    "insurance": "insurance",
    "origin_charges": "origin_charges",
    "destination_charges": "destination_charges",
    "customs_value": "customs_value",
    "presumed_insurance": "presumed_insurance",
    "customs_duty": "customs_duty_due",
    "trade_remedies": "trade_remedies",
    "consumption_tax": "consumption_tax_due",
    "vat": "vat_due",
    "postal_articles_tax": "postal_articles_tax",
    "taxes": "taxes",
    "payment_cost": "payment_cost",
    "landed_cost": "landed_cost",
}
TAXES_OF = {"customs_duty_due": "customs_duty", "consumption_tax_due": "consumption_tax", "vat_due": "vat"}


@dataclass(frozen=True, slots=True)
class Quote:
    """A priced consignment with everything it rests on. Amounts are yuan unless a currency is named."""

    request: QuoteRequest
    dossier: Dossier
    plan: Plan
    walked: Walked
    totals: Totals
    lines: tuple[Totals, ...]
    per_unit: tuple[tuple[PerUnit, ...], ...]
    outcome: Outcome
    expires_on: date | None
    expires_because: Remark | None

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
    """Price a request: choose, walk, total. Where a figure is open the totals are the higher, and the range has both."""
    plan, walked = _walked(request, dossier, {})
    live = [point for point in plan.open_points if not point.fixed or _waived(walked, point.key)]
    range_ = None
    if live:
        plan, walked, range_ = _ranged(request, dossier, plan, walked, live)
    lines = tuple(_figures(facts, request.vat_recoverable) for facts in walked.lines)
    totals = _sum(lines)
    used = tuple(used_facts(plan, walked))
    expires_on, because = expiry(used, request.declared_on)
    return Quote(
        request=request,
        dossier=dossier,
        plan=plan,
        walked=walked,
        totals=totals,
        lines=lines,
        per_unit=tuple(
            per_unit(line, found, figures["landed_cost"])
            for line, found, figures in zip(request.goods, dossier.lines, lines, strict=True)
        ),
        outcome=outcome(request.declared_on, dossier, plan, used, range_),
        expires_on=expires_on,
        expires_because=because,
    )


def _walked(request: QuoteRequest, dossier: Dossier, picks: Picks) -> tuple[Plan, Walked]:
    plan = choose(request, dossier, picks)
    nothing = {"payment_cost": ZERO, "postal_articles_tax": ZERO}
    shared = {name: fact.value for name, fact in plan.shared.items()}
    lines = []
    for planned in plan.lines:
        facts: dict[str, Number] = {name: fact.value for name, fact in planned.facts.items()} | nothing
        if planned.zeros.get("trade_remedies"):
            facts["trade_remedies"] = ZERO
        lines.append(facts)
    return plan, walk(plan.passes, shared, lines, plan.order, EXPLAINED)


def _figures(facts: Mapping[str, Number], vat_recoverable: bool) -> Totals:
    figures = {name: FEN(facts.get(source, ZERO)) for name, source in FIGURES.items()}
    figures["landed_cost_net_of_vat"] = figures["landed_cost"] - (figures["vat"] if vat_recoverable else ZERO)
    return figures


def _sum(lines: tuple[Totals, ...]) -> Totals:
    return {name: sum((line[name] for line in lines), ZERO) for name in lines[0]}


def _waived(walked: Walked, key: str) -> bool:
    names = ("duty_waiver",) if key == "duty_waiver" else ("consumption_tax_waiver", "vat_waiver")
    return any(step.rule.name in names and step.value != 0 for step in walked.steps)


def _ranged(
    request: QuoteRequest, dossier: Dossier, plan: Plan, walked: Walked, live: list[OpenPoint]
) -> tuple[Plan, Walked, Range | None]:
    """Try every answer to every live open point: the cheapest answers make the low end, the dearest the high end."""
    base = _landed(walked)
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    used: dict[str, int] = {}
    sources = []
    for point in live:
        landed = [base] + [
            _landed(_walked(request, dossier, {point.key: answer})[1]) for answer in range(1, point.answers)
        ]
        low[point.key] = landed.index(min(landed))
        high[point.key] = landed.index(max(landed))
        used[point.key] = 0 if point.fixed else high[point.key]
        sources.append(Width(Remark(point.code, point.pointer, point.facts), max(landed) - min(landed)))
    if any(used.values()):
        plan, walked = _walked(request, dossier, used)
    sources = [source for source in sources if source.width]
    if not sources:
        return plan, walked, None
    ends = []
    for picks in (low, high):
        _, end = _walked(request, dossier, picks)
        ends.append(_sum(tuple(_figures(facts, request.vat_recoverable) for facts in end.lines)))
    return plan, walked, Range(ends[0], ends[1], tuple(sources))


def _landed(walked: Walked) -> Decimal:
    return FEN(walked.shared["landed_cost"])
