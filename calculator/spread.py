"""How far apart the answers to the open points bring a quote: the range of its totals, and which answer is shown.

Each point is tried by itself, which takes a reckoning of the whole consignment. Where many lines leave something open, those
that ask the same (one code, the same facts) are one question of law, and are answered alike. A band of exchange rates that
the request asks for is one more source of width, and moves nothing that is shown.

The ends are the cheapest and the dearest of everything that was reckoned: each answer by itself, all cheap answers together
and all dear ones. So the figure that is shown lies between them, whatever the answers do to each other.
"""

from collections.abc import Iterable, Mapping, Sequence

from calculator.arithmetic import Explained
from calculator.band import Ends, fx_band
from calculator.dossier import Dossier
from calculator.errors import Unpriceable
from calculator.late_choice import DUE, LEAST
from calculator.outcome import Range, Width
from calculator.plan import OpenPoint, Remark
from calculator.reckoning import STANDING, Moved, Reckoned, burden, reckon, width
from calculator.request import QuoteRequest
from calculator.rules import EXPLAINED

# The point that stands behind a rule that takes something off.
POINT_OF = {
    "duty_waiver": "duty_waiver",
    "consumption_tax_waiver": "small_taxes",
    "vat_waiver": "small_taxes",
    **{f"late_payment_waiver:{tax}": LEAST for tax in DUE},
}
WAIVERS = frozenset(POINT_OF.values())
# Up to so many points are tried one by one.
MOST_ALONE = 20


def spread(
    request: QuoteRequest, dossier: Dossier, base: Reckoned, m: Explained = EXPLAINED
) -> tuple[Reckoned, Range | None]:
    """Try every answer to every open point: the cheapest make the low end of the range, the dearest the high end.

    The dearest answers are shown, but for fixed points, whose first answer is. A point that changes nothing is dropped.
    """
    if not base.choice.plan.open_points and request.fx_band is None:
        return base, None
    found = _Answers(request, dossier, base, m)
    for points in _questions(_live(base)):
        found.ask(points)
    shown = found.dearest()
    band = None if request.fx_band is None else fx_band(request, dossier, shown, found.shown, m)
    if not found.sources and band is None:
        return base, None
    return shown, found.range(shown, band)


class _Answers:
    """The answers that make a consignment cheapest and dearest, and what came of each."""

    def __init__(self, request: QuoteRequest, dossier: Dossier, base: Reckoned, m: Explained) -> None:
        self.request, self.dossier, self.base, self.m = request, dossier, base, m
        self.low: dict[str, int] = {}
        self.high: dict[str, int] = {}
        self.shown: dict[str, int] = {}
        self.sources: list[Width] = []
        self.tried = [base]

    def ask(self, points: Sequence[OpenPoint]) -> None:
        """Try the answers to some points that are answered together."""
        point, keys = points[0], [each.key for each in points]
        found = self._tried(keys, point.answers)
        least = min(found, key=lambda answer: (burden(found[answer]), answer))
        most = max(found, key=lambda answer: (burden(found[answer]), -answer))
        self.low |= dict.fromkeys(keys, least)
        self.high |= dict.fromkeys(keys, most)
        self.shown |= dict.fromkeys(keys, 0 if point.fixed else most)
        if apart := width(found[least], found[most]):
            remark = Remark(point.code, point.pointer if len(points) == 1 else "", point.facts)
            shown = found[0 if point.fixed else most]
            self.sources.append(Width(remark, apart, width(shown, found[most])))
            self.tried += found.values()

    def _tried(self, keys: Iterable[str], answers: int) -> Mapping[int, Reckoned]:
        """What comes of each answer to some points; one that this request cannot be priced with is left out."""
        found = {0: self.base}
        for answer in range(1, answers):
            try:
                found[answer] = reckon(self.request, self.dossier, dict.fromkeys(keys, answer), self.m)
            except Unpriceable:
                continue
        return found

    def dearest(self) -> Reckoned:
        """What is shown: the dearest answers, the first of a fixed point."""
        if not self.sources or not any(self.shown.values()):
            return self.base
        return reckon(self.request, self.dossier, self.shown, self.m)

    def range(self, shown: Reckoned, band: Ends | None) -> Range:
        """Both ends of all that is open together, and what each opening is worth by itself."""
        tried = [*self.tried, shown]
        moved = (STANDING, STANDING) if band is None else (band.low, band.high)
        if band is not None:
            tried += band.tried
        # One point by itself was reckoned at its ends already.
        if len(self.sources) > 1 or (self.sources and band is not None):
            for picks, rates in zip((self.low, self.high), moved, strict=True):
                tried += self._together(picks, rates)
        low, high = min(tried, key=burden).totals, max(tried, key=burden).totals
        return Range(low, high, (*self.sources, *(() if band is None else band.sources)))

    def _together(self, picks: Mapping[str, int], moved: Moved) -> Iterable[Reckoned]:
        """All answers of one end at once; none where a limit closes the request to what they come to together."""
        try:
            yield reckon(self.request, self.dossier, picks, self.m, moved)
        except Unpriceable:
            return


def _live(base: Reckoned) -> Sequence[OpenPoint]:
    """The points that this consignment leaves open: a limit of a waiver only where it takes something off."""
    waived = {POINT_OF[each.rule.name] for each in base.walked.steps if each.rule.name in POINT_OF and each.value != 0}
    return [point for point in base.choice.plan.open_points if point.key in waived or point.key not in WAIVERS]


def _questions(points: Sequence[OpenPoint]) -> Iterable[Sequence[OpenPoint]]:
    """The points that are answered together."""
    if len(points) <= MOST_ALONE:
        return [(point,) for point in points]
    alike: dict[object, list[OpenPoint]] = {}
    for point in points:
        alike.setdefault((point.code, point.answers, point.fixed, repr(point.facts)), []).append(point)
    return alike.values()
