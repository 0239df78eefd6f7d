"""Jobs: worked off by workers that come and go, each row once; seen by their owner alone; cancelled, failed and forgotten."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sql

from api import create_app
from api.batching import MOST_ROWS
from api.database import upgrade
from api.job_helper import begin_worker
from api.job_work import work
from api.jobs import LEASE, Asked, Job, JobLost, Jobs
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tests.conftest import NOW
from tests.flat import AVOCADO
from tests.postgres import Postgres
from tests.servers import Serving

# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand.
LANDED_COST = "364556.24"
HEAD = "SKU," + ",".join(AVOCADO)
ROW = ",".join(AVOCADO.values())
COUNT = MOST_ROWS + 1


def rows(count: int, wrong: int = 0) -> bytes:
    """A CSV of so many rows, each with its number; the first ones have a quantity without a unit."""
    bad = ROW.replace("20.16 t", "20.16")
    return "".join([f"{HEAD}\r\n", *(f"{n},{bad if n < wrong else ROW}\r\n" for n in range(count))]).encode()


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.at(f"sqlite:///{tmp_path / 'galeon.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def jobs(store: Store) -> Jobs:
    return Jobs(store.engine)


@pytest.fixture
def client(store: Store, real_book: Book, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    return create_app(Settings(database="sqlite://"), real_book, store, clock).test_client()


def posted(client: Any, body: bytes, **headers: str) -> Any:
    return client.post("/v1/batches", data=body, content_type="text/csv", headers=headers)


def worked(jobs: Jobs, clock: Clock) -> Job:
    job = jobs.claim(clock())
    assert job is not None
    work(jobs, job, clock, Event())
    return job


def test_a_job_from_its_file_to_its_result(client: Any, jobs: Jobs, clock: Clock):
    made = posted(client, rows(COUNT, wrong=3))
    at = made.json["links"]["self"]
    early = client.get(f"{at}/result")
    assert (early.status_code, early.json["type"]) == (409, "/problems/job-not-done")
    worked(jobs, clock)
    found = client.get(at).json
    assert (found["status"], found["rows"], found["done"], found["failed"]) == ("done", COUNT, COUNT, 3)
    answer = client.get(found["links"]["result"])
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0].startswith(HEAD)
    assert [line.partition(",")[0] for line in lines[1:]] == [f"{number}" for number in range(COUNT)]
    assert answer.text.count(f",{LANDED_COST},") == COUNT - 3
    assert jobs.claim(clock()) is None


def test_a_key_names_one_job(client: Any):
    first = posted(client, rows(COUNT), **{"Idempotency-Key": "k1"})
    again = posted(client, rows(COUNT), **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.json["id"]) == (202, first.json["id"])
    assert posted(client, rows(COUNT + 1), **{"Idempotency-Key": "k1"}).status_code == 409


def test_a_cancelled_job_is_nobodys(client: Any, jobs: Jobs, clock: Clock):
    at = posted(client, rows(COUNT)).json["links"]["self"]
    job = jobs.claim(clock())
    assert job is not None
    assert client.post(f"{at}/cancel").json["status"] == "cancelled"
    with pytest.raises(JobLost):
        jobs.renew(job, clock())
    work(jobs, job, clock, Event())
    assert client.get(at).json["status"] == "cancelled"
    assert [*jobs.pieces(job, "source")] == []
    # Once more changes nothing
    assert client.post(f"{at}/cancel").json["status"] == "cancelled"


def test_a_job_is_gone_when_its_time_is_over(client: Any, jobs: Jobs, clock: Clock):
    at = posted(client, rows(COUNT)).json["links"]["self"]
    clock.now += timedelta(days=7)
    assert client.get(at).status_code == 404
    assert jobs.forget(clock()) == 1
    assert jobs.forget(clock()) == 0


def test_another_owner_sees_nothing(jobs: Jobs, clock: Clock, client: Any):
    id = posted(client, rows(COUNT)).json["id"]
    assert jobs.job(id, "", clock()) is not None
    assert jobs.job(id, "somebody", clock()) is None
    assert client.get("/v1/batches/j_none").status_code == 404


def test_a_worker_that_is_told_to_stop_hands_back(client: Any, jobs: Jobs, clock: Clock):
    at = posted(client, rows(COUNT)).json["links"]["self"]
    job, stopped = jobs.claim(clock()), Event()
    assert job is not None
    stopped.set()
    work(jobs, job, clock, stopped)
    assert client.get(at).json["status"] == "queued"
    worked(jobs, clock)
    assert client.get(at).json["done"] == COUNT


def test_a_job_of_a_dead_worker_is_taken_up_behind_its_parts(
    client: Any, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.batches.csv_files.ROWS", 4000)
    at = posted(client, rows(COUNT)).json["links"]["self"]
    dead = jobs.claim(clock())
    assert dead is not None

    class Killed(BaseException):
        pass

    kept = Jobs.keep

    def killed(self: Jobs, job: Job, number: int, *more: Any) -> None:
        kept(self, job, number, *more)
        if number == 1:
            raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(Jobs, "keep", killed)
        with pytest.raises(Killed):
            work(jobs, dead, clock, Event())
    assert client.get(at).json["done"] == 8000
    # Until its lease is over it may still be alive
    assert jobs.claim(clock()) is None
    clock.now += LEASE + timedelta(seconds=1)
    worked(jobs, clock)
    found = client.get(at).json
    assert (found["status"], found["done"]) == ("done", COUNT)
    lines = client.get(f"{at}/result").text.splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == [f"{number}" for number in range(COUNT)]
    with pytest.raises(JobLost):
        jobs.keep(dead, 2, b"", 1, 0, 50)


def test_parts_of_other_rates_are_priced_anew(client: Any, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    """A result is of one kind throughout: where tables, rates or the release are others by now, no row is left of before."""
    monkeypatch.setattr("api.batches.csv_files.ROWS", 4000)
    at = posted(client, rows(COUNT, wrong=3)).json["links"]["self"]
    job, stopped = jobs.claim(clock()), Event()
    assert job is not None
    numbers: list[int] = []
    kept = Jobs.keep

    def keep(self: Jobs, job: Job, number: int, *more: Any) -> None:
        kept(self, job, number, *more)
        numbers.append(number)
        if numbers == [0, 1]:
            stopped.set()

    monkeypatch.setattr(Jobs, "keep", keep)
    work(jobs, job, clock, stopped)
    monkeypatch.setattr("api.job_work.ENGINE_VERSION", "another")
    worked(jobs, clock)
    assert numbers == [0, 1, 0, 1, 2]
    found = client.get(at).json
    assert (found["status"], found["done"], found["failed"]) == ("done", COUNT, 3)
    lines = client.get(f"{at}/result").text.splitlines()
    assert [line.partition(",")[0] for line in lines[1:]] == [f"{number}" for number in range(COUNT)]


def test_what_nobody_foresaw_ends_the_job_and_not_the_worker(
    client: Any, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    at = posted(client, rows(COUNT), **{"Accept-Language": "es"}).json["links"]["self"]
    with monkeypatch.context() as wrong:
        wrong.setattr("api.batches.pricing.Run.priced", lambda self, piece: 1 // 0)
        worked(jobs, clock)
    found = client.get(at).json
    assert found["status"] == "failed"
    assert found["id"] in found["problem"]
    assert "ZeroDivision" not in found["problem"]
    assert "error es nuestro" in found["problem"]
    assert jobs.claim(clock()) is None


def test_a_database_that_is_away_ends_no_job(client: Any, jobs: Jobs, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    at = posted(client, rows(COUNT)).json["links"]["self"]

    def away(*_: Any) -> None:
        raise sql.exc.OperationalError("", {}, Exception())

    with monkeypatch.context() as wrong:
        wrong.setattr(Jobs, "keep", away)
        with pytest.raises(sql.exc.OperationalError):
            worked(jobs, clock)
    clock.now += LEASE + timedelta(seconds=1)
    worked(jobs, clock)
    assert client.get(at).json["status"] == "done"


def test_one_worker_is_begun_for_many_jobs(jobs: Jobs, monkeypatch: pytest.MonkeyPatch):
    begun: list[Any] = []
    runs = [True]
    monkeypatch.setattr("api.job_helper._BEGUN", [])
    monkeypatch.setattr("api.job_helper._runs", lambda worker: runs[0])

    def spawn(*command: Any, **_: Any) -> int:
        begun.append(command)
        return len(begun)

    monkeypatch.setattr(os, "posix_spawn", spawn)
    for _ in range(3):
        begin_worker(jobs, NOW)
    assert len(begun) == 1
    # It died before it claimed anything
    runs[0] = False
    begin_worker(jobs, NOW)
    assert len(begun) == 2


def test_who_asks_after_a_job_finds_it_a_worker(
    store: Store, real_book: Book, clock: Clock, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
):
    asked: list[Any] = []
    monkeypatch.setattr("api.job_helper.begin_worker", lambda *_: asked.append(1))
    app = create_app(Settings(database="sqlite://", workers=""), real_book, store, clock)
    job = jobs.add(Job.new("", "csv", Asked("en"), NOW.date(), clock()), [b"x"])
    client = app.test_client()
    client.get(f"/v1/batches/{job.id}")
    assert len(asked) == 1
    jobs.cancel(job)
    client.get(f"/v1/batches/{job.id}")
    assert len(asked) == 1


def test_a_file_that_breaks_off_behind_its_first_rows_fails(jobs: Jobs, clock: Clock, client: Any):
    at = posted(client, rows(40_000) + b"\xff").json["links"]["self"]
    worked(jobs, clock)
    found = client.get(at).json
    assert found["status"] == "failed"
    assert "UTF-8" in found["problem"]


@pytest.mark.slow
def test_two_workers_one_of_which_is_killed(tmp_path: Path):
    """Real workers over a real PostgreSQL: kill -9 in the middle, and every job's rows are there once."""
    server = Postgres()
    try:
        url = server.database()
        engine = sql.create_engine(url)
        upgrade(engine)
        jobs = Jobs(engine)
        body = rows(150_000)
        now = NOW.astimezone()
        made = [jobs.add(Job.new("", "csv", Asked("en"), NOW.date(), now.replace(year=2099)), [body]) for _ in range(2)]
        environment = {**os.environ, "GALEON_DATABASE": url}
        command = [sys.executable, "-m", "api.cli", "worker"]
        workers = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) for _ in range(2)]
        until = time.monotonic() + 120
        while time.monotonic() < until and not all(jobs.parts(job) for job in made):
            time.sleep(0.02)
        workers[0].kill()
        workers[0].wait()
        # The lease of the dead worker is over
        with engine.begin() as connection:
            connection.execute(
                sql.text("UPDATE jobs SET leased_until = leased_until - interval '1 hour' WHERE status = 'running'")
            )
        while time.monotonic() < until and any(found(jobs, job).status != "done" for job in made):
            time.sleep(0.1)
        workers[1].send_signal(signal.SIGTERM)
        assert workers[1].wait(60) == 0
        for job in made:
            assert found(jobs, job).done == 150_000
            lines = b"".join(jobs.pieces(job, "result")).decode().splitlines()
            assert [line.partition(",")[0] for line in lines[1:]] == [f"{number}" for number in range(150_000)]
        engine.dispose()
    finally:
        server.close()


@pytest.mark.slow
def test_a_server_begins_a_worker_where_there_is_none(tmp_path: Path):
    """A file of rows by a real server with nothing beside it: its job is done by and by, and the worker is gone then."""
    with Serving(f"sqlite:///{tmp_path / 'galeon.sqlite3'}", workers=1) as server:
        asked = urllib.request.Request(f"{server.base}/v1/batches", rows(COUNT), {"Content-Type": "text/csv"})
        with urllib.request.urlopen(asked) as answer:
            job = json.load(answer)
        until = time.monotonic() + 120
        while job["status"] != "done" and time.monotonic() < until:
            time.sleep(0.1)
            with urllib.request.urlopen(f"{server.base}{job['links']['self']}") as answer:
                job = json.load(answer)
        assert (job["status"], job["done"]) == ("done", COUNT)
        with urllib.request.urlopen(f"{server.base}{job['links']['result']}") as answer:
            assert answer.read().decode().count(f",{LANDED_COST},") == COUNT


def found(jobs: Jobs, job: Job) -> Job:
    kept = jobs.job(job.id, job.owner, NOW)
    assert kept is not None
    return kept
