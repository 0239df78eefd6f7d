"""The whole schedule as a workbook and as CSV, opened by a real LibreOffice: every code with its zeros, every rate a text."""

import csv
import io
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.schedule.rows import COLUMNS
from tests.office.calc import recalculated
from tests.programs import program

pytestmark = pytest.mark.slow


def test_the_workbook_is_what_the_table_says(client: FlaskClient, tmp_path: Path):
    address = "/v1/tariff-lines.{}?on=2026-11-23&language=es"
    text = client.get(address.format("csv")).data.decode("utf-8-sig")
    rows = [row[: len(COLUMNS)] for row in csv.reader(io.StringIO(text, newline=""))]
    lines, release = recalculated({"whole": client.get(address.format("xlsx")).data}, tmp_path)["whole"]
    assert len(lines) == 8973
    assert lines == rows
    avocado = dict(zip(lines[0], next(row for row in lines if row[0] == "08044000"), strict=True))
    assert [avocado[name] for name in ("mfn", "provisional", "general", "vat")] == ["25%", "7%", "80%", "9%"]
    assert client.get("/v1/meta").json["sha256"] in [row[1] for row in release]  # type: ignore[index]


def test_the_csv_has_its_columns_when_codes_are_taken_as_texts(client: FlaskClient, tmp_path: Path):
    body = client.get("/v1/tariff-lines.csv?on=2026-11-23").data
    (tmp_path / "whole.csv").write_bytes(body)
    profile = (tmp_path / "profile").as_uri()
    # Comma, quotes, UTF-8, from the first row on, the first column a text.
    reading = "--infilter=CSV:44,34,76,1,1/2"
    command = [program("soffice"), f"-env:UserInstallation={profile}", "--headless", "--norestore", reading]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(tmp_path / "whole.csv")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    from tests.office.calc import sheets

    (lines,) = sheets((tmp_path / "whole.xlsx").read_bytes())
    assert len(lines) == 8973
    assert [row[0] for row in lines] == [
        row[0] for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    ]
