"""The history of a pair as a line between axes."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from api.locales import day, number
from api.pictures.canvas import Picture
from api.pictures.line import Line, line
from api.wording import plain
from calculator.money import ExchangeRate, half_up

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
        return line(Line(nothing.format(pair=pair), "", "", points), said)
    low, high = min(points, key=lambda each: each[1]), max(points, key=lambda each: each[1])
    ends = points[0][0], points[-1][0]
    days = {"first": ends[0], "last": ends[1], "low_on": low[0], "high_on": high[0]}
    said_days = {name: day(on, said) for name, on in days.items()}
    figures = {"start": points[0], "end": points[-1], "low": low, "high": high}
    said_figures = {name: _shown(each[1], said) for name, each in figures.items()}
    sources = ", ".join(dict.fromkeys(each.source for each in history))
    described = content.format(**said_days, **said_figures, sources=sources)
    return line(
        Line(title.format(pair=pair, **said_days), described, axis.format(base=base, quote=quote), points), said
    )


def _shown(rate: Fraction, said: str) -> str:
    text = plain(_SHOWN(Decimal(rate.numerator) / Decimal(rate.denominator)))
    return number(text.rstrip("0").rstrip(".") if "." in text else text, said)
