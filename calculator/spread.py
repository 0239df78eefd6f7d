"""How far apart the answers to the open points bring a quote: the range of its totals, and which answer is shown."""

from decimal import Decimal

from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import DUE, LEAST
from calculator.outcome import Range, Width
from calculator.plan import OpenPoint, Remark
from calculator.reckoning import Reckoned, reckon
from calculator.request import QuoteRequest

# The point that stands behind a rule that takes something off.
POINT_OF = {
    "duty_waiver": "duty_waiver",
    "consumption_tax_waiver": "small_taxes",
    "vat_waiver": "small_taxes",
    **{f"late_payment_waiver:{tax}": LEAST for tax in DUE},
}


def spread(request: QuoteRequest, dossier: Dossier, base: Reckoned) -> tuple[Reckoned, Range | None]:
    """Try every answer to every open point: the cheapest make the low end of the range, the dearest the high end.

    The dearest answers are shown, but for fixed points, whose first answer is. A point that changes nothing is dropped.
    """
    if not base.choice.plan.open_points:
        return base, None
    walked = base.walked.steps
    waived = {POINT_OF[each.rule.name] for each in walked if each.rule.name in POINT_OF and each.value != 0}
    live = [point for point in base.choice.plan.open_points if not point.fixed or point.key in waived]
    if not live:
        return base, None
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    shown: dict[str, int] = {}
    sources = []
    for point in live:
        burdens = _burdens(request, dossier, base, point)
        low[point.key] = min(burdens, key=lambda answer: (burdens[answer], answer))
        high[point.key] = max(burdens, key=lambda answer: (burdens[answer], -answer))
        shown[point.key] = 0 if point.fixed else high[point.key]
        width = max(burdens.values()) - min(burdens.values())
        if width:
            sources.append(Width(Remark(point.code, point.pointer, point.facts), width))
    if not sources:
        return base, None
    reckoned = reckon(request, dossier, shown) if any(shown.values()) else base
    ends = [reckon(request, dossier, picks).totals for picks in (low, high)]
    return reckoned, Range(ends[0], ends[1], tuple(sources))


def _burdens(request: QuoteRequest, dossier: Dossier, base: Reckoned, point: OpenPoint) -> dict[int, Decimal]:
    """What each answer to a point costs; an answer that this request cannot be priced with is left out."""
    burdens = {0: _burden(request, base)}
    for answer in range(1, point.answers):
        try:
            burdens[answer] = _burden(request, reckon(request, dossier, {point.key: answer}))
        except Unpriceable:
            continue
    return burdens


def _burden(request: QuoteRequest, reckoned: Reckoned) -> Decimal:
    """The landed cost; a delivered-duty-paid price fixes it, and what its seller bears are the taxes inside."""
    return reckoned.totals["taxes" if request.incoterm is Incoterm.DDP else "landed_cost"]
