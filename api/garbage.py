"""What Python's collector of garbage is told of: tables stay as long as their process, and to look through them takes time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects made since the last collection of garbage, before the next; a request, or a kind of row, makes some thousand.
YOUNG = 50_000


@contextmanager
def growing() -> Iterator[None]:
    """Keep the collector out while modules and tables are read, until `leave_alone` or the end.

    It would look through all of them again and again, a third of the time in which a server starts.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def leave_alone() -> None:
    """Have the collector pass over all that there is by now: what processes share would be copied if it were touched.

    A request leaves hardly any cycles behind, so that to collect those of hundreds of requests at once is soon enough. Where
    nothing has gone yet, while `growing`, there is nothing to collect.
    """
    gc.unfreeze()
    if gc.isenabled():
        gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.enable()
