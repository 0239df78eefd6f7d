"""Workbooks for tests, made by XlsxWriter, and the cells of what came back as python-calamine reads them."""

import io
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.flat import AVOCADO
from tests.programs import program

# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand.
LANDED_COST = 364556.24
HEADINGS = ["SKU", *AVOCADO]
ROW = ["0007", *AVOCADO.values()]


def made(path: Path, fill: Callable[[Any, Any], object], **options: object) -> Path:
    """A workbook whose first sheet, Orders, is filled by `fill(book, sheet)`."""
    with xlsxwriter.Workbook(path, options) as book:
        fill(book, book.add_worksheet("Orders"))
    return path


def of_rows(path: Path, *rows: Sequence[object]) -> Path:
    """A workbook of one sheet with these rows from its first."""

    def fill(_: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                (sheet.write_string if isinstance(value, str) else sheet.write)(number, column, value)

    return made(path, fill)


def cells(path: Path, name: str = "Orders") -> list[list[Any]]:
    """The cells of a sheet, from its first row and column."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)


def results(path: Path, row: int, headings: int = 0) -> dict[str, Any]:
    """The cells of a row by their headings, which stand in another; rows from 0."""
    found = cells(path)
    return dict(zip(found[headings], found[row], strict=True))


def edited(source: Path, target: Path, edit: Callable[[str, bytes], bytes], new: Mapping[str, bytes] = {}) -> Path:
    """A workbook with other parts."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in old.namelist():
            changed.writestr(name, edit(name, old.read(name)))
        for name, body in new.items():
            changed.writestr(name, body)
    return target


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def converted(path: Path, form: str, folder: Path) -> Path:
    """A workbook as LibreOffice writes it in another form."""
    office = program("soffice")
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", form, "--outdir", str(folder / "made"), str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return folder / "made" / f"{path.stem}.{form}"
