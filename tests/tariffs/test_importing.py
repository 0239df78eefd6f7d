"""A schedule from outside: read whatever its kind, refused with every fault at once, and applied whole or not at all."""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from tariffs.importing import archives, cells
from tariffs.importing.applying import NEXT, PREVIOUS, UnderWay
from tariffs.importing.cells import CellError
from tariffs.importing.files import read_grid
from tariffs.importing.grids import MOST_BYTES, FileRefused, Grid, GridRow, letter
from tariffs.importing.headings import headings, plain
from tariffs.importing.lines import Reading, read_lines
from tariffs.importing.schedules import Report, Request, imported
from tariffs.importing.series import ended, entered
from tariffs.overlay import Overlay
from tariffs.records import Records

ZH = ("税则号列", "商品名称", "最惠国税率(%)", "暂定税率(%)", "普通税率(%)", "增值税率", "法定单位", "监管条件")
AVOCADO = ("0804.4000", "鳄梨", "25", "6", "80", "9%", "千克", "AB")
WHISKY = ("2208.3000", "威士忌酒", "10", "", "180", "13%", "升", "7AB")
NEW = ("97099999", "新品", "3", "", "30", "13%", "个", "")
CHAPTERS = frozenset(f"{number:02}" for number in range(1, 98))
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def csv_file(path: Path, rows: Iterable[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> Path:
    lines = [separator.join(f'"{cell}"' if separator in cell or "\n" in cell else cell for cell in row) for row in rows]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def parts_of(sheet: str, styles: str = "", names: Sequence[str] = ("2027",)) -> dict[str, str]:
    """The parts of a workbook whose sheets all have the same text."""
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(len(names))
    )
    sheets = "".join(f'<sheet name="{name}" sheetId="{at + 1}" r:id="r{at}"/>' for at, name in enumerate(names))
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
    }
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'
    for at in range(len(names)):
        parts[f"xl/worksheets/sheet{at}.xml"] = f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    return parts


def zipped(path: Path, parts: Mapping[str, str]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def cell(value: object, place: str = "", style: str = "") -> str:
    at = (f' r="{place}"' if place else "") + (f' s="{style}"' if style else "")
    if isinstance(value, str):
        return f'<c{at} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c{at}/>" if value is None else f"<c{at}><v>{value}</v></c>"


def workbook(path: Path, rows: Iterable[Sequence[object]], after: str = "", **more: object) -> Path:
    data = "".join(
        f'<row r="{line}">'
        + "".join(
            each if isinstance(each, str) and each.startswith("<c") else cell(each, f"{letter(at)}{line}")
            for at, each in enumerate(row)
        )
        + "</row>"
        for line, row in enumerate(rows, 1)
    )
    return zipped(path, parts_of(f"<sheetData>{data}</sheetData>{after}", **more))  # type: ignore[arg-type]


def report_of(file: Path, into: Path | None = None, apply: bool = False, **given: object) -> Report:
    terms = {"valid_from": date(2027, 1, 1), "provisional_to": date(2027, 12, 31)} | given
    return imported(Request(file, into, **terms), apply)  # type: ignore[arg-type]


def read(file: Path, sheet: str | None = None, rates: str = "", **mapping: str) -> Reading:
    """The lines of a file, without the book."""
    grid = read_grid(file, sheet)
    return read_lines(grid, headings(grid, mapping), CHAPTERS, rates, lambda done, of: None)


def fields(reading: Reading, name: str) -> list[str]:
    assert reading.faults == ()
    return [line.fields[name] for line in reading.lines]


def faults_of(report: Report | Reading) -> set[tuple[int | None, str | None, str]]:
    return {(each.line, each.column, each.code) for each in report.faults}


def refusal(file: Path, **given: Any) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        report_of(file, **given)
    (finding,) = refused.value.findings
    assert finding.file == str(file)
    return finding.code, str(finding)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- every kind of file gives the same ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_of(csv_file(tmp_path_factory.mktemp("plain") / "2027.csv", (ZH, AVOCADO, WHISKY, NEW)))


def test_what_a_schedule_changes(expected: Report) -> None:
    assert expected.faults == ()
    assert (expected.rows, expected.lines, expected.plan.new_lines) == (3, 3, ["97099999"])
    changes = {(each.hs_code, each.column, each.before, each.after) for each in expected.plan.changed}
    assert ("08044000", "provisional", "", "6%") in changes
    assert {code for code, *_ in changes} <= {"08044000", "22083000"}
    assert not any(column in ("mfn", "general", "vat") for _, column, *_ in changes)
    avocado = next(each for each in expected.plan.changed if each.column == "provisional")
    assert avocado.products == ("avocado-fresh",)
    assert any("--known-until" in note for note in expected.notes)


@pytest.fixture(scope="module")
def plainly(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Mapping[str, str]]]:
    return lines_of(read(csv_file(tmp_path_factory.mktemp("plain") / "2027.csv", (ZH, AVOCADO, WHISKY, NEW))))


