"""What the answers rest on: the release and its tables, the documents they cite, what changes, and the tables themselves.

Everything here is read off the book that quotes are made from, once, when it is first asked for.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from api import meta_document as documented
from api.errors import problem
from api.feed import MEDIA_TYPE, atom, figure_words, title
from api.languages import language
from api.library import Library, day_text
from api.line_figures import part_words
from api.lookups import LANGUAGE, NOT_CHANGED, LookupRoutes, listed, named_language, sent
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, in_path, problems
from api.queries import CURSOR, LIMIT, NotThere, Page, day, limit, next_link, page, read_query, words
from api.reading import LONGEST_ECHO
from calculator.errors import Unpriceable, Unreadable
from tariffs.book import Book
from tariffs.changes import Change
from tariffs.parts import Part

USUAL_PAST = timedelta(days=365)
_WRITTEN = re.compile(documented.HS_CODE_PATTERN, re.ASCII)


def meta_routes(book: Book, today: Callable[[], date]) -> Blueprint:
    """GET /v1/meta, /v1/changes, /v1/sources and /v1/tables; `today` is the day in Shanghai, asked for at each request."""
    library = Library(book)
    routes = LookupRoutes("meta", "The tables: their releases, their sources, and what changes.")
    unchanged = routes.alt_response(304, description=NOT_CHANGED, success=True)
    kept = [IF_NONE_MATCH, *REQUEST_HEADERS]

    @routes.get("/v1/meta")
    @routes.doc(
        operationId="getMeta", summary="The data release, its tables and their hashes", parameters=[LANGUAGE, *kept]
    )
    @routes.response(200, documented.META, example=documented.META_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 406, 422)
    def meta() -> Response:
        read_query(language=named_language)
        return sent(library.meta(language()))

    @routes.get("/v1/sources")
    @routes.doc(
        operationId="listSources",
        summary="Every cited document",
        parameters=[documented.Q, LIMIT, CURSOR, LANGUAGE, *kept],
    )
    @routes.response(200, documented.SOURCES, example=documented.SOURCES_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def sources() -> Response:
        asked = read_query(q=words, limit=limit, cursor=words, language=named_language)
        return listed(page(library.sources_with(asked.get("q", "")), lambda each: str(each["id"]), asked), worded=False)

    @routes.get("/v1/sources/<id>", parameters=[in_path("id", "The key of a cited document.", "cn-vat-law-2024")])
    @routes.doc(operationId="getSource", summary="A cited document", parameters=[LANGUAGE, *kept])
    @routes.response(200, documented.SOURCE, example=documented.SOURCE_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def source(id: str) -> Response:
        read_query(language=named_language)
        found = library.sources.get(id)
        return sent(found, worded=False) if found else _unknown("unknown_source", "id", id, library.sources)

    @routes.get("/v1/changes")
    @routes.doc(
        operationId="listChanges",
        summary="What changed, what is announced and what expires",
        parameters=[documented.SINCE, documented.HS_CODE, LIMIT, CURSOR, LANGUAGE, *kept],
    )
    @routes.response(200, documented.CHANGES, example=documented.CHANGES_EXAMPLE, headers=HEADERS["kept"])
    @unchanged
    @problems(routes, 400, 404, 406, 422)
    def changes() -> Response:
        on, said = today(), language()
        found = _changes(library, on)
        told = [_change(each, on, said) for each in found.items]
        return listed(Page(told, found.total, found.next))

    @routes.get("/v1/changes.atom")
    @routes.doc(
        operationId="feedOfChanges",
        summary="The same as an Atom feed",
        parameters=[documented.SINCE, documented.HS_CODE, LIMIT, CURSOR, LANGUAGE, *kept],
    )
    @routes.response(
        200, {"type": "string"}, content_type=MEDIA_TYPE, example=documented.ATOM_EXAMPLE, headers=HEADERS["kept"]
    )
    @unchanged
    @problems(routes, 400, 404, 422)
    def feed() -> Response:
        on = today()
        found = _changes(library, on)
        here = request.full_path.rstrip("?")
        text = atom(found.items, on, library.book.records.seal.day, language(), here, next_link(found))
        response = Response(text, mimetype=MEDIA_TYPE)
        response.content_language.add(language())
        response.vary.add("Accept-Language")
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
        return _revalidated(response)

    @routes.get("/v1/tables/<name>.csv", parameters=[in_path("name", "A table of /v1/meta.", "import-taxes")])
    @routes.doc(
        operationId="getTable",
        summary="A table as CSV, whole or a page at a time",
        parameters=[documented.ROWS, documented.FROM_ROW, LANGUAGE, *kept],
    )
    @routes.response(
        200,
        {"type": "string"},
        content_type="text/csv",
        example=documented.CSV_EXAMPLE,
        headers=HEADERS["kept"] | documented.PAGED,
    )
    @unchanged
    @problems(routes, 400, 404, 422)
    def table(name: str) -> Response:
        asked = read_query(language=named_language, limit=documented.rows, cursor=_row)
        part = library.parts.get(name)
        if part is None:
            return _unknown("unknown_table", "name", name, library.parts)
        start, total = asked.get("cursor", 0), len(part.rows)
        if start > total:
            raise NotThere(Unreadable("unknown_cursor", "?/cursor", text=f"{start}"))
        end = start + asked["limit"] if "limit" in asked else None
        response = Response(_bytes(part, start, end), content_type="text/csv; charset=utf-8; header=present")
        response.headers["Content-Disposition"] = f'attachment; filename="{part.name}.csv"'
        response.headers["X-Total-Count"] = f"{total}"
        if following := next_link(Page((), total, f"{end}" if end is not None and end < total else None)):
            response.headers["Link"] = f'<{following}>; rel="next"'
        response.set_etag(library.etag_of_rows(part, start, end))
        return _revalidated(response)

    return routes


def _changes(library: Library, today: date) -> Page:
    asked = read_query(since=day, hs_code=_prefix(library.book), limit=limit, cursor=words, language=named_language)
    first = asked.get("since", today - USUAL_PAST)
    return page(library.changes.since(first, asked.get("hs_code", "")), lambda change: change.id, asked)


def _prefix(book: Book) -> Callable[[str], str]:
    """Reads a code of 2 to 10 digits, points between its pairs allowed, under which the schedule has a line."""

    def read(text: str) -> str:
        digits = text.replace(".", "").replace(" ", "")
        if not _WRITTEN.fullmatch(text):
            raise Unreadable("wrong_form", "", ("0804", "08044000"), text=text[:LONGEST_ECHO])
        if not any(code.startswith(digits[:8]) for code in book.records.codes):
            near = book.records.nearest_codes(digits)
            raise NotThere(Unreadable("unknown_hs_code", "?/hs_code", near, hs_code=digits))
        return digits[:8]

    return read


def _change(change: Change, today: date, language: str) -> dict[str, Any]:
    series, row = change.series, change.figure.row
    return {
        "id": change.id,
        "on": f"{change.on}",
        "kind": change.kind(today),
        "change": change.change,
        "title": title(change, language),
        "table": series.table,
        "hs_code": series.hs_code or None,
        "what": series.what,
        "subject": series.subject,
        "part": series.part or None,
        "part_text": part_words(series.part, language) if series.part else None,
        "before": figure_words(change.before, language) if change.before else None,
        "after": figure_words(change.after, language) if change.after else None,
        "valid_from": f"{row.validity.valid_from}",
        "valid_to": day_text(row.validity.valid_to),
        "source": row.source,
        "confidence": row.confidence,
        "note": row.note or None,
    }


def _unknown(code: str, parameter: str, name: str, known: Mapping[str, object]) -> Response:
    """404 with the names that look like the one asked for."""
    near = get_close_matches(name[:LONGEST_ECHO].lower(), known, n=5, cutoff=0.4)
    return problem(404, code, (Unpriceable(code, f"/{parameter}", near, text=name[:LONGEST_ECHO]),))


def _row(text: str) -> int:
    """The row that a page begins at: how many are before it."""
    if not re.fullmatch(r"[0-9]{1,7}", text, re.ASCII):
        raise NotThere(Unreadable("unknown_cursor", "?/cursor", text=text[:LONGEST_ECHO]))
    return int(text)


def _bytes(part: Part, start: int, end: int | None) -> Iterator[bytes]:
    return (text.encode() for text in part.csv(start, end))


def _revalidated(response: Response) -> Response:
    """304 where the client has it; whoever keeps it asks again, since a new release may be there."""
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response
