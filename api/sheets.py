"""GET /v1/sheet/…: one figure of a quote as one plain value, for the cells of spreadsheets, and all of them as a row or as XML.

Nothing is kept of what a cell asks. Spreadsheets ask the same again and again (HEAD and GET, for every cell, at every
recalculation), so what was answered under an address is remembered until the tables, the rates or the day change.
"""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from flask import Response, request
from werkzeug.exceptions import NotFound

from api import sheet_document as documented
from api.cell_quotes import CellQuotes
from api.cells import CSV, FIELDS, MEDIA_TYPES, TEXT, WRITTEN, XML, Values, with_comma
from api.errors import problem
from api.fields import Choice, Line, nearest_first
from api.flat_names import BY_NAME, flat_name
from api.key_text import PREFIXES, SHEET, KeyText, key_inside
from api.languages import LANGUAGES
from api.lookups import NOT_CHANGED, LookupRoutes
from api.openapi import IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import NotThere, read_query
from api.reading import LONGEST_ECHO, Refused
from api.visit import Visit
from calculator.errors import Unreadable
from calculator.memory import Memory

# Bytes of addresses and answers that are remembered. A spreadsheet may use an answer for five minutes without asking.
ROOM, OF_AN_ANSWER = 8 * 1024 * 1024, 500
KEEP = "private, max-age=300"
QUOTE = Line(102, r"q_[A-Za-z0-9_-]+", metadata={"examples": ["q_2lUXUYoF5qmHkRWvPYyE3w"]})
READERS: dict[str, Callable[[str], Any]] = {
    "lang": Choice(*LANGUAGES).read,
    "decimal": Choice(*documented.DECIMALS).read,
    "errors": Choice(*documented.ERRORS).read,
    "quote": QUOTE.read,
}
TRANSPOSED = {"transposed": Choice(*documented.TRUE_FALSE).read}


class Sent(NamedTuple):
    """An answer as it is sent."""

    body: bytes
    content_type: str
    tag: str


class Cells:
    """The answers to cells, by their addresses."""

    def __init__(self, quotes: CellQuotes) -> None:
        self._quotes = quotes
        self._sent: Memory[Sent] = Memory(ROOM)

    def response(self, form: str, field: str = "") -> Response:
        """The answer to the request being served: a field, or all of them in a form."""
        query = request.query_string
        key = form, field, query, self._quotes.state()
        sent = self._sent.get(key)
        if sent is None:
            asked = _asked(form)
            sent = self._made(form, field, asked)
            if "quote" in asked:
                # A kept quote is its owner's, and may be deleted.
                return _response(sent)
            self._sent.keep(key, sent, OF_AN_ANSWER + len(query) + len(sent.body))
        Visit.current().remembered = True
        return _response(sent)

    def _made(self, form: str, field: str, asked: dict[str, Any]) -> Sent:
        found = self._found(asked)
        if field and found[field] is None:
            raise Refused([Unreadable("no_such_figure", f"/{field}", (), field=field)])
        if asked.get("decimal") == "comma":
            found = with_comma(found)
        body = (found[field] or "").encode() if field else WRITTEN[form](found, asked.get("transposed") == "true")
        tag = hashlib.blake2b(body, digest_size=16).hexdigest()
        return Sent(body, f"{MEDIA_TYPES[form]}; charset=utf-8", tag)

    def _found(self, asked: dict[str, Any]) -> Values:
        texts = {name: each for name, each in asked.items() if name not in READERS | TRANSPOSED}
        if "quote" not in asked:
            return self._quotes.priced(texts)
        if texts:
            raise Refused(Unreadable("beside_a_quote", f"?/{name}") for name in texts)
        return self._quotes.kept(asked["quote"])


def sheet_routes(quotes: CellQuotes) -> LookupRoutes:
    """The routes of cells, each also below a sheet key."""
    routes = LookupRoutes("sheets", "Cells of spreadsheets: one figure of a quote under one address.")
    cells = Cells(quotes)

    def cell(field: str) -> Response:
        if field not in FIELDS:
            raise NotThere(
                Unreadable("unknown_field", "/field", nearest_first(field, FIELDS), field=field[:LONGEST_ECHO])
            )
        return cells.response(TEXT, field)

    _route(routes, "/v1/sheet/<field>", "getCell", "One field of a quote, as a cell asks for it", TEXT, cell)
    for form, told in ((CSV, "as a row"), (XML, "as XML without a namespace")):
        summary = f"Every field of a quote {told}"
        _route(
            routes,
            f"/v1/sheet.{form}",
            f"getCells{form.title()}",
            summary,
            form,
            lambda form=form: cells.response(form),
        )
        _route(
            routes,
            f"/v1/sheet/<key>/{form}",
            f"getKeyedCells{form.title()}",
            f"{summary}, with a sheet key",
            form,
            lambda key, form=form: _of_a_sheet(key) or cells.response(form),
        )
    _route(
        routes,
        "/v1/sheet/<key>/<field>",
        "getKeyedCell",
        "One field of a quote, with a sheet key",
        TEXT,
        lambda key, field: _of_a_sheet(key) or cell(field),
    )
    return routes


def _route(
    routes: LookupRoutes, rule: str, operation: str, summary: str, form: str, answered: Callable[..., Response]
) -> None:
    field = in_path("field", documented.FIELD, "landed_cost")
    field["schema"] = {"type": "string", "enum": list(FIELDS)}
    parts = {"field": field, "key": in_path("key", documented.KEY, "k_0123456789ab_secret")}
    query = [*documented.SHARED, *([documented.TRANSPOSE] if form == CSV else [])]

    @routes.get(rule, parameters=[each for name, each in parts.items() if f"<{name}>" in rule])
    @routes.doc(
        operationId=operation,
        summary=summary,
        description=documented.NOTE,
        parameters=[*query, IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(
        200,
        {"type": "string"},
        content_type=MEDIA_TYPES[form],
        example=documented.EXAMPLES[form],
        headers=documented.HEADERS,
    )
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    @problems(routes, 400, 401, 404, 410, 422)
    def _cells(**parts: str) -> Response:
        return answered(**parts)

    _cells.__name__ = operation


def _asked(form: str) -> dict[str, Any]:
    """The parameters of the address: our own, and flat names in any of their spellings. Raises Refused.

    One without a text is left out: the cell that it was made from is empty.
    """
    own = READERS | (TRANSPOSED if form == CSV else {})
    spelled = [name for name in request.args if name not in own and flat_name(name)]
    readers = dict.fromkeys((*BY_NAME, *spelled), str) | own
    asked = read_query(**{name: partial(_or_nothing, read) for name, read in readers.items()})
    return {name: value for name, value in asked.items() if value is not None}


def _or_nothing(read: Callable[[str], Any], text: str) -> Any:
    return read(text) if text.strip() else None


def _of_a_sheet(key: str) -> Response | None:
    """The refusal of what stands where a sheet key is expected. Whether the key is genuine is for the door to say."""
    text = KeyText.read(key)
    if text is not None and text.kind == SHEET:
        return None
    if key.startswith(f"{PREFIXES[SHEET]}_") or key_inside(key) is not None:
        return problem(401, "key_not_for_cells")
    raise NotFound


def _response(sent: Sent) -> Response:
    response = Response(sent.body, content_type=sent.content_type)
    response.set_etag(sent.tag)
    response.headers["Cache-Control"] = KEEP
    response.make_conditional(request)
    return response
