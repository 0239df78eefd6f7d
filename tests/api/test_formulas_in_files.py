"""What a caller writes into rows comes back as it was, and no spreadsheet takes it for a formula (OWASP, CSV injection)."""

import csv
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import pyarrow as pa
import pytest
import xlsxwriter
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from api.batches.forms import forms, opened
from api.batches.names import MEDIA_TYPES
from api.batches.results import RESULTS, arrays, failed
from api.cells import as_csv
from api.cells import failed as failed_cell
from api.examples import AVOCADO as ASKED
from api.renderings.texts import guarded, unguarded
from tests.flat import AVOCADO

HOSTILE = {
    "equals": '=HYPERLINK("http://x.example","a")',
    "dde": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "space": "  =1+1",
    "wide": "＝1+1",
    "unit": "-5 kg",
    "phone": "+52-55-1234",
    "marked": "'=1+1",
}
# As they came: no spreadsheet reckons with these.
HARMLESS = (
    "-5",
    "+5",
    "-1,234.56",
    "-3.5%",
    "+52 55 1234 5678",
    "-1.5E3",
    "-",
    "--",
    "0007",
    "'90s",
    "'-5",
    "a=b",
    "2026-11-23",
    "",
)
ACTS = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
FIGURE = re.compile(r"[+-]?[0-9.,]+(E[0-9]+)?%?|\+52 55 1234 5678|-+")
# Letters that the rules look at, so that drawn texts meet them.
TEXTS = st.text(st.sampled_from("=+-@＝\t\r\n '\"5.,%Ea;"), max_size=8) | st.text(max_size=8)


def rows_sent(skus: list[str], between: str = ",", heading: str = "SKU") -> bytes:
    """A row of avocados for each name."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=between, lineterminator="\r\n")
    writer.writerow([heading, *AVOCADO])
    writer.writerows([sku, *AVOCADO.values()] for sku in skus)
    return text.getvalue().encode()


def priced(client: FlaskClient, body: bytes, between: str = ",") -> tuple[bytes, list[list[str]]]:
    """The answer to a CSV: its bytes and its rows, the headings first."""
    answer = client.post("/v1/batches", data=body, content_type=MEDIA_TYPES["csv"])
    assert answer.status_code == 200, answer.text
    return answer.data, list(csv.reader(io.StringIO(answer.text, newline=""), delimiter=between))


def inert(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a text or a figure."""
    return not ACTS.match(cell) or FIGURE.fullmatch(cell) is not None


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_no_cell_of_a_priced_csv_is_a_formula(between: str, client: FlaskClient):
    skus = [*HOSTILE.values(), *HARMLESS]
    _, (head, *rows) = priced(client, rows_sent(skus, between), between)
    assert head[0] == "SKU"
    assert all(inert(cell) for row in (head, *rows) for cell in row), rows
    found = [row[0] for row in rows]
    assert found[-len(HARMLESS) :] == list(HARMLESS)
    # One that came with an apostrophe before a formula is given back as it came.
    assert found[: len(HOSTILE)] == [each if each.startswith("'") else f"'{each}" for each in HOSTILE.values()]
    assert len({row[head.index("landed_cost")] for row in rows}) == 1


def test_a_priced_csv_can_be_sent_again(client: FlaskClient):
    """It comes back byte for byte: nothing is marked twice."""
    first, _ = priced(client, rows_sent([*HOSTILE.values(), *HARMLESS]))
    assert priced(client, first)[0] == first


def test_a_heading_is_no_formula(client: FlaskClient):
    first, (head, row) = priced(client, rows_sent(["0007"], heading="=1+1"))
    assert (head[0], row[0]) == ("'=1+1", "0007")
    assert priced(client, first)[0] == first


def test_a_problem_that_quotes_a_cell_is_none(client: FlaskClient):
    body = rows_sent(["0007"]).replace(AVOCADO["quantity"].encode(), b"=1+1")
    _, (head, row) = priced(client, body)
    assert "=1+1" in row[head.index("error")]
    assert all(map(inert, row))


