"""Whole workbooks: the same comes back, with our columns beside the user's and what the rows came to on a sheet of its own."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.batches import making
from api.batches.parts import Parts
from api.batches.results import RESULTS
from api.batches.workbooks import sheet
from api.batches.workbooks.rows import letters
from api.cli import main
from api.wording import Wording
from tariffs.book import Book
from tests.api.batches.books import HEADINGS, LANDED_COST, ROW, cells, converted, edited, made, of_rows, parts, results


@pytest.fixture(autouse=True)
def tables_read_before(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> None:
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    # To look through all that the process of the tests holds takes longer than a test.
    monkeypatch.setattr(making, "leave_alone", lambda: None)


def galeon(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["price", *map(str, arguments)])


def priced(source: Path, *options: str) -> Path:
    target = source.with_name("priced.xlsx")
    answer = galeon(source, target, *options)
    assert answer.exit_code == 0, answer.output
    return target


def as_it_is(_: str, body: bytes) -> bytes:
    return body


def with_value(name: str, value: str) -> list[str]:
    return [value if heading == name else each for heading, each in zip(HEADINGS, ROW, strict=True)]


def test_a_sheet_comes_back_with_results_behind_the_users_columns(tmp_path: Path) -> None:
    target = priced(of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, with_value("quantity", "20.16"), ROW))
    found = cells(target)
    assert found[0] == [*HEADINGS, *RESULTS]
    assert found[1][: len(ROW)] == ROW
    assert results(target, 1)["landed_cost"] == results(target, 3)["landed_cost"] == LANDED_COST
    assert results(target, 1)["taxes"] == 52114.88
    assert results(target, 2)["landed_cost"] == ""
    assert "quantity" in results(target, 2)["error"]


def test_the_summary_tells_what_the_rows_came_to(tmp_path: Path) -> None:
    source = of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, [""], with_value("quantity", "20.16"), ROW)
    told = {row[0]: row[1:] for row in cells(priced(source, "--language", "es"), "Galeón")}
    assert told["Filas"][0] == 3
    assert told["Con precio"][0] == 2
    assert told["Con un problema"][0] == 1
    assert sum(told.get(outcome, [0])[0] for outcome in ("Completas", "Estimadas")) == 2
    assert told[Wording.of("es").heading("landed_cost")][0] == 2 * LANDED_COST
    assert told["Versión de las tablas"][0]
    (problem,) = [row for row in told.items() if row[0].startswith("quantity: ")]
    # The row of the sheet, in which an empty one stands between.
    assert problem[1][:2] == [1, 4]


def test_what_is_not_ours_comes_back_byte_by_byte(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        bold = book.add_format({"bold": True, "bg_color": "#FFFF00"})
        sheet.write_row(0, 0, HEADINGS, bold)
        for column, value in enumerate(ROW):
            sheet.write_string(1, column, value)
        sheet.set_column(0, 0, 33)
        sheet.autofilter(0, 0, 1, len(HEADINGS) - 1)
        sheet.conditional_format("C1:C9", {"type": "no_blanks", "format": bold})
        other = book.add_worksheet("Other")
        other.write("A1", 5)
        other.write_formula("A2", "=A1*2", None, 10)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Other!$A$1:$A$2"})
        other.insert_chart("C1", chart)
        book.define_name("Rate", "=Other!$A$1")

    source = made(tmp_path / "in.xlsx", fill)
    before, after = parts(source), parts(priced(source))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        *("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"),
        *("xl/_rels/workbook.xml.rels", "[Content_Types].xml"),
    }
    assert set(after) - set(before) == {"xl/worksheets/galeon.xml"}
    # Our cells taken out, and with them what tells how far the sheet goes, the sheet is what it was.
    sheet = re.sub(rb'<c r="[L-W]+[12]"[^>]*>.*?</c>', b"", after["xl/worksheets/sheet1.xml"])
    sheet = re.sub(rb'<col min="1[12]" max="2[0-9]"[^>]*/><col [^>]*/>(?=</cols>)', b"", sheet)
    old = re.sub(rb' spans="[^"]*"', b"", before["xl/worksheets/sheet1.xml"])
    changing = rb"<dimension[^>]*>|<c r=\"K[12]\"[^>]*>.*?</c>"
    assert re.sub(changing, b"", sheet) == re.sub(changing, b"", old)


def test_a_priced_workbook_is_priced_anew(tmp_path: Path) -> None:
    once = priced(of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, with_value("quantity", "20.16")))
    again = tmp_path / "again.xlsx"
    answer = galeon(once, again, "--language", "zh")
    assert answer.exit_code == 0, answer.output
    assert cells(again)[1] == cells(once)[1]
    assert cells(again)[0] == [*HEADINGS, *RESULTS]
    assert cells(again, "Galeón")[0][0].startswith("Galeón · 各行")
    assert set(parts(again)) == set(parts(once))
    assert parts(again)["xl/styles.xml"] == parts(once)["xl/styles.xml"]


def test_cells_are_read_as_they_are_shown(tmp_path: Path) -> None:
    headings = [
        "hs_code",
        "quantity",
        "price",
        "currency",
        "per",
        "incoterm",
        "freight",
        "fx",
        "declared_on",
        "duty_rate",
    ]

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, headings)
        for row, code in ((1, 8044000), (2, "08044000")):
            sheet.write(row, 0, code, book.add_format({"num_format": "00000000"}))
            sheet.write(row, 1, "20.16 t")
            # What binary reckoning makes of forty thousand; the dust behind the fifteenth digit is not money.
            sheet.write_formula(row, 2, "=4000*10", book.add_format({"num_format": "#,##0.00"}), 40000.000000000007)
            sheet.write_row(row, 3, ["USD", "total", "FOB", 6200, "USD/CNY:6.7628"])
            sheet.write_datetime(row, 8, date(2026, 11, 23), book.add_format({"num_format": "dd/mm/yyyy"}))
            sheet.write(row, 9, 0.07, book.add_format({"num_format": "0%"}))

    for options in ({}, {"date_1904": True}):
        target = priced(made(tmp_path / "in.xlsx", fill, **options))
        assert results(target, 1)["error"] == ""
        assert results(target, 1)["landed_cost"] == results(target, 2)["landed_cost"] == LANDED_COST
        as_csv = tmp_path / "out.csv"
        assert galeon(tmp_path / "in.xlsx", as_csv).exit_code == 0
        with as_csv.open(encoding="utf-8", newline="") as file:
            first = next(csv.DictReader(file))
        assert [first[name] for name in ("hs_code", "price", "declared_on", "duty_rate")] == [
            *("08044000", "40000", "2026-11-23", "7%")
        ]


def test_titles_above_and_merged_and_hidden_and_empty_rows(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "Orders of November")
        for row in (3, 5, 8):
            for column, value in enumerate(HEADINGS if row == 3 else ROW):
                sheet.write_string(row, column, value)
        currency = HEADINGS.index("currency")
        sheet.merge_range(5, currency, 8, currency, "USD")
        sheet.set_row(8, None, None, {"hidden": True})

    target = priced(made(tmp_path / "in.xlsx", fill))
    assert [results(target, row, 3)["landed_cost"] for row in range(4, 9)] == ["", LANDED_COST, "", "", LANDED_COST]
    assert cells(target)[0][0] == "Orders of November"


def test_a_formula_without_a_value_is_the_problem_of_its_row(tmp_path: Path) -> None:
    def edit(name: str, body: bytes) -> bytes:
        return body.replace(b"</f><v>1</v>", b"</f>").replace(b"</f><v>2</v>", b"</f><v></v>")

    def fill(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS)
        for row in (1, 2, 3):
            for column, value in enumerate(ROW):
                sheet.write_string(row, column, value)
        price = HEADINGS.index("price")
        sheet.write_formula(1, price, "=1", None, 1)
        sheet.write_formula(2, price, "=1/0", None, "#DIV/0!")

    source = edited(made(tmp_path / "made.xlsx", fill), tmp_path / "in.xlsx", edit)
    target = priced(source)
    assert results(target, 1)["error"].startswith("The formula in cell D2 has no value:")
    assert results(target, 2)["error"].startswith("The formula in cell D3 has no value but #DIV/0!:")
    assert results(target, 3)["landed_cost"] == LANDED_COST
    assert b"<f>1</f>" in parts(target)["xl/worksheets/sheet1.xml"]


def test_the_first_sheet_whose_headings_do_or_the_one_that_is_named(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["quantity", "price"])
        for name in ("Second", "Third"):
            other = book.add_worksheet(name)
            for row, values in enumerate((HEADINGS, ROW)):
                for column, value in enumerate(values):
                    other.write_string(row, column, value)

    source = made(tmp_path / "in.xlsx", fill)
    target = priced(source)
    assert "landed_cost" in cells(target, "Second")[0]
    assert "landed_cost" not in cells(target, "Third")[0]
    assert "landed_cost" in cells(priced(source, "--sheet", "Third"), "Third")[0]
    answer = galeon(source, target, "--sheet", "Fourth")
    assert answer.exit_code == 1
    assert "Orders, Second, Third" in answer.output
    answer = galeon(source, target, "--sheet", "Orders")
    assert answer.exit_code == 1
    assert "currency" in answer.output


def test_other_forms_become_workbooks(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, ROW, ["=1+1", *ROW[1:]]])
    found = cells(priced(source), "Sheet1")
    assert found[1][0] == "0007"
    assert found[2][0] == "=1+1"
    assert found[1][found[0].index("landed_cost")] == LANDED_COST
    assert cells(tmp_path / "priced.xlsx", "Galeón")[2][1] == 2


def test_an_interrupted_run_goes_on_into_the_same_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "ROWS", 2)
    source = of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, [""], ROW, with_value("quantity", "20.16"), ROW, ROW)
    whole, target = priced(source), tmp_path / "resumed.xlsx"
    kept = Parts.answers

    def broken(self: Parts, *given: Any) -> Iterator[Any]:
        yield next(kept(self, *given))
        raise KeyboardInterrupt

    monkeypatch.setattr(Parts, "answers", broken)
    assert galeon(source, target, "--resume").exit_code != 0
    assert not target.exists()
    monkeypatch.setattr(Parts, "answers", kept)
    answer = galeon(source, target, "--resume", "--sheet", "Orders")
    assert answer.exit_code == 1
    assert "other sheet" in answer.output
    assert galeon(source, target, "--resume").exit_code == 0
    assert cells(target) == cells(whole)


def test_macros_do_not_come_back(tmp_path: Path) -> None:
    source = of_rows(tmp_path / "plain.xlsx", HEADINGS, ROW)
    macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    link = b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '

    def edit(name: str, body: bytes) -> bytes:
        body = body.replace(plain, macros) if name == "[Content_Types].xml" else body
        ends = name == "xl/_rels/workbook.xml.rels"
        end = b"</Relationships>"
        return body.replace(end, link + b'Target="vbaProject.bin"/>' + end) if ends else body

    with_macros = edited(source, tmp_path / "in.xlsm", edit, {"xl/vbaProject.bin": b"Sub AutoOpen()"})
    after = parts(priced(with_macros))
    assert "xl/vbaProject.bin" not in after
    assert b"vbaProject" not in after["xl/_rels/workbook.xml.rels"]
    assert macros not in after["[Content_Types].xml"]
    answer = galeon(with_macros, tmp_path / "out.xlsm")
    assert answer.exit_code == 2
    assert "macros" in answer.output


def refused(source: Path) -> str:
    target = source.with_name("refused.xlsx")
    answer = galeon(source, target)
    assert answer.exit_code == 1, answer.output
    assert not target.exists()
    assert isinstance(answer.exception, SystemExit)
    return answer.output


def test_broken_and_hostile_workbooks_are_refused(tmp_path: Path) -> None:
    source = of_rows(tmp_path / "good.xlsx", HEADINGS, ROW)
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    assert "password" in refused(bad)
    bad.write_bytes(source.read_bytes()[:-400])
    assert "no whole workbook" in refused(bad)
    bad.write_bytes(b"SKU,quantity\n")
    assert "no whole workbook" in refused(bad)

    def entity(name: str, body: bytes) -> bytes:
        told = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><worksheet'
        return body.replace(b"<worksheet", told, 1) if "sheet1" in name else body

    assert "document type" in refused(edited(source, bad, entity))
    assert "no XML" in refused(edited(source, bad, lambda name, body: body[:-20] if "sheet1" in name else body))
    bomb = edited(source, bad, lambda name, body: body + b" " * (1 << 26) if "sheet1" in name else body)
    assert "unpacks to more" in refused(bomb)
    headings = of_rows(tmp_path / "headings.xlsx", ["SKU", "quantity"], ["1", "2"])
    assert all(word in refused(headings) for word in ("price", "currency", "SKU"))
    assert "no headings" in refused(of_rows(tmp_path / "empty.xlsx"))
    far = made(tmp_path / "far.xlsx", lambda _, sheet: (sheet.write_row(0, 0, HEADINGS), sheet.write(4, 16380, "x")))
    assert "no room" in refused(far)


def test_prefixes_and_cells_without_places_are_read_and_written(tmp_path: Path) -> None:
    source = of_rows(tmp_path / "good.xlsx", HEADINGS, ROW, ROW)

    def edit(name: str, body: bytes) -> bytes:
        if "sheet1" not in name:
            return body
        body = re.sub(rb"(<row|<c) r=\"[A-Z0-9]+\"", rb"\1", body)
        body = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", body)
        return body.replace(b" xmlns=", b" xmlns:x=")

    target = priced(edited(source, tmp_path / "in.xlsx", edit))
    assert b"<x:c r=" in parts(target)["xl/worksheets/sheet1.xml"]
    found = cells(target)
    assert found[2][: len(ROW)] == ROW
    assert found == cells(priced(source))


def test_empty_cells_of_the_users_in_our_place_give_way(tmp_path: Path) -> None:
    """A cell with a format and nothing in it: two of one place would be no sheet."""
    source = of_rows(tmp_path / "good.xlsx", HEADINGS, ROW)
    place = letters(len(HEADINGS) + 2)

    def edit(name: str, body: bytes) -> bytes:
        before, end, behind = body.rpartition(b"</row>")
        return before + f'<c r="{place}2" s="0"/>'.encode() + end + behind if "sheet1" in name else body

    target = priced(edited(source, tmp_path / "in.xlsx", edit))
    assert parts(target)["xl/worksheets/sheet1.xml"].count(f'"{place}2"'.encode()) == 1
    found = cells(target)
    assert found == cells(priced(source))


@pytest.mark.slow
def test_libreoffice_opens_what_came_back(tmp_path: Path) -> None:
    target = priced(of_rows(tmp_path / "in.xlsx", HEADINGS, ROW, with_value("quantity", "20.16")))
    opened = converted(target, "ods", tmp_path)
    assert cells(opened)[1] == cells(target)[1]
    assert cells(opened)[2][-1].startswith("quantity: ")
    assert cells(opened, "Galeón")[2][1] == 2
    # Shown by its format, with thousands and the fen.
    assert b"<text:p>364,556.24</text:p>" in parts(opened)["content.xml"]


@pytest.mark.slow
def test_a_workbook_of_libreoffice_comes_back(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEADINGS, book.add_format({"bold": True, "num_format": "00000"}))
        # Three rows that are alike, which OpenDocument keeps as one; an empty one; one with a fault, and one with a day.
        for row, values in ((1, ROW), (2, ROW), (3, ROW), (5, with_value("quantity", "20.16")), (6, ROW)):
            for column, value in enumerate(values):
                sheet.write_string(row, column, value)
        zeros, day = (book.add_format({"num_format": form}) for form in ("0000", "dd/mm/yyyy"))
        sheet.write_number(6, 0, 7, zeros)
        sheet.write_datetime(6, HEADINGS.index("declared_on"), date(2026, 11, 23), day)
        sheet.write_number(6, HEADINGS.index("price"), 40000, book.add_format({"num_format": "#,##0.00"}))
        other = book.add_worksheet("Other")
        other.write_formula("A1", "=1+1", None, 2)
        book.define_name("Rate", "=Other!$A$1")

    source = converted(made(tmp_path / "in.xlsx", fill), "ods", tmp_path)
    once, again = tmp_path / "once.ods", tmp_path / "again.ods"
    for given, target in ((source, once), (once, again)):
        answer = galeon(given, target)
        assert answer.exit_code == 0, answer.output
        assert cells(target)[0] == [*HEADINGS, *RESULTS]
        assert [results(target, row)["landed_cost"] for row in range(1, 7)] == [
            *[LANDED_COST] * 3,
            *("", "", LANDED_COST),
        ]
        assert results(target, 5)["error"].startswith("quantity: ")
        assert cells(target, "Galeón")[2][1] == 5
    before, after = parts(source), parts(once)
    assert {name for name in before if before[name] != after.get(name)} == {"content.xml"}
    assert after["content.xml"].count(b'table:name="Galeon') == 0
    assert parts(again)["content.xml"].count('table:name="Galeón"'.encode()) == 1
    assert parts(again)["content.xml"].count(b'style:name="galeon-amount"') == 1
    # LibreOffice reads it back, and Excel's form of it too.
    back = converted(again, "xlsx", tmp_path)
    assert results(back, 6)["landed_cost"] == LANDED_COST
    assert cells(back, "Other")[0][0] == 2
    as_csv = tmp_path / "out.csv"
    assert galeon(source, as_csv).exit_code == 0
    with as_csv.open(encoding="utf-8", newline="") as file:
        last = [*csv.DictReader(file)][-1]
    assert [last["SKU"], last["price"], last["declared_on"]] == ["0007", "40000", "2026-11-23"]


TABLE = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:automatic-styles/><office:body>'
    '<office:spreadsheet><table:table table:name="Orders">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def document(path: Path, rows: str, manifest: str = "<manifest/>") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", TABLE.format(rows))
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def row_of(values: list[str], attributes: str = "") -> str:
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{each}</text:p></table:table-cell>' for each in values
    )
    return f'<table:table-row {attributes}>{texts}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'


def test_documents_that_repeat_or_hide_too_much(tmp_path: Path) -> None:
    target = tmp_path / "out.ods"
    rows = row_of(HEADINGS) + row_of(ROW, 'table:number-rows-repeated="3"')
    assert galeon(document(tmp_path / "in.ods", rows), target).exit_code == 0
    written = parts(target)["content.xml"].decode()
    assert written.count('office:value="364556.24"') == 3
    # Nothing is moved: the empty cells behind ours are fewer by ours.
    assert written.count('table:number-columns-repeated="15987"') == 4
    assert 'style:name="galeon-amount"' in written.partition("</office:automatic-styles>")[0]
    many = row_of(HEADINGS) + row_of(ROW, 'table:number-rows-repeated="1048576"')
    assert "unrolls to more" in refused(document(tmp_path / "in.ods", many))
    locked = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert "password" in refused(document(tmp_path / "in.ods", rows, locked))
    answer = galeon(of_rows(tmp_path / "in.xlsx", HEADINGS, ROW), target)
    assert answer.exit_code == 1
    assert "write .xlsx" in answer.output
