"""The rows of a file as lines of a schedule, every cell read; or every fault of every row.

All rows are gone through whatever is found, because a clerk who is told one fault at a time sends a file twenty times.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from calculator.tariff_line import AdValorem
from tariffs.expressions import duty_rate
from tariffs.findings import Finding
from tariffs.importing import cells
from tariffs.importing.cells import CellError
from tariffs.importing.grids import Grid, GridRow
from tariffs.importing.headings import RATES, Headings

NAMES = ("name_zh", "name_en", "name_es")
NEEDED = {
    "mfn": ("missing_mfn", "the MFN rate is missing"),
    "general": ("missing_general", "the general rate is missing"),
}
EVERY = 250  # rows between two reports of progress
_BARE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
Watch = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One line as the file has it: only the fields whose columns it has, in the spelling of the tables."""

    line: int
    code: str
    digits: str
    fields: MappingProxyType[str, str]
    within: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: lines, how many rows were of headings or empty, and the faults."""

    lines: tuple[ScheduleLine, ...]
    rows: int
    above: int
    faults: tuple[Finding, ...]


def read_lines(grid: Grid, found: Headings, chapters: frozenset[str], rates: str, watch: Watch) -> Reading:
    """Every row below the headings. `rates` says what a bare number is: "percent", "share" or "" for unknown."""
    faults = list(found.faults)
    if "hs_code" not in found.columns:
        return Reading((), 0, 0, tuple(faults))
    body = grid.rows[found.at + 1 :]
    percent = {name: rates == "percent" or (not rates and name in found.percent) for name in RATES}
    faults += _doubtful(grid, found, body, percent, rates)
    faults += _formulas(grid, found)
    reader = _Reader(grid.file, found, chapters, percent)
    lines: dict[str, ScheduleLine] = {}
    above = rows = 0
    for count, row in enumerate(body):
        if count % EVERY == 0:
            watch(count, len(body))
        if not any(cell.strip() for cell in row.cells):
            continue
        rows += 1
        line, faulty = reader.line(row)
        faults += faulty
        if line is not None and len(line.digits) < 8:
            above += 1
        elif line is not None:
            faults += _joined(grid.file, found, lines, line)
    watch(len(body), len(body))
    if not rows:
        faults.append(
            Finding(grid.file, grid.rows[found.at].line, None, "no_rows", "there is no row below the headings")
        )
    return Reading(tuple(lines.values()), rows, above, tuple(faults))


class _Reader:
    """Reads rows of one file, whose columns do not change."""

    def __init__(self, file: str, found: Headings, chapters: frozenset[str], percent: dict[str, bool]) -> None:
        self._file, self._found, self._chapters, self._percent = file, found, chapters, percent

    def line(self, row: GridRow) -> tuple[ScheduleLine | None, list[Finding]]:
        faults = list(self._shape(row))
        digits = ""
        values: dict[str, str] = {}
        for name, index in self._found.columns.items():
            if index >= len(row.cells):
                continue
            try:
                text = cells.tidy(row.cells[index])
                if name == "hs_code":
                    digits = cells.code(text, self._chapters)
                else:
                    values |= self._field(name, text)
            except CellError as error:
                faults.append(self._fault(row, name, error.code, error.text))
        if digits and len(digits) < 8:
            faults += self._heading(row, digits, values)
        elif not faults:
            faults += self._whole(row, values)
        sound = digits and not faults
        return (
            ScheduleLine(row.line, digits[:8], digits, MappingProxyType(values), row.within) if sound else None
        ), faults

    def _field(self, name: str, text: str) -> dict[str, str]:
        if name in RATES:
            return {name: cells.rate(text, self._percent[name])}
        if name == "unit":
            first, second = cells.units(text)
            return {"unit_1": first} | ({"unit_2": second} if second or "unit_2" not in self._found.columns else {})
        if name == "unit_2":
            return {"unit_2": cells.units(text)[0]}
        if name in ("supervision", "inspection"):
            return {name: cells.letters(text)}
        if name in ("valid_from", "valid_to"):
            return {name: cells.day(text)}
        return {name: text.lstrip("-－—–· ") if name in NAMES else text}

    def _shape(self, row: GridRow) -> Iterator[Finding]:
        width = len(self._found.written)
        if len(row.cells) < width:
            text = f"{len(row.cells)} cells where the headings have {width}"
            yield Finding(self._file, row.line, None, "short_row", text)
        elif any(cell.strip() for cell in row.cells[width:]):
            text = f"{len(row.cells)} cells where the headings have {width}"
            yield Finding(self._file, row.line, None, "long_row", text)

    def _heading(self, row: GridRow, digits: str, values: dict[str, str]) -> Iterator[Finding]:
        """Headings of four or six digits stand between the lines and have no rates; one that has some is no heading."""
        for name in RATES:
            if values.get(name):
                text = f"{digits} has {len(digits)} digits and a rate; a line has eight"
                yield self._fault(row, "hs_code", "short_code", text)
                return

    def _whole(self, row: GridRow, values: dict[str, str]) -> Iterator[Finding]:
        for name, (kind, text) in NEEDED.items():
            if name in values and not values[name]:
                yield self._fault(row, name, kind, text)
        named = [name for name in NAMES if name in values]
        if named and not any(values[name] for name in named):
            yield self._fault(row, named[0], "missing_name", "the name is missing")
        first, last = values.get("valid_from", ""), values.get("valid_to", "")
        if first and last and last < first:
            yield self._fault(row, "valid_to", "days_reversed", f"{last} is before {first}")
        if above(values.get("provisional", ""), values.get("mfn", "")):
            text = f"{values['provisional']} is above the MFN rate {values['mfn']}"
            yield self._fault(row, "provisional", "above_mfn", text)

    def _fault(self, row: GridRow, name: str, code: str, text: str) -> Finding:
        return Finding(self._file, row.line, row.within + self._found.named(name), code, text)


def above(provisional: str, mfn: str) -> bool:
    """Whether a provisional rate is above the MFN rate, where both are plain percentages."""
    if not provisional or not mfn:
        return False
    low, high = duty_rate(provisional), duty_rate(mfn)
    return isinstance(low, AdValorem) and isinstance(high, AdValorem) and low.rate > high.rate


def _joined(file: str, found: Headings, lines: dict[str, ScheduleLine], line: ScheduleLine) -> Iterator[Finding]:
    """A line is one row; parts of ten digits are one line where they agree."""
    known = lines.setdefault(line.code, line)
    if known is line:
        return
    column = line.within + found.named("hs_code")
    if line.digits == known.digits or len(line.digits) == 8 or len(known.digits) == 8:
        yield Finding(file, line.line, column, "double_row", f"{line.code} stands on line {known.line} already")
        return
    differing = [name for name in (*RATES, "unit_1") if known.fields.get(name) != line.fields.get(name)]
    if differing:
        text = f"{line.digits} and {known.digits} (line {known.line}) differ in {', '.join(differing)}: enter {line.code} by hand"
        yield Finding(file, line.line, column, "parts_differ", text)


def _doubtful(
    grid: Grid, found: Headings, body: tuple[GridRow, ...], percent: dict[str, bool], rates: str
) -> Iterator[Finding]:
    """A column headed % in which every number is below 1 may be percent or shares: 0.07 is 7% or 0.07%."""
    if rates:
        return
    for name in RATES:
        index = found.columns.get(name)
        if index is None or not percent[name]:
            continue
        bare = {row.cells[index].strip() for row in body if index < len(row.cells)}
        numbers = [Decimal(text) for text in bare if _BARE.fullmatch(text)]
        if any(numbers) and max(numbers) < 1:
            text = "every rate is below 1: percent or shares? Say --rates percent or --rates share"
            yield Finding(grid.file, grid.rows[found.at].line, found.named(name), "percent_or_share", text)


def _formulas(grid: Grid, found: Headings) -> Iterator[Finding]:
    """Formulas whose value was never stored; those with a value are told as a note."""
    used = set(found.columns.values())
    for each in grid.formulas:
        if not each.cached and each.column in used:
            text = "is a formula without a stored value: open and save the file, or paste the value"
            yield Finding(grid.file, each.line, found.column(each.column), "formula", text)
