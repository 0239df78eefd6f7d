"""How far apart the answers to the open points bring a quote: the range of its totals, and which answer is shown.

Each point is tried by itself, which takes a reckoning of the whole consignment. Where many lines leave something open, those
that ask the same (one code, the same facts) are one question of law, and are answered alike.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from calculator.arithmetic import Explained
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.incoterms import Incoterm
from calculator.late_choice import DUE, LEAST
from calculator.outcome import Range, Width
from calculator.plan import OpenPoint, Remark
from calculator.reckoning import Reckoned, reckon
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED

# The point that stands behind a rule that takes something off.
POINT_OF = {
    "duty_waiver": "duty_waiver",
    "consumption_tax_waiver": "small_taxes",
    "vat_waiver": "small_taxes",
    **{f"late_payment_waiver:{tax}": LEAST for tax in DUE},
}
# Up to so many points are tried one by one.
MOST_ALONE = 20


def spread(
    request: QuoteRequest, dossier: Dossier, base: Reckoned, m: Explained = EXPLAINED
) -> tuple[Reckoned, Range | None]:
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
    for points in _questions(live):
        point, keys = points[0], [each.key for each in points]
        burdens = _burdens(request, dossier, base, keys, point.answers, m)
        least = min(burdens, key=lambda answer: (burdens[answer], answer))
        most = max(burdens, key=lambda answer: (burdens[answer], -answer))
        low |= dict.fromkeys(keys, least)
        high |= dict.fromkeys(keys, most)
        shown |= dict.fromkeys(keys, 0 if point.fixed else most)
        if width := burdens[most] - burdens[least]:
            sources.append(Width(Remark(point.code, point.pointer if len(points) == 1 else "", point.facts), width))
    if not sources:
        return base, None
    reckoned = reckon(request, dossier, shown, m) if any(shown.values()) else base
    ends = [reckon(request, dossier, picks, m).totals for picks in (low, high)]
    return reckoned, Range(ends[0], ends[1], tuple(sources))


def _questions(points: Sequence[OpenPoint]) -> Iterable[Sequence[OpenPoint]]:
    """The points that are answered together."""
    if len(points) <= MOST_ALONE:
        return [(point,) for point in points]
    alike: dict[object, list[OpenPoint]] = {}
    for point in points:
        alike.setdefault((point.code, point.answers, point.fixed, repr(point.facts)), []).append(point)
    return alike.values()


def _burdens(
    request: QuoteRequest, dossier: Dossier, base: Reckoned, keys: Iterable[str], answers: int, m: Explained
) -> dict[int, Decimal]:
    """What each answer to some points costs; an answer that this request cannot be priced with is left out."""
    burdens = {0: _burden(request, base)}
    for answer in range(1, answers):
        try:
            burdens[answer] = _burden(request, reckon(request, dossier, dict.fromkeys(keys, answer), m))
        except Unpriceable:
            continue
    return burdens


def _burden(request: QuoteRequest, reckoned: Reckoned) -> Decimal:
    """The landed cost; a delivered-duty-paid price fixes it, and what its seller bears are the taxes inside."""
    return reckoned.totals["taxes" if request.incoterm is Incoterm.DDP else "landed_cost"]
