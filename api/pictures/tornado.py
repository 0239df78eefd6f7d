"""How far the landed cost may move, and with what: each cause a bar around what the cost is now, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.pictures.canvas import PATTERNS, Picture
from api.pictures.rows import Row, drawn, foot, scale_of
from api.renderings.shown import LONGEST_NAME, Json, Shown, Words
from api.renderings.texts import shortened
from calculator.money import YUAN

TOP, FOOT = 8, 8


@dataclass(frozen=True, slots=True)
class Swing:
    """A cause, and the differences that it makes to the landed cost at its ends, in yuan; `low` is the lower one."""

    label: str
    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal:
        """How far its ends are from each other."""
        return self.high - self.low


def tornado(words: Words, title: str, swings: Sequence[Swing]) -> Picture:
    """The bars of some causes; the title stands over the picture, where it is shown."""
    widest_first = sorted(swings, key=lambda each: each.width, reverse=True)
    rows = [Row(each.label, each.low, each.high, _figure(words, each), "cost") for each in widest_first]
    told = [words.said("part_of_it", label=shortened(row.label, LONGEST_NAME), amount=row.figure) for row in rows]
    content = words.said("compared_content", choices=words.said("separator").join(told))
    return Picture(title, content, words.language, foot(rows, TOP) + FOOT, drawn(rows, scale_of(rows), TOP), PATTERNS)


def open_figures(quote: Shown) -> Picture | None:
    """How far each open figure may move the landed cost from what is shown; None where none may, or nobody knows how far."""
    range_ = quote.document["outcome"].get("range")
    found = [_swing(each) for each in (range_["sources"] if range_ else ()) if each["width"] is not None]
    return tornado(quote, quote.said("open_figures"), found) if found else None


def _swing(source: Json) -> Swing:
    """What a source of width takes off and adds: nothing more where the figure is shown at its higher end."""
    width = Decimal(source["width"]["amount"])
    above = Decimal(source["above"]["amount"]) if "above" in source else Decimal(0)
    return Swing(source["text"], above - width, above)


def _figure(words: Words, swing: Swing) -> str:
    """The differences with their signs; one that is nothing is not told beside another."""
    ends = [end for end in (swing.low, swing.high) if end] or [swing.high]
    return f"{' / '.join(_signed(words, each) for each in ends)} {YUAN}"


def _signed(words: Words, value: Decimal) -> str:
    sign = {-1: "\N{MINUS SIGN}", 0: "", 1: "+"}[(value > 0) - (value < 0)]
    return f"{sign}{words.figure(f'{abs(value):f}')}"
