"""POST /v1/batches: a file of rows comes back priced, in the form in which it was sent; a long one by and by, as a job.

A row that cannot be priced says why and goes through with the rest; a file that cannot be read is refused before anything is
answered. Nothing is kept of a short one.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Response, g, request
from werkzeug.exceptions import Conflict, NotFound

from api import day_in_china
from api.batch_bodies import FILE, form_of, laid_aside
from api.batch_document import COLUMNS, FORMAT_ASKED, SHEET, answered, sent
from api.batches.layout import meant
from api.batches.names import MEDIA_TYPES
from api.bodies import Routes
from api.caller import caller
from api.errors import problem
from api.fields import Choice
from api.idempotency import given_key
from api.job_document import EXAMPLE_JOB, JOB, LOCATION, OF_JOB, told
from api.job_helper import pieces_of
from api.jobs import DONE, RESULT, Asked, Job, Jobs
from api.languages import language
from api.openapi import HEADERS, IF_NONE_MATCH, KEY, REQUEST_HEADERS, problems
from api.queries import read_query, words
from api.reading import LONGEST_ECHO, Refused
from api.schemas import QuoteIn
from api.sharing import no_body
from api.writing import json_bytes
from calculator.errors import Unreadable
from tariffs.book import Book

if TYPE_CHECKING:
    import pyarrow as pa

    from api.batches.forms import Form, Table

# Rows of one answer.
MOST_ROWS = 10_000
FORMAT = Choice(*MEDIA_TYPES)
Begin = Callable[[Jobs, datetime], None]


class ManyRows(Exception):
    """The file has more rows than one answer."""


class NotDone(Exception):
    """The result of a job is asked for that has none, or none yet."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.id)
        self.job = job


def batch_routes(book: Book, schema: QuoteIn, jobs: Jobs, clock: Callable[[], datetime], begin: Begin) -> Routes:
    """The routes of files of rows, and of the jobs that long ones become."""
    routes = Routes("batches", "batches", description="Files of rows, a line of goods in each, priced at once.")

    @routes.before_request
    def parameters() -> None:
        if request.method == "OPTIONS":
            return
        if request.endpoint == "batches.price_rows":
            g.asked = read_query(format=FORMAT.read, columns=columns, sheet=words)
            given_key()
        else:
            g.asked = read_query()

    @routes.errorhandler(NotDone)
    def _not_done(not_done: NotDone) -> Response:
        return problem(409, "job_not_done", facts={"status": not_done.job.status})

    def own(id: str) -> Job:
        """A job of the caller's. Raises NotFound."""
        job = jobs.job(id, caller().owner, clock())
        if job is None:
            raise NotFound
        return job

    @routes.post("/v1/batches")
    @routes.doc(
        operationId="priceRows",
        summary="Price a file of rows",
        parameters=[FORMAT_ASKED, COLUMNS, SHEET, KEY, *REQUEST_HEADERS],
        requestBody={"required": True, "content": sent()},
    )
    @routes.response(200, description="The same rows, and their results in columns after your own")
    @routes.doc(responses={200: {"content": answered()}})
    @routes.alt_response(
        202,
        schema=JOB,
        description="More than 10,000 rows: a job",
        example=told(EXAMPLE_JOB),
        headers=LOCATION,
        success=True,
    )
    @problems(routes, 400, 406, 409, 413, 415, 422)
    def price_rows() -> Response:
        form = form_of(request, g.asked.get("format"))
        with laid_aside(request, FILE) as path:
            try:
                body = priced(book, schema, form, path, g.asked)
            except ManyRows:
                now = clock().astimezone(UTC)
                job = _job(jobs, form.name, path, now)
                begin(jobs, now)
                return _accepted(job)
        response = Response(body, 200, {"Cache-Control": "no-store", "Content-Language": language()})
        response.mimetype = form.media_type
        return response

    @routes.get("/v1/batches/<id>", parameters=[OF_JOB])
    @routes.doc(operationId="getJob", summary="How far a job is", parameters=REQUEST_HEADERS)
    @routes.response(200, JOB, description="The job", example=told(EXAMPLE_JOB))
    @problems(routes, 404, 406, 422)
    def read(id: str) -> Response:
        return _sent(own(id))

    @routes.get("/v1/batches/<id>/result", parameters=[OF_JOB])
    @routes.doc(
        operationId="getJobResult",
        summary="The rows of a job that is done",
        parameters=[IF_NONE_MATCH, *REQUEST_HEADERS],
        responses={200: {"content": answered()}},
    )
    @routes.response(200, description="The rows, and their results in columns after your own", headers=HEADERS["kept"])
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 409, 422)
    def result(id: str) -> Response:
        job = own(id)
        if job.status != DONE:
            raise NotDone(job)
        response = Response(jobs.pieces(job, RESULT), 200, {"Cache-Control": "private, no-cache"})
        response.headers["Content-Language"] = job.asked.language
        response.mimetype = MEDIA_TYPES[job.form]
        # A job has one result, and never another.
        response.set_etag(hashlib.sha256(job.id.encode()).hexdigest())
        response.make_conditional(request)
        return response

    @routes.post("/v1/batches/<id>/cancel", parameters=[OF_JOB])
    @routes.doc(operationId="cancelJob", summary="Stop a job and delete its rows", parameters=REQUEST_HEADERS)
    @routes.response(200, JOB, description="The job; one that is over stays as it is", example=told(EXAMPLE_JOB))
    @problems(routes, 400, 404, 406, 422)
    def cancel(id: str) -> Response:
        no_body()
        jobs.cancel(own(id))
        return _sent(own(id))

    return routes