def lines_of(reading: Reading) -> list[tuple[str, Mapping[str, str]]]:
    assert reading.faults == ()
    return [(line.code, dict(line.fields)) for line in reading.lines]


def test_every_cell_in_the_spelling_of_the_tables(plainly: list[tuple[str, Mapping[str, str]]]) -> None:
    assert plainly[0] == (
        "08044000",
        {
            "name_zh": "鳄梨",
            "mfn": "25%",
            "provisional": "6%",
            "general": "80%",
            "vat": "9%",
            "unit_1": "kg",
            "unit_2": "",
            "supervision": "AB",
        },
    )


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("gbk", "GB18030"), ("utf-16", "UTF-16")],
)
def test_encodings(tmp_path: Path, plainly: object, encoding: str, said: str) -> None:
    path = csv_file(tmp_path / "2027.csv", (ZH, AVOCADO, WHISKY, NEW), encoding)
    assert lines_of(read(path)) == plainly
    assert f"read as {said}" in read_grid(path).notes[0]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_separators(tmp_path: Path, plainly: object, separator: str) -> None:
    assert lines_of(read(csv_file(tmp_path / "2027.csv", (ZH, AVOCADO, WHISKY, NEW), separator=separator))) == plainly


def test_spanish_headings_in_the_western_code_page(tmp_path: Path) -> None:
    rows = (("Fracción", "Descripción", "Arancel NMF", "IVA"), ("08044000", "Aguacate (palta), añejo", "24%", "9%"))
    path = csv_file(tmp_path / "a.csv", rows, "cp1252", ";")
    assert "read as CP1252" in read_grid(path).notes[0]
    assert lines_of(read(path)) == [
        ("08044000", {"name_es": "Aguacate (palta), añejo", "mfn": "24%", "vat": "9%"}),
    ]


def test_a_workbook(tmp_path: Path, plainly: object) -> None:
    rows = [list[object](row) for row in (ZH, AVOCADO, WHISKY, NEW)]
    for row in rows[1:]:
        row[2:5] = [float(text) if text else None for text in map(str, row[2:5])]
    title = ["2027年关税调整方案"]
    merged = '<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells>'
    path = workbook(tmp_path / "2027.xlsx", [title, [], *rows], merged, names=("方案", "说明"))
    assert lines_of(read(path)) == plainly
    assert read(path).lines[0].line == 4
    assert read_grid(path).notes == ("read the sheet '方案', not '说明'",)
    assert lines_of(read(path, "说明")) == plainly
    assert refusal(path, sheet="C")[0] == "no_sheet"


def test_numbers_shown_as_percent_are_what_they_show(tmp_path: Path) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    )
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs>'
    rows = (
        ("HS code", "MFN rate", "VAT"),
        ("08044000", cell(0.24, "B2", "1"), cell(0.09, "C2", "2")),
        ("22083000", cell(0.095, "B3", "2"), cell(0.13, "C3")),
    )
    reading = read(workbook(tmp_path / "a.xlsx", rows, styles=styles))
    assert fields(reading, "mfn") == ["24%", "9.5%"]
    assert fields(reading, "vat") == ["9%", "13%"]


def test_formulas_are_used_where_their_value_is_stored(tmp_path: Path) -> None:
    def rows(formula: str) -> tuple[Sequence[object], ...]:
        return (("HS code", "MFN rate (%)", "note"), ("08044000", formula, '<c r="C2"><f>NOW()</f></c>'))

    cached = report_of(workbook(tmp_path / "a.xlsx", rows('<c r="B2"><f>20+4</f><v>24</v></c>')))
    assert cached.faults == ()
    assert [each.after for each in cached.plan.changed] == ["24%"]
    assert any("1 cells are formulas" in note for note in cached.notes)
    bare = read(workbook(tmp_path / "b.xlsx", rows('<c r="B2"><f>20+4</f></c>')))
    assert (2, "MFN rate (%)", "formula") in faults_of(bare)


def test_objects(tmp_path: Path, plainly: object) -> None:
    objects = [dict(zip(ZH, row, strict=True)) for row in (AVOCADO, WHISKY, NEW)]
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(objects, ensure_ascii=False, indent=1), encoding="utf-8")
    assert lines_of(read(path)) == plainly
    path.write_text('[{"hs_code": "08044000", "mfn": 0.24},\n\n {"hs_code": "22083000", "vat": null, "mfn": 1e9}]')
    assert faults_of(read(path)) == {(3, "[1].mfn", "bad_rate")}


