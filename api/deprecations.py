"""What is still answered and shall not be used any more: declared here, in one place, and told in every answer that it touches.

An answer says since when (`Deprecation`, RFC 9745), until when it is answered at all (`Sunset`, RFC 8594), and where that is
explained (`Link`); the specification marks the operation or the parameter. docs/stability.md holds the policy.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Flask, Response, request
from werkzeug.http import http_date

Json = dict[str, Any]
# Between being called old and being gone.
NOTICE = timedelta(days=365)
EXPLAINED = "/docs"
_HEADERS = {
    "Deprecation": {
        "description": "Since when this is not to be used any more (RFC 9745).",
        "schema": {"type": "string"},
    },
    "Sunset": {"description": "From when this is not answered any more (RFC 8594).", "schema": {"type": "string"}},
}
_VARIABLE = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True, slots=True)
class Deprecated:
    """An operation, or one `parameter` of it, in the query or a header: old since a day, gone from another (both UTC).

    Raises ValueError for an end that comes sooner than a year after.
    """

    method: str
    path: str
    since: date
    sunset: date
    instead: str
    parameter: str = ""
    explained: str = EXPLAINED

    def __post_init__(self) -> None:
        """Whoever uses it has a year."""
        if self.sunset - self.since < NOTICE:
            raise ValueError(f"{self.method} {self.path}: {self.sunset} is less than a year after {self.since}")

    def used(self) -> bool:
        """Whether the call at hand uses it."""
        rule = request.url_rule
        if rule is None or _VARIABLE.sub(r"{\1}", rule.rule) != self.path:
            return False
        method = "GET" if request.method == "HEAD" else request.method
        named = not self.parameter or self.parameter in request.args or self.parameter in request.headers
        return method == self.method and named


# Nothing is, as yet.
DEPRECATED: tuple[Deprecated, ...] = ()


def register_deprecations(app: Flask, declared: Iterable[Deprecated]) -> None:
    """Tell of everything old that a call uses; where there are several, of the first to have become so and to end."""
    old = tuple(declared)
    if not old:
        return

    @app.after_request
    def told(response: Response) -> Response:
        used = [each for each in old if each.used()]
        if used:
            response.headers["Deprecation"] = f"@{int(_moment(min(each.since for each in used)).timestamp())}"
            response.headers["Sunset"] = http_date(_moment(min(each.sunset for each in used)))
            for each in dict.fromkeys(each.explained for each in used):
                response.headers.add("Link", f'<{each}>; rel="deprecation"; type="text/html"')
        return response


def marked(document: Json, declared: Iterable[Deprecated]) -> Json:
    """The specification with what is old marked in it. Raises ValueError for what it does not have."""
    for each in declared:
        operation = document["paths"].get(each.path, {}).get(each.method.lower())
        if operation is None:
            raise ValueError(f"there is no {each.method} {each.path} that could be old")
        note = f"Not to be used since {each.since}, gone from {each.sunset}: {each.instead}"
        if each.parameter:
            found = _parameters(document, each)
            if not any(parameter["name"] == each.parameter for parameter in found):
                raise ValueError(f"{each.method} {each.path} has no parameter {each.parameter} that could be old")
            operation["parameters"] = [
                {**parameter, "deprecated": True, "description": _joined(parameter, note)}
                if parameter["name"] == each.parameter
                else parameter
                for parameter in found
            ]
        else:
            operation.update(deprecated=True, description=_joined(operation, note))
            for status, answer in operation["responses"].items():
                if status < "4" and "$ref" not in answer:
                    answer["headers"] = {**answer.get("headers", {}), **_HEADERS}
    return document


def _parameters(document: Json, old: Deprecated) -> list[Json]:
    """The parameters of an operation, those that it shares with others written out."""
    item = document["paths"][old.path]
    shared = document["components"].get("parameters", {})
    told = [*item.get("parameters", ()), *item[old.method.lower()].get("parameters", ())]
    return [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in told]


def _joined(part: Json, note: str) -> str:
    return f"{part['description']}\n\n{note}" if part.get("description") else note


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
