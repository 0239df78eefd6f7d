"""The deletion of quotes: with all that points at them, and leaving a tombstone.

Another table that refers to quotes belongs into POINTING; a test holds the list against the foreign keys of the database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.corrected import CORRECTED_QUOTES
from api.database import owned, swept, transaction
from api.jobs import OF_ROWS
from api.shares import SHARES
from api.store import DOSSIERS, KEYS, QUOTES, ROWS_USED, SOURCES
from api.tombstones import bury, deleted_on
from api.unused import deleted, freed, unused

POINTING = KEYS, SHARES, CORRECTED_QUOTES


def erase(engine: Engine, id: str, owner: str, now: datetime) -> bool:
    """Delete an owner's quote; False where there is none of this id, nor was one. Done again it changes nothing."""
    mine = sql.select(QUOTES.c.id, QUOTES.c.dossier, QUOTES.c.rows_used).where(owned(QUOTES, id, owner))

    def erased(connection: Connection) -> Any:
        row = connection.execute(mine.with_for_update()).one_or_none()
        if row is None:
            return deleted_on(connection, id, owner) is not None
        bury(connection, [(id, owner)], now)
        remove(connection, [id])
        return row

    row = transaction(engine, erased)
    if isinstance(row, bool):
        return row
    _forsaken(engine, row.dossier, row.rows_used)
    swept(engine)
    return True


def remove(connection: Connection, ids: Sequence[str]) -> None:
    """Delete quotes and what points at them."""
    for pointing in POINTING:
        connection.execute(pointing.delete().where(pointing.c.quote_id.in_(ids)))
    connection.execute(QUOTES.delete().where(QUOTES.c.id.in_(ids)))


def forsaken(engine: Engine) -> None:
    """Delete dossiers that no quote rests on, sets of rows that no quote or job names, and documents that no dossier cites.

    What a new quote takes up in this very moment stays, until the next time.
    """
    uncited = SOURCES.delete().where(~sql.exists().where(DOSSIERS.c.sources == SOURCES.c.hash))
    deleted(engine, [unused(DOSSIERS, QUOTES.c.dossier), uncited])
    freed(engine, ROWS_USED, OF_ROWS)


def _forsaken(engine: Engine, dossier: str | None, rows_used: str | None) -> None:
    """The same for what one quote rested on."""
    if dossier:
        deleted(engine, [unused(DOSSIERS, QUOTES.c.dossier).where(DOSSIERS.c.hash == dossier)])
    if rows_used:
        freed(engine, ROWS_USED, OF_ROWS, [rows_used])
