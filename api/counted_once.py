"""Which questions were counted a moment ago: the same one asked again is no further call.

A spreadsheet asks for each cell with OPTIONS, HEAD and GET, and once more for every cell that says the same. What is answered
from memory under the same address counts once a minute against limits; whatever has to be worked out counts each time.
"""

from time import monotonic

from api.scopes import is_sheet
from api.visit import Visit
from calculator.memory import Memory

SPAN = 60
# Bytes of addresses that are remembered.
ROOM, OF_AN_ADDRESS = 4 * 1024 * 1024, 200


class CountedOnce:
    """The addresses that each caller was counted for."""

    def __init__(self) -> None:
        self._until: Memory[float] = Memory(ROOM)

    def lately(self, who: str, visit: Visit) -> bool:
        """Whether this very question of this caller was counted within the last minute."""
        if not is_sheet(visit.path) or visit.method not in ("GET", "HEAD"):
            return False
        until = self._until.get((who, visit.path, visit.query))
        return until is not None and monotonic() < until

    def note(self, who: str, visit: Visit) -> None:
        """Remember a question that was answered from memory, or will be."""
        if visit.remembered and not self.lately(who, visit):
            room = OF_AN_ADDRESS + len(visit.path) + len(visit.query)
            self._until.keep((who, visit.path, visit.query), monotonic() + SPAN, room)
