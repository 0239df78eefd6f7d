"""What the server does for a job beside keeping it: its file in pieces, and a worker where there is none.

A worker that nobody started is begun with the first job, and ends when there is nothing more to do. One that died, or that was
stopped together with the server, is replaced when somebody asks how far a job is. Where jobs are for workers of their own
(GALEON_WORKERS=apart), none is begun.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO

from api.jobs import Jobs

# Bytes that a database takes well at once.
PIECE = 1024 * 1024
# The workers that this process began; one that ended is taken note of when the next begins.
_BEGUN: list[int] = []


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    return iter(lambda: file.read(PIECE), b"")


def begin_worker(jobs: Jobs, now: datetime) -> None:
    """See that somebody works on the jobs, where the database is one that another process can open.

    One that was begun and looks for its first job is not seen yet in the database, but here.
    """
    _BEGUN[:] = [each for each in _BEGUN if _runs(each)]
    url = jobs.engine.url
    alone = url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")
    if alone or _BEGUN or jobs.is_worked(now):
        return
    environment = {**os.environ, "GALEON_DATABASE": url.render_as_string(hide_password=False)}
    command = [sys.executable, "-m", "api.cli", "worker", "--once"]
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
    _BEGUN.append(os.posix_spawn(sys.executable, command, environment, file_actions=quiet, setsid=True))


def leave_to_others(_jobs: Jobs, _now: datetime) -> None:
    """Begin none: workers of their own look for jobs."""


def _runs(worker: int) -> bool:
    with suppress(ChildProcessError):
        return os.waitpid(worker, os.WNOHANG) == (0, 0)
    return False