@given(TEXTS)
def test_a_guarded_text_is_inert_and_can_be_had_back(text: str):
    told = guarded(text)
    assert told in (text, f"'{text}")
    assert not ACTS.match(told) or not re.search(r"[^0-9.,%eE+\- ]", told)
    if not text.startswith("'"):
        assert unguarded(told) == text
    assert guarded(unguarded(told)) == told
    assert guarded(told) == told


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_what_is_read_of_what_was_written_is_written_alike(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
):
    form, path = forms()["csv"], tmp_path_factory.mktemp("rows") / "rows.csv"
    batch = pa.RecordBatch.from_arrays(
        [pa.array(each, pa.string()) for each in zip(*rows, strict=True)], names=["a", "b"]
    )
    written = []
    for _ in range(2):
        with path.open("wb") as file:
            form.write(file, batch.schema, [batch], None)
        written.append(path.read_bytes())
        with opened(form, path) as table:
            read = pa.Table.from_batches(table.batches, table.schema).select(["a", "b"])
        batch = read.combine_chunks().to_batches()[0] if read.num_rows else batch
    assert written[0] == written[1]


def _sheets(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return b"".join(parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/"))


def test_a_workbook_of_rows_has_texts_and_no_formula(tmp_path: Path):
    """A new workbook, for rows that came in another form."""
    skus = [*filter(None, (*HOSTILE.values(), *HARMLESS))]
    names = ["sku", "=1+1"]
    columns = [pa.array(skus), pa.array(skus), *arrays([failed("=1+1")] * len(skus))]
    batch = pa.RecordBatch.from_arrays(columns, names=[*names, *RESULTS])
    with (tmp_path / "rows.xlsx").open("wb") as file:
        forms()["xlsx"].write(file, batch.schema, [batch], None)
    body = (tmp_path / "rows.xlsx").read_bytes()
    assert not re.search(rb"<f[ >]", _sheets(body))
    rows = CalamineWorkbook.from_path(tmp_path / "rows.xlsx").get_sheet_by_index(0).to_python()
    assert rows[0][:2] == names
    told = [f"{row[0]}" for row in rows[1:]]
    # A workbook's own line ends, which XML reads alike.
    assert [each.replace("\r", "\n") for each in told] == [each.replace("\r", "\n") for each in skus]


def test_a_workbook_that_comes_back_has_texts_and_no_formula(client: FlaskClient):
    file = io.BytesIO()
    skus = [each for each in (*HOSTILE.values(), *HARMLESS) if each and "\r" not in each]
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["SKU", *AVOCADO], *([sku, *AVOCADO.values()] for sku in skus)]):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    answer = client.post("/v1/batches", data=file.getvalue(), content_type=MEDIA_TYPES["xlsx"])
    assert answer.status_code == 200, answer.text
    assert not re.search(rb"<f[ >]", _sheets(answer.data))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == skus


@pytest.mark.parametrize("transposed", [False, True])
def test_a_row_for_a_cell_is_no_formula(transposed: bool):
    cells = [cell for row in csv.reader(io.StringIO(as_csv(failed_cell("=1+1"), transposed).decode())) for cell in row]
    assert "'=1+1" in cells
    assert "=1+1" not in cells


def test_a_cell_that_asks_of_what_is_no_good(client: FlaskClient):
    text = client.get(f"/v1/sheet.csv?{urlencode({'product': '=1+1', 'quantity': '-5 kg'})}").text
    assert all(inert(cell) for row in csv.reader(io.StringIO(text, newline="")) for cell in row)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_in_a_comparison_is_no_formula(name: str, client: FlaskClient):
    fee = {"code": "remittance", "payer": "buyer", "share": "0.1%", "currency": "CNY"}
    ways = [{"own": {"name": each, "fees": [fee]}, "currency": "USD"} for each in (HOSTILE[name], "my bank")]
    body = {**ASKED, "vary": {"payment": ways}}
    answer = client.post("/v1/comparisons?format=csv", json=body)
    assert answer.status_code == 200, answer.text
    cells = [cell for row in csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")) for cell in row]
    assert any("my bank" in cell for cell in cells)
    assert all(map(inert, cells)), [cell for cell in cells if not inert(cell)]
    book = client.post("/v1/comparisons?format=xlsx", json=body).data
    assert not re.search(rb"<f[ >]", _sheets(book))
    told = [
        f"{cell}"
        for row in CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        for cell in row
    ]
    assert any("my bank" in cell for cell in told)
    assert name == "return" or any(HOSTILE[name] in cell for cell in told)
