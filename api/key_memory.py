"""What a worker remembers of the keys, so that not every call asks the database; and the check of a key.

A row is remembered for a few seconds: a key that is revoked or rotated elsewhere stops within that time, and a new one may
take as long to be known where it was tried before it was made. A row that is no longer fresh is read again or the call
fails: a database that is away lets nobody in.
"""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.exc import SQLAlchemyError

from api.away import away
from api.key_text import KeyText
from api.keyring import Key, Keyring

REMEMBERED = timedelta(seconds=5)
MOST_ROWS = 4096
# An unknown id is compared with this hash, which no secret of 43 characters has to fear: the road is the same.
_NOBODYS = sha256(b"nobody's").hexdigest()


class KeyMemory:
    """The keys that a worker has met lately."""

    def __init__(self, keyring: Keyring, clock: Callable[[], datetime]) -> None:
        self._keyring, self._clock = keyring, clock
        self._rows: dict[str, tuple[datetime, Key | None]] = {}
        self._proved: dict[str, str] = {}
        self._origins: tuple[datetime, frozenset[str]] | None = None

    def proved(self, text: KeyText) -> bool:
        """Whether this worker has found this very key genuine before; the database is not asked."""
        return hmac.compare_digest(text.hash, self._proved.get(text.id, _NOBODYS))

    def genuine(self, text: KeyText) -> Key | None:
        """The key whose text this is, in whatever state, None where the secret is not its own.

        The comparison takes the same time wherever the two differ, and an unknown id takes the same road.
        """
        key = self._row(text.id)
        same = hmac.compare_digest(text.hash, _NOBODYS if key is None else key.hash)
        if key is None or not same or key.terms.kind != text.kind:
            return None
        self._proved[key.id] = key.hash
        return key

    def knows(self, id: str) -> bool:
        """Whether somebody made a key of this id."""
        return self._row(id) is not None

    def origins(self) -> frozenset[str]:
        """The origins of live publishable keys; the last that were known while the database is away."""
        now = self._clock()
        if self._origins is None or not _fresh(self._origins[0], now):
            try:
                self._origins = now, self._keyring.origins(now)
            except SQLAlchemyError as error:
                if not away(error):
                    raise
                return frozenset() if self._origins is None else self._origins[1]
        return self._origins[1]

    def _row(self, id: str) -> Key | None:
        now = self._clock()
        found = self._rows.get(id)
        if found is None or not _fresh(found[0], now):
            # What was remembered first is forgotten first; ids that nobody made crowd out nothing for long.
            while len(self._rows) >= MOST_ROWS:
                self._rows.pop(next(iter(self._rows)), None)
            found = now, self._keyring.find(id)
            self._rows[id] = found
        return found[1]


def _fresh(read_at: datetime, now: datetime) -> bool:
    """Whether what was read may still be used; a clock that was put back makes it old too."""
    return timedelta(0) <= now - read_at < REMEMBERED
