"""The specification says of every property of a request and of a quote what it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

Schema = dict[str, Any]


def undescribed(schemas: Schema, schema: Schema, where: str, seen: set[str]) -> Iterator[str]:
    """The properties below a schema that neither say what they are nor point at a schema that does."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            seen.add(name)
            yield from undescribed(schemas, schemas[name], name, seen)
    for name, each in schema.get("properties", {}).items():
        if not described(schemas, each):
            yield f"{where}.{name}"
        yield from undescribed(schemas, each, f"{where}.{name}", seen)
    for each in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ()), *_items(schema)):
        yield from undescribed(schemas, each, where, seen)


def _items(schema: Schema) -> list[Schema]:
    return [schema["items"]] if "items" in schema else []


def described(schemas: Schema, schema: Schema) -> bool:
    """Whether a property says what it is, itself or by the schema that it points at."""
    if schema.get("description"):
        return True
    pointed = [schema, *schema.get("anyOf", ()), *schema.get("allOf", ())]
    return any(schemas[each["$ref"].rpartition("/")[2]].get("description") for each in pointed if "$ref" in each)


@pytest.mark.parametrize("name", ["QuoteRequest", "Quote"])
def test_every_property_is_described(name: str, app: Flask):
    response = app.test_client().get("/openapi.json").json
    assert response is not None
    schemas = response["components"]["schemas"]
    assert list(undescribed(schemas, {"$ref": f"#/components/schemas/{name}"}, name, set())) == []
