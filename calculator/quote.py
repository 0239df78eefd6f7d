"""The cashier: from the walked plan to the quote, its sums, its open range and how far it can be trusted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from calculator.choose import Picks, choose
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.measuring import packages, quantity_in
from calculator.money import FEN, Number, divide, half_up
from calculator.plan import USER, Fact, OpenPoint, Plan, Remark
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED, Rule, Step, Walked, walk
from calculator.units import UNITS

ENGINE_VERSION = "1"
PER_UNIT = half_up(4)
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

Totals = dict[str, Decimal]
# A figure that had a part in the result: the line it belongs to (None for the consignment), its name, and itself.
Used = tuple[int | None, str, Fact]


@dataclass(frozen=True, slots=True)
class PerUnit:
    """The landed cost of one unit, in yuan to four decimals."""

    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Width:
    """One source of uncertainty: the open point and how far apart its answers bring the landed cost, in yuan."""

    remark: Remark
    width: Decimal


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest totals that the open points allow."""

    low: Totals
    high: Totals
    sources: tuple[Width, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a quote can be trusted: `status` and the weakest letter, with a reason for everything that is not A."""

    status: str
    confidence: str
    reasons: tuple[Remark, ...]
    range: Range | None


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
    used = tuple(_used(plan, walked))
    expires_on, because = _expiry(used, request.declared_on)
    return Quote(
        request=request,
        dossier=dossier,
        plan=plan,
        walked=walked,
        totals=totals,
        lines=lines,
        per_unit=tuple(_per_unit(request, dossier, number, line) for number, line in enumerate(lines)),
        outcome=_outcome(request, dossier, plan, used, range_),
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


def _used(plan: Plan, walked: Walked) -> Iterator[Used]:
    """Every fact that had a part in the result: those of rules that came out as nothing worth showing had none."""
    seen = set()
    for step in walked.steps:
        if step.rule.shown == "nonzero" and step.value == 0:
            continue
        for name in step.rule.inputs:
            line = step.line
            fact = plan.lines[line].facts.get(name) if line is not None else None
            if fact is None:
                line, fact = None, plan.shared.get(name)
            if fact is not None and (line, name) not in seen:
                seen.add((line, name))
                yield line, name, fact


def _outcome(
    request: QuoteRequest, dossier: Dossier, plan: Plan, used: tuple[Used, ...], range_: Range | None
) -> Outcome:
    reasons = list(plan.reasons)
    for table in sorted({fact.table for _, _, fact in used if fact.table}):
        known = dossier.known_until(table)
        if known is not None and known < request.declared_on:
            reasons.append(Remark("table_not_updated", "/declared_on", {"table": table, "known_until": known}))
    letters = {"B"} if any(each.code == "consumption_tax_outside_every_heading" for each in reasons) else {"A"}
    estimated = range_ is not None
    estimated |= any(each.code in ("customs_rate_estimated", "table_not_updated") for each in reasons)
    told = set()
    for line, name, fact in used:
        if fact.confidence in (USER, "A") or name.startswith("market_rate"):
            continue
        letters.add(fact.confidence)
        estimated |= fact.confidence == "C"
        pointer = "" if line is None else f"/goods/{line}"
        if name.startswith("customs_rate") or (fact.origin, pointer) in told:
            continue
        told.add((fact.origin, pointer))
        reasons.append(
            Remark(
                "figure_not_verified", pointer, {"figure": name, "confidence": fact.confidence, "origin": fact.origin}
            )
        )
    if range_ is not None:
        reasons += [source.remark for source in range_.sources]
    return Outcome("estimated" if estimated else "complete", max(letters), tuple(reasons), range_)


def _expiry(used: tuple[Used, ...], on: date) -> tuple[date | None, Remark | None]:
    """The earliest day on which a figure of the quote stops being true."""
    ends = [(fact.valid_to, name, fact) for _, name, fact in used if fact.valid_to is not None and fact.valid_to >= on]
    if not ends:
        return None, None
    day, name, fact = min(ends, key=lambda end: (end[0], end[1]))
    code = "customs_rate_month_ends" if name.startswith("customs_rate") else "figure_ends"
    return day, Remark(code, "", {"figure": name, "on": day, "origin": fact.origin})


def _per_unit(request: QuoteRequest, dossier: Dossier, number: int, totals: Totals) -> tuple[PerUnit, ...]:
    """The landed cost by kilogram, jin, package and whatever else the goods are counted in."""
    line, found = request.goods[number], dossier.lines[number]
    wanted = ["kg", "jin", "L", line.quantity.unit]
    if line.price.per != "total":
        wanted.append(line.price.per)
    result: dict[str, PerUnit] = {}
    for unit in wanted:
        if unit in result or UNITS[unit].kind == "package":
            continue
        try:
            quantity = quantity_in(unit, line, found, "", "per_unit")
        except Unpriceable:
            continue
        result[unit] = PerUnit(unit, PER_UNIT(divide(totals["landed_cost"], quantity.value)))
    count = packages(line, found)
    if count is not None and found.package is not None:
        result["package"] = PerUnit(found.package.code, PER_UNIT(divide(totals["landed_cost"], count.value)))
    elif UNITS[line.quantity.unit].kind == "package":
        amount = PER_UNIT(divide(totals["landed_cost"], line.quantity.value))
        result["package"] = PerUnit(line.quantity.unit, amount)
    return tuple(result.values())
