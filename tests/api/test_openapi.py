# mypy: disable-error-code="index, union-attr, operator, assignment, arg-type"
"""The specification is valid, says what is sent, and its examples work."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from api import create_app
from api.examples import AVOCADO, QUOTE_REQUESTS
from api.settings import KEYS, Settings
from api.specification import shipped
from api.store import Store
from tariffs.book import Book


@pytest.fixture(scope="module")
def spec(app: Flask) -> dict[str, Any]:
    """The specification, as served."""
    response = app.test_client().get("/openapi.json")
    assert response.mimetype == "application/json"
    document: dict[str, Any] = response.json
    return document


def test_the_specification_is_the_same_whatever_the_settings_and_the_day(spec: dict[str, Any], real_book: Book) -> None:
    """What tests/contract.py leans on, which holds the answers of all applications to one: all of it but its examples."""
    store = Store.at("sqlite://")
    settings = Settings("", fx_strict=True, auth=KEYS, rate="5/second")
    other = create_app(settings, real_book, store, lambda: datetime(2028, 2, 29, tzinfo=UTC)).test_client()
    assert _without_examples(other.get("/openapi.json").json) == _without_examples(spec)
    store.close()


def _without_examples(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _without_examples(each) for name, each in part.items() if name not in ("example", "examples")}
    return [_without_examples(each) for each in part] if isinstance(part, list) else part


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its address and method; parameters that several share stand in each."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                own = [resolved(spec, each) for each in operation.get("parameters", ())]
                yield path, method, {**operation, "parameters": own}


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


# A workbook has no example that could be read.
BINARY = {"type": "string", "format": "binary"}


def test_the_specification_is_valid(spec: dict[str, Any]):
    assert spec["openapi"] == "3.1.0"
    validate(spec)


def test_every_operation_has_a_name_of_its_own_and_examples(spec: dict[str, Any]):
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names) >= 5
    for path, _, operation in operations(spec):
        assert operation["summary"], path
        for status, response in operation["responses"].items():
            assert resolved(spec, response)["description"], (path, status)
            for media in resolved(spec, response).get("content", {}).values():
                assert "example" in media or media["schema"] == BINARY, (path, status)
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
                if media["schema"] != BINARY:
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


def parameters(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter of every operation, with the name of the operation."""
    for path, _, operation in operations(spec):
        for each in (*spec["paths"][path].get("parameters", ()), *operation.get("parameters", ())):
            yield operation["operationId"], each


def examples(parameter: dict[str, Any]) -> list[Any]:
    """The examples of a parameter."""
    single = [parameter["example"]] if "example" in parameter else []
    return single + [each["value"] for each in parameter.get("examples", {}).values()]


def test_every_parameter_has_an_example_that_its_schema_allows(spec: dict[str, Any]):
    for name, parameter in parameters(spec):
        assert examples(parameter), (name, parameter["name"])
        assert parameter["description"], (name, parameter["name"])
        for example in examples(parameter):
            schema = {**parameter["schema"], "components": spec["components"]}
            assert not list(Draft202012Validator(schema).iter_errors(example)), (name, parameter["name"], example)


# What an example needs beside it: a history its first day, a package and a container the good that fills them.
PRODUCT = {"product": "avocado-fresh"}
BESIDE = {(path, "to"): {"from": "2026-01-01"} for path in ("/v1/fx", "/v1/fx.csv", "/v1/fx.svg")} | {
    ("/v1/units/convert", name): PRODUCT for name in ("q", "to", "package")
}


def test_the_examples_of_parameters_work(spec: dict[str, Any], client: FlaskClient):
    """Each by itself, with those that must be given; a cursor and a quote of one's own cannot be had from an example."""
    tried = 0
    for path, method, operation in operations(spec):
        every = [*spec["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        if method != "get" or path.startswith(("/v1/quotes", "/v1/shared", "/v1/batches")):
            continue
        address = path
        for each in every:
            if each["in"] == "path":
                address = address.replace(f"{{{each['name']}}}", quote(examples(each)[0]))
        asked = [each for each in every if each["in"] == "query" and each["name"] != "cursor"]
        needed = {each["name"]: examples(each)[0] for each in asked if each.get("required")}
        variants = [{}, *({each["name"]: example} for each in asked for example in examples(each))]
        for variant in variants:
            response = client.get(address, query_string=BESIDE.get((path, *variant), {}) | needed | variant)
            assert response.status_code == 200, (address, variant, response.text)
            tried += 1
    assert tried > 100


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


def test_the_specification_in_the_repository_is_current(real_book: Book):
    kept = (Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert kept == shipped(real_book), "renew it: galeon openapi docs/openapi.json"
