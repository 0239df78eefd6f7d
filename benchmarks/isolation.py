"""Whether the time of an answer tells an id of somebody else's from one that never was.

python -m benchmarks.isolation [ROUNDS]

Through the whole application, without a network to hide anything, in the time of the thread, which other work on the machine
does not disturb: another owner's key asks for a quote, its table, its declaration, its sharing, its deletion, for one that was
deleted and for a job, each in turn with an id of the same form that nobody has, in random order. Prints the medians in
microseconds, their difference, and Z of the rank sum test (Mann and Whitney): beyond 4 in either direction the two can be
told apart by so many rounds, which is a fault; and the same for the owner's own quote, which must be told apart, or the
measure is none.
"""

import random
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import thread_time_ns

from api import create_app
from api.examples import AVOCADO
from api.garbage import leave_alone
from api.jobs import Asked, Job, Jobs
from api.keyring import Keyring, Terms
from api.settings import KEYS, Settings
from api.store import Store
from tariffs.book import Book

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROUNDS, QUOTES = 3000, 300
LIMIT = 4.0


def main() -> None:
    """Measure, print, and exit with 1 where a difference is found that must not be, or none where one must."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with TemporaryDirectory() as folder:
        store = Store.at(f"sqlite:///{Path(folder) / 'quotes.sqlite3'}")
        ring, jobs = Keyring(store.engine), Jobs(store.engine)
        app = create_app(Settings(database="", auth=KEYS), Book.load(), store, lambda: NOW)
        client = app.test_client()
        mine, others = (
            {"Authorization": f"Bearer {ring.make(Terms('secret', owner, '1000000000/minute'), NOW)[1]}"}
            for owner in ("acme", "rival")
        )
        made = [client.post("/v1/quotes", json=AVOCADO, headers=mine).headers["Location"] for _ in range(QUOTES)]
        gone = [made.pop() for _ in range(QUOTES // 3)]
        for each in gone:
            client.delete(each, headers=mine)
        files = [
            f"/v1/batches/{jobs.add(Job.new('acme', 'csv', Asked('en'), NOW.date(), NOW), [b'x' * 100_000]).id}"
            for _ in range(20)
        ]
        leave_alone()

        def asked(method: str, suffix: str, headers: dict[str, str]) -> Callable[[str], None]:
            return lambda path: client.open(f"{path}{suffix}", method=method, headers=headers).close()

        wrong = False
        for told, ask, ids, apart in (
            ("a quote", asked("GET", "", others), made, False),
            ("its table", asked("GET", ".csv", others), made, False),
            ("its declaration", asked("GET", "/declaration", others), made, False),
            ("its sharing", asked("POST", "/share", others), made, False),
            ("its deletion", asked("DELETE", "", others), made, False),
            ("a deleted quote", asked("GET", "", others), gone, False),
            ("a job", asked("GET", "", others), files, False),
            ("one's own quote", asked("GET", "", mine), made, True),
        ):
            there, nowhere = _measured(ask, ids, rounds)
            z = _rank_sum(there, nowhere)
            difference = median(there) - median(nowhere)
            wrong |= (abs(z) > LIMIT) is not apart
            print(f"{told:16} {median(there):8.1f} µs  {median(nowhere):8.1f} µs  {difference:+7.1f} µs  Z {z:+6.1f}")
        app.extensions["galeon-door"].close()
        store.close()
    sys.exit(wrong)


def _measured(ask: Callable[[str], None], ids: list[str], rounds: int) -> tuple[list[float], list[float]]:
    """Microseconds of questions for what is there, and for what is not; each pair in random order, each id anew."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 50):
        there = ids[number % len(ids)]
        prefix = there.rpartition("/")[2][:2]
        nowhere = f"{there.rpartition('/')[0]}/{prefix}{secrets.token_urlsafe(16)}"
        for which in random.sample((0, 1), 2):
            begun = thread_time_ns()
            ask((there, nowhere)[which])
            took = (thread_time_ns() - begun) / 1000
            if number >= 50:
                times[which].append(took)
    return times


def _rank_sum(first: list[float], second: list[float]) -> float:
    """How many standard deviations the ranks of the first are from what chance would give."""
    ranked = sorted([(each, 0) for each in first] + [(each, 1) for each in second])
    ranks = sum(place for place, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(first), len(second)
    return (ranks - n * (n + m + 1) / 2) / sqrt(n * m * (n + m + 1) / 12)


if __name__ == "__main__":
    main()
