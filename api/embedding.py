"""GET /widget/… and /embed: the element <galeon-quote> for the pages of others, as a script and as a page for a frame.

Nothing here knows a price: the element asks the API like any other client. What an address says of a page is written into
it as text, and only attributes that the element has are taken.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, request
from markupsafe import escape
from werkzeug.exceptions import NotFound

from api import embedding_document as documented
from api.fields import Choice, Line, nearest_first
from api.languages import DEFAULT, LANGUAGES
from api.later import DescribedLater
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import read_query
from api.reading import LONGEST_ECHO
from api.widget_script import Script, embedding, widget
from calculator.errors import Unreadable

JAVASCRIPT, HTML = "text/javascript", "text/html"
# A page may keep the script for five minutes; a copy under its own hash never changes.
SHORTLY, FOREVER = "public, max-age=300, must-revalidate", "public, max-age=31536000, immutable"
KEY = Line(documented.LONGEST_KEY, r"pk_[A-Za-z0-9_-]+", metadata={"examples": ["pk_…"]})
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {}"
)
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Galeón</title>
<script src="{script}" integrity="{integrity}" defer></script>
<script src="/widget/embed.js" defer></script>
</head>
<body>
<galeon-quote{attributes}></galeon-quote>
</body>
</html>
"""


def embedding_routes(version: str) -> DescribedLater:
    """The routes of the element."""
    routes = DescribedLater("widget", "widget", description="The element <galeon-quote> for the pages of others.")
    unchanged = routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]

    @routes.get("/widget/v1.js")
    @routes.doc(operationId="getWidget", summary="The script of <galeon-quote>, of this version", parameters=kept)
    @routes.response(
        200, {"type": "string"}, content_type=JAVASCRIPT, example=documented.SCRIPT_EXAMPLE, headers=HEADERS["kept"]
    )
    @unchanged
    def script() -> Response:
        return _sent(widget(), SHORTLY)

    @routes.get(
        "/widget/v1-<digest>.js", parameters=[in_path("digest", "As `/widget/v1.json` has it.", widget().digest)]
    )
    @routes.doc(operationId="getWidgetCopy", summary="The same script under its own hash", parameters=kept)
    @routes.response(
        200, {"type": "string"}, content_type=JAVASCRIPT, example=documented.SCRIPT_EXAMPLE, headers=HEADERS["kept"]
    )
    @unchanged
    @problems(routes, 404)
    def copy(digest: str) -> Response:
        if digest != widget().digest:
            raise NotFound
        return _sent(widget(), FOREVER)

    @routes.get("/widget/v1.json")
    @routes.doc(operationId="getWidgetVersion", summary="The address and hash of the script", parameters=kept)
    @routes.response(200, documented.VERSION, example=_told(version), headers=HEADERS["kept"])
    @unchanged
    def told() -> Response:
        return _sent(Script(json.dumps(_told(version)).encode()), SHORTLY, "application/json")

    @routes.get("/widget/embed.js")
    @routes.doc(operationId="getEmbeddingScript", summary="The script of the page for frames", parameters=kept)
    @routes.response(
        200, {"type": "string"}, content_type=JAVASCRIPT, example=documented.SCRIPT_EXAMPLE, headers=HEADERS["kept"]
    )
    @unchanged
    def embedded() -> Response:
        return _sent(embedding(), SHORTLY)

    @routes.get("/embed")
    @routes.doc(
        operationId="embedWidget",
        summary="A page with <galeon-quote> for a frame",
        parameters=[*documented.parameters(), *kept],
    )
    @routes.response(
        200, {"type": "string"}, content_type=HTML, example=documented.PAGE_EXAMPLE, headers=HEADERS["kept"]
    )
    @unchanged
    @problems(routes, 400, 422)
    def page() -> Response:
        asked = read_query(**_readers())
        response = Response(_page(asked), mimetype=HTML)
        framed_by = current_app.extensions["galeon-door"].framed_by(asked.get("key", ""))
        response.headers["Content-Security-Policy"] = POLICY.format(" ".join(framed_by))
        response.headers["Cache-Control"] = "public, no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    return routes


def _told(version: str) -> dict[str, str]:
    return {"src": _address(), "integrity": widget().integrity, "version": version}


def _address() -> str:
    return f"/widget/v1-{widget().digest}.js"


def _sent(script: Script, keep: str, kind: str = JAVASCRIPT) -> Response:
    """A file of the element for pages of any origin, or 304 where the browser has it."""
    response = Response(script.body, mimetype=kind)
    response.set_etag(script.digest)
    response.headers["Cache-Control"] = keep
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.make_conditional(request)
    return response


def _page(asked: Mapping[str, str]) -> str:
    language = asked.get("lang", DEFAULT)
    written = "".join(f' {name}="{escape(value)}"' for name, value in asked.items())
    return PAGE.format(language=language, script=_address(), integrity=widget().integrity, attributes=written)


def _readers() -> dict[str, Callable[[str], Any]]:
    """How each attribute is read from the address. The page is ours, and so is the API that it asks."""
    line = Line(documented.LONGEST).read
    special = {
        "lang": Choice(*LANGUAGES).read,
        "theme": Choice(*documented.THEMES).read,
        "controls": _controls,
        "key": KEY.read,
    }
    return {name: special.get(name, line) for name in documented.taken()}


def _controls(text: str) -> str:
    """The controls that the merchant allows; an empty text is none."""
    for word in text.split():
        if word not in documented.CONTROLS:
            raise Unreadable("not_a_choice", "", nearest_first(word, documented.CONTROLS), text=word[:LONGEST_ECHO])
    return " ".join(text.split())
