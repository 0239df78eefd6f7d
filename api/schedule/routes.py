"""GET /v1/tariff-lines.csv, .xlsx and .parquet: the whole schedule of a day, to be carried away.

A file is made when it is first asked for and kept on the disk for the next who asks, with a few others; it is the same until the
release changes, so each has an ETag over its bytes. It goes out whole and not by and by: a worker has one thread, and
whoever reads slowly would hold it.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import BinaryIO

from flask import Response, request

from api.away import AGAIN
from api.batches.names import MEDIA_TYPES
from api.errors import problem
from api.languages import language
from api.logs import LOG
from api.lookups import LANGUAGE, NOT_CHANGED, ON, LookupRoutes, day_of_law, named_language
from api.openapi import HEADERS, IF_NONE_MATCH, REQUEST_HEADERS, problems
from api.queries import NotThere, read_query
from api.schedule.files import WRITERS, About
from api.schedule.rows import rows_of
from api.schedule.shelf import Kept, kept
from api.tracebacks import kind, trace
from api.wording import Wording
from calculator.errors import NotInForce
from tariffs.records import Records

FORMS = ("csv", "xlsx", "parquet")
NAMED = {"csv": "CSV", "xlsx": "a workbook", "parquet": "Parquet"}
EXAMPLE = 'hs_code,name_en,…,mfn,provisional,general,…\r\n08044000,"Avocados, fresh or dried",…,25%,7%,80%,…\r\n'
_TEXT = {"schema": {"type": "string"}}
RELEASE_HEADERS = {
    "X-Release": {"description": "The data release that the file was read from.", **_TEXT},
    "X-Release-SHA256": {"description": "The SHA-256 of that release, as /v1/meta has it.", **_TEXT},
    "X-Total-Count": {"description": "How many lines there are.", **_TEXT},
}


class Files:
    """The files of one book."""

    def __init__(self, records: Records) -> None:
        self.records = records

    @cached_property
    def _book(self) -> str:
        """What tells the book from any other: its release, and each table with the last day that its makers looked at."""
        records = self.records
        told = (records.release, records.seal.sha256, *(f"{each}" for each in records.tables))
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def get(self, form: str, on: date, spoken: str) -> Kept:
        """A file of a day. Raises NotInForce for a day that the schedule does not cover, OSError where it cannot be kept."""
        records = self.records

        def made(file: BinaryIO) -> None:
            WRITERS[form](file, rows_of(records, on), About.of(records, on), Wording.of(spoken or "en"))

        return kept(f"{self._book}-{on}-{spoken}-{form}", made)


def schedule_routes(records: Records, today: Callable[[], date]) -> LookupRoutes:
    """The routes of the files; `today` is the day in Shanghai, asked for at each request."""
    files = Files(records)
    routes = LookupRoutes("schedule", "The whole schedule of a day as one file.")
    for form in FORMS:
        _add(routes, files, form, today)
    return routes


def _add(routes: LookupRoutes, files: Files, form: str, today: Callable[[], date]) -> None:
    media_type = MEDIA_TYPES[form]
    binary = {"type": "string"} if form == "csv" else {"type": "string", "format": "binary"}

    @routes.get(f"/v1/tariff-lines.{form}", endpoint=f"as_{form}")
    @routes.doc(
        operationId=f"getSchedule{form.capitalize()}",
        summary=f"The whole schedule of a day as {NAMED[form]}, with the release and its hash",
        parameters=[ON, LANGUAGE, IF_NONE_MATCH, *REQUEST_HEADERS],
    )
    @routes.response(
        200,
        binary,
        content_type=media_type.partition(";")[0],
        example=EXAMPLE if form == "csv" else "PK…" if form == "xlsx" else "PAR1…",
        headers=HEADERS["kept"] | RELEASE_HEADERS,
    )
    @routes.alt_response(304, description=NOT_CHANGED, success=True)
    @problems(routes, 400, 404, 422)
    def whole() -> Response:
        asked = read_query(on=day_of_law, language=named_language)
        on = asked.get("on") or today()
        # The words of a workbook alone are of a language; columns are called alike in all.
        spoken = language() if form == "xlsx" else ""
        try:
            file = files.get(form, on, spoken)
        except NotInForce as missing:
            first = missing.facts.get("covered_from")
            raise NotThere(NotInForce(missing.code, "?/on", (f"{first}",) if first else (), **missing.facts)) from None
        except OSError as error:
            LOG.error("no room for a file of the schedule", kind=kind(error), exception=trace(error))
            return problem(503, "unavailable", headers=AGAIN)
        return _sent(file, form, on, files.records, spoken)


def _sent(file: Kept, form: str, on: date, records: Records, spoken: str) -> Response:
    response = Response(file.body, content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="galeon-tariff-{on}.{form}"'
    response.headers["Link"] = '</v1/meta>; rel="describedby"'
    response.headers["X-Release"] = records.release
    response.headers["X-Release-SHA256"] = records.seal.sha256
    response.headers["X-Total-Count"] = f"{len(records.codes)}"
    if spoken:
        response.content_language.add(spoken)
        response.vary.add("Accept-Language")
    response.set_etag(file.digest)
    response.headers["Cache-Control"] = "public, no-cache"
    response.make_conditional(request)
    return response
