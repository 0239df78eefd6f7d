"""How the landed cost answers: to single shocks, to two at once, to the law and rates of earlier months."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from calculator.arithmetic import Remembering
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.money import FEN, divide
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest
from calculator.shocking import shocked

# The share of the goods that does not arrive fit for sale: the rest bears the cost of all.
SHRINKAGE = "shrinkage"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What the landed cost becomes, in yuan; or why it cannot be told."""

    landed_cost: Decimal | None
    refusal: Unpriceable | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The consignment had it been declared on a day; its quote, or why there is none."""

    declared_on: date
    quote: Quote | None
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


def history(request: QuoteRequest, years: int, dossier_of: Callable[[QuoteRequest], Dossier]) -> Iterator[Month]:
    """The consignment on the first day of each month of so many years, the oldest first, at the law and rates of then."""
    for on in months(request.declared_on, years):
        then = replace(request, declared_on=on, fx={}, customs_fx={}, fx_band=None)
        try:
            yield Month(on, quote_of(then, dossier_of(then)))
        except Unpriceable as refusal:
            yield Month(on, None, refusal)


def months(last: date, years: int) -> Sequence[date]:
    """The first days of the months of so many years up to a day."""
    newest = last.year * MONTHS + last.month - 1
    return [date(each // MONTHS, each % MONTHS + 1, 1) for each in range(newest - years * MONTHS, newest + 1)]
