"""Golden quotes: files of a request and its figures, each with where the figures come from, priced through the API."""

import tomllib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

CASES = sorted((Path(__file__).parent / "cases").rglob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, client: FlaskClient) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    assert len(case["provenance"]) > 20, "a golden case says where its figures come from"
    answer = client.post("/v1/quotes?store=false", json=case["request"])
    assert answer.status_code == 200, answer.text
    totals = answer.get_json()["totals"]
    assert {name: totals[name]["amount"] for name in case["expected"]} == case["expected"]


def test_there_are_cases() -> None:
    assert len(CASES) >= 10
