"""The formulas for machines: reckoned exactly from an answer alone, each step comes to its amount."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.examples import QUOTE_REQUESTS
from api.renderings.published import published
from tests.quoted import CASES, request_of

EXACT = [each for each in CASES if CASES.index(each) % 3 == 0]


def on_step(mode: str, value: Fraction, step: Fraction) -> Fraction:
    # A hundred digits tell every tie of these figures from its neighbours.
    steps = value / step
    digits = Decimal(int(steps * 10**100)).scaleb(-100)
    return Fraction(digits.quantize(Decimal(1), rounding=mode)) * step


def running_share(cost: Fraction, running: Fraction, part: Fraction, whole: Fraction) -> Fraction:
    fen = Fraction(1, 100)
    if whole == 0:
        return Fraction(0)
    upto, before = (on_step(ROUND_HALF_UP, cost * each / whole, fen) for each in (running, running - part))
    return upto - before


WORDS: dict[str, Any] = {
    "round": partial(on_step, ROUND_HALF_UP),
    "floor": partial(on_step, ROUND_FLOOR),
    "ceil": partial(on_step, ROUND_CEILING),
    "least": min,
    "greatest": max,
    "where": lambda condition, yes, no: yes if condition else no,
    "running_share": running_share,
    "Fraction": Fraction,
}


def reckoned(expression: str, values: list[Fraction]) -> Fraction:
    """An expression as Python, every constant of it exact. Division by nothing in what a condition discards is let be."""
    exact = re.sub(r"(?<![\w.])([0-9]+(?:\.[0-9]+)?)", r"Fraction('\1')", expression)
    names = {f"i{place}": value for place, value in enumerate(values)}
    result: Fraction = eval(exact, {"__builtins__": {}}, WORDS | names)
    return result


def wrong(document: dict[str, Any]) -> list[str]:
    """The steps of a quote that do not follow from their inputs."""
    found = []
    for step in document["steps"]:
        if "expression" not in step or any(each.get("unrounded") for each in step["inputs"]):
            continue
        figures = [published(each["value"], each["unit"]) for each in step["inputs"]]
        values = [each.exact for each in figures if each is not None]
        assert len(values) == len(figures), step
        stated = published(step["amount"]["amount"] if "amount" in step else step["value"], None)
        came_to = reckoned(step["expression"], values)
        if stated is None or (
            came_to != stated.exact if not step.get("unrounded") else abs(came_to - stated.exact) > 1e-11
        ):
            found.append(f"{step['code']}: {step['expression']} over {values} is {came_to}, not {stated}")
    return found


@pytest.mark.parametrize("path", EXACT, ids=lambda path: path.stem)
def test_every_step_of_the_golden_cases_follows_from_its_inputs(path: Any, client: FlaskClient) -> None:
    answer = client.post("/v1/quotes?store=false&fields=steps", json=request_of(path))
    assert wrong(answer.get_json()) == []


@pytest.mark.parametrize("name", QUOTE_REQUESTS)
def test_every_step_of_the_examples_follows_from_its_inputs(name: str, client: FlaskClient) -> None:
    answer = client.post("/v1/quotes?store=false&fields=steps", json=QUOTE_REQUESTS[name]["value"])
    assert wrong(answer.get_json()) == []


def test_steps_that_reckon_have_an_expression(client: FlaskClient) -> None:
    steps = client.post("/v1/quotes?store=false", json=QUOTE_REQUESTS["route"]["value"]).get_json()["steps"]
    told = {step["code"]: step.get("expression") for step in steps}
    assert told["customs_duty"] == "round(i0 * i1, 0.01)"
    assert told["vat"] == "round((i0 + i1 + i2) * i3, 0.01)"
    assert str(told["containers_needed"]).startswith("ceil(")
    # A zero that no rule reckoned has a reason instead.
    assert told["postal_articles_tax"] is None
