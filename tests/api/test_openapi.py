# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The specification is valid, says what is sent, and its examples work."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.examples import AVOCADO, QUOTE_REQUESTS


@pytest.fixture(scope="module")
def spec(app: Flask) -> dict[str, Any]:
    """The specification, as served."""
    response = app.test_client().get("/openapi.json")
    assert response.mimetype == "application/json"
    document: dict[str, Any] = response.json
    return document


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its address and method."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def resolved(spec: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    while "$ref" in part:
        found = spec
        for key in part["$ref"].removeprefix("#/").split("/"):
            found = found[key]
        part = found
    return part


def validator(spec: dict[str, Any], name: str) -> Draft202012Validator:
    """A validator of one of the schemas."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": spec["components"]})


def test_the_specification_is_valid(spec: dict[str, Any]):
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_operation_has_a_name_of_its_own_and_examples(spec: dict[str, Any]):
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names) >= 5
    for path, _, operation in operations(spec):
        assert operation["summary"], path
        for status, response in operation["responses"].items():
            for media in resolved(spec, response).get("content", {}).values():
                assert "example" in media, (path, status)
        body = operation.get("requestBody")
        assert body is None or body["content"]["application/json"]["examples"], path


def test_problems_are_documented_as_they_are_sent(spec: dict[str, Any]):
    for path, method, operation in operations(spec):
        for status, response in operation["responses"].items():
            if status == "default" or status >= "400":
                assert list(resolved(spec, response)["content"]) == ["application/problem+json"], (path, method, status)


def test_the_examples_are_what_they_say(spec: dict[str, Any]):
    for path, _, operation in operations(spec):
        for status, response in operation["responses"].items():
            for media in resolved(spec, response).get("content", {}).values():
                schema = {**media["schema"], "components": spec["components"]}
                assert not list(Draft202012Validator(schema).iter_errors(media["example"])), (path, status)


@pytest.mark.parametrize("name", QUOTE_REQUESTS)
def test_the_examples_of_requests_work(name: str, spec: dict[str, Any], client: FlaskClient):
    asked = QUOTE_REQUESTS[name]["value"]
    assert not list(validator(spec, "QuoteRequest").iter_errors(asked))
    assert client.post("/v1/quotes", json=asked).status_code == 201


VARIED = {
    "as it is": {},
    "open VAT, other currency": {"display_currency": "JPY", "fx": {}},
    "of today": {"declared_on": "2026-11-23", "fx": {}},
    "after the tables": {"declared_on": "2027-02-01"},
    "two lines": {"goods": [AVOCADO["goods"][0], {**AVOCADO["goods"][0], "quantity": "1000 斤"}]},
    "own tariff": {
        "goods": [
            {
                **AVOCADO["goods"][0],
                "tariff": {
                    "duty": "20% + 1 CNY/kg",
                    "trade_remedies": [{"kind": "anti_dumping", "duty": "13.5%"}],
                },
                "additions": [{"code": "royalty", "amount": {"amount": "10", "currency": "EUR"}}],
                "related_party": True,
            }
        ]
    },
    "delivered, duty paid": {
        "incoterm": "DDP",
        "place": "CNSHA",
        "costs": {
            "insurance": {"rate": "0.3%"},
            "destination": {"delivery": {"amount": "3000", "currency": "CNY"}},
        },
    },
    "from the works": {
        "incoterm": "EXW",
        "place": "Uruapan, MX",
        "costs": {
            "freight": {"amount": "6200", "currency": "USD"},
            "insurance": {"amount": "120", "currency": "USD"},
            "origin": {"all_in": {"amount": "18000", "currency": "MXN"}},
        },
    },
    "in Chinese": {"language": "zh"},
    "in Spanish": {"language": "es"},
}


@pytest.mark.parametrize("changes", VARIED.values(), ids=VARIED)
@pytest.mark.parametrize("query", ["", "?store=false"])
def test_every_answer_keeps_to_its_schema(changes: Any, query: str, spec: dict[str, Any], client: FlaskClient):
    response = client.post(f"/v1/quotes{query}", json={**AVOCADO, **changes})
    assert response.status_code in (200, 201), response.text
    assert [error.message for error in validator(spec, "Quote").iter_errors(response.json)] == []


@pytest.mark.slow
def test_generated_requests_find_no_lie_in_the_specification(app: Flask):
    """Schemathesis sends what the specification allows and what it forbids; nothing may be undocumented or a 500."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    for operation in schema.get_all_operations():
        described = operation.ok()
        most = 50 if described.method == "post" else 15
        _sent(described.as_strategy(generation_mode=GenerationMode.POSITIVE), most)
    create = schema["/v1/quotes"]["POST"]
    _sent(create.as_strategy(generation_mode=GenerationMode.NEGATIVE), 50)


def _sent(cases: Any, most: int) -> None:
    @given(case=cases)
    @settings(
        max_examples=most, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def sent(case: Any) -> None:
        # What the schema allows may still be wrong: a product that nobody sells, a day that no table reaches.
        path, method = case.operation.path, case.operation.method
        judged = method == "post" or path.endswith("/convert") or {"on", "from", "to", "month"} & set(case.query or {})
        excluded = [positive_data_acceptance] if judged else []
        case.call_and_validate(excluded_checks=excluded)

    sent()


def test_the_specification_has_a_validator_and_names_its_limits(spec: dict[str, Any], client: FlaskClient):
    etag = client.get("/openapi.json").headers["ETag"]
    again = client.get("/openapi.json", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    schemas = spec["components"]["schemas"]
    line = next(
        schema
        for schema in schemas.values()
        if "additions" in schema.get("properties", {}) and "quantity" in schema["properties"]
    )
    assert [line["properties"][name]["maxItems"] for name in ("additions", "deductions")] == [20, 20]
    assert schemas["Tariff"]["properties"]["trade_remedies"]["maxItems"] == 10
    assert schemas["QuoteRequest"]["properties"]["fx"]["maxProperties"] == 60
