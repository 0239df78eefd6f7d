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
from api.batch_document import COLUMNS, COUNTED, FORMAT_ASKED, SHEET, answered, sent
from api.batch_reading import columns, rows_of
from api.batches.names import MEDIA_TYPES
from api.bodies import Routes
from api.caller import caller
from api.column_document import EXAMPLE_UNDERSTOOD, UNDERSTOOD, told_of_columns
from api.corrected import corrections_of_job, with_mark
from api.errors import problem
from api.fields import Choice
from api.idempotency import given_key
from api.job_document import EXAMPLE_JOB, JOB, LOCATION, OF_JOB, told
from api.job_helper import pieces_of
from api.jobs import DONE, OPEN, RESULT, Asked, Job, Jobs
from api.languages import language
from api.openapi import HEADERS, IF_NONE_MATCH, KEY, REQUEST_HEADERS, problems
from api.queries import no_body, read_query, words
from api.schemas import QuoteIn
from api.store import Correction
from api.writing import json_bytes
from tariffs.book import Book

if TYPE_CHECKING:
    import pyarrow as pa

    from api.batches.forms import Form
    from api.batches.tally import Tally

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
        if request.endpoint not in ("batches.price_rows", "batches.look_at_columns"):
            g.asked = read_query()
            return
        g.asked = read_query(format=FORMAT.read, columns=columns, sheet=words)
        if request.endpoint == "batches.price_rows":
            given_key()

    @routes.errorhandler(NotDone)
    def _not_done(not_done: NotDone) -> Response:
        return problem(409, "job_not_done", facts={"status": not_done.job.status})

    def own(id: str) -> Job:
        """A job of the caller's. Raises NotFound and Deleted."""
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
    @routes.response(200, description="The same rows, and their results in columns after your own", headers=COUNTED)
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
                body, tally = priced(book, schema, form, path, g.asked)
            except ManyRows:
                now = clock().astimezone(UTC)
                job = _job(jobs, form.name, path, now)
                begin(jobs, now)
                return _accepted(job)
        response = Response(body, 200, {"Cache-Control": "no-store", "Content-Language": language()})
        response.headers["X-Total-Count"], response.headers["X-Problem-Count"] = f"{tally.rows}", f"{tally.wrong}"
        response.mimetype = form.media_type
        return response

    @routes.post("/v1/batches/columns")
    @routes.doc(
        operationId="readColumns",
        summary="What is understood of the headings of a file",
        description="Nothing is priced or kept. The first lines of a CSV or of NDJSON do in place of the whole file.",
        parameters=[FORMAT_ASKED, COLUMNS, SHEET, *REQUEST_HEADERS],
        requestBody={"required": True, "content": sent()},
    )
    @routes.response(200, UNDERSTOOD, description="The columns, and what is missing", example=EXAMPLE_UNDERSTOOD)
    @problems(routes, 400, 406, 413, 415, 422)
    def look_at_columns() -> Response:
        form = form_of(request, g.asked.get("format"))
        with laid_aside(request, FILE) as path:
            body = json_bytes(_preview(form, path, g.asked))
        headers = {"Cache-Control": "no-store", "Content-Language": language()}
        return Response(body, 200, headers, mimetype="application/json")

    # As long as an id is, so that no other address below is taken for one.
    @routes.get("/v1/batches/<string(length=24):id>", parameters=[OF_JOB])
    @routes.doc(operationId="getJob", summary="How far a job is", parameters=REQUEST_HEADERS)
    @routes.response(200, JOB, description="The job", example=told(EXAMPLE_JOB))
    @problems(routes, 404, 406, 410, 422)
    def read(id: str) -> Response:
        job = own(id)
        if job.status in OPEN:
            begin(jobs, clock().astimezone(UTC))
        return _sent(job, corrections=corrections_of_job(jobs.engine, job.id))

    @routes.get("/v1/batches/<id>/result", parameters=[OF_JOB])
    @routes.doc(
        operationId="getJobResult",
        summary="The rows of a job that is done",
        parameters=[IF_NONE_MATCH, *REQUEST_HEADERS],
        responses={200: {"content": answered()}},
    )
    @routes.response(
        200, description="The rows, and their results in columns after your own", headers=HEADERS["kept_quote"]
    )
    @routes.alt_response(304, description="Not changed since the ETag given in If-None-Match", success=True)
    @problems(routes, 404, 406, 409, 410, 422)
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
        return with_mark(response, corrections_of_job(jobs.engine, job.id))

    @routes.post("/v1/batches/<id>/cancel", parameters=[OF_JOB])
    @routes.doc(operationId="cancelJob", summary="Stop a job and delete its rows", parameters=REQUEST_HEADERS)
    @routes.response(200, JOB, description="The job; one that is over stays as it is", example=told(EXAMPLE_JOB))
    @problems(routes, 400, 404, 406, 410, 422)
    def cancel(id: str) -> Response:
        no_body()
        jobs.cancel(own(id))
        return _sent(own(id), corrections=corrections_of_job(jobs.engine, id))

    @routes.delete("/v1/batches/<string(length=24):id>", parameters=[OF_JOB])
    @routes.doc(
        operationId="deleteJob",
        summary="Delete a job with its file and its rows",
        description="One that is being worked on is stopped. Afterwards it is 410 to its owner; deleted again it is 204 again.",
    )
    @routes.response(204, description="It is deleted")
    @problems(routes, 400, 404, 406, 422)
    def delete(id: str) -> Response:
        no_body()
        if not jobs.erase(id, caller().owner, clock().astimezone(UTC)):
            raise NotFound
        return Response(status=204)

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


def _sent(job: Job, status: int = 200, corrections: Iterable[Correction] = ()) -> Response:
    return Response(
        json_bytes(told(job, corrections)), status, {"Cache-Control": "no-store"}, mimetype="application/json"
    )


def priced(book: Book, schema: QuoteIn, form: "Form", path: Path, asked: dict[str, Any]) -> tuple[bytes, "Tally"]:
    """The answer to a file, and what came of its rows. It is made whole: one that breaks at its end is a problem, and no answer.

    Raises Refused for one that cannot be read or whose columns do not do, and ManyRows.
    """
    from api.batches.consignments import Pricing
    from api.batches.pricing import Run
    from api.batches.tally import Tally

    with rows_of(form, path, asked) as (table, meant):
        run = Run(Pricing(book, schema, language()), table.schema, meant)
        answer, tally = io.BytesIO(), Tally()
        form.write(answer, run.schema, tally.counting(run.answers(_few(table.batches))), table.manner)
        return answer.getvalue(), tally


def _preview(form: "Form", path: Path, asked: dict[str, Any]) -> dict[str, Any]:
    from api.batches.understood import understood

    with rows_of(form, path, asked) as (table, meant):
        return told_of_columns(understood(table, meant), language())


def _few(batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
    """The batches, as long as their rows are not too many for one answer."""
    rows = 0
    for batch in batches:
        rows += batch.num_rows
        if rows > MOST_ROWS:
            raise ManyRows
        yield batch