def test_parts_of_ten_digits_are_one_line_where_they_agree(tmp_path: Path) -> None:
    rows = [("商品编码", "最惠国税率"), ("0804400001", "24%"), ("0804400090", "24%")]
    reading = read(csv_file(tmp_path / "a.csv", rows))
    assert (reading.rows, fields(reading, "mfn")) == (2, ["24%"])
    rows[2] = ("0804400090", "25%")
    assert faults_of(read(csv_file(tmp_path / "a.csv", rows))) == {(3, "商品编码", "parts_differ")}


def test_headings_of_the_schedule_are_passed_over(tmp_path: Path) -> None:
    rows = (("HS", "name", "MFN"), ("08", "Fruit", ""), ("0804", "Dates, …", ""), ("08044000", "-- Avocados", "24%"))
    reading = read(csv_file(tmp_path / "a.csv", rows))
    assert (fields(reading, "name_en"), reading.above) == (["Avocados"], 2)


# --- refused -----------------------------------------------------------------------------------------------------

FAULTY = (
    (ZH[0], ZH[1], ZH[2], ZH[3], ZH[4], "增值税率(%)", ZH[6], ZH[7], "生效日期", "失效日期"),
    ("0804400", "鳄梨", "25", "", "80", "9", "千克", "", "", ""),  # 2: odd, the zero lost
    ("0804400X", "鳄梨", "25", "", "80", "9", "千克", "", "", ""),  # 3: a letter
    ("99010000", "x", "25", "", "80", "9", "千克", "", "", ""),  # 4: no such chapter
    ("", "鳄梨", "25", "", "80", "9", "千克", "", "", ""),  # 5: no code
    ("080440001234", "鳄梨", "25", "", "80", "9", "千克", "", "", ""),  # 6: twelve digits
    ("ex08044000", "鳄梨", "25", "", "80", "9", "千克", "", "", ""),  # 7: a part
    ("0804", "x", "25", "", "80", "9", "千克", "", "", ""),  # 8: a heading with a rate
    ("01012100", "x", "abc", "", "80", "9", "千克", "", "", ""),  # 9
    ("01012900", "x", "-5%", "", "80", "9", "千克", "", "", ""),  # 10
    ("01013010", "x", "1e9%", "", "80", "9", "千克", "", "", ""),  # 11
    ("01013090", "x", "2500", "", "80", "9", "千克", "", "", ""),  # 12: too high
    ("01019000", "x", "10", "11", "80", "9", "千克", "", "", ""),  # 13: provisional above MFN
    ("01022100", "x", "25% 7%", "", "80", "9", "千克", "", "", ""),  # 14: two rates
    ("01022900", "x", "", "", "80", "9", "千克", "", "", ""),  # 15: no MFN
    ("01023100", "x", "5", "", "", "9", "千克", "", "", ""),  # 16: no general rate
    ("01023900", "", "5", "", "80", "9", "千克", "", "", ""),  # 17: no name
    ("01029010", "x", "5", "", "80", "9", "斗斤", "", "", ""),  # 18: no such unit
    ("01029090", "x", "5", "", "80", "8", "千克", "", "", ""),  # 19: no class of VAT has 8%
    ("01031000", "x", "5", "", "80", "9", "千克", "%%", "", ""),  # 20: no letters
    ("01039110", "x", "5", "", "80", "9", "千克", "", "01/02/2027", ""),  # 21: which day?
    ("01039120", "x", "5", "", "80", "9", "千克", "", "2027-02-30", ""),  # 22: no day
    ("01039200", "x", "5", "", "80", "9", "千克", "", "2027-03-01", "2027-02-01"),  # 23: days reversed
    ("01041010", "x", "=A1*2", "", "80", "9", "千克", "", "", ""),  # 24: a formula
    ("01041090", "a\x07b", "5", "", "80", "9", "千克", "", "", ""),  # 25: a control character
    ("01042010", "x", "5", "", "80", "9", "千克"),  # 26: short
    ("01042090", "x", "5", "", "80", "9", "千克", "", "", "", "more"),  # 27: long
    ("01051110", "x", "5", "", "80", "9", "千克", "", "", ""),  # 28
    ("0105.1110", "x", "5", "", "80", "9", "千克", "", "", ""),  # 29: again
    ("97099998", "x", "5", "", "80", "", "千克", "", "", ""),  # 30: a new line without VAT
    ("01051190", "x" * 5000, "5", "", "80", "9", "千克", "", "", ""),  # 31: a book in a cell
    ("01051210", "x", "5 CNY/ton", "", "80", "9", "千克", "", "", ""),  # 32: which ton?
    ("08044000", "鳄梨", "25", "26", "80", "9", "千克/个/条", "", "", ""),  # 33: three units, and above MFN unseen
    ("01051290", "x", "5", "", "80", "9", "千克", "", "2028-02-01", ""),  # 34: sound
    ("01051300", "x", "7", "3", "80", "9", "千克", "", "2028-02-01", ""),  # 35: provisional that ends before it begins
)
EXPECTED = {
    (2, "税则号列", "odd_code"),
    (3, "税则号列", "letters_in_code"),
    (4, "税则号列", "unknown_chapter"),
    (5, "税则号列", "missing_code"),
    (6, "税则号列", "long_code"),
    (7, "税则号列", "part_of_line"),
    (8, "税则号列", "short_code"),
    (9, "最惠国税率(%)", "bad_rate"),
    (10, "最惠国税率(%)", "negative_rate"),
    (11, "最惠国税率(%)", "bad_rate"),
    (12, "最惠国税率(%)", "rate_too_high"),
    (13, "暂定税率(%)", "above_mfn"),
    (14, "最惠国税率(%)", "two_rates"),
    (15, "最惠国税率(%)", "missing_mfn"),
    (16, "普通税率(%)", "missing_general"),
    (17, "商品名称", "missing_name"),
    (18, "法定单位", "unknown_unit"),
    (19, "增值税率(%)", "unknown_vat"),
    (20, "监管条件", "bad_letters"),
    (21, "生效日期", "bad_day"),
    (22, "生效日期", "bad_day"),
    (23, "失效日期", "days_reversed"),
    (24, "最惠国税率(%)", "formula"),
    (25, "商品名称", "control_character"),
    (26, None, "short_row"),
    (27, None, "long_row"),
    (29, "税则号列", "double_row"),
    (30, "增值税率(%)", "new_line_needs"),
    (31, "商品名称", "too_long"),
    (32, "最惠国税率(%)", "unknown_unit"),
    (33, "法定单位", "unknown_unit"),
    (35, "暂定税率(%)", "days_reversed"),
}


