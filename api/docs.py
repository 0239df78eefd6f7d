"""The documentation in the browser: Swagger UI from its package's own files, served by ourselves, without a CDN."""

import hashlib
import mimetypes
from functools import cache
from html import escape
from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.languages import language
from api.sentences import PAGES
from api.wording import Wording

ASSETS = Path(flask_swagger_ui.__file__).parent / "dist"
SERVED = frozenset(
    {
        "swagger-ui.css",
        "index.css",
        "swagger-ui-bundle.js",
        "swagger-ui-standalone-preset.js",
        "favicon-16x16.png",
        "favicon-32x32.png",
    }
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/index.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png" sizes="32x32">
</head>
<body>
<noscript>{noscript} <a href="/openapi.json">/openapi.json</a></noscript>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = """window.onload = function () {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis]
  });
};
"""


def docs_routes() -> Blueprint:
    """GET /docs and the files it needs."""
    routes = Blueprint("docs", __name__)

    @routes.get("/docs")
    def page() -> Response:
        words = {name: escape(Wording.of(language()).sentence(each)) for name, each in PAGES.items()}
        response = _checked(PAGE.format(language=language(), **words), "text/html")
        response.content_language.add(language())
        response.vary.add("Accept-Language")
        return response

    @routes.get("/docs/start.js")
    def start() -> Response:
        return _checked(START, "text/javascript")

    @routes.get("/docs/<name>")
    def asset(name: str) -> Response:
        if name not in SERVED:
            raise NotFound
        body, kind, etag = _file(name)
        response = Response(body, mimetype=kind)
        response.set_etag(etag)
        response.headers["Cache-Control"] = "public, max-age=86400"
        response.make_conditional(request)
        return _guarded(response)

    return routes


@cache
def _file(name: str) -> tuple[bytes, str, str]:
    """A file of the package, its kind and its validator."""
    body = (ASSETS / name).read_bytes()
    return body, mimetypes.guess_type(name)[0] or "application/octet-stream", hashlib.sha256(body).hexdigest()[:32]


def _checked(text: str, kind: str) -> Response:
    """A page of our own, or 304 where the browser has it."""
    response = Response(text, mimetype=kind)
    response.add_etag()
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return _guarded(response)


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
