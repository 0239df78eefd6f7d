"""The calculator of landed cost: exact, explained, without files, clock or network.

Its public names are here, each read from its room when it is first asked for; docs/library.md shows them at work. A change of
one of them is told in the changelog; everything else may change between releases.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calculator.aiming import Aimed, Measured, Target, aimed
    from calculator.citations import Citation
    from calculator.comparing import Scenario, compared
    from calculator.dossier import Dossier
    from calculator.errors import NotInForce, Unpriceable, Unreadable
    from calculator.incoterms import Incoterm
    from calculator.money import Money
    from calculator.monthly import Month, month_by_month
    from calculator.outcome import Outcome, Range
    from calculator.quantities import Quantity, read_quantity
    from calculator.quote import Quote, quote_of
    from calculator.request import (
        Adjustment,
        Costs,
        GoodsLine,
        Holding,
        Insurance,
        Lateness,
        OwnExcise,
        OwnRemedy,
        OwnTariff,
        Payment,
        Price,
        QuoteRequest,
        Route,
    )
    from calculator.rules import Rule, Step
    from calculator.stressing import Answer, Stress
    from calculator.tariff_line import AdValorem, Compound, Specific
    from calculator.way import BEST, CBEC_RETAIL, GENERAL_TRADE, POSTAL_ARTICLES

__all__ = [
    "BEST",
    "CBEC_RETAIL",
    "GENERAL_TRADE",
    "POSTAL_ARTICLES",
    "AdValorem",
    "Adjustment",
    "Aimed",
    "Answer",
    "Citation",
    "Compound",
    "Costs",
    "Dossier",
    "GoodsLine",
    "Holding",
    "Incoterm",
    "Insurance",
    "Lateness",
    "Measured",
    "Money",
    "Month",
    "NotInForce",
    "Outcome",
    "OwnExcise",
    "OwnRemedy",
    "OwnTariff",
    "Payment",
    "Price",
    "Quantity",
    "Quote",
    "QuoteRequest",
    "Range",
    "Route",
    "Rule",
    "Scenario",
    "Specific",
    "Step",
    "Stress",
    "Target",
    "Unpriceable",
    "Unreadable",
    "aimed",
    "compared",
    "month_by_month",
    "quote_of",
    "read_quantity",
]
# Where they live.
_ROOMS = {
    "aiming": ("Aimed", "Measured", "Target", "aimed"),
    "citations": ("Citation",),
    "comparing": ("Scenario", "compared"),
    "dossier": ("Dossier",),
    "errors": ("NotInForce", "Unpriceable", "Unreadable"),
    "incoterms": ("Incoterm",),
    "money": ("Money",),
    "monthly": ("Month", "month_by_month"),
    "outcome": ("Outcome", "Range"),
    "quantities": ("Quantity", "read_quantity"),
    "quote": ("Quote", "quote_of"),
    "request": (
        *(
            "Adjustment",
            "Costs",
            "GoodsLine",
            "Holding",
            "Insurance",
            "Lateness",
            "OwnExcise",
            "OwnRemedy",
            "OwnTariff",
        ),
        *("Payment", "Price", "QuoteRequest", "Route"),
    ),
    "rules": ("Rule", "Step"),
    "stressing": ("Answer", "Stress"),
    "tariff_line": ("AdValorem", "Compound", "Specific"),
    "way": ("BEST", "CBEC_RETAIL", "GENERAL_TRADE", "POSTAL_ARTICLES"),
}

if not TYPE_CHECKING:
    # A room of the house that needs one small thing of the calculator does not wait for all of it.
    _ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

    def __getattr__(name: str) -> Any:
        if name not in _ROOM_OF:
            raise AttributeError(f"module 'calculator' has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"calculator.{_ROOM_OF[name]}"), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