def test_a_file_of_thirty_faults_is_refused_with_all_of_them_and_changes_nothing(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    report_of(csv_file(tmp_path / "good.csv", (ZH, AVOCADO)), into, apply=True)
    before = tree(into)
    report = report_of(csv_file(tmp_path / "bad.csv", FAULTY), into, apply=True)
    assert faults_of(report) == EXPECTED
    assert len({code for _, _, code in EXPECTED}) >= 24
    assert all(each.file == str(tmp_path / "bad.csv") and each.text for each in report.faults)
    assert "was the zero of 00804400 lost?" not in str(report.faults[0])
    assert "was the zero of 0804400" not in str(report.faults[1])
    assert report.applied is False
    assert tree(into) == before


def test_the_zero_that_a_spreadsheet_dropped_is_named(tmp_path: Path) -> None:
    (fault,) = read(workbook(tmp_path / "a.xlsx", (("HS", "MFN (%)"), (8044000.0, 24.0)))).faults
    assert (fault.code, fault.line) == ("odd_code", 2)
    assert "was the zero of 08044000 lost?" in fault.text
    kept = read(csv_file(tmp_path / "b.csv", (("HS", "MFN"), ('="08044000"', "24%"))))
    assert [line.code for line in kept.lines] == ["08044000"]


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        (("最惠国税率", "商品名称"), "no_code_column"),
        (("税则号列", "备注"), "nothing_to_import"),
        (("税则号列", "最惠国税率", "MFN rate"), "two_columns"),
        (("税则号列", "HS code", "最惠国税率"), "two_columns"),
    ],
)
def test_columns_that_cannot_be_told(tmp_path: Path, heading: tuple[str, ...], code: str) -> None:
    reading = read(csv_file(tmp_path / "a.csv", (heading, ("08044000",) * len(heading))))
    assert code in {fault.code for fault in reading.faults}
    assert all(fault.line == 1 for fault in reading.faults if fault.code == code)


def test_a_mapping_names_columns_or_leaves_them_out(tmp_path: Path) -> None:
    rows = (("N.º", "Tasa 2027", "MFN rate", "quién"), ("08044000", "24%", "x", "y"))
    path = csv_file(tmp_path / "a.csv", rows)
    mapping = {"N.º": "hs_code", "tasa  2027": "mfn", "MFN rate": "-"}
    assert fields(read(path, **mapping), "mfn") == ["24%"]
    assert headings(read_grid(path), mapping).unknown == ("quién",)
    wrong = read(path, **{**mapping, "nowhere": "vat", "quién": "who", "MFN rate": "mfn"})
    assert {fault.code for fault in wrong.faults} == {"unknown_column", "unknown_field", "two_columns"}


