"""One reckoning of a request: a plan, its walk and the sums, with the checks that only amounts can show."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import combinations
from typing import Any

from calculator.arithmetic import Explained
from calculator.choices import Choice, chosen
from calculator.desk import Picks
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm, Leg, contained
from calculator.money import FEN, Number
from calculator.outcome import Totals
from calculator.plan import Limit, Plan, PlannedLine
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED, Facts, Walked, walk
from calculator.way import GENERAL_TRADE
from calculator.weighing import canonical_order

ZERO = Decimal("0.00")
# Figures of the consignment times a factor, by their names: the exchange rates of a band.
Moved = Mapping[str, Decimal]
STANDING: Moved = {}

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
    "postal_articles_tax": "postal_articles_tax_due",
    "taxes": "taxes",
    "payment_cost": "payment_cost",
    "landed_cost": "landed_cost",
}
WAIVERS = {"duty": "duty_waiver", "consumption_tax": "consumption_tax_waiver", "vat": "vat_waiver"}


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What was chosen for a request, its walk, and the figures of the lines and of the whole, in yuan."""

    request: QuoteRequest
    choice: Choice
    walked: Walked
    lines: tuple[Totals, ...]
    totals: Totals

    @property
    def plan(self) -> Plan:
        """The plan with the amounts of the request."""
        return self.choice.filled(self.request)

    def taken_off(self) -> frozenset[str]:
        """The rules that came to something, among them those that take an amount off again."""
        return frozenset(step.rule.name for step in self.walked.steps if step.value != 0)

    def waived(self) -> frozenset[str]:
        """The taxes of which a waiver takes something off."""
        taken = self.taken_off()
        return frozenset(tax for tax, waiver in WAIVERS.items() if waiver in taken)


def reckon(
    request: QuoteRequest,
    dossier: Dossier,
    picks: Picks | None = None,
    m: Explained = EXPLAINED,
    moved: Moved = STANDING,
) -> Reckoned:
    """Choose, walk by a reading and total. Raises Unpriceable, also where what is stated exceeds the price it is part of."""
    reckoned = _once(request, dossier, picks or {}, m, moved)
    if request.incoterm is Incoterm.DDP and reckoned.waived():
        reckoned = _without_waived_taxes(request, dossier, picks or {}, reckoned, m, moved)
    _sound(request, reckoned)
    return reckoned


def _once(request: QuoteRequest, dossier: Dossier, picks: Picks, m: Explained, moved: Moved) -> Reckoned:
    choice = chosen(request, dossier, picks, m.common)
    plan, facts = choice.plan, choice.beside("facts", lambda: facts_of(choice.plan))
    shared, each = facts[0].copy(), [line.copy() for line in facts[1:]]
    for at, name, amount in choice.amounts(request):
        (shared if at is None else each[at])[name] = amount
    for name, factor in moved.items():
        shared[name] = shared[name] * factor
    try:
        walked = walk(plan.passes, shared, each, canonical_order(request, plan.lines), m)
    except (DivisionByZero, InvalidOperation):
        raise Unpriceable("customs_value_zero", "/goods", ()) from None
    recoverable = recovers(plan, request.vat_recoverable)
    lines = tuple(_figures(facts, recoverable) for facts in walked.lines)
    return Reckoned(request, choice, walked, lines, _total(lines))


def burden(reckoned: Reckoned) -> tuple[Decimal, Decimal]:
    """What is dearer: the landed cost. Where a delivered-duty-paid price fixes it, the taxes that its seller bears."""
    inside = reckoned.totals["taxes"] if reckoned.request.incoterm is Incoterm.DDP else ZERO
    return reckoned.totals["landed_cost"], inside


def width(cheap: Reckoned, dear: Reckoned) -> Decimal:
    """How far apart two reckonings are."""
    landed, inside = (more - less for more, less in zip(burden(dear), burden(cheap), strict=True))
    return landed or inside


def facts_of(plan: Plan) -> tuple[Facts, ...]:
    """The values that enter the walk, before the amounts are filled in: those of the consignment, then those of each line."""
    lines = ({name: fact.value for name, fact in line.facts.items()} | silent(line) for line in plan.lines)
    return {name: fact.value for name, fact in plan.shared.items()}, *lines


