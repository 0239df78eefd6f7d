"""What a crash costs: python -m benchmarks.crash [POSTS]

1,000 stored POSTs under idempotency keys, sent by eight clients that try again until they are answered. In the middle of them the
server is killed (kill -9), on SQLite and on PostgreSQL; then PostgreSQL is stopped and started under the same load. Afterwards
every answered quote must be there as it was answered, and each key have one quote. Needs PostgreSQL's programs.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep

import sqlalchemy as sql

from api.database import database, upgrade
from api.store import QUOTES
from tests.crash import Answers, post_all, read
from tests.postgres import Postgres
from tests.servers import Serving


def run(name: str, url: str, posts: int, mishap: Callable[[Serving], None]) -> bool:
    """One load with one mishap in its middle; whether nothing was lost or doubled."""
    keys, answers, half = [f"order-{number}" for number in range(posts)], Answers(), Event()

    def heard(so_far: int) -> None:
        if so_far > posts // 2:
            half.set()

    begun = perf_counter()
    with Serving(url) as server:
        clients = Thread(target=post_all, args=(server.port, keys, answers, heard))
        clients.start()
        half.wait()
        mishap(server)
        clients.join()
        took = perf_counter() - begun
        there = sum(read(server.port, answers.locations[key]) == (200, body) for key, body in answers.bodies.items())
        again = Answers()
        post_all(server.port, keys, again)
    engine = database(url)
    with engine.connect() as connection:
        kept = connection.execute(sql.select(sql.func.count()).select_from(QUOTES)).scalar_one()
    engine.dispose()
    sound = there == kept == posts == len(answers.bodies) and again.bodies == answers.bodies
    print(
        f"{name:34} {took:5.1f} s  statuses {dict(sorted(Counter(answers.statuses).items()))}, dropped {answers.dropped}"
    )
    print(
        f"{'':34} answered {len(answers.bodies)}, there afterwards {there}, kept {kept}: {'sound' if sound else 'NOT SOUND'}"
    )
    return sound


def killed(server: Serving) -> None:
    """kill -9, workers and all, and a new start."""
    server.kill()
    server.start()


def main(posts: int) -> int:
    """Run all three; the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        sound = run("kill -9, SQLite", f"sqlite:///{Path(folder) / 'quotes.sqlite3'}", posts, killed)
    postgres = Postgres(durable=True)

    def restarted(_: Serving) -> None:
        postgres.stop()
        sleep(3)
        postgres.start()

    try:
        for name, mishap in (("kill -9, PostgreSQL", killed), ("PostgreSQL away for 3 s", restarted)):
            url = postgres.database()
            engine = database(url)
            upgrade(engine)
            engine.dispose()
            sound &= run(name, url, posts, mishap)
    finally:
        postgres.close()
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