def test_merged_cells(tmp_path: Path) -> None:
    rows = (("税则号列", "最惠国税率", ""), ("08044000", "24%", ""), ("22083000", "", ""))
    merged = '<mergeCells><mergeCell ref="B1:C1"/><mergeCell ref="B2:B3"/></mergeCells>'
    reading = read(workbook(tmp_path / "a.xlsx", rows, merged))
    assert {(1, "B", "merged_headings"), (2, "B", "merged_cells")} <= faults_of(reading)
    storeys = (
        ("", "税率", "", "名"),
        ("税则号列", "最惠国税率", "暂定税率", "商品名称"),
        ("08044000", "24%", "6%", "鳄梨"),
    )
    reading = read(workbook(tmp_path / "b.xlsx", storeys, '<mergeCells><mergeCell ref="B1:C1"/></mergeCells>'))
    assert faults_of(reading) == {(1, "B", "merged_headings")}


def test_a_bare_number_is_not_guessed(tmp_path: Path) -> None:
    shares = (("HS", "MFN (%)"), ("08044000", "0.24"), ("22083000", "0.1"))
    path = csv_file(tmp_path / "a.csv", shares)
    assert faults_of(read(path)) == {(1, "MFN (%)", "percent_or_share")}
    assert fields(read(path, rates="share"), "mfn") == ["24%", "10%"]
    assert fields(read(path, rates="percent"), "mfn") == ["0.24%", "0.1%"]
    whole = csv_file(tmp_path / "b.csv", (("HS", "MFN"), ("08044000", "24")))
    assert faults_of(read(whole)) == {(2, "MFN", "not_percent")}
    assert read(whole, rates="percent").faults == ()


def test_a_provisional_list_alone_is_held_against_the_mfn_of_the_book(tmp_path: Path) -> None:
    rows = (("税则号列", "暂定税率"), ("08044000", "26%"), ("22083000", "5%"))
    assert faults_of(report_of(csv_file(tmp_path / "a.csv", rows))) == {(2, "暂定税率", "above_mfn")}


def test_a_source_that_nobody_knows(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", (ZH, AVOCADO))
    assert refusal(path, source="hearsay")[0] == "unknown_source"
    assert report_of(path, source="cn-tariff-2026", confidence="A").faults == ()


# --- files that would do harm ------------------------------------------------------------------------------------


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)  # sparse: it takes no room
    assert refusal(path)[0] == "too_large"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.pdf", b"x", "unknown_kind"),
        ("a.csv", b"PK\x03\x04rest", "unknown_kind"),
        ("a.csv", b"code\n\xff\xff\xff\xff", "unknown_encoding"),
        ("a.csv", b'HS,MFN\n08044000,"24%\n', "broken_csv"),
        ("a.xlsx", b"HS,MFN\n", "not_xlsx"),
        ("a.xlsx", archives.OLE + b"x" * 100, "not_xlsx"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "broken_archive"),
        ("a.json", b"{}", "not_objects"),
        ("a.json", b'[{"a": 1}', "broken_json"),
        ("a.json", b'[{"a": 1} {"a": 2}]', "broken_json"),
        ("a.json", b'[{"a": 1}] []', "broken_json"),
        ("a.json", b'[{"a": 1, "a": 2}]', "broken_json"),
        ("a.json", b'[{"a": NaN}]', "broken_json"),
        ("a.json", b'[{"a": {"b": 1}}]', "broken_json"),
        ("a.json", b"[1]", "broken_json"),
        ("a.json", b'[{"a": ' + b"9" * 10_000 + b"}]", "broken_json"),
        ("a.json", b"[" * 200_000, "too_deep"),
        ("a.json", b'[{"a":' + b'{"a":' * 200_000, "too_deep"),
    ],
)
def test_files_that_are_not_what_they_say(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path)[0] == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv")[0] == "no_file"
    assert refusal(tmp_path)[0] == "no_file"


