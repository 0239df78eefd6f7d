"""What every request and every answer has in common, whatever the route.

A form that no answer has is refused before the route runs, an empty answer has no kind, an address that moved is told
without a page, and a refused client is heard out before it is answered.
"""

import hashlib
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.routing import RequestRedirect

from api.bodies import leave_unread
from api.declaring import MEDIA_TYPES as DECLARATION_FORMS
from api.errors import moved
from api.fx import FORMS as FX_FORMS
from api.quote_files import MEDIA_TYPES as QUOTE_FORMS
from api.quote_files import SUFFIXES
from api.scopes import is_sheet

JSON_ALONE = ("application/json",)
# The addresses that have more than one form.
FORMS = {
    "declarations.read": DECLARATION_FORMS,
    "fx.rate": FX_FORMS,
    "quotes.read": QUOTE_FORMS,
    "sharing.read_shared": QUOTE_FORMS,
}
OTHER_FORMS = (".csv", ".atom", ".svg", *SUFFIXES)
SPECIFICATION = "api-docs.openapi_json"


def register_exchange(app: Flask) -> None:
    """Look at every request before its route does, and at every answer after it."""
    app.before_request(_acceptable)
    app.after_request(_finished)


def _acceptable() -> None:
    """Raises NotAcceptable where the client takes no form that the answer has."""
    if request.method == "OPTIONS" or not request.path.startswith("/v1/") or request.path.endswith(OTHER_FORMS):
        return
    if is_sheet(request.path):
        # A cell cannot say what it takes.
        return
    forms = FORMS.get(request.endpoint or "", JSON_ALONE)
    if request.accept_mimetypes and not any(request.accept_mimetypes[form] for form in forms):
        raise NotAcceptable


def _finished(response: Response) -> Response:
    # Flask keeps its own redirects (a doubled slash) from the handlers of errors.
    if response.status_code < 400 and isinstance(request.routing_exception, RequestRedirect):
        response = moved(response.status_code, request.routing_exception.new_url)
    if response.is_sequence and response.calculate_content_length() == 0 and not _empty_cell(response):
        response.headers.pop("Content-Type", None)
    if request.endpoint == SPECIFICATION and response.status_code == 200:
        # flask-smorest sends it without a validator.
        response.set_etag(_etag(response.get_data()))
        response.headers["Cache-Control"] = "public, no-cache"
        response.make_conditional(request)
    if response.status_code >= 400:
        leave_unread(request.environ)
    return response


def _empty_cell(response: Response) -> bool:
    """Whether an answer is the value of a cell, which may be an empty text."""
    return response.status_code == 200 and request.method != "OPTIONS" and is_sheet(request.path)


@lru_cache(maxsize=4)
def _etag(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]
