"""Whether this server can do its work: its database answers, and has the tables that this version writes and reads.

The book is not asked about: an application without one is never made.
"""

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from api import logs
from api.away import away
from api.database import HEAD, revision
from api.store import Store
from calculator.errors import Unpriceable

FOUND = sql.text("SELECT version_num FROM alembic_version")


class Readiness:
    """Looks at one database; once its tables were right, a look is one short query."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known = False

    def missing(self) -> tuple[Unpriceable, ...]:
        """What keeps the server from working; nothing where it can."""
        try:
            found = self._revision()
        except SQLAlchemyError as error:
            self._known = False
            if not away(error):
                raise
            logs.away(error)
            return (Unpriceable("database_away"),)
        self._known = found == HEAD
        return () if self._known else (Unpriceable("tables_of_another_version", "", (), found=found, needed=HEAD),)

    def reachable(self) -> bool:
        """Whether the database answers, whatever its tables."""
        try:
            return self._store.ready()
        except SQLAlchemyError:
            return False

    def _revision(self) -> str | None:
        if not self._known:
            return revision(self._store.engine)
        with self._store.engine.connect() as connection:
            found = connection.execute(FOUND).scalar()
        return None if found is None else str(found)
