"""A spreadsheet (XLSX) as rows of text: weighed, looked through, and only then handed to the library that reads it."""

from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from tariffs.importing import archives, sheets
from tariffs.importing.grids import FileRefused, Grid, GridRow


def read_workbook(path: Path, wanted: str | None) -> Grid:
    """The rows of one sheet: the one asked for, or the first that can be seen."""
    from python_calamine import CalamineError, CalamineWorkbook  # only who imports a workbook waits for it

    file = str(path)
    archives.weigh(path)
    try:
        with ZipFile(path) as archive:
            parts = sheets.names(archive, file)
            name = _chosen(parts, wanted, file)
            sheet = sheets.looked_through(archive, parts[name], sheets.percent_styles(archive, file), file)
        with CalamineWorkbook.from_path(path) as workbook:
            values = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (BadZipFile, CalamineError, OSError) as error:
        raise FileRefused.whole(file, "broken_archive", f"is no whole XLSX file: {error}") from error
    rows = tuple(
        GridRow(line, tuple(_text(value, (line, at) in sheet.percent) for at, value in enumerate(row)))
        for line, row in enumerate(values, 1)
    )
    others = [other for other in parts if other != name]
    notes = [f"read the sheet {name!r}" + (f", not {', '.join(map(repr, others))}" if others else "")]
    return Grid(file, rows, tuple(notes), tuple(sheet.formulas), tuple(sheet.merged))


def _chosen(parts: dict[str, str], wanted: str | None, file: str) -> str:
    if not parts:
        raise FileRefused.whole(file, "not_xlsx", "has no sheet")
    if wanted is None:
        return next(iter(parts))
    if wanted not in parts:
        text = f"has no sheet {wanted!r}, but {', '.join(map(repr, parts))}"
        raise FileRefused.whole(file, "no_sheet", text)
    return wanted


def _text(value: object, percent: bool) -> str:
    """A cell as a person reads it in the sheet; a number with the fifteen digits that the program keeps."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return f"{value * 100:.13g}%" if percent else f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
