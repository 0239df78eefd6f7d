"""GET /: the page on which somebody at a packing house prices a shipment, with its one script and its one style sheet.

The page knows no price: its script asks the API like any other client, from the files of api/front and those of the widget,
whose looks and words it shares. It loads nothing from elsewhere, and nothing in it is inline.
"""

import json
from functools import cache
from html import escape
from typing import Any

from flask import Blueprint, Response, request

from api.languages import LANGUAGES, language
from api.widget_script import DATA, MODULES, Script, attributes, joined, source

FOLDER = "front"
# A file stands after those that it imports from; the element itself is no part of the page.
SHARED = tuple(name for name in MODULES if name != "element.js")
OWN = (
    "request_text.js",
    "calls.js",
    "combobox.js",
    "choices.js",
    "terms.js",
    "fields.js",
    "line.js",
    "form.js",
    "downloads.js",
    "comparison.js",
    "facts.js",
    "asked_amount.js",
    "offer.js",
    "law.js",
    "pictures.js",
    "months.js",
    "moves.js",
    "keeping.js",
    "snippet.js",
    "priced_lines.js",
    "candidates.js",
    "mapping.js",
    "files.js",
    "keys.js",
    "main.js",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NAMES = {"en": "English", "es": "Español", "zh": "中文"}


def front_routes() -> Blueprint:
    """The page and its files, each with the validator that a browser asks by."""
    routes = Blueprint("front", __name__)

    @routes.get("/")
    def page() -> Response:
        # The page is for people: a language that it does not have is no reason to refuse it.
        asked = request.args.get("lang", "").partition("-")[0].lower()
        said = asked if asked in LANGUAGES else language()
        response = sent(_page(said), "text/html")
        response.headers["Content-Security-Policy"] = POLICY
        response.content_language.add(said)
        response.vary.add("Accept-Language")
        return response

    def script(said: str) -> Response:
        return sent(front_script(said), "text/javascript")

    for each in LANGUAGES:
        routes.add_url_rule(f"/page/page.{each}.js", f"script_{each}", script, defaults={"said": each})

    @routes.get("/page/page.css")
    def style() -> Response:
        return sent(_style(), "text/css")

    @routes.get("/page/icon.svg")
    def icon() -> Response:
        return sent(_icon(), "image/svg+xml")

    return routes


@cache
def front_texts() -> dict[str, dict[str, Any]]:
    """What the page says: the widget's texts and its own."""
    shared, own = json.loads(source(DATA["TEXTS"])), json.loads(source("texts.json", FOLDER))
    return {said: {**shared[said], **own[said]} for said in LANGUAGES}


@cache
def front_script(said: str) -> Script:
    """The script of the page in a language, with no texts of the others: another language is another page."""
    data = {"ATTRIBUTES": attributes(), "TEXTS": {said: front_texts()[said]}, "STYLE": source(DATA["STYLE"])}
    codes = [*(source(name) for name in SHARED), *(source(name, FOLDER) for name in OWN)]
    return joined(data, codes)


@cache
def _style() -> Script:
    return Script((source(DATA["STYLE"]) + source("page.css", FOLDER)).encode())


@cache
def _icon() -> Script:
    return Script(source("icon.svg", FOLDER).encode())


@cache
def _page(said: str) -> Script:
    words = {name: escape(text) for name, text in front_texts()[said].items() if name.startswith("page_")}
    current = {True: ' aria-current="true"', False: ""}
    ways = "".join(
        f'<a href="/?lang={code}" hreflang="{code}" lang="{code}"{current[code == said]}>{NAMES[code]}</a>'
        for code in LANGUAGES
    )
    return Script(source("page.html", FOLDER).format(language=said, languages=ways, **words).encode())


def sent(file: Script, kind: str) -> Response:
    """A file, or 304 where the browser has it: the page and its script are always of one version."""
    response = Response(file.body, mimetype=kind)
    response.set_etag(file.digest)
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response
