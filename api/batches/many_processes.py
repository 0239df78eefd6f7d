"""Pieces priced by several processes, their answers in the order of the pieces."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pyarrow as pa

from api.batches.pricing import Run
from api.batches.shipments import Piece

# Pieces that wait for each process, so that none of them waits for a piece.
WAITING = 2
# What the pieces of this process are priced by.
_RUN: list[Run] = []


class ProcessLost(Exception):
    """A process ended before its work was done, as it does when the machine has no more memory."""


def priced(make: Callable[[], Run], pieces: Iterable[Piece], processes: int) -> Iterator["pa.RecordBatch"]:
    """The answers to pieces. `make` makes a run in each process, and must be picklable."""
    with ProcessPoolExecutor(processes, get_context("spawn"), _begin, (make,)) as pool:
        waiting: deque[Future[pa.RecordBatch]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(_priced, piece))
                if len(waiting) >= processes * WAITING:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise ProcessLost from None
        finally:
            for each in waiting:
                each.cancel()


def _begin(make: Callable[[], Run]) -> None:
    # Ctrl-C reaches all processes of a terminal; the first of them tells it, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _RUN.append(make())


def _priced(piece: Piece) -> "pa.RecordBatch":
    return _RUN[0].priced(piece)
