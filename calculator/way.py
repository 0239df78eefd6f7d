"""What a regime's choosing hands back: its lines, its figures, its rules, and the limits it must keep."""

from collections.abc import Mapping
from dataclasses import dataclass

from calculator.passes import LineRules, Regime
from calculator.plan import Alternative, Fact, Limit, PlannedLine

GENERAL_TRADE, CBEC_RETAIL, POSTAL_ARTICLES = "general_trade", "cbec_retail", "postal_articles"
REGIMES = (GENERAL_TRADE, CBEC_RETAIL, POSTAL_ARTICLES)
# Asks for the cheapest of them that is open.
BEST = "best"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line on its way into the plan; `currencies` are those in which its rows state a threshold."""

    planned: PlannedLine
    rules: LineRules
    alternatives: tuple[Alternative, ...] = ()
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """A consignment as one regime takes it in."""

    lines: tuple[Chosen, ...]
    shared: Mapping[str, Fact]
    regime: Regime
    limits: tuple[Limit, ...] = ()
