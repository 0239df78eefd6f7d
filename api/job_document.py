"""A job as JSON, and as the specification has it."""

from collections.abc import Iterable
from typing import Any

from api.corrected import told as told_of
from api.corrected_document import SUPERSEDING
from api.documents import listed, nullable, record, text
from api.examples import EXAMPLE_MOMENT
from api.jobs import DONE, KEPT, RUNNING, STATUSES, Asked, Job
from api.openapi import HEADERS, in_path
from api.signed import SUPERSEDED
from api.store import Correction

LOCATION = {"Location": HEADERS["created"]["Location"]}
COUNT = {"type": "integer", "minimum": 0}
EXAMPLE_JOB = Job(
    "j_7Jx2kQ0vWm4tRzYp1aBcDe",
    "",
    "csv",
    Asked("en"),
    EXAMPLE_MOMENT.date(),
    EXAMPLE_MOMENT,
    EXAMPLE_MOMENT + KEPT,
    RUNNING,
    done=32_768,
    failed=12,
    percent=41,
)
OF_JOB = in_path("id", "The id of a job.", EXAMPLE_JOB.id)
JOB = record(
    {
        "id": text("Names the job."),
        "status": text("Where it is.", enum=list(STATUSES)),
        "rows": nullable({**COUNT, "description": "How many rows there are; null until all are counted."}),
        "done": {**COUNT, "description": "Rows that are priced, those with a problem among them."},
        "failed": {**COUNT, "description": "Rows that have a problem."},
        "percent": {**COUNT, "maximum": 100, "description": "How much of the file is read and priced."},
        "problem": nullable(text("Why the job failed.")),
        SUPERSEDED: listed(SUPERSEDING, "Corrections of rows of the tables that its results rest on, made after it."),
        "expires_at": text("The moment from which job and result are gone.", format="date-time"),
        "links": record(
            {
                "self": text("The job.", format="uri-reference"),
                "result": nullable(text("Its rows, once it is done.", format="uri-reference")),
            }
        ),
    },
    title="Job",
    description="A file of rows that is priced by and by.",
)


def told(job: Job, corrections: Iterable[Correction] = ()) -> dict[str, Any]:
    """The job as it is answered."""
    at = f"/v1/batches/{job.id}"
    return {
        "id": job.id,
        "status": job.status,
        "rows": job.rows,
        "done": job.done,
        "failed": job.failed,
        "percent": job.percent,
        "problem": job.problem,
        SUPERSEDED: told_of(corrections),
        "expires_at": f"{job.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "links": {"self": at, "result": f"{at}/result" if job.status == DONE else None},
    }
