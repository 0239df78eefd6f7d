"""The history of a pair as a line between axes."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from api.headings import HEADINGS
from api.locales import day, number
from api.pictures.canvas import Picture
from api.pictures.line import Line, line
from api.wording import Wording, plain
from calculator.money import ExchangeRate, half_up

_SHOWN = half_up(6)


def fx_line(history: Sequence[ExchangeRate], pair: str, said: str) -> Picture:
    """The line of a history, oldest first; an empty frame that says so where there is nothing to draw."""
    title, content, axis, nothing = (
        Wording.of(said).sentence(HEADINGS[each]) for each in ("fx_title", "fx_content", "fx_axis", "fx_empty")
    )
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
