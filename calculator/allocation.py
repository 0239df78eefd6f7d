"""Spreading a cost of the whole consignment over its lines, so that the parts always add up to the cost."""

from typing import Any

from calculator.money import FEN
from calculator.rules import rule


@rule(shown="never")
def part(m: Any, cost: Any, running_weight: Any, weight: Any, total_weight: Any) -> Any:
    """A line's part of a shared cost: the rounded running total up to it, less the rounded running total before it.

    Running totals are taken in a canonical order of the lines, so that the order of a request changes no amount.
    """
    return m.running_share(cost, running_weight, weight, total_weight, FEN)


@rule(shown="never")
def whole(m: Any, cost: Any) -> Any:
    """All of a shared cost, where the consignment has one line."""
    return cost
