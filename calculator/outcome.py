"""How far a quote can be trusted, why, and until when: every figure that had a part in it is asked for its letter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.plan import USER, Fact, Plan, Remark
from calculator.rules import Signs, Walked

Totals = dict[str, Decimal]
# The place in the request that brought the figures of a table in.
PLACES = {
    "payment-rails": "/payment/rail",
    "charges": "/route",
    "freight-rates": "/costs/freight",
    "equipment": "/route",
}
# A figure that had a part in the result: the line it belongs to (None for the consignment), its name, and itself.
Used = tuple[int | None, str, Fact]


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

    def within(self, range_: Range | None) -> "Outcome":
        """The same of a quote whose totals are open between two ends: it is an estimate, and its sources are reasons."""
        if range_ is None:
            return self
        reasons = (*self.reasons, *(source.remark for source in range_.sources))
        return replace(self, status="estimated", reasons=reasons, range=range_)


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """The outcome of a quote but for its open range, and the last day on which its figures hold, with what ends then.

    Like the choice that it is of, it is equal to itself alone.
    """

    outcome: Outcome
    expires_on: date | None
    because: Remark | None


def used_facts(plan: Plan, walked: Walked) -> Iterator[Used]:
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


def trust(choice: Choice, walked: Walked, signs: Signs) -> Trust:
    """How far all quotes of a choice can be trusted in which the same figures came to nothing."""
    return choice.beside((Trust, signs), lambda: _trust(choice, walked))


def _trust(choice: Choice, walked: Walked) -> Trust:
    on = choice.request.declared_on
    used = tuple(used_facts(choice.plan, walked))
    return Trust(_outcome(on, choice.dossier, choice.plan, used), *_expiry(used, on))


def _outcome(on: date, dossier: Dossier, plan: Plan, used: tuple[Used, ...]) -> Outcome:
    """The status, the weakest letter and the reasons, from the figures that had a part in the result."""
    reasons = list(plan.reasons)
    for table in sorted({fact.table for _, _, fact in used if fact.table}):
        known = dossier.known_until(table)
        if known is not None and known < on:
            reasons.append(Remark("table_not_updated", "/declared_on", {"table": table, "known_until": known}))
    letters = {"A"} | {each.letter for each in reasons if each.letter}
    estimated = "C" in letters
    estimated |= any(each.code in ("customs_rate_estimated", "table_not_updated") for each in reasons)
    told = set()
    for line, name, fact in used:
        if fact.confidence in (USER, "A") or name.startswith("market_rate"):
            continue
        letters.add(fact.confidence)
        estimated |= fact.confidence == "C"
        pointer = PLACES.get(fact.table, "") if line is None else f"/goods/{line}"
        if name.startswith("customs_rate") or (fact.origin, pointer) in told:
            continue
        told.add((fact.origin, pointer))
        reasons.append(
            Remark(
                "figure_not_verified", pointer, {"figure": name, "confidence": fact.confidence, "origin": fact.origin}
            )
        )
    return Outcome("estimated" if estimated else "complete", max(letters), tuple(reasons), None)


def _expiry(used: tuple[Used, ...], on: date) -> tuple[date | None, Remark | None]:
    """The earliest day on which a figure of the quote stops being true."""
    ends = [(fact.valid_to, name, fact) for _, name, fact in used if fact.valid_to is not None and fact.valid_to >= on]
    if not ends:
        return None, None
    day, name, fact = min(ends, key=lambda end: (end[0], end[1]))
    code = "customs_rate_month_ends" if name.startswith("customs_rate") else "figure_ends"
    return day, Remark(code, "", {"figure": name, "on": day, "origin": fact.origin})
