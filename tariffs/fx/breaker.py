"""A breaker: after a few failures in a row a source is left alone for a while, so that nobody waits for it in vain."""

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Breaker:
    """Open after `failures` in a row, for `pause` seconds; then one call may try, and its failure opens it again."""

    def __init__(self, failures: int = 3, pause: float = 60, clock: Callable[[], float] = monotonic) -> None:
        self.failures, self.pause, self._clock = failures, pause, clock
        self._in_a_row = 0
        self._open_until = 0.0
        self._lock = Lock()

    def waits(self) -> float:
        """The seconds for which it is still open, 0 where a call may try."""
        with self._lock:
            return max(0.0, self._open_until - self._clock())

    def failed(self) -> None:
        """A call came to nothing."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= self.failures:
                self._open_until = self._clock() + self.pause

    def succeeded(self) -> None:
        """A call was answered well."""
        with self._lock:
            self._in_a_row, self._open_until = 0, 0.0
