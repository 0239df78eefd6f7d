# mypy: disable-error-code="union-attr, arg-type"
"""What docs/api.md tells integrators is so: its call works, and the types of problems that it names exist."""

import json
import re
from pathlib import Path

from flask.testing import FlaskClient

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_call_of_the_guide_works(client: FlaskClient):
    (body,) = re.findall(r"-d '(\{.*?\})'", GUIDE, re.DOTALL)
    made = client.post("/v1/quotes", json=json.loads(body))
    assert made.status_code == 201
    assert list(client.get(f"{made.location}?fields=totals,goods").json) == ["totals", "goods"]


def test_the_problems_of_the_guide_exist(client: FlaskClient):
    kinds = set(re.findall(r"/problems/[a-z-]+", GUIDE))
    assert len(kinds) >= 3
    assert [kind for kind in sorted(kinds) if client.get(kind).status_code != 200] == []
