"""A table of the user's own as a spreadsheet: the same headings as our CSV, in any order, on its first sheet.

A forwarder sends rates as XLSX; copying them into CSV by hand is where figures are lost.
"""

from pathlib import Path

from tariffs.findings import Finding
from tariffs.importing.cells import CellError, tidy
from tariffs.importing.grids import FileRefused, Grid, GridRow, letter
from tariffs.importing.workbooks import read_workbook
from tariffs.laid_over import LaidOver
from tariffs.tables import Raw


def own_sheet(path: Path, columns: Raw) -> tuple[LaidOver | None, tuple[Finding, ...]]:
    """The rows of a spreadsheet as a table that knows their lines, or every fault for which it is not read."""
    try:
        grid = read_workbook(path, None)
        heading, rows = _parted(grid, columns)
    except FileRefused as error:
        return None, error.findings
    faults = [*_unread(grid)]
    order = [heading.index(name) for name in columns]
    found: list[Raw] = []
    for row in rows:
        cells = [*row.cells, *[""] * (len(heading) - len(row.cells))]
        if any(cell.strip() for cell in cells[len(heading) :]):
            faults.append(Finding(grid.file, row.line, None, "bad_width", "has a cell outside the headings"))
        found.append(tuple(_cell(cells[at], heading[at], row.line, grid.file, faults) for at in order))
    if faults:
        return None, tuple(faults)
    places = tuple((grid.file, row.line) for row in rows)
    return LaidOver(grid.file, columns, tuple(found), places), ()


def _parted(grid: Grid, columns: Raw) -> tuple[list[str], list[GridRow]]:
    """The headings and the rows below them, without those that are empty. Raises FileRefused for other headings."""
    filled = [row for row in grid.rows if any(cell.strip() for cell in row.cells)]
    heading = [cell.strip() for cell in filled[0].cells] if filled else []
    while heading and not heading[-1]:
        heading.pop()
    if sorted(heading) != sorted(columns):
        odd = [name for name in columns if name not in heading] or [name for name in heading if name not in columns]
        text = f"the headings are not {','.join(columns)} (see {', '.join(map(repr, odd)) or 'those that stand twice'})"
        raise FileRefused.whole(grid.file, "bad_heading", text, filled[0].line if filled else 1)
    return heading, filled[1:]


def _unread(grid: Grid) -> list[Finding]:
    """Formulas whose value is not stored, and cells that span others."""
    bare = [
        Finding(grid.file, each.line, letter(each.column), "formula", "is a formula without a stored value")
        for each in grid.formulas
        if not each.cached
    ]
    merged = [Finding(grid.file, line, letter(at), "merged_cells", "spans cells") for line, at, *_ in grid.merged]
    return [*bare, *merged]


def _cell(text: str, column: str, line: int, file: str, faults: list[Finding]) -> str:
    try:
        return tidy(text)
    except CellError as error:
        faults.append(Finding(file, line, column, error.code, error.text))
        return ""
