"""POST /v1/batches: files of every form come back priced, and what is wrong with one is told before anything is answered."""

import io
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pyarrow as pa
import pytest
import xlsxwriter
from flask.testing import FlaskClient
from pyarrow import ipc, parquet
from python_calamine import CalamineWorkbook
from werkzeug.test import TestResponse

from api.batches.forms import forms
from api.batches.layout import FLAT
from api.batches.names import MEDIA_TYPES
from api.batches.results import RESULTS
from api.batching import MOST_ROWS
from tests.flat import AVOCADO

# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand.
LANDED_COST = "364556.24"
ROWS = [{"SKU": "0007"} | AVOCADO, {"SKU": "0008"} | AVOCADO | {"quantity": "20.16"}]
NAMES = list(ROWS[0])


def csv_of(rows: list[dict[str, str]], between: str = ",") -> bytes:
    return "".join(f"{between.join(each)}\r\n" for each in (rows[0], *(row.values() for row in rows))).encode()


def sent(client: FlaskClient, body: bytes, form: str = "csv", query: str = "", **headers: str) -> TestResponse:
    return client.post(f"/v1/batches{query}", data=body, content_type=MEDIA_TYPES[form], headers=headers)


def problem_of(response: TestResponse) -> tuple[int, str, str]:
    """The status of a problem, its type and the detail of its first error, or its own."""
    told = response.get_json()
    first = told["errors"][0] if told["errors"] else told
    return (
        response.status_code,
        first["type" if "type" in first else "code"].rpartition("/")[2].replace("_", "-"),
        first["detail"],
    )


def test_the_media_types_are_those_of_the_forms():
    assert {name: form.media_type for name, form in forms().items()} == MEDIA_TYPES


def test_a_csv(client: FlaskClient):
    response = sent(client, csv_of(ROWS, ";"))
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    assert response.headers["Cache-Control"] == "no-store"
    assert (response.headers["X-Total-Count"], response.headers["X-Problem-Count"]) == ("2", "1")
    head, first, second = response.text.splitlines()
    assert head.split(";") == [*NAMES, *RESULTS]
    assert dict(zip(head.split(";"), first.split(";"), strict=True))["landed_cost"] == LANDED_COST
    assert second.startswith("0008;")
    assert "quantity: " in second


def test_objects(client: FlaskClient):
    response = sent(client, "\n".join(map(json.dumps, ROWS)).encode(), "ndjson")
    assert [json.loads(line)["landed_cost"] for line in response.text.splitlines()] == [LANDED_COST, None]
    response = sent(client, json.dumps(ROWS).encode(), "json")
    assert [row["landed_cost"] for row in response.get_json()] == [LANDED_COST, None]


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_columns(client: FlaskClient, form: str):
    file, table = io.BytesIO(), pa.Table.from_pylist(ROWS)
    if form == "parquet":
        parquet.write_table(table, file)
    else:
        with ipc.new_stream(file, table.schema) as stream:
            stream.write_table(table)
    response = sent(client, file.getvalue(), form)
    answer = io.BytesIO(response.data)
    found = parquet.read_table(answer) if form == "parquet" else ipc.open_file(answer).read_all()
    assert found["landed_cost"].to_pylist() == [Decimal(LANDED_COST), None]


