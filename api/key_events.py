"""The log of what happens to keys and with them: made, rotated, revoked, refused and why, first seen from a new origin.

It counts by key, event, origin and day, so that nobody fills a disk by calling often. Of a call it keeps neither an address
nor a query nor a body, and never a secret.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import METADATA, Moment, inserting

EVENTS = sql.Table(
    "key_events",
    METADATA,
    # "" for calls without a key and for keys that nobody made: an id of the caller's choice is not written down.
    sql.Column("key_id", sql.String(12), nullable=False),
    sql.Column("event", sql.String(40), nullable=False),
    # The origin of a use, or the other key of a rotation.
    sql.Column("detail", sql.String(200), nullable=False),
    sql.Column("day", sql.Date, nullable=False),
    sql.Column("count", sql.BigInteger, nullable=False),
    sql.Column("first_at", Moment, nullable=False),
    sql.Column("last_at", Moment, nullable=False),
    sql.PrimaryKeyConstraint("key_id", "event", "detail", "day", name="key_events_by_day"),
)
MADE, ROTATED, REVOKED, FIRST_USE = "made", "rotated", "revoked", "first_use"


def record(
    connection: Connection,
    key_id: str,
    event: str,
    detail: str,
    at: datetime,
    last: datetime | None = None,
    count: int = 1,
) -> None:
    """Add an event, or several of a kind between two moments of a day, to what the day has of it."""
    last = last or at
    fresh = inserting(connection, EVENTS).values(
        key_id=key_id, event=event, detail=detail, day=day_of(at), count=count, first_at=at, last_at=last
    )
    added = {"count": EVENTS.c.count + fresh.excluded.count, "last_at": fresh.excluded.last_at}
    connection.execute(fresh.on_conflict_do_update(index_elements=list(EVENTS.primary_key), set_=added))


def record_first_use(connection: Connection, key_id: str, origin: str, at: datetime) -> None:
    """Note from where a key is used, where it was never seen from there."""
    seen = sql.select(EVENTS.c.day).where(
        EVENTS.c.key_id == key_id, EVENTS.c.event == FIRST_USE, EVENTS.c.detail == origin
    )
    if connection.execute(seen.limit(1)).first() is None:
        record(connection, key_id, FIRST_USE, origin, at)


def events(engine: Engine, key_id: str | None = None) -> list[dict[str, Any]]:
    """What was written of one key, or of all, in the order of time."""
    asked = EVENTS.select().order_by(EVENTS.c.first_at, EVENTS.c.key_id, EVENTS.c.event, EVENTS.c.detail)
    if key_id is not None:
        asked = asked.where(EVENTS.c.key_id == key_id)
    with engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(asked)]


def day_of(at: datetime) -> date:
    """The day of an event, in UTC; `at` is in UTC."""
    return at.date()
