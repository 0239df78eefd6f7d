"""A figure over days as a line between axes; what is drawn is not a figure that anybody is quoted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from api.locales import day, number
from api.pictures.canvas import Picture, tenths, words

HEIGHT = 400
LEFT, RIGHT, TOP, BOTTOM = 78, 760, 56, 350
LABELLED_DAYS, STEPS = 6, 5


@dataclass(frozen=True, slots=True)
class Line:
    """Points in the order of their days, the title, what they show in words, and what stands at the axis.

    What lies after `turn` has not come yet; `lows` are the lower ends of days whose figure is open.
    """

    title: str
    content: str
    axis: str
    points: Sequence[tuple[date, Fraction]]
    turn: date = date.max
    lows: Mapping[date, Fraction] = field(default_factory=dict)


def line(shown: Line, said: str) -> Picture:
    """The picture, in a language; an empty frame with its title where there is nothing to draw."""
    drawn, points = words(shown.title, LEFT, 24), shown.points
    if points:
        figures = [*(each[1] for each in points), *shown.lows.values()]
        ticks = _ticks(min(figures), max(figures))
        drawn += words(shown.axis, LEFT, TOP - 10, "small")
        drawn += "".join((*_across(ticks, said), *_along(points[0][0], points[-1][0], said), *_line(shown, ticks)))
    return Picture(shown.title, shown.content, said, HEIGHT, drawn)


def _ticks(low: Fraction, high: Fraction) -> list[Decimal]:
    """Round figures from below the lowest to above the highest, about `STEPS` of them."""
    span = high - low or high / 50
    power = 0
    while Fraction(10) ** power * STEPS < span:
        power += 1
    while Fraction(10) ** (power - 1) * STEPS >= span:
        power -= 1
    step = next(each for each in (Fraction(1, 5), Fraction(1, 2), Fraction(1)) if each * STEPS >= span / 10**power)
    unit = int(step * 10)
    size = Fraction(unit) * Fraction(10) ** (power - 1)
    first, last = low // size, -(-high // size)
    last += first == last
    return [Decimal(unit * each).scaleb(power - 1) for each in range(int(first), int(last) + 1)]


def _across(ticks: Sequence[Decimal], said: str) -> Iterator[str]:
    """A line and its figure at each step of the rate."""
    for each in ticks:
        y = tenths(_height(Fraction(each), ticks))
        yield f'<path class="grid" d="M{LEFT} {y}H{RIGHT}"/>'
        yield words(number(f"{each:f}", said), LEFT - 8, _height(Fraction(each), ticks), "small end", dy=4)


def _along(first: date, last: date, said: str) -> Iterator[str]:
    """The axis of days, with some of them named."""
    yield f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>'
    span = (last - first).days
    steps = min(LABELLED_DAYS - 1, span) or 1
    for at in sorted({span * each // steps for each in range(steps + 1)}):
        on = date.fromordinal(first.toordinal() + at)
        x = _place(on, first, last)
        yield f'<path class="axis" d="M{tenths(x)} {BOTTOM}v5"/>'
        yield words(day(on, said), x, BOTTOM + 20, "small middle")


def _line(shown: Line, ticks: Sequence[Decimal]) -> Iterator[str]:
    """The line up to the turn, and on from there dashed; a stroke down to the lower end of what is open."""
    points = shown.points
    places = [(_place(on, points[0][0], points[-1][0]), _height(rate, ticks)) for on, rate in points]
    for (on, _), (x, y) in zip(points, places, strict=True):
        if on in shown.lows:
            yield f'<path class="range" d="M{tenths(x)} {tenths(y)}V{tenths(_height(shown.lows[on], ticks))}"/>'
    past = sum(on <= shown.turn for on, _ in points)
    for kind, part in (("rate", places[:past]), ("rate coming", places[max(past - 1, 0) :])):
        if len(part) > 1:
            yield f'<polyline class="{kind}" points="{" ".join(f"{tenths(x)},{tenths(y)}" for x, y in part)}"/>'
    if len(places) == 1:
        ((x, y),) = places
        yield f'<circle cx="{tenths(x)}" cy="{tenths(y)}" r="4" class="point"/>'


def _place(on: date, first: date, last: date) -> Fraction:
    return LEFT + Fraction((RIGHT - LEFT) * (on - first).days, (last - first).days or 1)


def _height(rate: Fraction, ticks: Sequence[Decimal]) -> Fraction:
    low, high = Fraction(ticks[0]), Fraction(ticks[-1])
    return BOTTOM - (BOTTOM - TOP) * (rate - low) / (high - low)
