"""The deletion of quotes: with all that points at them, and leaving a tombstone.

Another table that refers to quotes belongs into POINTING; a test holds the list against the foreign keys of the database.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import in_turn, owned, swept
from api.shares import SHARES
from api.store import DOSSIERS, KEYS, QUOTES, SOURCES
from api.tombstones import bury, deleted_on

POINTING = KEYS, SHARES


def erase(engine: Engine, id: str, owner: str, now: datetime) -> bool:
    """Delete an owner's quote; False where there is none of this id, nor was one. Done again it changes nothing."""
    mine = sql.select(QUOTES.c.id, QUOTES.c.dossier).where(owned(QUOTES, id, owner))
    with in_turn(engine), engine.begin() as connection:
        row = connection.execute(mine.with_for_update()).one_or_none()
        if row is None:
            return deleted_on(connection, id, owner) is not None
        bury(connection, [(id, owner)], now)
        remove(connection, [id])
    if row.dossier is not None:
        forsaken(engine, row.dossier)
    swept(engine)
    return True


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Delete quotes and what points at them."""
    for pointing in POINTING:
        connection.execute(pointing.delete().where(pointing.c.quote_id.in_(ids)))
    connection.execute(QUOTES.delete().where(QUOTES.c.id.in_(ids)))


def forsaken(engine: Engine, dossier: str | None = None) -> None:
    """Delete a dossier that no quote rests on, or all of them with the documents that none of them cites any more.

    One that a new quote takes up in this very moment stays, until the next time.
    """
    unused = DOSSIERS.delete().where(~sql.exists().where(QUOTES.c.dossier == DOSSIERS.c.hash))
    uncited = SOURCES.delete().where(~sql.exists().where(DOSSIERS.c.sources == SOURCES.c.hash))
    statements = [unused, uncited] if dossier is None else [unused.where(DOSSIERS.c.hash == dossier)]
    for statement in statements:
        with suppress(sql.exc.IntegrityError), in_turn(engine), engine.begin() as connection:
            connection.execute(statement)
