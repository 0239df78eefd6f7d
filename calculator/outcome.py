"""How far a quote can be trusted, why, and until when: every figure that had a part in it is asked for its letter."""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from calculator.choices import Choice
from calculator.dossier import Dossier
from calculator.memory import Memory
from calculator.plan import UNVERIFIED, USER, Fact, Plan, Remark
from calculator.rules import Rule, Signs, Step, Walked

Totals = dict[str, Decimal]
SURE = frozenset({USER, "A"})
ESTIMATED_RATE, OUTDATED = "customs_rate_estimated", "table_not_updated"
# The place in the request that brought the figures of a table in.
PLACES = {
    "payment-rails": "/payment/rail",
    "charges": "/route",
    "freight-rates": "/costs/freight",
    "equipment": "/route",
}
# A figure that had a part in the result: the line it belongs to (None for the consignment), its name, and itself.
Used = tuple[int | None, str, Fact]
# What the steps of many lines of goods read; most walks take the same.
READ: Memory[Collection[tuple[int | None, str]]] = Memory(512)


@dataclass(frozen=True, slots=True)
class Width:
    """One source of uncertainty, and how far apart it brings the landed cost, in yuan.

    `width` is None where nothing says how far a figure may be off; `above` is the part of it that lies above what is shown.
    `asked`: the request itself asks what would become of the landed cost, so that it says nothing of how far the quote can be
    trusted.
    """

    remark: Remark
    width: Decimal | None
    above: Decimal = Decimal(0)
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest totals that the open points allow, and the band of exchange rates that was asked for."""

    low: Totals
    high: Totals
    sources: tuple[Width, ...]

    @property
    def reasons(self) -> tuple[Remark, ...]:
        """What makes the quote an estimate beside its figures; those of unknown width are figures, and told with them."""
        return tuple(each.remark for each in self.sources if each.width is not None and not each.asked)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a quote can be trusted: `status` and the weakest letter, with a reason for everything that is not A."""

    status: str
    confidence: str
    reasons: tuple[Remark, ...]
    range: Range | None

    def within(self, range_: Range | None) -> "Outcome":
        """The same of a quote whose totals are open between two ends: what opens them makes it an estimate."""
        if range_ is None:
            return self
        status = "estimated" if range_.reasons else self.status
        return replace(self, status=status, reasons=(*self.reasons, *range_.reasons), range=range_)


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """The outcome of a quote but for its open range, and the last day on which its figures hold, with what ends then.

    `unbounded` are the reasons for an estimate of which nothing says how far they may be off. Like the choice that it is of,
    it is equal to itself alone.
    """

    outcome: Outcome
    unbounded: tuple[Width, ...]
    expires_on: date | None
    because: Remark | None


def used_facts(plan: Plan, walked: Walked) -> Iterator[Used]:
    """Every fact that had a part in the result: those of rules that came out as nothing worth showing had none."""
    worth = [step for step in walked.steps if step.rule.shown != "nonzero" or step.value != 0]
    key = tuple([(step.rule.number, step.line) for step in worth])
    seen = set()
    for line, name in READ.found(key, lambda: _read_by(worth), len(plan.lines)):
        own = plan.lines[line].facts.get(name) if line is not None else None
        if own is not None:
            yield line, name, own
        elif name in plan.shared and name not in seen:
            seen.add(name)
            yield None, name, plan.shared[name]


def _read_by(steps: Iterable[Step]) -> Collection[tuple[int | None, str]]:
    """The names that steps read, each with the line that it is read for, in the order of the reading."""
    return {(step.line, name): None for step in steps for name in step.rule.inputs}


def trust(choice: Choice, walked: Walked, signs: Signs) -> Trust:
    """How far all quotes of a choice can be trusted in which the same figures came to nothing."""
    return choice.beside((Trust, signs), lambda: _trust(choice, walked))


def _trust(choice: Choice, walked: Walked) -> Trust:
    on = choice.request.declared_on
    used = tuple(used_facts(choice.plan, walked))
    unsure = [each for each in used if each[2].confidence not in SURE]
    outcome = _outcome(on, choice.dossier, choice.plan, used, unsure)
    return Trust(outcome, _unbounded(outcome, choice, walked, used, unsure), *_expiry(used, on))


