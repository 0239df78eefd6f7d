"""Jobs: files of rows that are priced by and by, in the database that all who work on them see.

A job is claimed for a while by one worker at a time, which renews its lease. A worker whose lease lapsed has lost the job:
whatever it then wants to write is refused, so that each part is there once.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import METADATA, Moment, in_turn, owned, swept, transaction
from api.retention import Due
from api.store import QUOTES, ROWS_USED, RowSet, add, keep_rows
from api.tombstones import Deleted, bury, deleted_on
from api.unused import freed
from tariffs.rows_used import RowName

JOBS = sql.Table(
    "jobs",
    METADATA,
    sql.Column("id", sql.String(24), primary_key=True),
    sql.Column("owner", sql.String(64), nullable=False),
    sql.Column("status", sql.String(12), nullable=False),
    sql.Column("form", sql.String(12), nullable=False),
    sql.Column("asked", sql.Text, nullable=False),
    sql.Column("day", sql.Date, nullable=False),
    sql.Column("created_at", Moment, nullable=False),
    sql.Column("expires_at", Moment, nullable=False),
    sql.Column("rows", sql.Integer),
    sql.Column("done", sql.Integer, nullable=False),
    sql.Column("failed", sql.Integer, nullable=False),
    sql.Column("percent", sql.Integer, nullable=False),
    sql.Column("problem", sql.Text),
    sql.Column("claim", sql.String(32), nullable=False),
    sql.Column("leased_until", Moment),
    sql.Column("key", sql.String(200)),
    sql.Column("request_hash", sql.String(64), nullable=False),
    sql.UniqueConstraint("owner", "key", name="jobs_by_key"),
    sql.Index("jobs_by_age", "created_at"),
)
BYTES = sql.Table(
    "job_bytes",
    METADATA,
    sql.Column("job", sql.String(24), sql.ForeignKey("jobs.id", name="job_bytes_job"), nullable=False),
    sql.Column("kind", sql.String(8), nullable=False),
    sql.Column("number", sql.Integer, nullable=False),
    sql.Column("bytes", sql.LargeBinary, nullable=False),
    sql.PrimaryKeyConstraint("job", "kind", "number", name="job_bytes_in_order"),
)
# The rows of the tables that a job's rows used, by the day that these are declared on, as sets of `rows_used`.
JOB_ROWS = sql.Table(
    "job_rows",
    METADATA,
    sql.Column(
        "job", sql.String(24), sql.ForeignKey("jobs.id", name="job_rows_job", ondelete="CASCADE"), nullable=False
    ),
    sql.Column("declared_on", sql.Date, nullable=False),
    sql.Column("rows_used", sql.String(32), nullable=False),
    sql.PrimaryKeyConstraint("job", "declared_on", "rows_used", name="job_rows_once"),
    sql.Index("job_rows_by_set", "rows_used"),
)
# What names sets of rows that were used.
OF_ROWS = QUOTES.c.rows_used, JOB_ROWS.c.rows_used
QUEUED, RUNNING, DONE, FAILED, CANCELLED = STATUSES = ("queued", "running", "done", "failed", "cancelled")
# Those of a job that is not over.
OPEN = (QUEUED, RUNNING)
SOURCE, PART, RESULT = "source", "part", "result"
# For how long a job and its result are kept, and for how long a worker has it without saying that it is still at it.
KEPT, LEASE = timedelta(days=7), timedelta(seconds=30)
# The longest a lease can seem to last: the clocks of two machines may differ by as much as a lease.
SKEWED = 2 * LEASE


class JobLost(Exception):
    """The job is another worker's by now, or nobody's: it was cancelled, or is over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be read: what its headings stand for, which sheet of a workbook, the language of its problems."""

    language: str
    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `day` is that of rows that name none; `rows` is None until they are counted; `problem` why it failed."""

    id: str
    owner: str
    form: str
    asked: Asked
    day: date
    created_at: datetime
    expires_at: datetime
    status: str = QUEUED
    rows: int | None = None
    done: int = 0
    failed: int = 0
    percent: int = 0
    problem: str | None = None
    claim: str = ""
    leased_until: datetime | None = None
    key: str | None = None
    request_hash: str = ""

    @classmethod
    def new(cls, owner: str, form: str, asked: Asked, day: date, now: datetime, **more: Any) -> "Job":
        """A job that nobody has worked on."""
        return cls(f"j_{secrets.token_urlsafe(16)}", owner, form, asked, day, now, now + KEPT, **more)