def workbook(rows: list[dict[str, str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Notas").write(0, 0, "a note")
        sheet = book.add_worksheet("Pedidos")
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def test_a_workbook(client: FlaskClient):
    response = sent(client, workbook(ROWS), "xlsx", "?sheet=Pedidos")
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.data))
    assert book.sheet_names[:2] == ["Notas", "Pedidos"]
    head, first, _ = book.get_sheet_by_name("Pedidos").to_python()
    assert dict(zip(head, first, strict=True))["landed_cost"] == float(LANDED_COST)


def test_the_form_may_be_named_in_the_address(client: FlaskClient):
    response = client.post("/v1/batches?format=csv", data=csv_of(ROWS), content_type="application/octet-stream")
    assert LANDED_COST in response.text


def test_what_headings_stand_for(client: FlaskClient):
    rows = [{"Ware" if name == "product" else name: value for name, value in ROWS[0].items()}]
    assert problem_of(sent(client, csv_of(rows)))[:2] == (422, "columns-missing")
    assert LANDED_COST in sent(client, csv_of(rows), query="?columns=Ware=product;SKU=").text
    assert problem_of(sent(client, csv_of(rows), query="?columns=Sorte=product"))[1] == "no-such-heading"
    assert problem_of(sent(client, csv_of(rows), query="?columns=Ware"))[1] == "wrong-form"


def test_every_column_may_have_a_long_heading_of_its_own(client: FlaskClient):
    long = {name: f"As the forwarder's form calls it: {name}" for name in AVOCADO}
    rows = [{long[name]: value for name, value in AVOCADO.items()}]
    said = ";".join(f"{heading}={name}" for name, heading in long.items())
    assert len(said) > 200
    assert LANDED_COST in sent(client, csv_of(rows), query=f"?{urlencode({'columns': said})}").text
    assert problem_of(sent(client, csv_of(rows), query=f"?columns={'x' * 2001}"))[1] == "text-too-long"


def looked_at(client: FlaskClient, body: bytes, form: str = "csv", query: str = "", **headers: str) -> dict[str, Any]:
    """What is understood of a file."""
    response = client.post(f"/v1/batches/columns{query}", data=body, content_type=MEDIA_TYPES[form], headers=headers)
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-store")
    told = response.get_json()
    assert isinstance(told, dict)
    return told


def test_what_is_understood_of_headings_in_three_languages(client: FlaskClient):
    body = (
        "Producto,数量,Precio,moneda,SKU\r\nMango,1 t,2,USD,0007\r\nMango,2 t,,USD,0007\r\nLima,3 t,3,USD,\r\n".encode()
    )
    told = looked_at(client, body, **{"Accept-Language": "es"})
    assert [(each["heading"], each["name"], each["title"]) for each in told["columns"]] == [
        ("Producto", "product", "producto"),
        ("数量", "quantity", "cantidad"),
        ("Precio", "price", "precio"),
        ("moneda", "currency", "moneda"),
        ("SKU", None, None),
    ]
    assert [each["samples"] for each in told["columns"]] == [
        ["Mango", "Lima"], ["1 t", "2 t", "3 t"], ["2", "3"], ["USD"], ["0007"],
    ]  # fmt: skip
    assert (told["missing"], told["errors"]) == ([], [])


def test_what_is_missing_is_told_until_it_is_mapped(client: FlaskClient):
    body = b"Ware,quantity,currency,x\r\navocado-fresh,20.16 t,USD,40000\r\n"
    told = looked_at(client, body)
    assert told["missing"] == [["price"], ["product", "hs_code", "fraccion", "description"]]
    assert [each["code"] for each in told["errors"]] == ["columns_missing"]
    told = looked_at(client, body, query="?columns=Ware=product;x=price")
    assert (told["missing"], told["errors"]) == ([], [])
    assert LANDED_COST not in json.dumps(told)
    told = looked_at(client, body, query="?columns=Ware=quantity")
    assert [each["code"] for each in told["errors"]] == ["columns_alike"]
    assert looked_at(client, body, query="?columns=quantity=")["columns"][1]["known"] is False


def test_blanks_around_a_heading_are_no_part_of_it(client: FlaskClient):
    body = b" Ware ,quantity,price,currency,a=b\r\navocado-fresh,20.16 t,40000,USD,x\r\n"
    told = looked_at(client, body, query="?columns=Ware=product;a=b=per")
    assert [each["name"] for each in told["columns"]] == ["product", "quantity", "price", "currency", "per"]
    assert (told["missing"], told["errors"]) == ([], [])


def test_all_names_that_a_column_may_stand_for_are_told(client: FlaskClient):
    told = looked_at(client, csv_of(ROWS), **{"Accept-Language": "zh"})
    names = {each["name"]: each["title"] for each in told["names"]}
    assert set(FLAT) == set(names)
    assert (names["quantity"], names["shipment"]) == ("数量", "批次")


def test_headings_alone_do_in_any_form(client: FlaskClient):
    told = looked_at(client, ",".join(NAMES).encode())
    assert [each["samples"] for each in told["columns"]] == [[]] * len(NAMES)
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(ROWS), file)
    assert looked_at(client, file.getvalue(), "parquet")["missing"] == []
    assert looked_at(client, workbook(ROWS), "xlsx")["missing"] == []