def with_unbounded(range_: Range | None, found: Trust, totals: Totals) -> Range | None:
    """The range of a quote with what is not verified and has no bounds named: every estimate has one.

    Where nothing else is open its ends are the totals; None where every figure is verified.
    """
    if range_ is not None:
        return replace(range_, sources=(*range_.sources, *found.unbounded)) if found.unbounded else range_
    return Range(totals, totals, found.unbounded) if found.outcome.status == "estimated" else None


def _unbounded(
    outcome: Outcome, choice: Choice, walked: Walked, used: Sequence[Used], unsure: Sequence[Used]
) -> tuple[Width, ...]:
    """The reasons for an estimate that no open point lies around; a band stands around the customs rates that it moves.

    What the seller pays out of his own pocket may be as uncertain as it likes: figures that the landed cost does not hang on
    move neither end.
    """
    between = {origin for point in choice.plan.open_points for origin in point.bounds}
    counted = _counted(tuple([step.rule for step in walked.steps]))
    origins = {fact.origin for _, name, fact in unsure if name in counted} - between
    banded = choice.request.fx_band is not None
    return tuple(
        [
            Width(each, None)
            for each in outcome.reasons
            if (each.code == ESTIMATED_RATE and not banded)
            or (
                each.code == OUTDATED
                and any(name in counted and each.facts["table"] == fact.table for _, name, fact in used)
            )
            or each.letter == UNVERIFIED
            or (each.facts.get("confidence") == UNVERIFIED and each.facts["origin"] in origins)
        ]
    )


@lru_cache(maxsize=1024)
def _counted(rules: tuple[Rule, ...]) -> Set[str]:
    """The names of all that the landed cost, or the taxes inside a price that fixes it, are reckoned from by some rules."""
    counted = {"landed_cost", "taxes"}
    for rule in reversed(rules):
        if rule.name in counted:
            counted.update(rule.leans)
    return counted


def _outcome(on: date, dossier: Dossier, plan: Plan, used: Sequence[Used], unsure: Sequence[Used]) -> Outcome:
    """The status, the weakest letter and the reasons, from the figures that had a part in the result."""
    reasons = list(plan.reasons)
    ended = {state.name: state.known_until for state in dossier.tables if state.known_until and state.known_until < on}
    if ended:
        for table in sorted({fact.table for _, _, fact in used} & ended.keys()):
            reasons.append(Remark(OUTDATED, "/declared_on", {"table": table, "known_until": ended[table]}))
    letters = {"A"} | {each.letter for each in reasons if each.letter}
    estimated = UNVERIFIED in letters
    estimated |= any(each.code in (ESTIMATED_RATE, OUTDATED) for each in reasons)
    told = set()
    estimates = {f"customs_rate:{each.facts['currency']}" for each in reasons if each.code == ESTIMATED_RATE}
    for line, name, fact in unsure:
        if name.startswith("market_rate"):
            continue
        letters.add(fact.confidence)
        estimated |= fact.confidence == UNVERIFIED
        pointer = PLACES.get(fact.table, "") if line is None else f"/goods/{line}"
        if name in estimates or (fact.origin, pointer) in told:
            continue
        if name.startswith("customs_rate") and fact.confidence != UNVERIFIED:
            continue
        told.add((fact.origin, pointer))
        reasons.append(_not_verified(pointer, name, fact.confidence, fact.origin))
    return Outcome("estimated" if estimated else "complete", max(letters), tuple(reasons), None)


@lru_cache(maxsize=4096)
def _not_verified(pointer: str, name: str, confidence: str, origin: str) -> Remark:
    return Remark("figure_not_verified", pointer, {"figure": name, "confidence": confidence, "origin": origin})


def _expiry(used: Sequence[Used], on: date) -> tuple[date | None, Remark | None]:
    """The earliest day on which a figure of the quote stops being true."""
    ends = [(fact.valid_to, name, fact) for _, name, fact in used if fact.valid_to is not None and fact.valid_to >= on]
    if not ends:
        return None, None
    day, name, fact = min(ends, key=lambda end: (end[0], end[1]))
    code = "customs_rate_month_ends" if name.startswith("customs_rate") else "figure_ends"
    return day, Remark(code, "", {"figure": name, "on": day, "origin": fact.origin})
