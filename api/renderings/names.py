"""Names for cells, so that a formula of the reader's own can say total_vat or rate_USD instead of a place."""

import re

from xlsxwriter import Workbook

from api.renderings.layout import VALUE

_OTHER = re.compile(r"[^A-Za-z0-9]+")


class Names:
    """The names of a workbook; each is given once, and one that is taken gets a number."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._taken: set[str] = set()

    def result(self, code: str, line: int | None, sheet: str, row: int) -> None:
        """Name the result of a step: step_vat, or step_vat_line_2."""
        self.give(f"step_{code}" if line is None else f"step_{code}_line_{line + 1}", sheet, VALUE, row)

    def give(self, name: str, sheet: str, column: str, row: int) -> None:
        """Name a cell; `row` counts from 0."""
        plain = _OTHER.sub("_", name).strip("_")
        free, number = plain, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{plain}_{number}"
        self._taken.add(free.lower())
        self._book.define_name(free, f"='{sheet}'!${column}${row + 1}")
