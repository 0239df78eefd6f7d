"""GET /sheets/…: the workbook of cells, the function for Google Sheets and the query for Power Query, made for this server.

They are open like the page: nothing of a key is in them. The address of the server is that under which it was asked.
"""

import hashlib

from flask import Response, request
from werkzeug.exceptions import BadRequest

from api.fields import nearest_first
from api.languages import language
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, named_language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import NotThere, read_query
from api.reading import LONGEST_ECHO
from api.sheet_templates.files import KINDS, SERVER, XLSX, sheet_file
from calculator.errors import Unreadable

NAMES = tuple(KINDS)


def sheet_file_routes() -> LookupRoutes:
    """The routes of the files."""
    routes = LookupRoutes("sheet-files", "Files with which spreadsheets ask.")
    name = in_path("name", "The workbook, the Google Apps Script, or the Power Query function (M).", NAMES[0])
    name["schema"] = {"type": "string", "enum": list(NAMES)}
    binary = {"schema": {"type": "string", "format": "binary"}, "example": "PK…"}

    @routes.get("/sheets/<name>", parameters=[name])
    @routes.doc(
        operationId="getSheetFile",
        summary="A file with which a spreadsheet asks this server",
        parameters=[LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS],
        responses={200: {"content": {XLSX: binary}}},
    )
    @routes.response(
        200, {"type": "string"}, content_type="text/plain", example="function GALEON(…", headers=HEADERS["kept"]
    )
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    @problems(routes, 400, 404, 422)
    def file(name: str) -> Response:
        if name not in NAMES:
            raise NotThere(Unreadable("no_such_file", "/name", nearest_first(name, NAMES), text=name[:LONGEST_ECHO]))
        read_query(language=named_language)
        server = request.host_url.rstrip("/")
        if not SERVER.fullmatch(server):
            raise BadRequest
        return _sent(name, sheet_file(name, server, language()))

    return routes


def _sent(name: str, body: bytes) -> Response:
    response = Response(body, mimetype=KINDS[name])
    response.content_language.add(language())
    response.vary.add("Accept-Language")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.make_conditional(request)
    return response
