"""Writers of one PostgreSQL at the same time: who deletes, marks and shares waits for the other, and need not be asked twice.

Each test runs two or more threads against a real server, again and again; `serializable` is a server whose keeper made that the
default, where one of two transactions that meet is ended for the other's sake.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from random import Random
from time import monotonic

import pytest
import sqlalchemy as sql
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from api import database
from api.corrected import CORRECTED_QUOTES, corrections_of_quote, mark
from api.database import TRIES, held, transaction, upgrade
from api.erasing import erase
from api.jobs import BYTES, JOB_ROWS, JOBS, OF_ROWS, Asked, Job, JobLost, Jobs
from api.keeping import prune, tidy
from api.retention import Due
from api.shares import SHARES, share
from api.store import QUOTES, ROWS_USED, Correction, RowSet, Store, keep_rows
from api.tombstones import TOMBSTONES
from api.unused import unused
from tariffs.rows_used import RowName
from tests.api.test_store import DOSSIER, KEPT
from tests.conftest import NOW
from tests.postgres import Postgres

pytestmark = pytest.mark.slow
ROUNDS = 8
IDS = [f"q_{each:03d}" for each in range(40)]
SET = RowSet.of((RowName("customs-schedule", "08044000", "08044000"),))


@pytest.fixture(params=["read committed", "serializable"])
def ledger(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[Store]:
    level = request.param.replace(" ", "%5C%20")
    url = f"{postgres.database()}?options=-c%20default_transaction_isolation%3D{level}"
    engine = database.database(url)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == request.param
    engine.dispose()
    found = Store.at(url)
    yield found
    found.close()


def filled(ledger: Store) -> None:
    """The quotes of all tests, none of them deleted or marked."""
    with ledger.engine.begin() as connection:
        for table in (CORRECTED_QUOTES, SHARES, QUOTES, TOMBSTONES):
            connection.execute(table.delete())
    for id in IDS:
        ledger.save(replace(KEPT, id=id, created_at=NOW, owner=""), DOSSIER)


def correction(name: str) -> Correction:
    return Correction(name, NOW, "customs-schedule", "08044000", "d", "data-2026.12.01", date(2026, 11, 23), "misread")


def together(*works: Callable[[], object]) -> list[object]:
    """What each gives, all begun at once; what one raises is raised."""
    gate = threading.Barrier(len(works))

    def begun(work: Callable[[], object]) -> object:
        gate.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result(60) for each in [pool.submit(begun, work) for work in works]]


def shuffled(seed: int) -> list[str]:
    ids = list(IDS)
    Random(seed).shuffle(ids)
    return ids


def left(ledger: Store, table: sql.Table) -> int:
    with ledger.engine.connect() as connection:
        return int(connection.execute(sql.select(sql.func.count()).select_from(table)).scalar_one())


OLD = Due(NOW + timedelta(days=1))


def test_two_prunings_and_an_erasure(ledger: Store):
    """All quotes go, each once, with one tombstone each."""
    for turn in range(ROUNDS):
        filled(ledger)
        counts = together(
            lambda: prune(ledger.engine, OLD, NOW, lambda _: None),
            lambda: prune(ledger.engine, OLD, NOW, lambda _: None),
            lambda turn=turn: sum(1 for id in shuffled(turn)[:10] if erase(ledger.engine, id, "", NOW)),  # type: ignore[misc]
        )
        assert (left(ledger, QUOTES), left(ledger, TOMBSTONES)) == (0, len(IDS))
        # What an erasure finds under a tombstone counts for it as deleted, so that the prunings alone add up to no more than all.
        assert isinstance(counts[0], int)
        assert isinstance(counts[1], int)
        assert len(IDS) - 10 <= counts[0] + counts[1] <= len(IDS)


def test_marks_and_deletions(ledger: Store):
    """A mark stands beside each quote that is still there, in whatever order two corrections name them, and nowhere else."""
    for turn in range(ROUNDS):
        filled(ledger)
        one, two = correction(f"c_{turn}a"), correction(f"c_{turn}b")
        gone = shuffled(turn + 100)[:15]
        together(
            lambda one=one, turn=turn: mark(ledger.engine, one, shuffled(turn), []),  # type: ignore[misc]
            lambda two=two, turn=turn: mark(ledger.engine, two, shuffled(turn + 50), []),  # type: ignore[misc]
            lambda gone=gone: [erase(ledger.engine, id, "", NOW) for id in gone],  # type: ignore[misc]
        )
        assert left(ledger, QUOTES) == len(IDS) - len(gone)
        for id in IDS:
            told = {each.id for each in corrections_of_quote(ledger.engine, id)}
            assert told == (set() if id in gone else {one.id, two.id}), id


def test_the_same_correction_twice_at_once_and_a_pruning(ledger: Store):
    for turn in range(ROUNDS):
        filled(ledger)
        same = correction(f"c_{turn}")
        together(
            lambda same=same: mark(ledger.engine, same, IDS, []),  # type: ignore[misc]
            lambda same=same: mark(ledger.engine, same, reversed(IDS), []),  # type: ignore[misc]
            lambda: prune(ledger.engine, OLD, NOW, lambda _: None),
        )
        assert (left(ledger, QUOTES), left(ledger, CORRECTED_QUOTES)) == (0, 0)


def test_addresses_are_made_while_quotes_are_pruned(ledger: Store):
    """An address is made, or its quote has gone: a pruning never fails because of one that came in between."""
    for turn in range(ROUNDS):
        filled(ledger)

        def sharing(turn: int = turn) -> None:
            for id in shuffled(turn):
                with suppress(IntegrityError):
                    share(ledger.engine, id, NOW, 30)

        def pruning() -> None:
            prune(ledger.engine, OLD, NOW, lambda _: None)
            tidy(ledger.engine, NOW)

        together(pruning, sharing)
        assert (left(ledger, QUOTES), left(ledger, SHARES)) == (0, 0)


def test_jobs_go_while_their_parts_are_kept(ledger: Store):
    """A worker that keeps the parts of a job hears that it was deleted; who deletes it never fails."""
    jobs = Jobs(ledger.engine)
    for turn in range(ROUNDS):
        for _ in range(4):
            jobs.add(Job.new("acme", "csv", Asked("en"), NOW.date(), NOW), [b"hs_code"])
        claimed = [jobs.claim(NOW) for _ in range(4)]

        def working(claimed: list[Job | None] = claimed) -> None:
            for number in range(3):
                for job in claimed:
                    assert job is not None
                    with suppress(JobLost):
                        jobs.keep(job, number, b"rows", 1, 0, 10)

        counts = together(working, lambda: jobs.forget(NOW, OLD), lambda: jobs.forget(NOW, OLD))
        assert counts[1:] in ([4, 0], [0, 4]), turn
        assert (left(ledger, JOBS), left(ledger, BYTES)) == (0, 0)


def test_jobs_are_taken_while_they_are_cancelled(ledger: Store):
    """Each is taken by one worker or by none, and neither who takes one nor who cancels it ever fails."""
    jobs = Jobs(ledger.engine)
    for turn in range(ROUNDS):
        made = [Job.new("acme", "csv", Asked("en"), NOW.date(), NOW) for _ in range(6)]
        for job in made:
            jobs.add(job, [b"hs_code"])

        def taking() -> list[str]:
            taken = (jobs.claim(NOW) for _ in range(6))
            return [job.id for job in taken if job is not None]

        def cancelling(made: list[Job] = made) -> list[str]:
            for job in made:
                jobs.cancel(job)
            return []

        one, other, _ = together(taking, taking, cancelling)
        assert isinstance(one, list)
        assert isinstance(other, list)
        assert len({*one, *other}) == len(one) + len(other), turn
        assert {found.status for job in made if (found := jobs.of_id(job.id))} == {"cancelled"}, turn
        assert left(ledger, BYTES) == 0


def test_a_set_that_is_being_named_stays(ledger: Store):
    """Who frees it waits for who names it, and then finds it named."""
    job = Job.new("acme", "csv", Asked("en"), NOW.date(), NOW)
    jobs = Jobs(ledger.engine)
    jobs.add(job, [b"hs_code"])
    with ledger.engine.begin() as connection:
        keep_rows(connection, [SET])
    with ThreadPoolExecutor(1) as pool:
        with ledger.engine.begin() as naming:
            keep_rows(naming, [SET])
            freeing = pool.submit(tidy, ledger.engine, NOW)
            waits_for_a_lock(ledger)
            named = {"job": job.id, "declared_on": NOW.date(), "rows_used": SET.hash}
            naming.execute(JOB_ROWS.insert(), named)
        freeing.result(60)
    assert left(ledger, ROWS_USED) == 1
    jobs.cancel(job)
    assert left(ledger, ROWS_USED) == 0


def test_a_set_that_is_being_freed_is_kept_anew(ledger: Store):
    """Who names it waits for who frees it, and then finds it gone."""
    with ledger.engine.begin() as connection:
        keep_rows(connection, [SET])
    with ThreadPoolExecutor(1) as pool:
        with ledger.engine.begin() as freeing:
            held(freeing, [SET.hash])
            freeing.execute(unused(ROWS_USED, *OF_ROWS))
            saved = pool.submit(ledger.save, replace(KEPT, rows_used=SET.hash, owner=""), DOSSIER, rows=SET)
            waits_for_a_lock(ledger)
        saved.result(60)
    assert (left(ledger, ROWS_USED), left(ledger, QUOTES)) == (1, 1)


def waits_for_a_lock(ledger: Store) -> None:
    """Until another connection waits for an advisory lock, and no longer than a minute."""
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    until = monotonic() + 60
    while monotonic() < until:
        with ledger.engine.connect() as connection:
            if connection.exec_driver_sql(waiting).scalar():
                return
    raise AssertionError("nobody waits")


def test_quotes_of_one_set_come_and_go(ledger: Store):
    """Some save and some delete quotes that used the same rows: whatever is kept in the end has its set, and nothing else has."""
    for turn in range(ROUNDS):
        filled(ledger)
        some, more, others = ([f"q_{turn}_{part}_{each}" for each in range(4)] for part in range(3))

        def coming(names: list[str]) -> None:
            for id in names:
                ledger.save(replace(KEPT, id=id, created_at=NOW, owner="", rows_used=SET.hash), DOSSIER, rows=SET)

        def going(names: list[str]) -> None:
            for id in names:
                erase(ledger.engine, id, "", NOW)

        coming(some)
        together(partial(coming, more), partial(coming, others), partial(going, some))
        assert left(ledger, ROWS_USED) == 1
        together(partial(going, more), partial(going, others))
        assert left(ledger, ROWS_USED) == 0


def test_a_deadlock_is_gone_out_of(ledger: Store):
    """Two that hold what the other wants: one is ended by the server and does its work again."""
    filled(ledger)
    gate, tries = threading.Barrier(2), [0, 0]

    def work(number: int, first: str, second: str) -> Callable[[], None]:
        def done(connection: Connection) -> None:
            tries[number] += 1
            for id in (first, second):
                connection.execute(QUOTES.update().where(QUOTES.c.id == id).values(regime=f"of {number}"))
                if id == first and tries[number] == 1:
                    gate.wait(30)

        return lambda: transaction(ledger.engine, done)

    together(work(0, *IDS[:2]), work(1, *reversed(IDS[:2])))
    assert sum(tries) >= 3
    with ledger.engine.connect() as connection:
        found = connection.execute(sql.select(QUOTES.c.regime).where(QUOTES.c.id.in_(IDS[:2]))).scalars().all()
    assert len(set(found)) == 1


@pytest.mark.parametrize(("state", "times"), [("40001", TRIES), ("40P01", TRIES), ("23505", 1), ("57014", 1)])
def test_what_does_not_pass_is_raised_in_the_end(ledger: Store, state: str, times: int):
    """A race that is lost again and again ends with its error; any other is no race, and is raised at once."""
    tried = []

    def work(connection: Connection) -> None:
        tried.append(state)
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(DBAPIError):
        transaction(ledger.engine, work)
    assert len(tried) == times
