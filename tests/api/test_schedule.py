"""The whole schedule as CSV, XLSX and Parquet: every line, its rates as texts, and the release that it was read from."""

import csv
import io
from datetime import date
from tempfile import TemporaryFile
from typing import Any

import pyarrow as pa
import pytest
from flask.testing import FlaskClient
from pyarrow import parquet
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from api.schedule.files import WRITERS, About
from api.schedule.rows import COLUMNS, Row, rows_of
from api.wording import Wording
from calculator.errors import NotInForce
from tariffs.book import Book

FORMS = ("csv", "xlsx", "parquet")
DAY = "2026-11-23"
WHY = COLUMNS.index("without_rates")
# As they stand in the schedule of 2026 and the adjustment plan: MFN, provisional, general, VAT.
KNOWN = {
    "08044000": ("25%", "7%", "80%", "9%"),
    # 10% or 900 CNY/t, whichever is lower.
    "40011000": ("20%", "lower(10%, 900 CNY/t)", "40%", "9% | 13%"),
    # Malt beer: free under MFN, 7.5 CNY a litre under the general rate.
    "22030000": ("0%", "", "7.5 CNY/L", "13%"),
}


def got(client: FlaskClient, form: str, query: str = f"on={DAY}") -> TestResponse:
    return client.get(f"/v1/tariff-lines.{form}?{query}")


def read(form: str, body: bytes) -> list[dict[str, Any]]:
    """The rows of a file, each read by another program than wrote it."""
    if form == "csv":
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    if form == "parquet":
        return parquet.read_table(pa.BufferReader(body)).to_pylist()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def made(form: str, rows: list[Row], about: About, language: str = "en") -> bytes:
    """A file of these rows."""
    with TemporaryFile() as file:
        WRITERS[form](file, rows, about, Wording.of(language))
        file.seek(0)
        return file.read()


@pytest.mark.parametrize("form", FORMS)
def test_every_line_stands_in_every_file(form: str, client: FlaskClient, real_book: Book):
    response = got(client, form)
    rows = read(form, response.data)
    assert [row["hs_code"] for row in rows] == list(real_book.records.codes)
    assert len(rows) == 8972 == int(response.headers["X-Total-Count"])
    assert {type(value) for row in rows for value in row.values()} == {str}
    lines = {row["hs_code"]: row for row in rows}
    for code, known in KNOWN.items():
        row = lines[code]
        assert (row["mfn"], row["provisional"], row["general"], row["vat"]) == known, code
    avocado = lines["08044000"]
    assert avocado["name_en"] == "Avocados, fresh or dried"
    assert (avocado["name_en_origin"], avocado["name_zh_origin"]) == ("ours", "official")
    assert avocado["name_zh"].startswith("鳄梨")
    assert avocado["name_es"].startswith("Aguacates (paltas)")
    assert (avocado["supervision"], avocado["inspection"], avocado["page"]) == ("AB", "PRQ", "146")
    assert (avocado["unit_1"], avocado["unit_2"], avocado["parts"]) == ("kg", "", "")
    assert (avocado["mfn_confidence"], avocado["vat_confidence"]) == ("A", "B")
    assert set(avocado["sources"].split()) == {"cn-tariff-2026", "cn-tariff-plan-2026", "cn-vat-law-2024"}
    # Maize inside the quota, 1%, and beer, whose consumption tax hangs on its price.
    assert lines["10059000"]["tariff_quota"] == "1%"
    assert "beer" in lines["22030000"]["consumption_tax"].split(" | ")


