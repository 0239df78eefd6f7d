"""How long the import of a whole schedule takes: 9,000 lines as CSV, as CSV in GB18030, as XLSX and as JSON.

python benchmarks/importing.py
"""

import csv
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from tariffs.importing.schedules import Request, imported
from tariffs.records import Records

LINES = 9_000
HEADINGS = ("税则号列", "商品名称", "最惠国税率(%)", "暂定税率(%)", "普通税率(%)", "增值税率", "法定单位")
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def synthetic() -> list[Sequence[str]]:
    """The codes of the book and some new ones, with invented rates."""
    codes = Records.load().codes
    known = set(codes)
    free = (f"97{number:06d}" for number in range(1_000_000) if f"97{number:06d}" not in known)
    codes = codes + tuple(next(free) for _ in range(LINES - len(codes)))
    rows = []
    for at, code in enumerate(codes):
        provisional = str(at % 10) if at % 9 == 0 else ""
        rows.append((code, f"商品{at}", str(10 + at % 30), provisional, "130", "13%", "千克"))
    return rows


def as_csv(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig") -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows((HEADINGS, *rows))


def as_json(path: Path, rows: Sequence[Sequence[str]]) -> None:
    path.write_text(json.dumps([dict(zip(HEADINGS, row, strict=True)) for row in rows], ensure_ascii=False))


def as_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> None:
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in (HEADINGS, *rows)
    )
    relation = '<Relationship Id="r1" Type="{}/{}" Target="{}"/>'
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}">{relation.format(OFFICE, "officeDocument", "xl/workbook.xml")}</Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{relation.format(OFFICE, "worksheet", "worksheets/sheet1.xml")}</Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{OFFICE}"><sheets><sheet name="2027" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"{SHEET}{cells}</sheetData></worksheet>")


def main() -> None:
    rows = synthetic()
    writers: tuple[tuple[str, Callable[[Path, Sequence[Sequence[str]]], None]], ...] = (
        ("utf8.csv", as_csv),
        ("gb18030.csv", lambda path, rows: as_csv(path, rows, "gb18030")),
        ("schedule.xlsx", as_xlsx),
        ("schedule.json", as_json),
    )
    for name, write in writers:
        with tempfile.TemporaryDirectory() as folder:
            path, into = Path(folder) / name, Path(folder) / "overlay"
            write(path, rows)
            request = Request(path, into, date(2027, 1, 1), date(2027, 12, 31))
            for apply in (False, True):
                started = time.perf_counter()
                report = imported(request, apply)
                taken = time.perf_counter() - started
                done = "applied" if report.applied else "dry run"
                for fault in report.faults[:5]:
                    print(fault, file=sys.stderr)
                print(
                    f"{name:14} {done}: {report.lines} lines, {len(report.plan.new_lines)} new, "
                    f"{len(report.plan.changed)} changes, {len(report.faults)} faults in {taken:.2f} s"
                )
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
