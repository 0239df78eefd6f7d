"""The same consignment month by month: declared on each month's first day, at the law and the rates that hold then."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.quote import Quote, quote_of
from calculator.request import QuoteRequest

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """The consignment had it been declared on a day; its quote, or why there is none."""

    declared_on: date
    quote: Quote | None
    refusal: Unpriceable | None = None


def month_by_month(
    request: QuoteRequest, behind: int, ahead: int, dossier_of: Callable[[QuoteRequest], Dossier]
) -> Iterator[Month]:
    """The consignment in the month of its day, so many months before and so many after, the oldest first."""
    for on in months(request.declared_on, behind, ahead):
        then = declared(request, on)
        try:
            yield Month(on, quote_of(then, dossier_of(then)))
        except Unpriceable as refusal:
            yield Month(on, None, refusal)


def declared(request: QuoteRequest, on: date) -> QuoteRequest:
    """The request declared on another day.

    Before its own day the rates of then take the place of those that it states. After it they stay as they are, and an old
    rate of a desk is no reason to refuse: nobody knows a newer one. A day of payment belongs to the request's own day alone.
    """
    late = replace(request.late, paid_on=None)
    if on <= request.declared_on:
        return replace(request, declared_on=on, late=late, fx={}, customs_fx={})
    return replace(request, declared_on=on, late=late, strict_fx=False)


def months(middle: date, behind: int, ahead: int = 0) -> Sequence[date]:
    """The first day of the month of a day, of so many months before it and so many after."""
    this = middle.year * MONTHS + middle.month - 1
    return [date(each // MONTHS, each % MONTHS + 1, 1) for each in range(this - behind, this + ahead + 1)]
