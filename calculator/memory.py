"""What was found before, for whoever looks for the same again.

It holds only so much, told in lines of goods, so that many long requests take no more room than as many short ones; the oldest is
forgotten first. It refuses nothing and is asked by many threads at once.
"""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Memory(Generic[Found]):
    """Findings by their keys, each with the room that it takes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._lock = Lock()
        self._found: dict[Hashable, tuple[Found, int]] = {}

    def get(self, key: Hashable) -> Found | None:
        """What was found under a key, None where it is not known."""
        known = self._found.get(key)
        return None if known is None else known[0]

    def found(self, key: Hashable, find: Callable[[], Found], room: int = 1) -> Found:
        """What was found under a key, or is found now."""
        known = self._found.get(key)
        if known is not None:
            return known[0]
        fresh = find()
        self.keep(key, fresh, room)
        return fresh

    def keep(self, key: Hashable, found: Found, room: int = 1) -> None:
        """Keep a finding in place of an earlier one, and forget the oldest where there is no room."""
        with self._lock:
            _, before = self._found.pop(key, (None, 0))
            self._taken += room - before
            self._found[key] = found, room
            while self._taken > self._room:
                _, freed = self._found.pop(next(iter(self._found)))
                self._taken -= freed

    def __deepcopy__(self, _: object) -> "Memory[Found]":
        """Copies of who remembers remember the same."""
        return self
