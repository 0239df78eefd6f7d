"""The files for spreadsheets: open to everybody, for the server under whose address they were asked, the same every time."""

import csv
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from api.cells import FIELDS, NUMBERS
from api.cli import main
from api.flat_names import BY_NAME, FLAT_NAMES
from api.sheet_templates.files import KINDS, sheet_file
from api.sheet_templates.workbook import ASKED, COMPARED, EXAMPLE, RESULTS, SCENARIOS, TOLD
from tests.api.test_sheets import WORKED_OUT
from tests.flat import AVOCADO
from tests.keyed import Keyed


@pytest.mark.parametrize("name", KINDS)
def test_a_file_is_made_for_the_server_that_was_asked(name: str, client: FlaskClient):
    response = client.get(f"/sheets/{name}", base_url="https://galeon.example:8443")
    assert response.status_code == 200
    assert response.mimetype == KINDS[name]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.data == sheet_file(name, "https://galeon.example:8443", "en")
    again = client.get(
        f"/sheets/{name}", base_url="https://galeon.example:8443", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["galeon.gs", "galeon.pq"])
def test_a_script_has_the_server_in_it_and_no_place_left_open(name: str):
    text = sheet_file(name, "https://galeon.example", "en").decode()
    assert '"https://galeon.example"' in text
    assert not re.search(r"\{\{[a-z]+\}\}", text)
    named = re.search(r"(?:GALEON_NUMBERS = \[|Numbers = \{)([^\]}]*)", text)
    assert named is not None
    (numbers,) = csv.reader(io.StringIO(named[1]), skipinitialspace=True)
    assert set(numbers) < set(NUMBERS)
    assert {"landed_cost", "vat", "landed_cost_per_unit"} < set(numbers)


@pytest.mark.parametrize("host", ['evil"&WEBSERVICE', "a b", "x'y", "a<b"])
def test_a_host_that_is_no_host_is_refused(host: str, client: FlaskClient):
    assert client.get("/sheets/galeon.gs", headers={"Host": host}).status_code == 400


def test_what_there_is_not(client: FlaskClient):
    response = client.get("/sheets/galeon.xlsm")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["errors"][0]["allowed"][0] == "galeon.xlsx"
    assert client.get("/sheets/galeon.xlsx?lang=es").status_code == 422


def test_files_are_open_and_hold_no_key(keyed: Keyed):
    for name in KINDS:
        assert keyed.get(f"/sheets/{name}").status_code == 200


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_workbook_speaks_its_language(language: str, client: FlaskClient):
    body = client.get(f"/sheets/galeon.xlsx?language={language}").data
    cells, rows, index = (
        CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(at).to_python() for at in range(3)
    )
    labels = {row[0] for row in cells}
    assert {"en": "quantity", "es": "cantidad", "zh": "数量"}[language] in labels
    assert len(rows) > len(SCENARIOS)
    told = {row[0]: row for row in index}
    assert set(FIELDS) | {flat.name for flat in FLAT_NAMES} <= told.keys()


def test_the_workbook_asks_for_what_there_is():
    assert set(ASKED) | set(COMPARED) | set(EXAMPLE) <= BY_NAME.keys()
    assert set(TOLD) | set(RESULTS) <= set(FIELDS)
    assert all(len(each) < 2048 for each in map(str, SCENARIOS))


def test_the_query_of_power_query_is_an_address_that_answers(client: FlaskClient):
    """No program here reads M: its text is looked at, and the address that it builds is asked."""
    text = sheet_file("galeon.pq", "http://localhost", "en").decode()
    path = re.search(r'RelativePath = "([^"]+)"', text)
    assert path is not None
    (row,) = csv.DictReader(io.StringIO(client.get(f"/{path[1]}", query_string=AVOCADO).text))
    assert row["landed_cost"] == WORKED_OUT["landed_cost"]
    code = re.sub(r"//.*|\"[^\"]*\"", "", text)
    for opening, closing in ("()", "[]", "{}"):
        assert code.count(opening) == code.count(closing)
    assert len(re.findall(r"\blet\b", code)) == len(re.findall(r"^\s*in\b", code, re.MULTILINE))


def test_the_command_writes_them(tmp_path: Path):
    folder = tmp_path / "new" / "sheets"
    done = CliRunner().invoke(
        main, ["sheets", "make", str(folder), "--server", "https://galeon.example/", "--language", "es"]
    )
    assert done.exit_code == 0, done.output
    for name in KINDS:
        assert (folder / name).read_bytes() == sheet_file(name, "https://galeon.example", "es")


@pytest.mark.parametrize("server", ["galeon.example", "ftp://x", 'https://x"', "https://x/?a=1", "https://x y"])
def test_the_command_refuses_what_is_no_address(server: str, tmp_path: Path):
    done = CliRunner().invoke(main, ["sheets", "make", str(tmp_path / "a"), "--server", server])
    assert done.exit_code == 2
    assert "https://galeon.example" in done.output
    assert not (tmp_path / "a").exists()
