"""The folder in which the workers of one run of a server count together.

prometheus_client decides when it is imported whether it counts in files, so this module knows only the name of the variable
and must be used before the application is loaded. A worker writes files of its own, named by its process, and a fork begins
its own; those of a dead worker stay until the end of the run, since what was counted was counted.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counting_together() -> Iterator[None]:
    """Count in a new folder, inside the one that the environment names or else among the temporary ones; it goes at the end."""
    named = os.environ.get(FOLDER)
    with TemporaryDirectory(prefix="galeon-metrics-", dir=named, ignore_cleanup_errors=True) as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            if named is None:
                os.environ.pop(FOLDER, None)
            else:
                os.environ[FOLDER] = named
