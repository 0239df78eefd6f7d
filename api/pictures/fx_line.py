"""The history of a pair as a line between axes; what is drawn is not a figure that anybody is quoted."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from api.locales import day, number
from api.pictures.canvas import Picture, tenths, words
from api.wording import plain
from calculator.money import ExchangeRate, half_up

HEIGHT = 400
LEFT, RIGHT, TOP, BOTTOM = 78, 760, 56, 350
LABELLED_DAYS, STEPS = 6, 5
WORDS = {
    "en": (
        "{pair}: market rate, {first} to {last}",
        "{start} on {first}, {end} on {last}. Lowest {low} on {low_on}, highest {high} on {high_on}. Source: {sources}.",
        "{quote} for 1 {base}",
        "{pair}: no rate was published in these days",
    ),
    "es": (
        "{pair}: tipo de mercado, del {first} al {last}",
        "{start} el {first}, {end} el {last}. Mínimo {low} el {low_on}, máximo {high} el {high_on}. Fuente: {sources}.",
        "{quote} por 1 {base}",
        "{pair}: en estos días no se publicó ningún tipo",
    ),
    "zh": (
        "{pair}市场汇率，{first}至{last}",
        "{first}为{start}，{last}为{end}。最低{low}（{low_on}），最高{high}（{high_on}）。来源：{sources}。",
        "1 {base} 兑 {quote}",
        "{pair}：此期间没有公布汇率",
    ),
}
_SHOWN = half_up(6)


def fx_line(history: Sequence[ExchangeRate], pair: str, said: str) -> Picture:
    """The line of a history, oldest first; an empty frame that says so where there is nothing to draw."""
    title, content, axis, nothing = WORDS[said]
    base, _, quote = pair.partition("/")
    points = [(each.on, Fraction(each.multiplier) / Fraction(each.divisor)) for each in history if each.on is not None]
    if not points:
        return _sheet(nothing.format(pair=pair), "", said, "")
    low, high = min(points, key=lambda each: each[1]), max(points, key=lambda each: each[1])
    ends = points[0][0], points[-1][0]
    days = {"first": ends[0], "last": ends[1], "low_on": low[0], "high_on": high[0]}
    said_days = {name: day(on, said) for name, on in days.items()}
    figures = {"start": points[0], "end": points[-1], "low": low, "high": high}
    said_figures = {name: _shown(each[1], said) for name, each in figures.items()}
    sources = ", ".join(dict.fromkeys(each.source for each in history))
    described = content.format(**said_days, **said_figures, sources=sources)
    ticks = _ticks(low[1], high[1])
    drawn = "".join((*_across(ticks, said), *_along(*ends, said), _line(points, ticks)))
    named = words(axis.format(base=base, quote=quote), LEFT, TOP - 10, "small")
    return _sheet(title.format(pair=pair, **said_days), described, said, named + drawn)


def _sheet(title: str, content: str, said: str, drawn: str) -> Picture:
    return Picture(title, content, said, HEIGHT, words(title, LEFT, 24) + drawn)


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
        x = _width(on, first, last)
        yield f'<path class="axis" d="M{tenths(x)} {BOTTOM}v5"/>'
        yield words(day(on, said), x, BOTTOM + 20, "small middle")


def _line(points: Sequence[tuple[date, Fraction]], ticks: Sequence[Decimal]) -> str:
    first, last = points[0][0], points[-1][0]
    places = [(tenths(_width(on, first, last)), tenths(_height(rate, ticks))) for on, rate in points]
    if len(places) == 1:
        return f'<circle cx="{places[0][0]}" cy="{places[0][1]}" r="4" class="point"/>'
    return f'<polyline class="rate" points="{" ".join(",".join(each) for each in places)}"/>'


def _width(on: date, first: date, last: date) -> Fraction:
    return LEFT + Fraction((RIGHT - LEFT) * (on - first).days, (last - first).days or 1)


def _height(rate: Fraction, ticks: Sequence[Decimal]) -> Fraction:
    low, high = Fraction(ticks[0]), Fraction(ticks[-1])
    return BOTTOM - (BOTTOM - TOP) * (rate - low) / (high - low)


def _shown(rate: Fraction, said: str) -> str:
    text = plain(_SHOWN(Decimal(rate.numerator) / Decimal(rate.denominator)))
    return number(text.rstrip("0").rstrip(".") if "." in text else text, said)
