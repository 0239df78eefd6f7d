"""A real LibreOffice for tests: workbooks go in without their stored figures, and come out reckoned."""

import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from tests.programs import program

# Reckon everything anew when a workbook is opened, whatever it says of itself.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
# What stands in place of every stored figure, so that none can be taken for a reckoned one.
WRONG = b"777"
Sheets = list[list[list[Any]]]


def recalculated(workbooks: Mapping[str, bytes], folder: Path) -> dict[str, Sheets]:
    """The cells of each workbook as LibreOffice reckons them; all in one run, which is most of the time."""
    office = program("soffice")
    given, made, profile = (folder / name for name in ("given", "made", "profile"))
    for each in (given, made, profile / "user"):
        each.mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    files = [given / f"{name}.xlsx" for name in workbooks]
    for file, body in zip(files, workbooks.values(), strict=True):
        file.write_bytes(emptied(body))
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--convert-to"]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(made), *map(str, files)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=1800)
    return {name: sheets((made / f"{name}.xlsx").read_bytes()) for name in workbooks}


def sheets(body: bytes) -> Sheets:
    """The cells of a workbook, sheet by sheet from their first row and column."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]


def emptied(body: bytes) -> bytes:
    """A workbook whose formulas have lost their stored figures."""
    return _edited(body, lambda name, part: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1<v>%s</v>" % WRONG, part))


def changed(body: bytes, figures: Mapping[str, str]) -> bytes:
    """A workbook in which somebody has typed other figures into cells, by their names."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        names = dict(
            re.findall(
                r'<definedName name="([^"]+)">[^!]+!\$?([A-Z]+\$?[0-9]+)<', parts.read("xl/workbook.xml").decode()
            )
        )
    cells = {names[name].replace("$", ""): value for name, value in figures.items()}

    def typed(name: str, part: bytes) -> bytes:
        if name != "xl/worksheets/sheet3.xml":
            return part
        for cell, value in cells.items():
            part, count = re.subn(
                rb'(<c r="%s"[^>]*>)(?:<f>[^<]*</f>)?<v>[^<]*</v>' % cell.encode(),
                rb"\g<1><v>%s</v>" % value.encode(),
                part,
            )
            assert count == 1, cell
        return part

    return _edited(body, typed)


def _edited(body: bytes, edit: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            part = parts.read(name)
            copy.writestr(name, edit(name, part) if name.startswith("xl/worksheets/sheet") else part)
    return out.getvalue()
