"""What every picture is drawn on: a white sheet with a title, its content in words, and styles that print in black."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from unicodedata import east_asian_width
from xml.sax.saxutils import escape, quoteattr

from api.renderings.texts import sound

WIDTH, MARGIN = 800, 16
FONT = 14
# Of a letter, in hundredths of the size of the type: so wide that a line of usual words in a usual type is never wider.
USUAL, CAPITAL, BROADEST, SQUARE = 55, 74, 95, 102
BROAD = frozenset("MWmw@%—…")
CUT = "…"
STYLE = (
    "svg.picture text{font-family:'Helvetica Neue',Arial,'Noto Sans','Noto Sans CJK SC','Microsoft YaHei',sans-serif;"
    "font-size:14px;fill:#1a1a1a;unicode-bidi:plaintext}"
    "svg.picture .title{font-size:17px;font-weight:600}"
    "svg.picture .small{font-size:12px}svg.picture .faint{fill:#595959}"
    "svg.picture .strong{font-weight:600}"
    "svg.picture .figure{font-variant-numeric:tabular-nums}"
    "svg.picture .end{text-anchor:end}svg.picture .middle{text-anchor:middle}"
    "svg.picture .grid{stroke:#ccc}svg.picture .axis{fill:none;stroke:#1a1a1a}"
    "svg.picture .rate{fill:none;stroke:#0b4f8a;stroke-width:2;stroke-linejoin:round}"
    "svg.picture .coming{stroke-dasharray:7 5}"
    "svg.picture .point{fill:#0b4f8a}"
    "svg.picture .bar{stroke:#0b2f52;stroke-width:1}svg.picture .link{stroke:#8a8a8a;stroke-dasharray:2 3}"
    "svg.picture .goods{fill:#0b4f8a}svg.picture .cost{fill:url(#cost)}svg.picture .tax{fill:url(#tax)}"
    "svg.picture .payment{fill:url(#payment)}svg.picture .total{fill:#0b2f52}"
    "svg.picture .range{stroke:#1a1a1a;stroke-width:1.5;fill:none}"
)
# Kinds of bars are told apart without colour too: full, hatched one way or the other, dotted.
PATTERNS = (
    "<defs>"
    '<pattern id="cost" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#dbe9f6"/>'
    '<path d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6" stroke="#0b4f8a" stroke-width="1.4"/></pattern>'
    '<pattern id="tax" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#fbe6cc"/>'
    '<path d="M-1 -1L8 8M6 -1L8 1M-1 6L1 8" stroke="#9a4a00" stroke-width="2.2"/></pattern>'
    '<pattern id="payment" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" fill="#e9e4f3"/>'
    '<circle cx="3.5" cy="3.5" r="1.6" fill="#4b3a78"/></pattern>'
    "</defs>"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: what it is called, what it shows in words, in which language, its height, and what is drawn."""

    title: str
    content: str
    language: str
    height: int
    drawn: str
    patterns: str = ""

    def svg(self) -> str:
        """A file of its own, with its styles."""
        return self._svg(
            f'xmlns="http://www.w3.org/2000/svg" xml:lang="{self.language}" ', f"<style>{STYLE}</style>{self.patterns}"
        )

    def inline(self, name: str) -> str:
        """A part of a page that has `STYLE` and `PATTERNS`; `name` tells its ids from those of other pictures."""
        return self._svg("", "", name)

    def _svg(self, kind: str, style: str, name: str = "picture") -> str:
        return (
            f'<svg {kind}class="picture" viewBox="0 0 {WIDTH} {self.height}" role="img" lang="{self.language}" '
            f'aria-labelledby="{name}-title {name}-content"><title id="{name}-title">{_escaped(self.title)}</title>'
            f'<desc id="{name}-content">{_escaped(self.content)}</desc>{style}'
            f'<rect width="{WIDTH}" height="{self.height}" fill="#fff"/>{self.drawn}</svg>\n'
        )


def tenths(place: Fraction | int) -> str:
    """A place on the sheet, cut to a tenth of a point."""
    sign = "-" if place < 0 else ""
    whole, tenth = divmod(int(abs(Fraction(place)) * 10), 10)
    return f"{sign}{whole}.{tenth}" if tenth else f"{sign}{whole}" if whole else "0"


def words(text: str, x: Fraction | int, y: Fraction | int, kind: str = "", dy: int = 0) -> str:
    """A line of text, its foot at the place."""
    attributes = "".join(
        (f" class={quoteattr(kind)}" if kind else "", f' x="{tenths(x)}" y="{tenths(y)}"', f' dy="{dy}"' if dy else "")
    )
    return f"<text{attributes}>{_escaped(text)}</text>"


def _escaped(text: str) -> str:
    return escape(sound(text))


def width_of(text: str, size: int = FONT) -> Fraction:
    """About how wide a line of text is at most, in points."""
    return Fraction(size * sum(map(_width, text)), 100)


def _width(letter: str) -> int:
    if east_asian_width(letter) in "WF":
        return SQUARE
    return BROADEST if letter in BROAD else CAPITAL if letter.isupper() else USUAL if letter < "\u2000" else BROADEST


def fitted(text: str, most: Fraction | float, size: int = FONT) -> str:
    """A line of text that is not wider than there is room, the rest an ellipsis."""
    if width_of(text, size) <= most:
        return text
    kept = ""
    for each in text:
        if width_of(kept + each + CUT, size) > most:
            break
        kept += each
    return kept.rstrip() + CUT


def folded_lines(text: str, most: Fraction | float, lines: int, size: int = FONT) -> Iterator[str]:
    """A text on at most so many lines, broken at spaces where there are some; what does not fit is an ellipsis."""
    left = text
    for number in range(lines):
        if width_of(left, size) <= most or number == lines - 1:
            yield fitted(left, most, size)
            return
        head, left = _broken(left, most, size)
        yield head


def _broken(text: str, most: Fraction | float, size: int) -> tuple[str, str]:
    """The part of a text that fits on a line, and the rest."""
    end, wide = 0, Fraction(0)
    while end < len(text) and (wide := wide + width_of(text[end], size)) <= most:
        end += 1
    space = text.rfind(" ", 0, end + 1)
    cut = space if space > end // 2 else end
    return text[:cut].rstrip(), text[cut:].lstrip()
