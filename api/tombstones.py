"""What stands where a quote or a job was that is deleted: its id, whose it was and when it went, and nothing of what it said.

Its owner hears that it was deleted (410), everybody else what is heard of an id that never was (404).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sql
from sqlalchemy.engine import Connection

from api.database import METADATA, Moment, inserting, owned

TOMBSTONES = sql.Table(
    "tombstones",
    METADATA,
    sql.Column("id", sql.String(24), primary_key=True),
    sql.Column("owner", sql.String(64), nullable=False),
    sql.Column("deleted_at", Moment, nullable=False),
    sql.Index("tombstones_by_age", "deleted_at"),
)
# For how long one stands; after that nothing tells the id from one that never was.
STANDING = timedelta(days=366)


class Deleted(Exception):
    """What is asked for was its owner's, and is deleted since `on`; `code` says what it was, `pointer` where it was named."""

    def __init__(self, code: str, on: datetime, pointer: str = "") -> None:
        super().__init__(code)
        self.code, self.on, self.pointer = code, on, pointer

    def at(self, pointer: str) -> "Deleted":
        """The same, named at this place of a request."""
        return Deleted(self.code, self.on, pointer)


def deleted_on(connection: Connection, id: str, owner: str) -> datetime | None:
    """When an owner's quote or job of this id was deleted, None where none was."""
    asked = sql.select(TOMBSTONES.c.deleted_at).where(owned(TOMBSTONES, id, owner))
    return connection.execute(asked).scalar_one_or_none()


def bury(connection: Connection, owners: Iterable[tuple[str, str]], now: datetime) -> None:
    """Put up a tombstone for each id and its owner; one that stands already stays."""
    rows = [{"id": id, "owner": owner, "deleted_at": now} for id, owner in sorted(owners)]
    if rows:
        connection.execute(inserting(connection, TOMBSTONES).on_conflict_do_nothing(), rows)
