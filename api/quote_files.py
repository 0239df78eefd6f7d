"""A kept quote in its other forms, by suffix or by Accept: a table, a workbook, a page, a picture.

Each is made anew from the bytes that are kept, in the language of the quote or another, and comes out the same every time;
each has a validator of its own.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request
from flask_smorest import Blueprint

from api.again import LANGUAGE_TOLD
from api.corrected import with_mark
from api.examples import EXAMPLE_ID
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.pictures.canvas import STYLE
from api.pictures.waterfall import waterfall
from api.renderings.page import page
from api.renderings.shown import Shown
from api.renderings.table import table
from api.security import picture_policy
from api.store import KeptQuote

JSON = "application/json"
HEADER = {**HEADERS["kept_quote"], "Content-Disposition": {"description": "A file name.", "schema": {"type": "string"}}}


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a quote: how it is made, with the policy for a browser ("" for the usual one), and how it is described."""

    suffix: str
    media_type: str
    made: Callable[[Shown], tuple[bytes, str]]
    summary: str
    operation: str
    shown: str
    example: str
    parameters: str = ""
    binary: bool = False

    @property
    def schema(self) -> dict[str, str]:
        """What the specification says of the body."""
        return {"type": "string", "format": "binary"} if self.binary else {"type": "string"}


def _table(quote: Shown) -> tuple[bytes, str]:
    return table(quote), ""


def _workbook(quote: Shown) -> tuple[bytes, str]:
    from api.renderings.workbook import workbook

    return workbook(quote), ""


def _picture(quote: Shown) -> tuple[bytes, str]:
    return waterfall(quote).svg().encode(), picture_policy(STYLE)


FORMS = (
    Form(
        "csv",
        "text/csv",
        _table,
        "A quote as a table: every figure, step and remark a row",
        "Table",
        "attachment",
        "section,line,step,code,label,value,unit,formula,from,source,date,confidence,text\r\n"
        "totals,,,vat,Import VAT,30178.37,CNY,,,,,,\r\n",
        "; charset=utf-8; header=present",
    ),
    Form(
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _workbook,
        "A quote as a workbook that reckons every step again",
        "Workbook",
        "attachment",
        "PK…",
        binary=True,
    ),
    Form(
        "html",
        "text/html",
        page,
        "A quote as a page that prints on A4",
        "Page",
        "inline",
        '<!doctype html>\n<html lang="en">…</html>',
        "; charset=utf-8",
    ),
    Form(
        "svg",
        "image/svg+xml",
        _picture,
        "The landed cost of a quote as a waterfall",
        "Picture",
        "inline",
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 800 360" role="img">…</svg>',
    ),
)
MEDIA_TYPES = (JSON, *(each.media_type for each in FORMS))
SUFFIXES = tuple(f".{each.suffix}" for each in FORMS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where quotes are found: their address, what names one of them, and how that is described."""

    address: str
    called: str
    described: dict[str, Any]


OF_QUOTES = Place("/v1/quotes/<id>", "Quote", in_path("id", "The id of a quote that was kept.", EXAMPLE_ID))
# What the specification says of the address without a suffix beside the JSON.
NEGOTIATED = {each.media_type: {"schema": each.schema, "example": each.example} for each in FORMS}


def file_routes(routes: Blueprint, found: Callable[[str], KeptQuote], place: Place) -> None:
    """One address for each form; `found` is the quote that the caller may see under an id."""
    for form in FORMS:
        _route(routes, found, place, form)


def in_another_form(kept: KeptQuote) -> Response | None:
    """The form that the client prefers to JSON, None where that is JSON."""
    if g.asked.get("fields") is not None:
        return None
    wanted = request.accept_mimetypes.best_match(MEDIA_TYPES, JSON)
    form = next((each for each in FORMS if each.media_type == wanted), None)
    return None if form is None else _sent(kept, form)


def _route(routes: Blueprint, found: Callable[[str], KeptQuote], place: Place, form: Form) -> None:
    operation = f"get{place.called}{form.operation}"

    @routes.get(f"{place.address}.{form.suffix}", parameters=[place.described])
    @routes.doc(
        operationId=operation, summary=form.summary, parameters=[LANGUAGE_TOLD, IF_NONE_MATCH, *REQUEST_HEADERS]
    )
    @routes.response(
        200,
        form.schema,
        description="The quote in this form",
        content_type=form.media_type,
        example=form.example,
        headers=HEADER,
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 410, 422)
    def _file(id: str) -> Response:
        return _sent(found(id), form)

    _file.__name__ = operation


def _sent(kept: KeptQuote, form: Form) -> Response:
    body, policy = form.made(Shown(kept))
    response = Response(body, content_type=f"{form.media_type}{form.parameters}")
    response.content_language.add(kept.language)
    response.headers["Content-Disposition"] = f'{form.shown}; filename="galeon-{kept.id}.{form.suffix}"'
    if policy:
        response.headers["Content-Security-Policy"] = policy
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return with_mark(response, kept.superseded_by)
