"""A sheet of a workbook being written: cells that hold what they are told to, in few styles, and print on A4.

A text is always written as a text: whatever it begins with, a spreadsheet does not reckon with it.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from api.renderings.styles import GROUND, NUMBER, STYLES
from api.renderings.texts import shortened

LONGEST_CELL = 32_000
A4 = 9
# Of a row, in points; more lines than these a row cannot have.
LINE, MOST_LINES = 15, 27
# Words are not broken, so that a line is not filled to its end.
ROOM = 1.05


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str, int], Any] = {}

    def text(self, name: str) -> Any:
        """The style of a text."""
        return self._format(name, "@" if name in ("text", "plain", "inset") else "", STYLES)

    def number(self, name: str, pattern: str) -> Any:
        """The style of a number, with its decimals."""
        return self._format(name, pattern, NUMBER)

    def _format(self, name: str, pattern: str, styles: dict[str, dict[str, Any]]) -> Any:
        key = (name, pattern, id(styles))
        made = self._made.get(key)
        if made is None:
            made = self._workbook.add_format({**styles[name], **({"num_format": pattern} if pattern else {})})
            self._made[key] = made
        return made


class Page(Worksheet):
    """A worksheet of formulas that are written as Excel keeps them.

    Of every formula the library looks for each of thirty functions that are younger than the format. Ours have none of them
    (api/renderings/formulas.py), and a large quote has tens of thousands of formulas.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Sheet:
    """One sheet, written row by row."""

    def __init__(self, workbook: Workbook, styles: Styles, name: str, widths: Sequence[int]) -> None:
        self.name = name
        self.page: Worksheet = workbook.add_worksheet(name, Page)
        self._styles = styles
        self._widths = widths
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)
        self.page.set_paper(A4)
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.page.set_footer("&L&8&A&R&8&P / &N")
        self.page.hide_gridlines(2)

    def text(self, row: int, column: int, value: str | None, style: str = "text") -> None:
        """A text; where there is none, an empty cell if its style has a ground."""
        if value:
            self.page.write_string(row, column, shortened(value, LONGEST_CELL), self._styles.text(style))
        elif style in GROUND:
            self.page.write_blank(row, column, None, self._styles.text(style))

    def texts(self, row: int, values: Sequence[str | None], style: str = "text") -> None:
        """A row of texts, as high as the longest of them needs."""
        lines = 1
        for column, value in enumerate(values):
            if value or style in GROUND:
                self.text(row, column, value, style)
            if value and column < len(self._widths):
                lines = max(lines, _lines(value, self._widths[column]))
        if lines > 1:
            self.page.set_row(row, LINE * min(lines, MOST_LINES))

    def number(self, row: int, column: int, value: float, formula: str, shown: str, style: str = "number") -> None:
        """A number, or a formula that comes to it; `shown` is how the quote writes it, which says its decimals."""
        kind = self._styles.number(style, pattern(shown))
        if formula:
            self.page.write_formula(row, column, f"={formula}", kind, value)
        else:
            self.page.write_number(row, column, value, kind)


@lru_cache(maxsize=4096)
def _lines(text: str, width: int) -> int:
    """On how many lines a text stands in a column of this width, in letters; a Chinese one is as wide as two."""
    wide = len(text) if text.isascii() else sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
    return ceil(wide * ROOM / width)


def pattern(shown: str) -> str:
    """The number format of a figure with as many decimals as the quote writes."""
    digits = shown.removesuffix("%")
    decimals = len(digits.partition(".")[2])
    point = "." + "0" * decimals if decimals else ""
    return f"0{point}%" if shown.endswith("%") else f"#,##0{point}"