def _job(jobs: Jobs, form: str, path: Path, now: datetime) -> Job:
    """The job of a long file, or the one that was made for it under the same key. Raises Conflict."""
    from api.batches.parts import digest

    asked = Asked(language(), g.asked.get("columns", {}), g.asked.get("sheet"))
    told_of = json.dumps([digest(path), form, asdict(asked)], sort_keys=True)
    hashed = hashlib.sha256(told_of.encode()).hexdigest()
    made = Job.new(caller().owner, form, asked, day_in_china(now), now, key=given_key(), request_hash=hashed)
    with path.open("rb") as file:
        job = jobs.add(made, pieces_of(file))
    if job.request_hash != hashed:
        raise Conflict
    return job


def _accepted(job: Job) -> Response:
    response = _sent(job, 202)
    response.headers["Location"] = f"/v1/batches/{job.id}"
    response.autocorrect_location_header = False
    return response


def _sent(job: Job, status: int = 200) -> Response:
    return Response(json_bytes(told(job)), status, {"Cache-Control": "no-store"}, mimetype="application/json")


def columns(text: str) -> dict[str, str]:
    """What headings stand for, by the headings: HEADING=name with semicolons between them."""
    try:
        return meant(piece for each in words(text).split(";") if (piece := each.strip()))
    except ValueError as error:
        raise Unreadable("wrong_form", "", ("Ware=product",), text=error.args[0][:LONGEST_ECHO]) from None


def priced(book: Book, schema: QuoteIn, form: "Form", path: Path, asked: dict[str, Any]) -> bytes:
    """The answer to a file. Raises Refused for one that cannot be read, whose columns do not do, or that is too long."""
    from api.batches.consignments import Pricing
    from api.batches.forms import BrokenFile, opened
    from api.batches.pricing import Run

    try:
        with opened(_of_sheet(form, asked.get("sheet")), path) as table:
            run = Run(Pricing(book, schema, language()), table.schema, _known(asked.get("columns", {}), table))
            answer = io.BytesIO()
            form.write(answer, run.schema, run.answers(_few(table.batches)), table.manner)
            return answer.getvalue()
    except BrokenFile as error:
        raise Refused([Unreadable("file_not_read", "", (), why=f"{error}")]) from None


def _of_sheet(form: "Form", sheet: str | None) -> "Form":
    """The form, of one sheet where the address names one."""
    if sheet is None:
        return form
    from api.batches.workbooks.sheet import SHEETS, of_sheet

    found = of_sheet(form, sheet)
    if found is None:
        raise Refused([Unreadable("sheet_of_no_workbook", "?/sheet", SHEETS)])
    return found


def _known(said: dict[str, str], table: "Table") -> dict[str, str]:
    """What headings stand for, of headings that are there."""
    unknown = [each for each in said if each not in table.schema.names]
    if unknown:
        facts = {"text": unknown[0][:LONGEST_ECHO]}
        raise Refused([Unreadable("no_such_heading", "?/columns", table.schema.names[:20], **facts)])
    return said


def _few(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    """The batches, as long as their rows are not too many for one answer."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if rows > MOST_ROWS:
            raise ManyRows
        yield batch