def recovers(plan: Plan, vat_recoverable: bool) -> bool:
    """Whether the VAT is recovered: a natural person who buys by retail or post recovers nothing."""
    return vat_recoverable and plan.regime == GENERAL_TRADE


def silent(planned: PlannedLine) -> dict[str, Number]:
    """The figures of a line that no rule of its plan gives: nothing, each with its reason in the plan."""
    nothing: dict[str, Number] = {"payment_cost": ZERO}
    return nothing | {"trade_remedies": ZERO} if planned.zeros.get("trade_remedies") else nothing


def limited(limit: Limit, walked: Walked) -> Any:
    """The amount that a limit of the regime is held against: the consignment's, or the sum of one of its lines'."""
    summed = limit.amount.removeprefix("total_")
    if summed == limit.amount:
        return walked.shared[limit.amount]
    return sum((line[summed] for line in walked.lines), ZERO)


def _figures(facts: Mapping[str, Number], vat_recoverable: bool) -> Totals:
    figures = {name: FEN(facts.get(source, ZERO)) for name, source in FIGURES.items()}
    figures["landed_cost_net_of_vat"] = figures["landed_cost"] - (figures["vat"] if vat_recoverable else ZERO)
    return figures


def _total(lines: Sequence[Totals]) -> Totals:
    """The figures of all lines together."""
    if len(lines) == 1:
        return lines[0]
    return {name: sum((line[name] for line in lines), ZERO) for name in lines[0]}


def _without_waived_taxes(
    request: QuoteRequest, dossier: Dossier, picks: Picks, solved: Reckoned, m: Explained, moved: Moved
) -> Reckoned:
    """A delivered-duty-paid price does not contain a tax that is waived: solve it again without, if that agrees."""
    for untaxed in _candidates(solved.waived()):
        again = _once(request, dossier, {**picks, **{f"untaxed/{tax}": 1 for tax in untaxed}}, m, moved)
        if again.waived() == untaxed:
            return again
    return solved


def _candidates(waived: frozenset[str]) -> Iterator[frozenset[str]]:
    for size in range(len(waived), 0, -1):
        for some in combinations(sorted(waived), size):
            yield frozenset(some)


def _sound(request: QuoteRequest, reckoned: Reckoned) -> None:
    """Nothing that a price contains, or that is taken off its value, may be more than the price, and limits hold."""
    for limit in reckoned.choice.plan.limits:
        _within(limit, reckoned)
    for number, line in enumerate(reckoned.lines):
        if line["customs_value"] < 0:
            raise Unpriceable("customs_value_negative", _culprit(request, number), (), value=line["customs_value"])
        if line["goods"] < 0:
            raise Unpriceable("costs_exceed_price", _culprit(request, number), (), goods=line["goods"])


def _within(limit: Limit, reckoned: Reckoned) -> None:
    """An amount over its limit closes a regime, or does not fit."""
    amount, most = limited(limit, reckoned.walked), reckoned.walked.shared[limit.figure]
    if amount > most:
        facts = {
            "because": limit.code,
            "amount": amount if limit.refusal == "more_than_fits" else FEN(amount),
            "limit": most,
        }
        allowed = {"regime_closed": (GENERAL_TRADE,), "more_than_fits": (f"{amount:f}",)}.get(limit.refusal, ())
        raise Unpriceable(limit.refusal, limit.pointer, allowed, regime=reckoned.choice.plan.regime, **facts)


def _culprit(request: QuoteRequest, number: int) -> str:
    """The place in the request that most likely exceeds the price."""
    if request.goods[number].deductions:
        return f"/goods/{number}/deductions"
    costs = request.costs
    inside = contained(request.incoterm, request.place_is_port)
    if costs.destination and Leg.DELIVERY in inside:
        return "/costs/destination"
    if costs.freight is not None and Leg.FREIGHT in inside:
        return "/costs/freight"
    if costs.insurance is not None and Leg.INSURANCE in inside:
        return "/costs/insurance"
    if any(leg in inside for leg in costs.origin):
        return "/costs/origin"
    return f"/goods/{number}/price"
