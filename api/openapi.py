"""The specification (OpenAPI 3.1): how requests, answers and problems are documented, each as it is really sent."""

import json
from collections import deque
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from threading import Lock
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Response
from flask_smorest import Api, Blueprint

from api import aim_document, candidate_document, documents, quote_document, sheet_document
from api.comparison_schemas import TermIn
from api.corrected_document import SUPERSEDED_BY
from api.cost_schemas import InsuranceRateIn
from api.deprecations import DEPRECATED, marked
from api.errors import CODE_OF_STATUS, MEDIA_TYPE, dashed
from api.examples import PROBLEM
from api.fields import Exact, first_line
from api.key_document import Keyed
from api.later import made
from api.schemas import schema_name
from api.specification import specification
from api.wording import Wording

DESCRIPTION = """The landed cost of goods from Mexico in China, with every step explained.

Amounts, rates and quantities are **strings holding exact decimals**; numbers are read too, as they are written. Errors are
problems (RFC 9457): `errors` points at every wrong place and says what could stand there."""

REQUEST_HEADERS = [
    {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of labels, explanations and problems, where the request names none: en, es or zh.",
        "schema": {"type": "string"},
        "example": "es-MX, en;q=0.5",
    },
    {
        "name": "X-Request-Id",
        "in": "header",
        "description": "An id of your own for this call; it comes back with the response.",
        "schema": {"type": "string"},
        "example": "7c1f3a",
    },
]
STORE = {
    "name": "store",
    "in": "query",
    "description": "`false` computes without keeping: 200, no id.",
    "schema": {"type": "string", "enum": ["true", "false"]},
    "example": "false",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Your name for this call: the same key and body give the first answer again, another body is a 409.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "order-4711",
}
KEY_ASKED = {
    "name": "idempotency_key",
    "in": "query",
    "required": True,
    "description": "The Idempotency-Key of a call whose answer was lost.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "example": "order-4711",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of the answer you have: 304 where it still stands.",
    "schema": {"type": "string"},
    "example": '"0b7ea5c4"',
}


def in_path(name: str, description: str, example: str) -> dict[str, Any]:
    """The part of an address that names one thing."""
    schema = {"type": "string", "minLength": 1}
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": schema,
        "example": example,
    }


_REQUEST_ID = {"description": "The id of this call.", "schema": {"type": "string"}}
_ETAG = {"description": "A strong validator of the bytes.", "schema": {"type": "string"}}
HEADERS: dict[str, dict[str, Any]] = {
    "created": {
        "Location": {"description": "Where the quote is kept.", "schema": {"type": "string"}},
        "ETag": _ETAG,
        "X-Request-Id": _REQUEST_ID,
    },
    "kept": {"ETag": _ETAG, "X-Request-Id": _REQUEST_ID},
    "kept_quote": {"ETag": _ETAG, "X-Request-Id": _REQUEST_ID, **SUPERSEDED_BY},
}

MEANINGS = {
    400: "The body is no JSON, or the query no UTF-8",
    401: "No key, or one that is not taken",
    403: "The key does not allow this call",
    404: "There is nothing at this address",
    406: "The answer cannot be given in a form that the client accepts",
    409: "The Idempotency-Key was used with another body, or the first call under it is still being worked on",
    410: "What was at this address is not shown any more",
    413: "The body is too large",
    415: "The body is not sent as application/json",
    422: "Understood, and wrong: `errors` says where and what could stand there",
    429: "Too many calls: `Retry-After` says when the next is answered",
    503: "A source that is needed is away",
}


class _Converter(OpenAPIConverter):
    """apispec forgets that other fields are refused wherever a schema is described."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        return {**super().schema2jsonschema(schema), "additionalProperties": False}


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


class DocumentedApi(Api):
    """The API with problems documented as they are sent; they are answered in errors.py."""

    def __init__(self, app: Any) -> None:
        # What puts the routes into the specification, which takes long, and nobody needs to have a call answered.
        self.undescribed: deque[Callable[[], None]] = deque()
        self._writing = Lock()
        super().__init__(
            app,
            spec_kwargs={
                "marshmallow_plugin": _Plugin(schema_name_resolver=schema_name),
                "extra_plugins": [Keyed()],
                "info": {"description": DESCRIPTION, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
                "servers": [{"url": "/"}],
            },
        )

    @cached_property
    def written(self) -> bytes:
        """The bytes of the specification: the routes are all there when somebody asks for it first."""
        # In a call of its own: whoever asks first decides neither the language of the examples nor anything else.
        with self._writing, self._app.test_request_context():
            while self.undescribed:
                self.undescribed.popleft()()
            document = marked(specification(self.spec.to_dict()), DEPRECATED)
            return json.dumps(document, default=made, ensure_ascii=False, separators=(",", ":")).encode()

    def _openapi_json(self) -> Response:
        return Response(self.written, mimetype="application/json")

    def _register_error_handlers(self) -> None:
        """None of its own: there is one shape for everything."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            self.spec.components.response(
                status.name, _documented(status, MEANINGS.get(status, status.phrase)), lazy=True
            )
        self.spec.components.response("DEFAULT_ERROR", _documented(500, "A problem"), lazy=True)


def _documented(status: int, meaning: str) -> dict[str, Any]:
    code = CODE_OF_STATUS.get(status, "bad_request")
    example = PROBLEM
    if status != 422:
        title, detail = Wording.of("en").title(code), Wording.of("en").problem(code, {})
        kind = {"type": f"/problems/{dashed(code)}", "title": title, "status": status, "detail": detail}
        example = {**kind, "instance": "/v1/quotes", "errors": []}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": meaning, "content": content}


def problems(routes: Blueprint, *statuses: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Document the problems that an operation answers with."""

    def documented(view: Callable[..., Any]) -> Callable[..., Any]:
        told = view
        for status in statuses:
            told = routes.alt_response(status, HTTPStatus(status).name)(told)
        # What is documented is taken over, and the wrappers, which do nothing else, stay out of every call.
        view._apidoc = told._apidoc  # type: ignore[attr-defined]
        return view

    return documented


def describe(api: DocumentedApi) -> None:
    """Put the shared schemas into the specification, and let our own fields describe themselves."""
    api.ma_plugin.converter.add_attribute_function(_exact)
    shared = (documents, quote_document, aim_document, candidate_document)
    for name, schema in (pair for each in shared for pair in each.COMPONENTS.items()):
        api.spec.components.schema(name, schema)
    api.spec.components.schema("InsuranceRate", schema=InsuranceRateIn())
    api.spec.components.schema("Term", schema=TermIn())
    for name, parameter in sheet_document.SHARED.items():
        api.spec.components.parameter(name, "query", parameter)


def _exact(_converter: object, field: object, **_: object) -> dict[str, Any]:
    """What a field of ours says of itself; a kind with one use is described by what its class is."""
    if not isinstance(field, Exact):
        return {}
    described = "description" in field.metadata or "$ref" in field.schema or type(field).__module__ == Exact.__module__
    return dict(field.schema) if described else {"description": first_line(type(field)), **field.schema}
