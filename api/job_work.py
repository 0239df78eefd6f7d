"""One job worked off: its file laid on the disk, priced part by part from where it was left, and its result kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import TYPE_CHECKING

from api.batch_bodies import FILE
from api.batches.forms import BrokenFile, Table, forms, opened
from api.batches.making import Maker
from api.batches.pricing import Run
from api.batches.tally import Tally
from api.batches.workbooks.sheet import of_sheet
from api.job_helper import pieces_of
from api.jobs import LEASE, PART, SOURCE, Job, JobLost, Jobs
from api.reading import Refused

if TYPE_CHECKING:
    import pyarrow as pa

Clock = Callable[[], datetime]


class Stopped(Exception):
    """The worker is told to stop."""


def work(jobs: Jobs, job: Job, clock: Clock, stopped: Event) -> None:
    """Price the rows of a claimed job. One that is lost, or left because of `stopped`, is gone on with by another worker."""
    with suppress(JobLost), _held(jobs, job, clock), TemporaryDirectory(prefix="galeon-job-") as folder:
        try:
            jobs.finish(job, _pieces(_priced(jobs, job, Path(folder), stopped)))
        except Stopped:
            jobs.hand_back(job)
        except BrokenFile as error:
            jobs.fail(job, f"{error}")
        except Refused as refused:
            jobs.fail(job, "; ".join(f"{each.pointer}: {each.code}" for each in refused.refusals))


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
        run = Maker(table.schema, job.asked.columns, job.asked.language, job.day)()
        form.write(file, run.schema, _answers(jobs, job, table, run, stopped), table.manner)
    return result


def _answers(jobs: Jobs, job: Job, table: Table, run: Run, stopped: Event) -> Iterator["pa.RecordBatch"]:
    """The parts that are there, then those that are priced, each kept before it is handed on."""
    from pyarrow import ipc

    pieces = run.pieces(table.batches)
    there = jobs.parts(job)
    kept = jobs.pieces(job, PART)
    for number, piece in enumerate(pieces):
        if number < there:
            with ipc.open_stream(next(kept)) as stream:
                yield stream.read_next_batch()
            continue
        if stopped.is_set():
            raise Stopped
        answer, tally = run.priced(piece), Tally()
        tally.add(answer)
        jobs.keep(job, number, _bytes(answer), tally.rows, tally.wrong, int(table.share() * 100))
        yield answer


def _bytes(answer: "pa.RecordBatch") -> bytes:
    import pyarrow as pa
    from pyarrow import ipc

    sink = pa.BufferOutputStream()
    with ipc.new_stream(sink, answer.schema) as stream:
        stream.write_batch(answer)
    return bytes(sink.getvalue())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from pieces_of(file)
