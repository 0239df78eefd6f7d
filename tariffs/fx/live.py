"""The rates of a running server: a file that is written anew is taken up by the next request, without a restart.

Whoever asks takes the tables once and keeps them, so that one answer never mixes two releases. Looking costs a stat of
two files; reading them again does not touch the history. A file that cannot be read leaves the rates as they were.
"""

import logging
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

from tariffs.fx import CUSTOMS, MARKET, FxTables
from tariffs.fx.embedded import ReferenceRates
from tariffs.tables import DATA, TableError

LOG = logging.getLogger("galeon.fx")
_Seen = tuple[tuple[int, int, int] | None, ...]


class LiveFx:
    """The tables of an installation, which are read again when its own folder has changed."""

    def __init__(self, overlay: Path | None = None, own: Path | None = None, root: Traversable = DATA) -> None:
        self._overlay, self._own, self._root = overlay, own, root
        self._files = () if own is None else (own / MARKET, own / CUSTOMS)
        self._reading = Lock()
        self._seen = self._signature()
        self._reference = ReferenceRates.load()
        self._tables = self._read() or FxTables.over(self._reference, overlay, None, root)

    def current(self) -> FxTables:
        """The tables as they are now; whoever answers one request asks once."""
        if self._signature() != self._seen and self._reading.acquire(blocking=False):
            try:
                self._seen = self._signature()
                self._tables = self._read() or self._tables
            finally:
                self._reading.release()
        return self._tables

    def _read(self) -> FxTables | None:
        try:
            return FxTables.over(self._reference, self._overlay, self._own, self._root)
        except TableError as error:
            LOG.error("the stored exchange rates of %s are left as they were: %s", self._own, error)
            return None

    def _signature(self) -> _Seen:
        return tuple(map(_signature, self._files))


def _signature(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
