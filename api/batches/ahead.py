"""Work that goes on in a thread of its own while its results are used: reading, pricing and writing take turns no more."""

from collections.abc import Iterable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

Each = TypeVar("Each")
# So many results wait at most.
WAITING = 2


def ahead(results: Iterable[Each]) -> Iterator[Each]:
    """The same results, worked out ahead. What the work raises is raised here; it ends when nobody wants its results."""
    queue: Queue[tuple[bool, Each | BaseException | None]] = Queue(WAITING)
    stopped = Event()

    def work() -> None:
        try:
            for each in results:
                queue.put((True, each))
                if stopped.is_set():
                    return
            queue.put((False, None))
        except BaseException as error:
            queue.put((False, error))

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while True:
            more, each = queue.get()
            if isinstance(each, BaseException):
                raise each
            if not more:
                return
            yield each  # type: ignore[misc]
    finally:
        stopped.set()
        while thread.is_alive():
            # A result that waits to be taken keeps the work from seeing that it is over.
            if not queue.empty():
                queue.get_nowait()
            thread.join(0.05)
