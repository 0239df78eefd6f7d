"""Rows of bars, one under the other: a label, a bar between two values, and the figure, each in a column of its own.

Since no label and no figure ever shares a column with a bar, nothing can overlap, whatever the figures are. The places of
the bars are exact fractions of the common scale; values of any sign and size fit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from api.pictures.canvas import MARGIN, WIDTH, folded_lines, tenths, width_of, words

GAP, LABELS = 12, 214
# Of the sheet's width, what the figures may take, and the least that is left to the bars.
MOST_FIGURES = 380
HEIGHT, BAR, STEP = 38, 22, 15
TOP = 78


@dataclass(frozen=True, slots=True)
class Row:
    """A bar from one value to another with its words.

    `kind` is how it is filled, as the styles name it, None where there is no bar; `ends` the value that the next row
    goes on from.
    """

    label: str
    start: Decimal
    end: Decimal
    figure: str
    kind: str | None
    ends: Decimal | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Which place on the sheet a value has."""

    low: Fraction
    high: Fraction
    left: Fraction
    right: Fraction

    def at(self, value: Decimal) -> Fraction:
        """The place of a value, exactly."""
        return self.left + (self.right - self.left) * (Fraction(value) - self.low) / (self.high - self.low)


def scale_of(rows: Sequence[Row], also: Sequence[Decimal] = ()) -> Scale:
    """The scale on which all rows have room, zero among them."""
    values = (
        [Fraction(each) for row in rows for each in (row.start, row.end)]
        + [Fraction(each) for each in also]
        + [Fraction(0)]
    )
    low, high = min(values), max(values)
    right = WIDTH - MARGIN - GAP - _figures(rows)
    return Scale(low, high if high > low else low + 1, Fraction(MARGIN + LABELS + GAP), Fraction(right))


def drawn(rows: Sequence[Row], scale: Scale, top: int = TOP) -> str:
    """All rows from a place on the sheet downwards."""
    return _zero(len(rows), scale, top) + "".join(_drawn(rows, scale, top))


def foot(rows: Sequence[Row], top: int = TOP) -> int:
    """Where the rows end."""
    return top + HEIGHT * len(rows)


def _figures(rows: Sequence[Row]) -> int:
    """The width of the column of figures; beyond the most there is, the figures are set smaller."""
    return min(MOST_FIGURES, max((int(width_of(row.figure)) + 1 for row in rows), default=0))


def _zero(rows: int, scale: Scale, top: int) -> str:
    x = tenths(scale.at(Decimal(0)))
    return f'<path class="axis" d="M{x} {top - 4}V{top + HEIGHT * rows}"/>'


def _drawn(rows: Sequence[Row], scale: Scale, top: int) -> Iterator[str]:
    for number, row in enumerate(rows):
        y = top + HEIGHT * number
        yield "<g>" + "".join((*_label(row, y), _bar(row, scale, y), _figure(row, y)))
        if row.ends is not None and number + 1 < len(rows):
            x = tenths(scale.at(row.ends))
            yield f'<path class="link" d="M{x} {y + (HEIGHT + BAR) // 2}v{HEIGHT - BAR}"/>'
        yield "</g>"


def _label(row: Row, y: int) -> Iterator[str]:
    lines = list(folded_lines(row.label, LABELS, 2))
    first = y + HEIGHT // 2 + 5 - (STEP * (len(lines) - 1)) // 2
    for number, line in enumerate(lines):
        yield words(line, MARGIN, first + STEP * number, "strong" if row.strong else "")


def _bar(row: Row, scale: Scale, y: int) -> str:
    if row.kind is None:
        return ""
    left, right = sorted((scale.at(row.start), scale.at(row.end)))
    return (
        f'<rect class="bar {row.kind}" x="{tenths(left)}" y="{y + (HEIGHT - BAR) // 2}" width="{tenths(right - left)}" '
        f'height="{BAR}"/>'
    )


def _figure(row: Row, y: int) -> str:
    kind = "figure end strong" if row.strong else "figure end"
    written = words(row.figure, WIDTH - MARGIN, y + HEIGHT // 2 + 5, kind)
    wide = width_of(row.figure)
    if wide <= MOST_FIGURES:
        return written
    # Digits are never cut: a figure longer than its column is drawn narrower.
    return written.replace("<text", f'<text textLength="{MOST_FIGURES}" lengthAdjust="spacingAndGlyphs"', 1)
