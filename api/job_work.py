"""One job worked off: its file laid on the disk, priced part by part from where it was left, and its result kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from api.batch_bodies import FILE
from api.batches.forms import BrokenFile, Table, forms, opened
from api.batches.making import Maker
from api.batches.pricing import Run
from api.batches.tally import Tally
from api.batches.workbooks.sheet import of_sheet
from api.job_helper import pieces_of
from api.jobs import LEASE, PART, SOURCE, Job, JobLost, Jobs
from api.logs import LOG
from api.reading import Refused
from api.tracebacks import kind, trace
from api.wording import Wording
from calculator.quote import ENGINE_VERSION

if TYPE_CHECKING:
    import pyarrow as pa

Clock = Callable[[], datetime]
# What the parts say of the release that reckons by them, and that the rows of the tables they used are kept with them.
RELEASE = b"release with rows used"


class Stopped(Exception):
    """The worker is told to stop."""


def work(jobs: Jobs, job: Job, clock: Clock, stopped: Event) -> None:
    """Price the rows of a claimed job. One that is lost, or left because of `stopped`, is gone on with by another worker.

    What nobody foresaw ends the job, not one worker after the other; a database or a disk that is away ends neither.
    """
    with suppress(JobLost), _held(jobs, job, clock), TemporaryDirectory(prefix="galeon-job-") as folder:
        try:
            jobs.finish(job, _pieces(_priced(jobs, job, Path(folder), stopped)))
        except Stopped:
            jobs.hand_back(job)
        except BrokenFile as error:
            jobs.fail(job, f"{error}")
        except Refused as refused:
            jobs.fail(job, "; ".join(f"{each.pointer}: {each.code}" for each in refused.refusals))
        except (JobLost, SQLAlchemyError, OSError):
            raise
        except Exception as error:
            LOG.error("job failed", job=job.id, kind=kind(error), exception=trace(error))
            jobs.fail(job, Wording.of(job.asked.language).problem("internal_error", {"request_id": job.id}))


@contextmanager
def _held(jobs: Jobs, job: Job, clock: Clock) -> Iterator[None]:
    """Renew the lease for as long as the work takes."""
    over = Event()

    def renewing() -> None:
        with suppress(JobLost):
            while not over.wait(LEASE.total_seconds() / 3):
                jobs.renew(job, clock())

    thread = Thread(target=renewing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _priced(jobs: Jobs, job: Job, folder: Path, stopped: Event) -> Path:
    """The file of the result."""
    source, result = folder / FILE, folder / "result"
    with source.open("wb") as file:
        file.writelines(jobs.pieces(job, SOURCE))
    form = forms()[job.form]
    read = form if job.asked.sheet is None else of_sheet(form, job.asked.sheet) or form
    with opened(read, source) as table, result.open("wb") as file:
        run = Maker(table.schema, job.asked.columns, job.asked.language, job.day)(noting=True)
        form.write(file, run.schema, _answers(jobs, job, table, run, stopped), table.manner)
    return result


def _answers(jobs: Jobs, job: Job, table: Table, run: Run, stopped: Event) -> Iterator["pa.RecordBatch"]:
    """The parts that are there, then those that are priced, each kept before it is handed on.

    Parts that were priced with other tables, rates or another release are priced anew: a result is of one kind throughout.
    """
    from pyarrow import ipc

    if any(not _fits(each, run) for each in islice(jobs.pieces(job, PART), 1)):
        jobs.begin_anew(job)
    there = jobs.parts(job)
    kept = jobs.pieces(job, PART)
    for number, piece in enumerate(run.pieces(table.batches)):
        if number < there:
            with ipc.open_stream(next(kept)) as stream:
                yield stream.read_next_batch().replace_schema_metadata(run.schema.metadata)
            continue
        if stopped.is_set():
            raise Stopped
        answer, tally = run.priced(piece), Tally()
        tally.add(answer)
        jobs.keep(job, number, _bytes(answer), tally.rows, tally.wrong, int(table.share() * 100), run.used())
        yield answer


def _fits(part: bytes, run: Run) -> bool:
    """Whether a part is of this run: its columns, and what the rows were priced with."""
    from pyarrow import ipc

    with ipc.open_stream(part) as stream:
        return bool(stream.schema.equals(_of_this_release(run.schema), check_metadata=True))


def _of_this_release(schema: "pa.Schema") -> "pa.Schema":
    """The schema, which tells of tables and rates already, with the release that reckons by them."""
    return schema.with_metadata({**(schema.metadata or {}), RELEASE: ENGINE_VERSION.encode()})


def _bytes(answer: "pa.RecordBatch") -> bytes:
    import pyarrow as pa
    from pyarrow import ipc

    sink, schema = pa.BufferOutputStream(), _of_this_release(answer.schema)
    with ipc.new_stream(sink, schema) as stream:
        stream.write_batch(answer.replace_schema_metadata(schema.metadata))
    return bytes(sink.getvalue())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from pieces_of(file)
