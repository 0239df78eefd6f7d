"""A test client that holds every answer to the specification: its status, its media type, its headers and its schema.

The tests of the API use it for all that they ask, so a shape that nobody wrote down fails where it first comes out.
"""

import json
import re
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from api.scopes import BROWSE

# What any address may answer; the specification has it under `default`.
ANYWHERE = frozenset({401, 403, 405, 429, 500, 503})
PROBLEM = "application/problem+json"


class ContractClient(FlaskClient):
    """A client of the application that refuses what the specification does not have."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        # Pages for people tell what is wrong as pages.
        page = response.request.path.startswith(BROWSE) and response.mimetype == "text/html"
        if not page and not response.request.path.startswith(("/openapi.json", "/docs")):
            _held_to_contract(self.application, response)
        return response


def _held_to_contract(app: Flask, response: TestResponse) -> None:
    operation = _operation(app, response)
    body = response.request.method != "HEAD" and response.status_code not in (204, 304)
    if response.status_code >= 400 and body:
        assert response.mimetype == PROBLEM, response.text
        _valid(_validator(app, "Problem"), response)
    if operation is None:
        return
    documented = operation["responses"]
    status = str(response.status_code)
    assert status in documented or response.status_code in ANYWHERE, f"{status} is not documented: {response.text}"
    found = _resolved(app, documented.get(status, documented["default"]))
    promised = found.get("headers", {}) if status in documented and response.status_code < 400 else {}
    for name in (name for name, header in promised.items() if header.get("required") is not False):
        assert name in response.headers, f"{name} is promised and not sent"
    if body and "content" in found:
        assert response.mimetype in found["content"], f"{response.mimetype} is not documented"
        if response.mimetype == "application/json":
            whole = operation["operationId"].endswith("Quote") and "fields" not in response.request.args
            schema = {"$ref": "#/components/schemas/Quote"} if whole else found["content"][response.mimetype]["schema"]
            _valid(_validator_of(app, json.dumps(schema)), response)


def _operation(app: Flask, response: TestResponse) -> Any:
    """The operation that answered, None for an address or a method that the specification does not have."""
    try:
        request = response.request
        rule, _ = app.url_map.bind("localhost").match(request.path, request.method, return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule)
    method = request.method.lower()
    return _spec(app)["paths"].get(path, {}).get("get" if method == "head" else method)


def _resolved(app: Flask, part: dict[str, Any]) -> dict[str, Any]:
    return _spec(app)["components"]["responses"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def _valid(validator: Draft202012Validator, response: TestResponse) -> None:
    if "Content-Encoding" in response.headers:
        return  # packed: test_compression.py has what is inside equal to the plain answer, byte for byte
    wrong = [f"{each.instance_path}: {each.message}" for each in validator.iter_errors(response.json)]
    assert not wrong, f"{response.request.path} breaks its schema: {wrong[:5]}"


_FIRST: dict[tuple[str, ...], Flask] = {}


def _first_of_its_kind(app: Flask) -> Flask:
    """The first application with these routes: its specification is that of all of them, and takes half a second.

    Only the first is held on to. Each has a book, and to collect garbage among the books of all would take seconds.
    """
    if "tests-first" not in app.extensions:
        routes = tuple(f"{each.rule} {sorted(each.methods or ())}" for each in app.url_map.iter_rules())
        app.extensions["tests-first"] = _FIRST.setdefault(routes, app)
    first: Flask = app.extensions["tests-first"]
    return first


def _spec(app: Flask) -> dict[str, Any]:
    return _spec_of(_first_of_its_kind(app))


@cache
def _spec_of(app: Flask) -> dict[str, Any]:
    # Not over HTTP: a call of our own would be logged and counted among those of the test.
    found: dict[str, Any] = json.loads(app.extensions["flask-smorest"]["apis"][""]["ext_obj"].written)
    return found


def _validator(app: Flask, name: str) -> Draft202012Validator:
    return _validator_of(app, json.dumps({"$ref": f"#/components/schemas/{name}"}))


def _validator_of(app: Flask, schema: str) -> Draft202012Validator:
    return _validator_made(_first_of_its_kind(app), schema)


@cache
def _validator_made(app: Flask, schema: str) -> Draft202012Validator:
    # Formats too: the days of an answer are days.
    return Draft202012Validator({**json.loads(schema), "components": _spec(app)["components"]}, validate_formats=True)
