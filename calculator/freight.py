"""What the way costs: how each mode counts the goods, and what a carrier or a port asks for them.

Weight breaks, minimums and whole containers are arithmetic; which rate applies was chosen before.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from calculator.money import half_up, upwards
from calculator.rules import Rule, rule

# A carrier's invoice is in whole cents.
CENT = half_up(2)
KG_PER_TONNE = 1000
CM3_PER_M3 = 1_000_000


@lru_cache(maxsize=8)
def containers_needed(limits: tuple[tuple[str, str], ...]) -> Rule:
    """Whole containers for a consignment: the highest of its weight, room and pallets over what one takes of each.

    `limits` are pairs of names: what there is in all, and what one container takes of it.
    """
    names = tuple(name for pair in limits for name in pair)

    def needed(m: Any, *values: Any) -> Any:
        parts = [m.divide(values[at], values[at + 1]) for at in range(0, len(values), 2)]
        return parts[0] if len(parts) == 1 else m.greatest(*parts)

    return Rule("containers_needed", needed, names, rounds_to=upwards(Decimal(1)))


@rule()
def revenue_tons(m: Any, total_gross_kg: Any, total_volume_m3: Any, least_revenue_tons: Any) -> Any:
    """What a shared container is charged by: tonnes or cubic metres, whichever is more, and at least so many."""
    return m.greatest(m.divide(total_gross_kg, m.num(KG_PER_TONNE)), total_volume_m3, least_revenue_tons)


@lru_cache(maxsize=8)
def chargeable_kg(step: Decimal) -> Rule:
    """What an air carrier charges by: gross weight or the weight of the room taken, rounded up to the carrier's step."""

    def weight(m: Any, total_gross_kg: Any, total_volume_m3: Any, cm3_per_kg: Any) -> Any:
        return m.greatest(total_gross_kg, m.divide(total_volume_m3 * m.num(CM3_PER_M3), cm3_per_kg))

    names = ("total_gross_kg", "total_volume_m3", "cm3_per_kg")
    return Rule("chargeable_kg", weight, names, rounds_to=upwards(step))


@lru_cache(maxsize=64)
def by_breaks(name: str, quantity: str, breaks: int, minimum: bool, payee: str) -> Rule:
    """An amount by weight breaks: of every break its rate on the weight, or on the break's own where that is more, the
    cheapest; then at least the minimum. In the currency of the rate, to the cent."""
    names = [quantity]
    for number in range(breaks):
        names += [f"{name}_from_{number}", f"{name}_at_{number}"]
    if minimum:
        names.append(f"{name}_minimum")

    def amount(m: Any, measured: Any, *figures: Any) -> Any:
        pairs = figures[: 2 * breaks]
        offers = [pairs[at + 1] * m.greatest(measured, pairs[at]) for at in range(0, 2 * breaks, 2)]
        cheapest = offers[0] if breaks == 1 else m.least(*offers)
        return m.greatest(cheapest, figures[-1]) if minimum else cheapest

    return Rule(f"{name}_amount", amount, tuple(names), rounds_to=CENT, payee=payee)


@lru_cache(maxsize=64)
def for_each(name: str, quantity: str, per: int, minimum: bool, payee: str) -> Rule:
    """An amount for each unit of something, `per` of them to the unit, and at least the minimum; to the cent."""

    def amount(m: Any, rate: Any, measured: Any, *least: Any) -> Any:
        asked = rate * measured if per == 1 else m.divide(rate * measured, m.num(per))
        return m.greatest(asked, *least) if least else asked

    names = (f"{name}_tariff", quantity, *((f"{name}_minimum",) if minimum else ()))
    return Rule(f"{name}_amount", amount, names, rounds_to=CENT, payee=payee)
