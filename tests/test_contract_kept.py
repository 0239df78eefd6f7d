"""What the API promised in its last release it still keeps; and whatever could break a client is found by the comparison."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.specification import shipped
from tariffs.book import Book
from tests.contract_changes import METHODS, breaks, main

Json = dict[str, Any]
DOCS = Path(__file__).parents[1] / "docs"


def released() -> Path:
    """The contract of the last release."""
    return max((DOCS / "contract").glob("*.json"), key=lambda path: tuple(map(int, path.stem.split("."))))


def test_nothing_that_was_promised_is_broken(real_book: Book) -> None:
    last = json.loads(released().read_text(encoding="utf-8"))
    assert last["info"]["version"] == released().stem
    assert [str(each) for each in breaks(last, json.loads(shipped(real_book)))] == []


OBJECT: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "maxLength": 40},
        "way": {"type": "string", "enum": ["sea", "air"]},
        "weight": {"oneOf": [{"type": "string", "pattern": "^[0-9]+$"}, {"type": "number", "minimum": 0}]},
        "parts": {"type": "array", "maxItems": 5, "items": {"$ref": "#/components/schemas/Part"}},
        "note": {"type": ["string", "null"]},
        "names": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
PART: Json = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "size": {"type": "integer"}},
}
CONTRACT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "A shop", "version": "1"},
    "security": [{"key": []}, {}],
    "paths": {
        "/orders": {
            "post": {
                "operationId": "createOrder",
                "parameters": [
                    {
                        "name": "store",
                        "in": "query",
                        "schema": {"type": "string", "enum": ["true", "false"], "default": "true"},
                    },
                    {"name": "X-Name", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}}},
                "responses": {
                    "201": {
                        "description": "Made",
                        "headers": {"ETag": {"schema": {"type": "string"}}},
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Told"}},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    },
                    "404": {"description": "None"},
                },
            },
            "get": {"operationId": "listOrders", "responses": {"200": {"description": "All"}}},
        },
    },
    "components": {"schemas": {"Asked": OBJECT, "Told": copy.deepcopy(OBJECT), "Part": PART}},
}


def changed(place: str, change: Callable[[Any], None]) -> Json:
    """The contract after a change of the part at a place, whose keys are parted by spaces."""
    document = copy.deepcopy(CONTRACT)
    part: Any = document
    for key in place.split():
        part = part[int(key)] if isinstance(part, list) else part[key]
    change(part)
    return document


def put(**values: Any) -> Callable[[Any], None]:
    return lambda part: part.update(values)


def drop(key: Any) -> Callable[[Any], None]:
    return lambda part: part.pop(key)


def add(*values: Any) -> Callable[[Any], None]:
    return lambda part: part.extend(values)


POST = "paths /orders post"
ASKED, TOLD = "components schemas Asked", "components schemas Told"
MADE = f"{POST} responses 201"
NEW_PARAMETER = {"name": "page", "in": "query", "schema": {"type": "integer"}}
BROKEN: list[tuple[str, Callable[[Any], None], str]] = [
    ("paths", drop("/orders"), "/orders: the path is gone"),
    ("paths /orders", drop("get"), "GET /orders: the operation is gone"),
    (POST, put(operationId="makeOrder"), "POST /orders: its name was createOrder and is makeOrder"),
    (POST, put(security=[{"key": []}]), "POST /orders: is not open any more to everybody"),
    (f"{POST} parameters", drop(0), "POST /orders query store: the parameter is gone"),
    (f"{POST} parameters 0", put(required=True), "POST /orders query store: is required now"),
    (f"{POST} parameters 0 schema enum", drop(1), 'POST /orders query store: "false" is gone'),
    (
        f"{POST} parameters 0 schema",
        put(default="false"),
        'POST /orders query store: default was "true" and is "false"',
    ),
    (f"{POST} parameters 1 schema", put(maxLength=9), "POST /orders header x-name: maxLength was null and is 9"),
    (f"{POST} parameters", add({**NEW_PARAMETER, "required": True}), "POST /orders query page: is new and required"),
    (f"{POST} requestBody", put(required=True), "POST /orders request: a body is required now"),
    (
        f"{POST} requestBody content",
        drop("application/json"),
        "POST /orders request: application/json is not read any more",
    ),
    (f"{ASKED} properties", drop("note"), "Asked (request)/note: the field is gone"),
    (f"{ASKED} required", add("way"), "Asked (request)/way: is required now"),
    (f"{ASKED} properties way enum", drop(0), 'Asked (request)/way: "sea" is gone'),
    (f"{ASKED} properties note", put(enum=["a"]), "Asked (request)/note: takes listed values alone now"),
    (f"{ASKED} properties id", put(maxLength=39), "Asked (request)/id: maxLength was 40 and is 39"),
    (f"{ASKED} properties id", put(minLength=1), "Asked (request)/id: minLength was null and is 1"),
    (f"{ASKED} properties id", put(pattern="^q_"), 'Asked (request)/id: pattern was null and is "^q_"'),
    (f"{ASKED} properties note", put(type="string"), "Asked (request)/note: null is not taken any more"),
    (f"{ASKED} properties weight oneOf", drop(1), "Asked (request)/weight: number is not taken any more"),
    (f"{ASKED} properties weight oneOf 1", put(type="integer"), "Asked (request)/weight: number is not taken any more"),
    (f"{ASKED} properties parts", put(maxItems=4), "Asked (request)/parts: maxItems was 5 and is 4"),
    (
        f"{ASKED} properties names",
        put(additionalProperties=False),
        "Asked (request)/names: fields of any name are not taken any more",
    ),
    ("components schemas Part properties size", put(minimum=1), "Part (request)/size: minimum was null and is 1"),
    ("components schemas Part required", add("size"), "Part (request)/size: is required now"),
    (f"{POST} responses", drop("404"), "POST /orders 404: the status is gone"),
    (f"{POST} responses", put(**{"202": {"description": "Later"}}), "POST /orders 202: is a new way to succeed"),
    (f"{MADE} content", drop("text/csv"), "POST /orders 201: text/csv is not answered any more"),
    (f"{MADE} headers", drop("ETag"), "POST /orders 201: the header ETag is gone"),
    (f"{TOLD} properties", drop("note"), "Told (answer)/note: the field is gone"),
    (f"{TOLD} required", drop(0), "Told (answer)/id: may be left out now"),
    (f"{TOLD} properties way enum", add("rail"), 'Told (answer)/way: "rail" is a new value'),
    (f"{TOLD} properties way", drop("enum"), "Told (answer)/way: may be any value now"),
    (f"{TOLD} properties id", put(type=["string", "null"]), "Told (answer)/id: null is new"),
    (f"{TOLD} properties id", put(maxLength=41), "Told (answer)/id: maxLength was 40 and is 41"),
    (f"{TOLD} properties id", drop("maxLength"), "Told (answer)/id: maxLength was 40 and is null"),
    (f"{TOLD} properties weight oneOf", add({"type": "object"}), "Told (answer)/weight: object is new"),
    (f"{TOLD} properties weight oneOf 0", drop("pattern"), 'Told (answer)/weight: pattern was "^[0-9]+$" and is null'),
    (f"{TOLD} properties names", put(additionalProperties={"type": "number"}), "Told (answer)/names/*: number is new"),
    ("components schemas Part properties code", put(type="integer"), "Part (answer)/code: integer is new"),
    ("components schemas Part", put(required=[]), "Part (answer)/code: may be left out now"),
]


@pytest.mark.parametrize(("place", "change", "told"), BROKEN, ids=[told for _, _, told in BROKEN])
def test_every_kind_of_break_is_found(place: str, change: Callable[[Any], None], told: str) -> None:
    assert told in [str(each) for each in breaks(CONTRACT, changed(place, change))]


HARMLESS: dict[str, tuple[str, Callable[[Any], None]]] = {
    "nothing": ("", lambda part: None),
    "a path": ("paths", put(**{"/new": {"get": {"operationId": "new", "responses": {}}}})),
    "an operation": (
        "paths /orders",
        put(delete={"operationId": "clear", "responses": {"204": {"description": "Gone"}}}),
    ),
    "a parameter that may be left out": (f"{POST} parameters", add(NEW_PARAMETER)),
    "a value that may be asked": (f"{ASKED} properties way enum", add("rail")),
    "a field that may be asked": (f"{ASKED} properties", put(colour={"type": "string"})),
    "a field that may be left out": (f"{ASKED} required", drop(0)),
    "a wider limit": (f"{ASKED} properties id", put(maxLength=99)),
    "no limit": (f"{ASKED} properties parts", drop("maxItems")),
    "null may be asked": (f"{ASKED} properties id", put(type=["string", "null"])),
    "another kind may be asked": (f"{ASKED} properties weight oneOf", add({"type": "null"})),
    "a field more is told": (f"{TOLD} properties", put(colour={"type": "string"})),
    "a field is always told": (f"{TOLD} required", add("way")),
    "a value less is told": (f"{TOLD} properties way enum", drop(0)),
    "null is told no more": (f"{TOLD} properties note", put(type="string")),
    "whole numbers alone are told": (f"{TOLD} properties weight oneOf 1", put(type="integer")),
    "a form more": (f"{MADE} content", put(**{"image/svg+xml": {"schema": {"type": "string"}}})),
    "a header more": (f"{MADE} headers", put(Sunset={"schema": {"type": "string"}})),
    "another problem": (f"{POST} responses", put(**{"409": {"description": "Twice"}})),
    "another way through the door": (POST, put(security=[{"token": []}, {"key": []}, {}])),
    "other words": (f"{ASKED} properties id", put(description="Of the order.", deprecated=True)),
    "the order of the kinds": (f"{ASKED} properties note", put(type=["null", "string"])),
    "the same kinds said in another way": (
        f"{TOLD} properties",
        put(note={"anyOf": [{"type": "null"}, {"type": "string"}]}),
    ),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_harms_nobody_passes(name: str) -> None:
    assert breaks(CONTRACT, changed(*HARMLESS[name])) == []


def test_a_break_of_the_real_contract_is_found_wherever_it_is() -> None:
    """Every operation taken away, and every field of every shared schema that answers or requests reach."""
    contract = json.loads(released().read_text(encoding="utf-8"))
    operations = [(path, method) for path, item in contract["paths"].items() for method in METHODS if method in item]
    assert len(operations) > 70
    for path, method in operations:
        less = {**contract, "paths": {**contract["paths"], path: {**contract["paths"][path]}}}
        del less["paths"][path][method]
        assert [each.what for each in breaks(contract, less)] == ["the operation is gone"]
    schemas = contract["components"]["schemas"]
    tried = 0
    for name in ("Quote", "Outcome", "Problem", "QuoteRequest"):
        for field in schemas[name].get("properties", {}):
            fields = {key: each for key, each in schemas[name]["properties"].items() if key != field}
            less = {**schemas[name], "properties": fields}
            later = {**contract, "components": {**contract["components"], "schemas": {**schemas, name: less}}}
            assert any(each.place.endswith(f"/{field}") for each in breaks(contract, later)), (name, field)
            tried += 1
    assert tried > 40


def test_the_command_says_what_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    earlier, later = tmp_path / "1.json", tmp_path / "2.json"
    earlier.write_text(json.dumps(CONTRACT), encoding="utf-8")
    later.write_text(json.dumps(changed("paths /orders", drop("get"))), encoding="utf-8")
    assert main(str(earlier), str(earlier)) == 0
    assert main(str(earlier), str(later)) == 1
    assert capsys.readouterr().out == "GET /orders: the operation is gone\n"