class Jobs:
    """The jobs of one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, job: Job, source: Iterable[bytes]) -> Job:
        """Keep a job with the bytes of its file; the one that came first, where the key is taken."""
        row = {**asdict(job), "asked": json.dumps(asdict(job.asked))}
        try:
            with in_turn(self.engine), self.engine.begin() as connection:
                connection.execute(JOBS.insert(), row)
                for number, piece in enumerate(source):
                    _keep(connection, job.id, SOURCE, number, piece)
        except sql.exc.IntegrityError:
            first = self.under(job.owner, job.key) if job.key is not None else None
            if first is None:
                raise
            return first
        return job

    def under(self, owner: str, key: str) -> Job | None:
        """The job of an owner's idempotency key."""
        return self._one(JOBS.c.owner == owner, JOBS.c.key == key)

    def job(self, id: str, owner: str, now: datetime) -> Job | None:
        """An owner's job, as long as it is kept. Raises Deleted."""
        mine = JOBS.select().where(owned(JOBS, id, owner), JOBS.c.expires_at > now)
        with self.engine.connect() as connection:
            row = connection.execute(mine).one_or_none()
            if row is not None:
                return _job({**row._mapping})
            on = deleted_on(connection, id, owner)
        if on is not None:
            raise Deleted("job_deleted", on)
        return None

    def of_id(self, id: str) -> Job | None:
        """The job of this id, whoever owns it."""
        return self._one(JOBS.c.id == id)

    def is_worked(self, now: datetime) -> bool:
        """Whether a worker is at work on any job."""
        return self._one(JOBS.c.status == RUNNING, JOBS.c.leased_until.between(now, now + SKEWED)) is not None

    def claim(self, now: datetime) -> Job | None:
        """Take the oldest job that nobody works on; None where there is none."""
        # A lease that ends later than any made now was made before the clock was set back: its worker is renewing it, or dead.
        over = sql.or_(JOBS.c.leased_until < now, JOBS.c.leased_until > now + SKEWED)
        free = sql.or_(JOBS.c.status == QUEUED, sql.and_(JOBS.c.status == RUNNING, over))
        oldest = JOBS.select().where(free).order_by(JOBS.c.created_at).limit(1).with_for_update(skip_locked=True)
        taken = {"status": RUNNING, "claim": secrets.token_urlsafe(16), "leased_until": now + LEASE}

        def claimed(connection: Connection) -> Job | None:
            row = connection.execute(oldest).one_or_none()
            if row is None:
                return None
            connection.execute(JOBS.update().where(JOBS.c.id == row.id), taken)
            return _job({**row._mapping} | taken)

        return transaction(self.engine, claimed)

    def renew(self, job: Job, now: datetime) -> None:
        """Say that the work goes on. Raises JobLost."""
        self._changed(job, leased_until=now + LEASE)

    def parts(self, job: Job) -> int:
        """How many parts are there: the first ones."""
        count = sql.select(sql.func.count()).where(BYTES.c.job == job.id, BYTES.c.kind == PART)
        with self.engine.connect() as connection:
            return int(connection.execute(count).scalar_one())

    def pieces(self, job: Job, kind: str) -> Iterator[bytes]:
        """The pieces of a kind in their order, one at a time."""
        for number in range(1 << 31):
            one = sql.select(BYTES.c.bytes).where(BYTES.c.job == job.id, BYTES.c.kind == kind, BYTES.c.number == number)
            with self.engine.connect() as connection:
                piece = connection.execute(one).scalar_one_or_none()
            if piece is None:
                return
            yield piece

    def keep(
        self,
        job: Job,
        number: int,
        part: bytes,
        rows: int,
        failed: int,
        percent: int,
        used: Mapping[date, tuple[RowName, ...]] | None = None,
    ) -> None:
        """Keep a part, count its rows and note by their days the rows of the tables that they used. Raises JobLost."""
        sets = [(on, RowSet.of(names)) for on, names in sorted((used or {}).items())]
        counted = {"done": JOBS.c.done + rows, "failed": JOBS.c.failed + failed, "percent": percent}

        def kept(connection: Connection) -> Sequence[str]:
            _keep(connection, job.id, PART, number, part)
            keep_rows(connection, [each for _, each in sets])
            for on, each in sets:
                add(connection, JOB_ROWS, {"job": job.id, "declared_on": on, "rows_used": each.hash})
            return ()

        self._changed(job, kept, **counted)

    def begin_anew(self, job: Job) -> None:
        """Delete the parts that are there, and count from 0. Raises JobLost."""

        def emptied(connection: Connection) -> Sequence[str]:
            connection.execute(BYTES.delete().where(BYTES.c.job == job.id, BYTES.c.kind == PART))
            return _unname(connection, [job.id])

        self._changed(job, emptied, done=0, failed=0, percent=0)

    def finish(self, job: Job, result: Iterable[bytes]) -> None:
        """Keep the result in the place of the source and the parts. Raises JobLost."""
        with in_turn(self.engine), self.engine.begin() as connection:
            _ours(connection, job, status=DONE, rows=JOBS.c.done, percent=100, claim="", leased_until=None)
            connection.execute(BYTES.delete().where(BYTES.c.job == job.id))
            for number, piece in enumerate(result):
                _keep(connection, job.id, RESULT, number, piece)

    def fail(self, job: Job, problem: str) -> None:
        """End a job whose file cannot be read to its end. Raises JobLost."""

        def emptied(connection: Connection) -> Sequence[str]:
            return _empty(connection, [job.id])

        self._changed(job, emptied, status=FAILED, problem=problem, claim="", leased_until=None)

    def hand_back(self, job: Job) -> None:
        """Leave a job for the next worker, with the parts that are there. Raises JobLost."""
        self._changed(job, status=QUEUED, claim="", leased_until=None)

    def cancel(self, job: Job) -> None:
        """End a job that is not over, and delete what there is of it."""
        ended = {"status": CANCELLED, "claim": "", "leased_until": None}
        open_ = JOBS.c.status.in_(OPEN)

        def cancelled(connection: Connection) -> Sequence[str]:
            if not connection.execute(JOBS.update().where(JOBS.c.id == job.id, open_), ended).rowcount:
                return ()
            return _empty(connection, [job.id])

        self._free(transaction(self.engine, cancelled))

    def erase(self, id: str, owner: str, now: datetime) -> bool:
        """Delete an owner's job with its file and its rows, and stop the work on it; False where there is none, nor was one."""
        mine = owned(JOBS, id, owner), JOBS.c.expires_at > now

        def erased(connection: Connection) -> bool | Sequence[str]:
            if connection.execute(sql.select(JOBS.c.id).where(*mine).with_for_update()).one_or_none() is None:
                return deleted_on(connection, id, owner) is not None
            bury(connection, [(id, owner)], now)
            return _remove(connection, [id])

        named = transaction(self.engine, erased)
        if isinstance(named, bool):
            return named
        self._free(named)
        swept(self.engine)
        return True

    def forget(self, now: datetime, due: Due | None = None) -> int:
        """Delete the jobs whose time is over, or those that an owner's retention ends earlier; how many they were.

        One that is asked for after its own time was never promised, so that only the latter leave a tombstone.
        """
        over = JOBS.c.expires_at <= now if due is None else due.covers(JOBS)

        def forgotten(connection: Connection) -> tuple[int, Sequence[str]]:
            held = sql.select(JOBS.c.id, JOBS.c.owner).where(over).order_by(JOBS.c.id).with_for_update()
            rows = connection.execute(held).all()
            if due is not None:
                bury(connection, [(row.id, row.owner) for row in rows], now)
            return len(rows), _remove(connection, [row.id for row in rows])

        count, named = transaction(self.engine, forgotten)
        self._free(named)
        return count

    def _changed(self, job: Job, then: Callable[[Connection], Sequence[str]] | None = None, **changes: Any) -> None:
        """Change a job that is still the claimer's, and what belongs to the change, which tells the sets of rows that it names
        no more. Raises JobLost.
        """

        def work(connection: Connection) -> Sequence[str]:
            _ours(connection, job, **changes)
            return () if then is None else then(connection)

        self._free(transaction(self.engine, work))

    def _free(self, sets: Sequence[str]) -> None:
        """Delete those of these sets of rows that neither a quote nor a job names any more."""
        freed(self.engine, ROWS_USED, OF_ROWS, sets)

    def _one(self, *conditions: sql.ColumnElement[bool]) -> Job | None:
        with self.engine.connect() as connection:
            row = connection.execute(JOBS.select().where(*conditions).limit(1)).one_or_none()
        return None if row is None else _job({**row._mapping})


