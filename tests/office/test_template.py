"""The workbook of cells that the project gives away, in a real LibreOffice and in each language, against a running server."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from api.languages import LANGUAGES
from api.sheet_templates.workbook import COMPARED, RESULTS, SCENARIOS, workbook
from tests.api.test_sheets import WORKED_OUT
from tests.flat import AVOCADO
from tests.office.asking import asked
from tests.servers import Serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with Serving(f"sqlite:///{tmp_path / 'quotes.sqlite3'}", workers=1) as running:
        yield running


def told(server: Serving, said: dict[str, str]) -> dict[str, Any]:
    """The totals that POST /v1/quotes gives for a scenario, in its own words."""
    request: dict[str, Any] = {
        "goods": [
            {
                "product": said["product"],
                "quantity": said["quantity"],
                "price": {
                    name: said[each] for name, each in (("amount", "price"), ("currency", "currency"), ("per", "per"))
                },
            }
        ],
        "incoterm": said["incoterm"],
    }
    if said["freight"]:
        request["costs"] = {"freight": {"amount": said["freight"], "currency": said["currency"]}}
    sent = urllib.request.Request(
        f"{server.base}/v1/quotes?store=false", json.dumps(request).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(sent, timeout=60) as answer:
        totals: dict[str, Any] = json.loads(answer.read())["totals"]
    return totals


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_comes_to_the_values_of_the_api(language: str, server: Serving, tmp_path: Path):
    cells, rows, index = asked(workbook(server.base, language, AVOCADO), tmp_path / "office")
    figures = [row[6] for row in cells if isinstance(row[6], float)]
    for name, value in WORKED_OUT.items():
        if name in ("error", "taxes", "presumed_insurance"):
            continue
        shown = [row[6] for row in cells]
        assert (float(value) if value.replace(".", "").isdigit() and name != "hs_code" else value) in shown, name
    assert len(figures) > 15
    # The waterfall: each part on the shoulders of those before it, up to the landed cost.
    waterfall = [row[1:3] for row in cells if isinstance(row[1], float) and isinstance(row[2], float)]
    height = 0
    for foot, part in waterfall[:-1]:
        assert round(foot * 100) == height
        height += round(part * 100)
    assert [round(each * 100) for each in waterfall[-1]] == [0, height]
    assert height == round(float(WORKED_OUT["landed_cost"]) * 100)
    for row, scenario in zip(rows[2:], SCENARIOS, strict=False):
        totals = told(server, {**dict.fromkeys(COMPARED, ""), **scenario})
        found = dict(zip(RESULTS, row[len(COMPARED) + 1 :], strict=False))
        assert found["error"] == ""
        for name in ("landed_cost", "taxes"):
            assert found[name] == float(totals[name]["amount"]), (scenario, name)
    assert rows[len(SCENARIOS) + 2 :] == [] or not any(rows[len(SCENARIOS) + 2][len(COMPARED) + 1 :])
    assert {"landed_cost", "error", "product", "declared_on"} <= {row[0] for row in index}


@pytest.mark.slow
def test_what_is_wrong_is_told_in_the_workbook(server: Serving, tmp_path: Path):
    cells, _, _ = asked(workbook(server.base, "es", AVOCADO | {"quantity": "20 ton"}), tmp_path / "office")
    errors = [row[6] for row in cells if str(row[6]).startswith("#")]
    assert errors
    assert all(each.startswith("#quantity: ") for each in errors)
    query = urlencode(AVOCADO | {"quantity": "20 ton"})
    with urllib.request.urlopen(f"{server.base}/v1/sheet/error?{query}", timeout=60) as answer:
        assert errors[0] == answer.read().decode()
