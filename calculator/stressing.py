"""How the landed cost answers to single shocks, and to several at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from calculator.arithmetic import Remembering
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import FEN, divide
from calculator.quote import quote_of
from calculator.request import QuoteRequest
from calculator.shocking import shocked

# The share of the goods that does not arrive fit for sale: the rest bears the cost of all.
SHRINKAGE = "shrinkage"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the landed cost becomes, in yuan; or why it cannot be told."""

    landed_cost: Decimal | None
    refusal: Unpriceable | None = None


class Stress:
    """Shocks of one request. Each is a share by which a figure rises, or falls; of shrinkage the share that is lost."""

    def __init__(self, request: QuoteRequest, dossier: Dossier) -> None:
        # A band of exchange rates moves no figure that is told here.
        request = replace(request, fx_band=None)
        self._request, self._dossier = request, dossier
        self._m = Remembering()
        self.base = quote_of(request, dossier, self._m)

    def answer(self, shocks: Mapping[str, Decimal]) -> Answer:
        """The landed cost after some shocks together."""
        request, dossier, lost = self._request, self._dossier, Decimal(0)
        try:
            for what, by in shocks.items():
                if what == SHRINKAGE:
                    lost = by
                else:
                    request, dossier = shocked(request, dossier, what, 1 + by)
            landed = quote_of(request, dossier, self._m).totals["landed_cost"]
        except Unpriceable as refusal:
            return Answer(None, refusal)
        return Answer(FEN(divide(landed, 1 - lost)) if lost else landed)
