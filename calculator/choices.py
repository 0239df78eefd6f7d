"""What was chosen before: plans without their amounts, kept for every request that is alike but for these.

A plan is chosen for a request whose amounts of money are blank, and filled in for each request. Where choosing does look
at an amount after all, nothing is kept and each request is chosen for by itself: slower, and never wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from calculator.alike import Alike, Blank, apart, blanks_in, without_amounts
from calculator.choose import choose, choose_unordered
from calculator.desk import Picks
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.plan import Fact, Plan
from calculator.request import QuoteRequest
from calculator.weighing import canonical_order

MOST_CHOICES = 1024


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What was chosen, whatever the amounts come to: where it is kept, `request` and `plan` have blanks for them.

    A choice is equal to itself alone, so that what follows from it can be kept beside it.
    """

    request: QuoteRequest
    dossier: Dossier
    plan: Plan

    def filled(self, request: QuoteRequest, amounts: Sequence[Decimal]) -> Plan:
        """The plan of a request that is alike, with its amounts."""
        return replace(
            self.plan,
            shared=_filled(self.plan.shared, amounts),
            lines=tuple(replace(line, facts=_filled(line.facts, amounts)) for line in self.plan.lines),
            order=canonical_order(request, self.plan.lines),
        )


def chosen(request: QuoteRequest, dossier: Dossier, picks: Picks) -> tuple[Choice, Plan]:
    """What is chosen for a request, and its plan with the request's own amounts. Raises Unpriceable."""
    parts = apart(request)
    key = (id(dossier), parts.names, parts.figures, tuple(picks.items()))
    choice = _kept(Alike(key, request, dossier, picks))
    if choice is None:
        plan = choose(request, dossier, picks)
        return Choice(request, dossier, plan), plan
    return choice, choice.filled(request, parts.amounts)


@lru_cache(maxsize=MOST_CHOICES)
def _kept(asked: Alike) -> Choice | None:
    """The choice for all requests like this one, None where none can be made without their amounts.

    The dossier is looked up by its identity; it is kept as long as the choice is, so that no other can take its place.
    """
    request, dossier, picks = asked.found_with
    blank = without_amounts(request)
    try:
        plan = choose_unordered(blank, dossier, picks)
    except (InvalidOperation, Unpriceable):
        return None
    facts = (plan.shared, *(line.facts for line in plan.lines))
    to_fill = sum(isinstance(fact.value, Blank) for each in facts for fact in each.values())
    # An amount that stands anywhere else, such as in a remark, would stay blank. Rules are made of names alone.
    return Choice(blank, dossier, plan) if blanks_in(replace(plan, passes=())) == to_fill else None


def _filled(facts: Facts, amounts: Sequence[Decimal]) -> Facts:
    """The facts with the amounts in their places."""
    return {
        name: replace(fact, value=amounts[fact.value.place]) if isinstance(fact.value, Blank) else fact
        for name, fact in facts.items()
    }