def test_the_results_of_an_earlier_run_are_no_columns_of_the_user(client: FlaskClient):
    told = looked_at(client, sent(client, csv_of(ROWS)).data)
    assert [each["heading"] for each in told["columns"]] == NAMES


def test_a_moment_that_python_has_not_is_shown_as_unreadable(client: FlaskClient):
    file, moments = io.BytesIO(), pa.array([1], pa.timestamp("ns"))
    parquet.write_table(pa.table({"declared_on": moments}), file)
    assert looked_at(client, file.getvalue(), "parquet")["columns"][0]["samples"] == ["…"]


def test_what_cannot_be_read_has_no_columns(client: FlaskClient):
    def refused(body: bytes, query: str = "", kind: str = "text/csv") -> tuple[int, str, str]:
        return problem_of(client.post(f"/v1/batches/columns{query}", data=body, content_type=kind))

    assert refused(b"")[:2] == (422, "file-not-read")
    assert refused(csv_of(ROWS), "?columns=Sorte=product")[:2] == (422, "no-such-heading")
    assert refused(csv_of(ROWS), kind="application/pdf")[:2] == (415, "unknown-form")


def test_problems_in_spanish(client: FlaskClient):
    response = sent(client, csv_of(ROWS), **{"Accept-Language": "es"})
    assert response.headers["Content-Language"] == "es"
    assert "unidad" in response.text


def test_as_many_rows_as_one_answer_has(client: FlaskClient):
    response = sent(client, csv_of(ROWS[:1] * MOST_ROWS))
    assert response.text.count(f",{LANDED_COST},") == MOST_ROWS
    response = sent(client, csv_of(ROWS[:1] * (MOST_ROWS + 1)))
    assert response.status_code == 202
    job = response.get_json()
    assert response.headers["Location"] == job["links"]["self"]
    assert (job["status"], job["rows"], job["done"]) == ("queued", None, 0)


@pytest.mark.parametrize(
    ("form", "body", "code"),
    [
        ("csv", b"", "file-not-read"),
        ("csv", b"\xff\xfe,1\n", "file-not-read"),
        ("parquet", b"PAR1", "file-not-read"),
        ("arrow", b"ARROW1\0\0", "file-not-read"),
        ("json", b"{}", "file-not-read"),
        ("ndjson", b"[1]\n", "file-not-read"),
        ("xlsx", b"PK\x03\x04", "file-not-read"),
        ("ods", b"", "file-not-read"),
        ("csv", b"a,b\n1,2\n", "columns-missing"),
    ],
)
def test_files_that_cannot_be_read(client: FlaskClient, form: str, body: bytes, code: str):
    assert problem_of(sent(client, body, form))[:2] == (422, code)


def test_a_form_that_nobody_knows(client: FlaskClient):
    response = client.post("/v1/batches", data=b"x", content_type="application/vnd.ms-excel")
    status, code, detail = problem_of(response)
    assert (status, code) == (415, "unknown-form")
    assert "application/vnd.ms-excel" in detail
    response = client.post("/v1/batches", data=b"x", content_type="text/csv; charset=latin-1")
    assert response.status_code == 415
    assert sent(client, b"x", **{"Content-Encoding": "gzip"}).status_code == 415
    assert problem_of(sent(client, csv_of(ROWS), query="?sheet=a"))[1] == "sheet-of-no-workbook"
    assert problem_of(sent(client, csv_of(ROWS), query="?format=docx"))[1] == "not-a-choice"


def test_a_file_that_is_too_long(client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.batch_bodies.LONGEST_FILE", 100)
    status, code, detail = problem_of(sent(client, csv_of(ROWS)))
    assert (status, code) == (413, "body-too-large")
    assert "100" in detail
