"""How often each key is used: counted in memory, written every few seconds and at the end of a worker.

A quota of a month thus survives a restart, and is soft: each worker knows of the others what they had written, so that a
quota may be passed by what all of them serve in one interval. A worker that is killed forgets at most that interval. While
the database is away nothing is lost: what could not be written is tried again.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.util import Finalize
from operator import itemgetter
from threading import Event, Lock, Thread
from typing import TypeVar

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import METADATA, Moment, in_turn, inserting
from api.key_events import FIRST_USE, day_of, record, record_first_use

LOG = logging.getLogger("galeon.keys")
USAGE = sql.Table(
    "key_usage",
    METADATA,
    sql.Column("key_id", sql.String(12), sql.ForeignKey("keys.id", name="key_usage_key"), nullable=False),
    sql.Column("day", sql.Date, nullable=False),
    sql.Column("calls", sql.BigInteger, nullable=False),
    sql.Column("last_at", Moment, nullable=False),
    sql.PrimaryKeyConstraint("key_id", "day", name="key_usage_by_day"),
)
# Seconds between two writings.
INTERVAL = 5.0
# Different origins that are told apart for one key, event and day; more are counted as one.
MOST_ORIGINS, OTHERS = 20, "(others)"


@dataclass(slots=True)
class Counted:
    """How many times something happened, and between which moments."""

    first: datetime
    last: datetime
    times: int = 0

    def add(self, now: datetime) -> None:
        """Once more."""
        self.times += 1
        self.last = now


Calls = dict[tuple[str, date], Counted]
Noted = dict[tuple[str, str, str, date], Counted]
What = TypeVar("What")


class Usage:
    """The counts of one worker that are not yet written, and the sums of the month that are."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock
        self._lock, self._stopped = Lock(), Event()
        # The thread that writes, and the process that it belongs to.
        self._process = 0
        self._writer: Thread | None = None
        self._at_the_end: Finalize[None] | None = None
        self._calls: Calls = {}
        self._events: Noted = {}
        self._origins: dict[tuple[str, str, date], set[str]] = {}
        self._written: dict[tuple[str, date], int] = {}

    def count(self, key_id: str, now: datetime) -> None:
        """One more call of a key."""
        self._begin()
        with self._lock:
            self._calls.setdefault((key_id, day_of(now)), Counted(now, now)).add(now)

    def note(self, key_id: str, event: str, origin: str, now: datetime) -> None:
        """One more event with a key, from an origin ("" for none)."""
        self._begin()
        day = day_of(now)
        with self._lock:
            seen = self._origins.setdefault((key_id, event, day), set())
            if origin not in seen:
                if len(seen) >= MOST_ORIGINS:
                    origin = OTHERS
                else:
                    seen.add(origin)
            self._events.setdefault((key_id, event, origin, day), Counted(now, now)).add(now)

    def note_use(self, key_id: str, origin: str, now: datetime) -> None:
        """A key is used from an origin; only the first time of each is noted."""
        if origin not in self._origins.get((key_id, FIRST_USE, day_of(now)), ()):
            self.note(key_id, FIRST_USE, origin, now)

    def of_month(self, key_id: str, now: datetime) -> int:
        """The calls of a key in the calendar month of `now`, as far as this worker knows."""
        month = day_of(now).replace(day=1)
        written = self._written.get((key_id, month))
        if written is None:
            with self._engine.connect() as connection:
                written = self._written[key_id, month] = _sum(connection, key_id, month)
        with self._lock:
            waiting = sum(calls.times for (id, day), calls in self._calls.items() if id == key_id and day >= month)
        return written + waiting

    def flush(self) -> None:
        """Write what was counted. Where that fails it stays counted, and the failure is logged."""
        with self._lock:
            calls, self._calls = self._calls, {}
            noted, self._events = self._events, {}
        if not calls and not noted:
            return
        try:
            with in_turn(self._engine), self._engine.begin() as connection:
                self._write(connection, calls, noted)
        except Exception:
            LOG.exception("the use of keys is not written yet")
            self._take_back(calls, noted)
            return
        # What the others wrote is read again where it is next asked for.
        self._written = {}
        today = day_of(self._clock())
        with self._lock:
            self._origins = {what: seen for what, seen in self._origins.items() if what[2] >= today}

    def close(self) -> None:
        """Write the rest, and no more after that."""
        self._stopped.set()
        if self._writer is not None and self._process == os.getpid():
            self._writer.join()
            if self._at_the_end is not None:
                # Else this would be held until the process ends, and its application and its book with it.
                self._at_the_end.cancel()
        self.flush()

    @staticmethod
    def _write(connection: Connection, calls: Calls, noted: Noted) -> None:
        # In one order everywhere, so that two workers never wait for one another.
        for (key_id, day), counted in sorted(calls.items(), key=itemgetter(0)):
            fresh = inserting(connection, USAGE).values(
                key_id=key_id, day=day, calls=counted.times, last_at=counted.last
            )
            added = {"calls": USAGE.c.calls + fresh.excluded.calls, "last_at": fresh.excluded.last_at}
            connection.execute(fresh.on_conflict_do_update(index_elements=list(USAGE.primary_key), set_=added))
        for (key_id, event, origin, _), counted in sorted(noted.items(), key=itemgetter(0)):
            if event == FIRST_USE:
                record_first_use(connection, key_id, origin, counted.first)
            else:
                record(connection, key_id, event, origin, counted.first, counted.last, counted.times)

    def _take_back(self, calls: Calls, noted: Noted) -> None:
        with self._lock:
            self._calls = _joined(calls, self._calls)
            self._events = _joined(noted, self._events)

    def _begin(self) -> None:
        """The thread that writes belongs to a process: a worker that was forked begins its own, with its first call."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        self._writer = Thread(target=self._writing, name="galeon-keys", daemon=True)
        self._writer.start()
        # A worker's process ends without the interpreter's own functions of the end; these are called in either.
        self._at_the_end = Finalize(None, self.close, exitpriority=10)

    def _writing(self) -> None:
        while not self._stopped.wait(INTERVAL):
            self.flush()


def uses(engine: Engine, now: datetime) -> dict[str, tuple[datetime, int]]:
    """When each key was last used, and its calls in this calendar month."""
    month = day_of(now.astimezone(UTC)).replace(day=1)
    this_month = sql.func.sum(sql.case((USAGE.c.day >= month, USAGE.c.calls), else_=0))
    asked = sql.select(USAGE.c.key_id, sql.func.max(USAGE.c.last_at, type_=Moment), this_month).group_by(USAGE.c.key_id)
    with engine.connect() as connection:
        return {id: (last, int(calls)) for id, last, calls in connection.execute(asked)}


def _joined(earlier: dict[What, Counted], later: dict[What, Counted]) -> dict[What, Counted]:
    joined = dict(earlier)
    for what, counted in later.items():
        before = joined.get(what)
        joined[what] = counted if before is None else Counted(before.first, counted.last, before.times + counted.times)
    return joined


def _sum(connection: Connection, key_id: str, month: date) -> int:
    asked = sql.select(sql.func.coalesce(sql.func.sum(USAGE.c.calls), 0))
    return int(connection.execute(asked.where(USAGE.c.key_id == key_id, USAGE.c.day >= month)).scalar_one())
