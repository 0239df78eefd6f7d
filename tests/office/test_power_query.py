"""The function for Power Query: parsed by Microsoft's own parser, and its calls made of a running server.

Nothing outside Excel and Power BI runs M. What the function sends and what it takes out of the answers is looked for in its text,
and done here.
"""

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.batches.results import RESULTS
from api.sheet_templates.files import sheet_file
from tests.api.test_sheets import WORKED_OUT
from tests.flat import AVOCADO
from tests.programs import program
from tests.servers import Serving

M = Path(__file__).parent / "m"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    database = tmp_path_factory.mktemp("power-query") / "quotes.sqlite3"
    with Serving(f"sqlite:///{database}", workers=1) as running:
        yield running


def parsed(text: str) -> str:
    """What the parser says against a text, "" for nothing."""
    if not (M / "node_modules").is_dir():
        pytest.skip("needs Microsoft's parser of M (make install-m)")
    done = subprocess.run(
        [program("node"), str(M / "parse.js")], input=text, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stderr if done.returncode else ""


def called(server: Serving, path: str, rows: list[dict[str, str]] | None = None) -> Any:
    """What the server says to a call as `Called` makes it."""
    content = None if rows is None else json.dumps(rows).encode()
    asked = urllib.request.Request(f"{server.base}/{path}", content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=600) as answer:
        return json.load(answer)


def between(text: str, before: str, after: str) -> str:
    """What stands between two signs in a text that has them."""
    found = re.search(f"{re.escape(before)}(.*?){re.escape(after)}", text, re.DOTALL)
    assert found is not None, before
    return found[1]


def test_it_is_m():
    text = sheet_file("galeon.pq", "https://galeon.example:8443/here", "en").decode()
    assert parsed(text) == ""
    assert "right parenthesis" in parsed(text.replace("Number.FromText(value,", "(Number.FromText(value,"))


def test_all_refusals_of_its_calls_are_told_in_their_words():
    specification = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_text())
    calls = ("/v1/batches", "post"), ("/v1/batches/{id}", "get"), ("/v1/batches/{id}/result", "get")
    documented = {code for path, verb in calls for code in specification["paths"][path][verb]["responses"]}
    told = between(sheet_file("galeon.pq", "http://localhost", "en").decode(), "Refusals = {", "}").split(", ")
    assert {code for code in documented if code.startswith("4")} <= set(told)


@pytest.mark.slow
def test_a_table_comes_back_with_its_results_last(server: Serving):
    text = sheet_file("galeon.pq", server.base, "en").decode()
    path, asked = between(text, 'Called("', '"'), between(text, "Rest = [Query = [", "]")
    name, value = re.fullmatch(r'(\w+) = "(\w+)"', asked).groups()  # type: ignore[union-attr]
    # Two of the columns are called like results.
    rows = [{**AVOCADO, "vat": "own", "trade_remedies": ""}, {"vat": "", **AVOCADO, "quantity": "20 ton"}]
    first, second = called(server, f"{path}?{name}={value}", rows)
    results = json.loads(f"[{between(text, 'Results = {', '}')}]")
    assert tuple(results) == RESULTS
    headings = dict(zip(results, [*first][-len(results) :], strict=True))
    assert (first["vat"], headings["vat"]) == ("own", "priced_vat")
    assert {name: first[headings[name]] for name in ("landed_cost", "vat", "error")} == {
        "landed_cost": WORKED_OUT["landed_cost"],
        "vat": WORKED_OUT["vat"],
        "error": None,
    }
    assert second[headings["landed_cost"]] is None
    assert second[headings["error"]].startswith("quantity: ")


@pytest.mark.slow
def test_a_long_table_is_a_job_until_it_is_over(server: Serving):
    text = sheet_file("galeon.pq", server.base, "en").decode()
    open_ = json.loads(f"[{between(text, 'List.Contains({', '}, state[status])')}]")
    job = called(server, "v1/batches?format=json", [AVOCADO] * 10_001)
    while job["status"] in open_:
        time.sleep(0.2)
        job = called(server, job["links"]["self"][1:])
    assert f'Over[status] = "{job["status"]}"' in text
    priced = called(server, job["links"]["result"][1:])
    assert len(priced) == 10_001
    assert {row["landed_cost"] for row in priced} == {WORKED_OUT["landed_cost"]}
