"""What was chosen before: plans without their amounts, kept for every request that is alike but for these.

A plan is chosen for a request whose amounts of money are blank, and filled in for each request. Where choosing does look
at an amount after all, nothing is kept and each request is chosen for by itself: slower, and never wrong.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from calculator.alike import apart, blanks_in
from calculator.blank import NOWHERE, Blank
from calculator.choose import choose, choose_unordered
from calculator.common import ANEW, Common
from calculator.desk import Picks
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.memory import Memory
from calculator.money import Quotient
from calculator.plan import Plan
from calculator.request import QuoteRequest
from calculator.weighing import canonical_order

# Of how many lines of goods choices are kept, and how many followings beside each.
CHOICES: Memory[tuple[Dossier, "Choice | Unpriceable | None"]] = Memory(512)
MOST_BESIDE = 64
Made = TypeVar("Made")


# An amount of the request among the facts of a plan: the line it belongs to, its name, and its place among the amounts.
Place = tuple[int | None, str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What was chosen, whatever the amounts come to: where it is kept, `request` and `plan` have blanks at these `places`.

    What follows from a choice is kept beside it, and forgotten with it.
    """

    request: QuoteRequest
    dossier: Dossier
    plan: Plan
    places: tuple[Place, ...] = ()
    _beside: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def beside(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What follows from the choice and the key alone, made at most once for as long as it is kept."""
        made: Made | None = self._beside.get(key)
        if made is None:
            if len(self._beside) >= MOST_BESIDE:
                self._beside.clear()
            made = self._beside[key] = make()
        return made

    def amounts(self, request: QuoteRequest) -> Iterator[tuple[int | None, str, Decimal]]:
        """The amounts of a request that is alike, each with the line and the name of its fact."""
        if not self.places:
            return iter(())
        amounts = apart(request).amounts
        return ((line, name, amounts[place]) for line, name, place in self.places)

    def filled(self, request: QuoteRequest) -> Plan:
        """The plan of a request that is alike, with its amounts."""
        shared, lines = dict(self.plan.shared), [dict(line.facts) for line in self.plan.lines]
        for line, name, amount in self.amounts(request):
            facts = shared if line is None else lines[line]
            facts[name] = replace(facts[name], value=amount)
        return replace(
            self.plan,
            shared=shared,
            lines=tuple(replace(line, facts=facts) for line, facts in zip(self.plan.lines, lines, strict=True)),
            order=canonical_order(request, self.plan.lines),
        )


def chosen(request: QuoteRequest, dossier: Dossier, picks: Picks, common: Common | None = None) -> Choice:
    """What is chosen for a request, with `common` one of many. Raises Unpriceable."""
    parts = apart(request)
    # The dossier goes by its identity: whatever is kept of it holds it, so that no other can take its place.
    key = (id(dossier), parts.names, parts.figures, tuple(picks.items()))
    choices = CHOICES if common is None else common.choices
    _, kept = choices.found(
        key, lambda: (dossier, _without_amounts(request, dossier, picks, common)), len(request.goods)
    )
    if isinstance(kept, Unpriceable):
        raise kept.at("")
    return kept or Choice(request, dossier, choose(request, dossier, picks, common or ANEW))


def chosen_for_all(blank: QuoteRequest, dossier: Dossier, picks: Picks) -> Choice | None:
    """The choice for all requests that are like one without measures, whatever stands in the places of its blanks.

    None where choosing looks at one of them, or where a figure does not follow from one by a factor. Raises Unpriceable where
    no such request can be priced.
    """
    try:
        plan = choose_unordered(blank, dossier, picks)
    except InvalidOperation:
        return None
    facts = [fact.value for some in (plan.shared, *(line.facts for line in plan.lines)) for fact in some.values()]
    return Choice(blank, dossier, plan) if all(map(_fillable, facts)) else None


def _fillable(value: object) -> bool:
    if isinstance(value, Quotient):
        return not isinstance(value.numerator, Blank) and not isinstance(value.denominator, Blank)
    return not isinstance(value, Blank) or value.place != NOWHERE


def _without_amounts(
    request: QuoteRequest, dossier: Dossier, picks: Picks, common: Common | None
) -> Choice | Unpriceable | None:
    """The choice for all requests like this one, or why none can be priced; None where only their amounts can tell."""
    part = common or ANEW
    blank = part.blank(request)
    try:
        plan = choose_unordered(blank, dossier, picks, part)
    except InvalidOperation:
        return None
    except Unpriceable as refusal:
        return None if blanks_in(tuple(refusal.facts.values())) else refusal.at("")
    places = tuple(_places(plan))
    # An amount that stands anywhere else, such as in a remark, could not be filled in. Rules are made of names alone, and of a
    # fact it is the value that may be one.
    told = (plan.alternatives, plan.open_points, plan.assumptions, plan.warnings, plan.reasons, plan.limits)
    blanks = sum(map(part.blanks_in, (each for some in told for each in some)))
    blanks += sum(map(part.blanks_in, (*plan.packings, *(line.duty for line in plan.lines))))
    return None if blanks else Choice(blank, dossier, plan, places)


def _places(plan: Plan) -> Iterator[Place]:
    for line, facts in ((None, plan.shared), *((number, each.facts) for number, each in enumerate(plan.lines))):
        for name, fact in facts.items():
            if isinstance(fact.value, Blank):
                yield line, name, fact.value.place
