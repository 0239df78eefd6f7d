"""A real LibreOffice recalculates a workbook of cells that ask a running server: they come to the API's values."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import xlsxwriter

from tests.api.test_sheets import WORKED_OUT
from tests.flat import AVOCADO
from tests.office.asking import asked
from tests.servers import Serving

FIELDS = ("landed_cost", "customs_duty", "vat", "taxes", "customs_value")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with Serving(f"sqlite:///{tmp_path / 'quotes.sqlite3'}", workers=1) as running:
        yield running


def workbook(base: str) -> bytes:
    """Inputs in the first column, questions that join them in the second, and a table as XML in the third."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("cells")
        for row, (name, text) in enumerate(AVOCADO.items()):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, text)
        # A literal may have 255 characters: the question is joined from cells, as the guide says.
        query = '&"&"&'.join(f'$A${row}&"="&_xlfn.ENCODEURL($B${row})' for row in range(1, len(AVOCADO) + 1))
        sheet.write_formula("A20", f"={query}")
        for row, field in enumerate(FIELDS):
            sheet.write_string(row, 3, field)
            sheet.write_formula(
                row, 4, f'=VALUE(_xlfn.WEBSERVICE("{base}/v1/sheet/{field}?"&$A$20))', None, "not asked"
            )
        sheet.write_formula("E10", f'=_xlfn.WEBSERVICE("{base}/v1/sheet.xml?"&$A$20)', None, "not asked")
        for row, field in enumerate(FIELDS):
            sheet.write_formula(row, 5, f'=VALUE(_xlfn.FILTERXML($E$10,"//{field}"))', None, "not asked")
        spanish = urlencode({"cantidad": "20 ton", "lang": "es"})
        sheet.write_formula("E11", f'=_xlfn.WEBSERVICE("{base}/v1/sheet/vat?{spanish}")', None, "not asked")
        sheet.write_formula("E12", f'=_xlfn.WEBSERVICE("{base}/v1/sheet/error?"&$A$20)&"fine"', None, "not asked")
        sheet.write_formula("E13", f'=_xlfn.WEBSERVICE("{base}/v1/sheet/hs_code?"&$A$20)', None, "not asked")
    return out.getvalue()


@pytest.mark.slow
def test_the_cells_of_a_workbook_come_to_the_values_of_the_api(server: Serving, tmp_path: Path):
    (cells,) = asked(workbook(server.base), tmp_path / "office")
    for row, field in enumerate(FIELDS):
        figure = float(WORKED_OUT[field])
        assert cells[row][4:6] == [figure, figure], field
    assert cells[10][4].startswith("#quantity: ")
    assert len(cells[10][4]) <= 120
    assert (cells[11][4], cells[12][4]) == ("fine", "08044000")


def formulas() -> dict[str, str]:
    """The formulas of the guide for Excel and LibreOffice, as a file has them, by what stands before each."""
    guide = (Path(__file__).parents[2] / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| `(=[^|`]+)`[^|]*\|$", guide.partition("In **Google Sheets**")[0], re.MULTILINE)
    newer = re.compile(r"\b(ENCODEURL|CONCAT|NUMBERVALUE|WEBSERVICE|FILTERXML)\(")
    return {told: newer.sub(r"_xlfn.\1(", formula) for told, formula in rows}


@pytest.mark.slow
def test_the_formulas_of_the_guide_work_as_printed(server: Serving, tmp_path: Path):
    piece, question, figure, all_, then, error = formulas().values()
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("cells")
        for row, (name, text) in enumerate(AVOCADO.items(), 1):
            sheet.write_string(f"A{row}", name)
            sheet.write_string(f"B{row}", text)
            sheet.write_formula(f"C{row}", re.sub(r"\b([AB])1\b", rf"\g<1>{row}", piece))
        sheet.write_string("B11", server.base)
        for cell, formula in (("C11", question), ("D1", figure), ("B13", all_), ("D2", then), ("D3", error)):
            sheet.write_formula(cell, formula, None, "not asked")
    (cells,) = asked(out.getvalue(), tmp_path / "office")
    landed_cost = float(WORKED_OUT["landed_cost"])
    assert cells[0][3] == landed_cost
    assert float(cells[1][3]) == landed_cost
    assert cells[2][3] == ""
