"""Problems as cells can show them: a short text that begins with #, sent as if all were well.

A cell loses whatever comes with a 4xx or 5xx, and with it what to put right; so whatever refuses a question of a spreadsheet (the
door, the limits, the reading, the pricing) is told in the place of the value, and never kept. `errors=status` leaves a problem
what it is, for whoever is no cell.
"""

import json
from typing import Any

from flask import Flask, Response, g, request

from api.cells import MEDIA_TYPES, TEXT, WRITTEN, failed
from api.errors import MEDIA_TYPE
from api.languages import LANGUAGES
from api.renderings.texts import CUT, shortened, sound
from api.scopes import is_sheet

STATUS = "status"
LONGEST = 120
# What would divide or quote a text where it is read as CSV, and the quotation marks of our sentences.
_PLAIN = str.maketrans({",": ";", "，": "；", **dict.fromkeys("\"'“”‘’«»`")})


def register_cell_errors(app: Flask) -> None:
    """Let the questions of spreadsheets be refused in their way. To be registered before the door, which refuses too."""

    @app.before_request
    def spoken() -> None:
        if is_sheet(request.path) and request.args.get("lang") in LANGUAGES:
            g.document = {"language": request.args["lang"]}

    @app.after_request
    def told(response: Response) -> Response:
        if response.mimetype != MEDIA_TYPE or not is_sheet(request.path) or request.method not in ("GET", "HEAD"):
            return response
        return response if request.args.get("errors") == STATUS else _in_a_cell(response)


def cell_text(problem: dict[str, Any]) -> str:
    """A problem in at most 120 characters: the name of what is wrong, what is wrong, and how many other things are."""
    errors = problem["errors"]
    said, more = problem["detail"], ""
    if errors:
        name = errors[0]["pointer"].rpartition("/")[2]
        said = f"{name}: {errors[0]['detail']}" if name else errors[0]["detail"]
        more = f" (+{len(errors) - 1})" if errors[1:] else ""
    text = " ".join(sound(said).translate(_PLAIN).split())
    return f"#{_cut(text, LONGEST - 1 - len(more))}{more}"


def _cut(text: str, longest: int) -> str:
    """A text of so many characters at most, not cut inside a word where there are words."""
    if len(text) <= longest:
        return text
    short = shortened(text, longest)
    head, _, _ = short.rpartition(" ")
    return f"{head.rstrip('.;: ')}{CUT}" if len(head) > longest // 2 else short


def _in_a_cell(response: Response) -> Response:
    text = cell_text(json.loads(response.get_data()))
    rule = "" if request.url_rule is None else request.url_rule.rule
    form = next((each for each in WRITTEN if rule.endswith((f".{each}", f"/{each}"))), TEXT)
    transposed = request.args.get("transposed") == "true"
    body = text.encode() if form == TEXT else WRITTEN[form](failed(text), transposed)
    response.set_data(body)
    response.status_code = 200
    response.content_type = f"{MEDIA_TYPES[form]}; charset=utf-8"
    response.headers.pop("WWW-Authenticate", None)
    return response
