"""Whoever follows a figure of a step backwards finds a step that is listed, a row, a field, or the law."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.quoted import CASES, request_of


@pytest.mark.parametrize("case", CASES, ids=[each.stem for each in CASES])
def test_every_step_that_is_pointed_at_is_listed(case: Path, client: FlaskClient) -> None:
    response = client.post("/v1/quotes?store=false", json=request_of(case))
    assert response.status_code == 200
    steps = response.get_json()["steps"]
    asked = {entry["from"] for step in steps for entry in step["inputs"]}
    assert {each for each in asked if each.startswith("step:")} <= {f"step:{step['code']}" for step in steps}
