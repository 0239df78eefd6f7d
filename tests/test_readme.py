"""The README tells the truth: its first quote is priced as printed, and its library example runs."""

import contextlib
import io
import json
import re
from pathlib import Path

from flask.testing import FlaskClient

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert found is not None, f"the README has no block {name}"
    return found[1]


def first_request() -> dict[str, object]:
    found = re.search(r"-d '(\{.*?\})'\n", README, re.DOTALL)
    assert found is not None
    request: dict[str, object] = json.loads(found[1])
    return request


def test_the_first_quote_is_priced_as_printed(client: FlaskClient) -> None:
    totals = client.post("/v1/quotes?store=false", json=first_request()).get_json()["totals"]
    head, _, row = block("first-quote").strip().splitlines()
    names, amounts = (line.strip("| ").split(" | ") for line in (head, row))
    assert dict(zip(names, amounts, strict=True)) == {name: totals[name]["amount"] for name in names}


def test_the_library_example_runs_as_printed() -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(found[1], "README.md", "exec"), {})
    # No rate is given there: the market rate of the day is used, and the amount only has to be an amount.
    assert re.fullmatch(r"[0-9]+\.[0-9]{2}\n", printed.getvalue())


def test_the_calculators_guide_names_every_module() -> None:
    folder = Path(__file__).parent.parent / "calculator"
    guide = (folder / "README.md").read_text(encoding="utf-8")
    # Values without a room of their own are described where they are used.
    plain = {"__init__.py", "citations.py", "errors.py", "goods.py", "incoterms.py", "plan.py", "requirements.py"}
    plain |= {"tariff_line.py", "validity.py"}
    missing = [
        path.name for path in sorted(folder.glob("*.py")) if path.name not in plain and f"`{path.name}`" not in guide
    ]
    assert missing == []