def test_a_truncated_workbook(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", (ZH, AVOCADO)).read_bytes()
    cut = tmp_path / "b.xlsx"
    for length in (40, len(whole) // 2, len(whole) - 30, len(whole) - 10):
        cut.write_bytes(whole[:length])
        assert refusal(cut)[0] == "broken_archive", length


def test_every_damaged_byte_is_refused_or_harmless(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", (ZH, AVOCADO)).read_bytes()
    path = tmp_path / "b.xlsx"
    for at in range(0, len(whole), 37):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_grid(path)
        except FileRefused as refused:
            assert refused.findings  # noqa: PT017
    assert not list(tmp_path.glob("overlay*"))


def test_zip_bombs(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "a.xlsx", parts_of("<sheetData/>") | {"xl/media/a.xml": " " * 20_000_000})
    code, told = refusal(bomb)
    assert code == "zip_bomb"
    assert "times its size" in told
    wide = tmp_path / "b.xlsx"
    with ZipFile(wide, "w", ZIP_STORED) as archive:
        for at in range(archives.MOST_ENTRIES + 1):
            archive.writestr(f"xl/{at}.xml", "")
    assert refusal(wide)[0] == "zip_bomb"


def test_a_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    """The directory says a hundred bytes; what is packed there is twenty million."""
    body = zlib.compress(b" " * 20_000_000)[2:-4]
    path = zipped(tmp_path / "a.xlsx", parts_of("<sheetData/>"))
    with ZipFile(path, "a", ZIP_STORED) as archive:
        archive.writestr("xl/liar.xml", body)
    content = bytearray(path.read_bytes())
    for signature, method, size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        at = content.rfind(b"xl/liar.xml", 0, None if signature == b"PK\x01\x02" else content.rfind(b"xl/liar.xml"))
        begin = content.rfind(signature, 0, at)
        struct.pack_into("<H", content, begin + method, ZIP_DEFLATED)
        struct.pack_into("<I", content, begin + size, 100)
    path.write_bytes(bytes(content))
    code, told = refusal(path)
    assert code == "zip_bomb"
    assert "more than it says" in told


def test_a_sheet_with_a_cell_in_its_last_corner(tmp_path: Path) -> None:
    corner = (
        f'<sheetData><row r="1">{cell("HS", "A1")}</row><row r="1048576">{cell("x", "XFD1048576")}</row></sheetData>'
    )
    assert refusal(zipped(tmp_path / "a.xlsx", parts_of(corner)))[0] == "too_large"


def test_entities_are_not_unfolded(tmp_path: Path) -> None:
    parts = parts_of("<sheetData/>")
    entity = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    parts["xl/worksheets/sheet0.xml"] = entity + parts["xl/worksheets/sheet0.xml"].replace("<sheetData/>", "&b;")
    code, told = refusal(zipped(tmp_path / "a.xlsx", parts))
    assert code == "broken_archive"
    assert "document type" in told


# --- applied -----------------------------------------------------------------------------------------------------


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    report = report_of(csv_file(tmp_path / "a.csv", (ZH, AVOCADO, NEW)), into)
    assert (report.faults, report.applied, into.exists()) == ((), False, False)
    assert report.version


def test_old_rows_are_closed_and_new_ones_begin(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    rows = (ZH, (*AVOCADO[:2], "20", *AVOCADO[3:]), WHISKY, NEW)
    report = report_of(csv_file(tmp_path / "a.csv", rows), into, apply=True, title="Plan of 2027", confidence="B")
    assert report.applied
    assert ("08044000", "mfn") in {(each.hs_code, each.column) for each in report.plan.closed}
    records = Records.load(into)
    assert records.release.endswith(f"+overlay-{report.version}")

    def rate(kind: str, on: date) -> list[tuple[str, str]]:
        return [
            (str(each.rate), each.row.source)
            for each in records.measures("08044000")
            if each.kind.value == kind and each.row.validity.covers(on)
        ]

    last, first = date(2026, 12, 31), date(2027, 1, 1)
    ours = Records.load()
    document = next(key for key in records.sources if key.startswith("import-"))
    assert records.source(document).title == "Plan of 2027"
    assert [source for _, source in rate("mfn", last)] == ["cn-tariff-2026"]
    assert [source for _, source in rate("mfn", first)] == [document]
    assert [source for _, source in rate("general", first)] == ["cn-tariff-2026"]  # as it was
    assert "0.06" in rate("provisional", first)[0][0]
    assert rate("provisional", date(2028, 1, 1)) == []
    assert [each for each in ours.measures("08044000") if each.row.validity.valid_to == date(2025, 12, 31)] == [
        each for each in records.measures("08044000") if each.row.validity.valid_to == date(2025, 12, 31)
    ]
    new = records.line("97099999")
    assert new is not None
    assert (new.names["zh"], new.units, new.row.source) == ("新品", ("unit",), document)


def test_importing_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    path = csv_file(tmp_path / "a.csv", (ZH, AVOCADO, WHISKY, NEW))
    report_of(path, into, apply=True)
    before = tree(into)
    again = report_of(path, into, apply=True)
    assert again.plan.empty
    assert again.plan.unchanged == 3
    assert tree(into) == before


def test_the_overlay_before_is_kept(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    first = report_of(csv_file(tmp_path / "a.csv", (ZH, AVOCADO)), into, apply=True)
    assert first.kept is None
    before = tree(into)
    second = report_of(csv_file(tmp_path / "b.csv", (ZH, NEW)), into, apply=True)
    assert second.kept == into / PREVIOUS / first.version
    assert tree(second.kept) == before
    assert Overlay.read(second.kept).version == first.version
    records = Records.load(into)
    assert records.line("97099999") is not None  # and what the first import brought is still there:
    assert sum(each.row.source.startswith("import-") for each in records.measures("08044000")) == 1


def test_a_correction_of_the_same_day_replaces_the_row(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    head = ("税则号列", "最惠国税率")
    report_of(csv_file(tmp_path / "a.csv", (head, ("08044000", "20%"))), into, apply=True)
    report_of(csv_file(tmp_path / "b.csv", (head, ("08044000", "21%"))), into, apply=True)
    rows = [row for row in Records.load(into).file("cn/measures.csv").rows if row[:2] == ("08044000", "mfn")]
    assert [(row[2], row[5], row[6]) for row in rows[-2:]] == [
        ("25%", "2026-01-01", "2026-12-31"),
        ("21%", "2027-01-01", ""),
    ]


def test_an_interrupted_import_is_not_written_over(tmp_path: Path) -> None:
    into = tmp_path / "overlay"
    (into / NEXT).mkdir(parents=True)
    with pytest.raises(UnderWay, match="another import is under way"):
        report_of(csv_file(tmp_path / "a.csv", (ZH, AVOCADO)), into, apply=True)
    assert tree(into) == {}


def test_a_whole_schedule_ends_the_lines_that_it_does_not_have(tmp_path: Path) -> None:
    codes = [code for code in Records.load().codes if code != "22083000"]
    rows = [("税则号列", "最惠国税率"), *((code, "5%") for code in codes)]
    path = csv_file(tmp_path / "a.csv", rows)
    assert {each.hs_code for each in report_of(path).plan.closed if each.after == ""} == set()
    into = tmp_path / "overlay"
    report = report_of(path, into, apply=True, whole=True, known_until=date(2027, 12, 31))
    assert report.faults == ()
    assert {each.hs_code for each in report.plan.closed if each.after == ""} == {"22083000"}
    records = Records.load(into)
    assert not any(each.row.validity.covers(date(2027, 1, 1)) for each in records.measures("22083000"))
    assert any(each.row.validity.covers(date(2026, 12, 31)) for each in records.measures("22083000"))
    assert {state.name: state.known_until for state in records.tables}["customs-schedule"] == date(2027, 12, 31)


def test_a_class_of_vat_that_changes_is_told(tmp_path: Path) -> None:
    report = report_of(csv_file(tmp_path / "a.csv", (("HS", "VAT"), ("08044000", "13%"), ("04061000", "9%"))))
    assert [(each.before, each.after) for each in report.plan.changed] == [
        ("reduced", "standard"),
        ("reduced|standard", "reduced"),
    ]
    assert [(each.line, each.code) for each in report.warnings] == [(2, "vat_class_changed")]


def test_nine_thousand_lines(tmp_path: Path) -> None:
    codes = Records.load().codes
    new = [f"9799{number:04d}" for number in range(9_000 - len(codes))]
    rows = [
        ZH,
        *((code, f"品{at}", str(at % 30), "", "130", "13%", "千克", "") for at, code in enumerate((*codes, *new))),
    ]
    seen: list[tuple[int, int]] = []
    into = tmp_path / "overlay"
    path = csv_file(tmp_path / "a.csv", rows)
    request = Request(path, into, date(2027, 1, 1), date(2027, 12, 31))
    report = imported(request, True, lambda done, of: seen.append((done, of)))
    assert (report.faults, report.lines, report.plan.new_lines) == ((), 9_000, new)
    assert seen.count((9_000, 9_000)) == 2
    records = Records.load(into)
    assert len(records.codes) == 9_000
    on = date(2027, 1, 1)
    for at, code in enumerate((*codes, *new)):
        (mfn,) = [
            each
            for each in records.measures(code)
            if each.kind.value == "mfn" and not each.part and each.row.validity.covers(on)
        ]
        assert cells.same_rate(f"{at % 30}%", f"{mfn.rate.rate * 100:f}%"), code  # type: ignore[union-attr]


# --- cells, headings, series -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "percent", "rate"),
    [
        ("25%", False, "25%"),
        ("25", True, "25%"),
        ("6.50", True, "6.5%"),
        ("10.0%", False, "10%"),
        ("0", False, "0%"),
        ("0.07", False, "7%"),
        ("0.3元/升", False, "0.3 CNY/L"),
        ("7.5元/千克", True, "7.5 CNY/kg"),
        ("20% + 1元/千克", False, "20% + 1 CNY/kg"),
        ("10%或900元/吨，两者从低", False, "lower(10%, 900 CNY/t)"),
        ("-", True, ""),
        ("", True, ""),
    ],
)
def test_rates(text: str, percent: bool, rate: str) -> None:
    assert cells.rate(text, percent) == rate


@pytest.mark.parametrize(
    ("text", "percent", "write"),
    [
        ("５%", False, "5%"),
        ("5％", False, "5%"),
        ("７％", True, "7%"),
        ("５", True, "5%"),
        ("0．8元/升", False, "0.8 CNY/L"),
    ],
)
def test_full_width_rates_are_told_how_to_write(text: str, percent: bool, write: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.rate(text, percent)
    assert refused.value.code == "wide_digits"
    assert refused.value.text.endswith(f"write {write}")


@pytest.mark.parametrize("text", ["25%/7%", "25 7", "25或7", "13% 9%", "25,7", "25; 7", "25% and 7%"])
def test_two_rates_in_a_cell(text: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.rate(text, True)
    assert refused.value.code == "two_rates"


@pytest.mark.parametrize(
    "text", ["2027-01-01", "2027/1/1", "2027.01.01", "20270101", "2027年1月1日", "2027-01-01 00:00:00"]
)
def test_days(text: str) -> None:
    assert cells.day(text) == "2027-01-01"


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("千克", ("kg", "")),
        ("千克/双", ("kg", "pair")),
        ("台、千克", ("unit_tai", "kg")),
        ("无", ("", "")),
        ("kg", ("kg", "")),
    ],
)
def test_units(text: str, units: tuple[str, str]) -> None:
    assert cells.units(text) == units


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("最惠国税率（%）", "最惠国税率"),
        ("2027年最惠国税率", "最惠国税率"),
        ("ＨＳ　Code", "HS code"),
        ("FRACCIÓN", "fraccion"),
        ("MFN\nrate", "mfn rate"),
    ],
)
def test_headings_are_read_by_what_they_say(written: str, same: str) -> None:
    assert plain(written) == plain(same)


def test_every_heading_that_the_clerk_may_use() -> None:
    for field, names in {
        "hs_code": ("税则号列", "商品编码", "fracción", "HS code", "Code"),
        "name_zh": ("商品名称", "货品名称"),
        "name_es": ("descripción",),
        "name_en": ("description", "Name"),
        "mfn": ("最惠国税率", "arancel NMF", "MFN rate", "MFN"),
        "provisional": ("暂定税率", "2027年进口暂定税率", "provisional rate"),
        "general": ("普通税率", "general rate"),
        "vat": ("增值税", "增值税(率)", "增值税率", "VAT", "IVA"),
        "consumption_tax": ("消费税", "consumption tax"),
        "unit": ("计量单位", "法定单位", "unit", "unidad"),
        "supervision": ("监管条件",),
        "inspection": ("检验检疫",),
    }.items():
        for name in names:
            found = headings(Grid("f", (GridRow(1, ("HS", name) if field != "hs_code" else (name, "MFN")),)), {})
            assert field in found.columns, name


def series(*rows: str) -> list[tuple[str, ...]]:
    return [
        ("08044000", "mfn", rate, "", "", first, last, "s", "A", "")
        for rate, first, last in (row.split("|") for row in rows)
    ]


def told(rows: Iterable[Sequence[str]]) -> list[str]:
    return ["|".join((row[2], row[5], row[6])) for row in rows]


def test_series_keep_what_came_before() -> None:
    old = series("10%|2016-01-01|2020-12-31", "8%|2021-01-01|")
    (new,) = series("5%|2027-01-01|")
    change = entered(old, new)
    assert change is not None
    assert told(change.rows) == ["10%|2016-01-01|2020-12-31", "8%|2021-01-01|2026-12-31", "5%|2027-01-01|"]
    assert (change.before, change.after, change.closed, change.later) == ("8%", "5%", True, "")
    assert entered(change.rows, new) is None
    assert entered(old, series("8.0%|2027-01-01|")[0]) is None
    ending = ended(old, "2027-01-01")
    assert ending is not None
    assert told(ending.rows) == ["10%|2016-01-01|2020-12-31", "8%|2021-01-01|2026-12-31"]
    assert ended(ending.rows, "2027-01-01") is None


def test_a_row_put_before_later_rows_ends_where_they_begin() -> None:
    change = entered(series("8%|2021-01-01|2027-06-30", "7%|2027-07-01|"), series("5%|2027-01-01|")[0])
    assert change is not None
    assert told(change.rows) == ["8%|2021-01-01|2026-12-31", "5%|2027-01-01|2027-06-30", "7%|2027-07-01|"]
    assert change.later == "2027-07-01"