def test_the_three_files_say_the_same(client: FlaskClient):
    found = [[[row[name] for name in COLUMNS] for row in read(form, got(client, form).data)] for form in FORMS]
    # What begins like a formula has an apostrophe in CSV, and no line of the tables does.
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("form", FORMS)
def test_the_release_and_its_hash_travel_with_the_file(form: str, client: FlaskClient):
    response, meta = got(client, form), client.get("/v1/meta").json
    assert meta is not None
    known = {each["name"]: each["known_until"] for each in meta["tables"]}["customs-schedule"]
    told = {"release": meta["release"], "release_sha256": meta["sha256"], "on": DAY, "known_until": known}
    assert response.headers["X-Release"] == told["release"]
    assert response.headers["X-Release-SHA256"] == told["release_sha256"]
    assert response.headers["Link"] == '</v1/meta>; rel="describedby"'
    assert response.headers["Content-Disposition"] == f'attachment; filename="galeon-tariff-{DAY}.{form}"'
    if form == "csv":
        assert {tuple(row[name] for name in told) for row in read(form, response.data)} == {tuple(told.values())}
    elif form == "parquet":
        metadata = parquet.read_schema(pa.BufferReader(response.data)).metadata
        assert {name: metadata[f"galeon.{name}".encode()].decode() for name in told} == told
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(response.data))
        cells = book.get_sheet_by_index(1).to_python()
        assert [row[1] for row in cells[2:6]] == list(told.values())


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_is_there_is_not_sent_again(form: str, client: FlaskClient):
    first = got(client, form)
    again = client.get(f"/v1/tariff-lines.{form}?on={DAY}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert got(client, form).data == first.data


@pytest.mark.parametrize("form", FORMS)
def test_a_day_after_those_that_the_tables_know_says_so(form: str, client: FlaskClient):
    """In each row, as the answer on a line does; and which provisional rate would be missed."""
    rows = {row["hs_code"]: row for row in read(form, got(client, form, "on=2028-02-29").data)}
    line = client.get("/v1/tariff-lines/08044000?on=2028-02-29").json
    assert line is not None
    said = [each["text"] for each in line["warnings"] if each["code"] == "table_not_updated"]
    tables = [each.split(" ") for each in rows["08044000"]["table_not_updated"].split(" | ")]
    assert tables[0] == ["customs-schedule", "2026-12-31"]
    assert {name for name, _ in tables} == {"customs-schedule", "vat", "consumption-tax"}
    for name, known in tables:
        assert any(name in text and known in text for text in said), (name, said)
    assert len({row["table_not_updated"] for row in rows.values()}) == 1
    # 7% for 2026 in the adjustment plan, and nobody has looked up 2027.
    avocado = rows["08044000"]
    assert (avocado["mfn"], avocado["provisional"]) == ("25%", "")
    assert (avocado["provisional_ended"], avocado["provisional_ended_on"]) == ("7%", "2026-12-31")
    (ended,) = line["rates"]["ended"]
    assert (ended["rate"], ended["valid_to"]) == ("7%", "2026-12-31")
    # Raw coffee never had one.
    assert (rows["09011100"]["provisional_ended"], rows["09011100"]["provisional_ended_on"]) == ("", "")


def test_a_day_that_the_tables_know_says_nothing_of_it(real_book: Book):
    late = [COLUMNS.index(name) for name in ("table_not_updated", "provisional_ended", "provisional_ended_on")]
    assert {row[column] for row in rows_of(real_book.records, date(2026, 12, 31)) for column in late} == {""}


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_workbook_of_a_late_day_tells_it_beside_the_release(language: str, real_book: Book):
    def sheet(on: date) -> list[str]:
        body = made("xlsx", [], About.of(real_book.records, on), language)
        return [
            f"{row[0]}" for row in CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(1).to_python()
        ]

    assert [text for text in sheet(date(2028, 2, 29)) if "customs-schedule" in text and "2026" in text]
    assert not [text for text in sheet(date(2026, 12, 31)) if "customs-schedule" in text]


def test_the_words_of_the_workbook_are_in_the_language_that_is_asked(client: FlaskClient):
    book = CalamineWorkbook.from_filelike(io.BytesIO(got(client, "xlsx", f"on={DAY}&language=zh").data))
    assert book.sheet_names == ["税目", "数据版本"]
    assert got(client, "csv", f"on={DAY}&language=zh").data == got(client, "csv").data


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("on=2001-01-01", 404, "no_row_in_force"),
        ("on=tomorrow", 422, "not_a_day"),
        ("language=fr", 422, "not_a_choice"),
        ("q=aguacate", 422, "unknown_field"),
    ],
)
def test_what_cannot_be_told_is_refused(query: str, status: int, code: str, client: FlaskClient):
    response = got(client, "csv", query)
    assert response.status_code == status
    assert response.json is not None
    assert response.json["errors"][0]["code"] == code, response.json


def test_a_line_without_rates_on_a_day_keeps_its_row(real_book: Book):
    # Lines have rates from other days on, some of them only from 2026; of 2016 few are known.
    rows = list(rows_of(real_book.records, date(2016, 6, 1)))
    assert len(rows) == 8972
    without = [row for row in rows if row[WHY]]
    assert without
    assert len(without) < len(rows)
    mfn = COLUMNS.index("mfn")
    for row in without:
        assert (len(row), row[mfn], row[WHY]) == (len(COLUMNS), "", "no_row_in_force")
    with pytest.raises(NotInForce):
        rows_of(real_book.records, date(2001, 1, 1))


HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "\t=1", "a\u202eb", "\x00")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text: str, real_book: Book):
    row: Row = ("08044000", text, *("",) * (len(COLUMNS) - 2))
    about = About.of(real_book.records, date.fromisoformat(DAY))
    cell = read("csv", made("csv", [row], about))[0]["name_en"]
    assert cell[:1] not in set("=+-@＝\t\r\n")
    assert "\u202e" not in cell
    assert "\x00" not in cell
    body = made("xlsx", [row], about)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0)
    assert sheet.to_python()[1][0] == "08044000"
    assert b"<f>" not in _part(body, "xl/worksheets/sheet1.xml")
    # Parquet has no formulas, and keeps what was written.
    assert read("parquet", made("parquet", [row], about))[0]["name_en"] == text


def _part(body: bytes, name: str) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return parts.read(name)
