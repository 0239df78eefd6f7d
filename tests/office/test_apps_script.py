"""The Apps Script under Node, with stand-ins that only fetch and remember, against a running server."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.sheet_templates.files import sheet_file
from tests.api.test_sheets import WORKED_OUT
from tests.flat import AVOCADO
from tests.programs import program
from tests.servers import Serving

HARNESS = Path(__file__).parent / "apps_script.js"
NAMES = [list(AVOCADO)]
ROW = list(AVOCADO.values())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = tmp_path_factory.mktemp("apps-script") / "quotes.sqlite3"
    with Serving(f"sqlite:///{database}", workers=1) as running:
        yield running


def run(base: str, *calls: list[Any], together: int = 50) -> dict[str, Any]:
    """What the calls of the function come to, and how often the server was asked."""
    script = sheet_file("galeon.gs", base, "en").decode()
    script = script.replace("GALEON_TOGETHER = 50", f"GALEON_TOGETHER = {together}")
    sent = json.dumps({"script": script, "calls": calls})
    done = subprocess.run(
        [program("node"), str(HARNESS)], input=sent, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def changed(**said: Any) -> list[Any]:
    """The row with something else in it."""
    return list({**AVOCADO, **said}.values())


@pytest.mark.slow
def test_a_range_is_one_call(server: Serving):
    rows = [ROW, changed(price="50000"), ROW, [""] * len(ROW), changed(quantity="20 ton")]
    told = run(server.base, ["landed_cost, vat, hs_code, error", NAMES, rows])
    (answers,) = told["answers"]
    right = [float(WORKED_OUT["landed_cost"]), float(WORKED_OUT["vat"]), "08044000", ""]
    assert answers[0] == answers[2] == right
    assert answers[1][0] > right[0]
    assert answers[3] == ["", "", "", ""]
    assert all(each.startswith("#quantity: ") for each in answers[4])
    # Two rows are the same question and one is empty.
    assert (told["asked"], told["fetches"]) == (3, 1)


@pytest.mark.slow
def test_answers_are_remembered_and_errors_are_not(server: Serving):
    good, wrong = ["landed_cost", NAMES, [ROW]], ["landed_cost", NAMES, [changed(quantity="20 ton")]]
    told = run(server.base, good, good, ["vat", NAMES, [ROW]], wrong, wrong)
    assert [each[0][0] for each in told["answers"][:3]] == [364556.24, 364556.24, 30178.37]
    assert told["asked"] == 3


@pytest.mark.slow
def test_cells_of_a_spreadsheet(server: Serving):
    """Numbers, days and one column of names, as a sheet hands them over."""
    names = [["producto", "cantidad", "precio", "moneda", "por", "flete", "tipo de cambio", "fecha de declaración", ""]]
    row = [
        "avocado-fresh",
        "20.16 t",
        40000,
        "USD",
        "total",
        6200,
        "USD/CNY:6.7628",
        {"date": "2026-11-23T00:00"},
        "a note",
    ]
    told = run(
        server.base, ["landed_cost", names, [row]], ["nothing", names, [row]], ["landed_cost", "product", "tequila"]
    )
    assert told["answers"][0] == [[364556.24]]
    assert told["answers"][1] == [["#There is no field nothing"]]
    assert told["answers"][2][0][0].startswith("#quantity: ")


@pytest.mark.slow
def test_many_rows_are_asked_together_in_parts(server: Serving):
    rows = [changed(price=f"{40000 + each}") for each in range(5)]
    told = run(server.base, ["taxes", NAMES, rows], together=2)
    assert told["fetches"] == 3
    taxes = [each[0] for each in told["answers"][0]]
    assert taxes == sorted(set(taxes))
