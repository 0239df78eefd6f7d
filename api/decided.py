"""What answers that are never kept have in common: their forms, as the specification and the client have them.

Who looks at one as a table asks for its picture and its workbook next, or for the very same again: it is remembered until the
tables, the rates or the day change, and made once.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response, g, request
from marshmallow import Schema

from api.batches.names import MEDIA_TYPES
from api.bodies import Routes
from api.caller import caller
from api.fields import Choice
from api.later import Later
from api.pictures.canvas import STYLE, Picture
from api.queries import read_query
from api.reading import Refused
from api.security import picture_policy
from api.writing import Json, json_bytes
from calculator.errors import Unpriceable
from calculator.memory import Memory
from tariffs.book import Book

# Bytes of answers that are remembered by each route, with what it costs to hold one.
ROOM, OF_AN_ANSWER = 2 * 1024 * 1024, 500
# The media types of the forms, and what is told of them beside.
FORMS = {"json": "application/json", "csv": "text/csv", "xlsx": MEDIA_TYPES["xlsx"], "svg": "image/svg+xml"}
HEADED = {"csv": "; charset=utf-8; header=present"}
ATTACHED = frozenset({"csv", "xlsx"})
POLICY = picture_policy(STYLE)


def format_asked(forms: Sequence[str], described: str) -> dict[str, Any]:
    """The parameter `format` as the specification has it."""
    return {
        "name": "format",
        "in": "query",
        "description": described,
        "schema": {"type": "string", "enum": list(forms), "default": forms[0]},
        "example": forms[-1],
    }


def content(forms: Sequence[str]) -> dict[int, Any]:
    """The bodies of the forms beside JSON as the specification has them."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"content": {FORMS[form]: binary for form in forms if form != "json"}}}


def example_of(reader: Schema, asked: Mapping[str, Any], answered: Callable[[Any], Json]) -> Later:
    """The answer to the only example request; nothing where these tables do not know its goods."""
    (example,) = asked.values()

    def answer() -> Json:
        try:
            return answered(reader.load(example["value"]))
        except (Refused, Unpriceable):
            return {}

    return Later(answer)


class Answers:
    """The answers of a route, remembered by what was asked, by whom and in which language."""

    def __init__(self, book: Book, today: Callable[[], date]) -> None:
        self._book, self._today = book, today
        self._made: Memory[bytes] = Memory(ROOM)

    def sent(
        self, make: Callable[[], Json], write: Callable[[Json], bytes], form: str, spoken: str, name: str
    ) -> Response:
        """The answer to the request being served in a form: as it is remembered, or else as it is made."""
        document = hashlib.sha256(repr(g.document).encode()).digest()
        key = caller().owner, document, spoken, self._today(), self._book.release, self._book.fx_release
        body = self._made.get(key)
        if body is None:
            body = json_bytes(make())
            self._made.keep(key, body, OF_AN_ANSWER + len(body))
        return sent(body if form == "json" else write(json.loads(body)), form, spoken, name)


def sent(answer: bytes | Json, form: str, spoken: str, name: str) -> Response:
    """An answer in a form and a language; a file of it is called `name`."""
    body = answer if isinstance(answer, bytes) else json_bytes(answer)
    response = Response(body, 200, content_type=f"{FORMS[form]}{HEADED.get(form, '')}")
    response.headers["Content-Language"], response.headers["Cache-Control"] = spoken, "no-store"
    if form == "svg":
        response.headers["Content-Security-Policy"] = POLICY
    if form in ATTACHED:
        response.headers["Content-Disposition"] = f'attachment; filename="galeon-{name}.{form}"'
    return response


def reads_form(routes: Routes, forms: Sequence[str]) -> None:
    """Have these routes read the form that the address asks, and no other parameter."""
    choice = Choice(*forms)

    @routes.before_request
    def parameters() -> None:
        if request.method != "OPTIONS":
            g.asked = read_query(format=choice.read)


def in_form(
    document: Json,
    form: str,
    spoken: str,
    table: Callable[[Json, str], bytes],
    workbook: Callable[[Json, str], bytes],
    picture: Callable[[Json, str], Picture],
) -> bytes:
    """A document in a form and a language."""
    match form:
        case "csv":
            return table(document, spoken)
        case "xlsx":
            return workbook(document, spoken)
        case "svg":
            return picture(document, spoken).svg().encode()
        case _:
            return json_bytes(document)