def _job(row: Mapping[str, Any]) -> Job:
    return Job(**{**row, "asked": Asked(**json.loads(row["asked"]))})


def _keep(connection: Connection, job: str, kind: str, number: int, piece: bytes) -> None:
    connection.execute(BYTES.insert(), {"job": job, "kind": kind, "number": number, "bytes": piece})


def _remove(connection: Connection, ids: Sequence[str]) -> Sequence[str]:
    """Delete jobs with all that there is of them; the sets of rows that they named."""
    named = _empty(connection, ids)
    connection.execute(JOBS.delete().where(JOBS.c.id.in_(ids)))
    return named


def _empty(connection: Connection, ids: Sequence[str]) -> Sequence[str]:
    """Delete what there is of jobs; the sets of rows that they named."""
    connection.execute(BYTES.delete().where(BYTES.c.job.in_(ids)))
    return _unname(connection, ids)


def _unname(connection: Connection, ids: Sequence[str]) -> Sequence[str]:
    """Have jobs name no rows any more; the sets that they named."""
    named = sql.select(JOB_ROWS.c.rows_used).where(JOB_ROWS.c.job.in_(ids)).distinct()
    sets = connection.execute(named).scalars().all()
    connection.execute(JOB_ROWS.delete().where(JOB_ROWS.c.job.in_(ids)))
    return sets


def _ours(connection: Connection, job: Job, **changes: Any) -> None:
    """Change a job that is still the claimer's. Raises JobLost."""
    held = JOBS.update().where(JOBS.c.id == job.id, JOBS.c.status == RUNNING, JOBS.c.claim == job.claim)
    if connection.execute(held.values(**changes)).rowcount != 1:
        raise JobLost
