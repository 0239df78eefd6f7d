"""What is kept once under its hash goes with the last that names it; in transactions of its own, behind the deletion of that one.

What something new takes up in this very moment stays: a foreign key holds it there, or a lock until that is done.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import batched, held, transaction

Named = Sequence[sql.Column[Any]]
# Sets that are held at once: each takes a lock of the few thousand that a server of PostgreSQL has for all.
PIECE = 100


def unused(table: sql.Table, *named: sql.Column[Any]) -> sql.Delete:
    """The deletion of the rows of a table whose hash none of these columns names."""
    return table.delete().where(_unnamed(table, named))


def deleted(engine: Engine, statements: Sequence[sql.Delete]) -> None:
    """Do these deletions; one that meets what was just taken up again is left until the next time."""
    for statement in statements:
        with suppress(sql.exc.IntegrityError):
            transaction(engine, partial(_executed, statement))


def freed(engine: Engine, table: sql.Table, named: Named, sets: Sequence[str] | None = None) -> None:
    """Delete the sets of a table that nothing names: of these hashes, or of all that are kept.

    A set is several rows under one hash, which no foreign key can refer to.
    """
    if sets is None:
        every = sql.select(table.c.hash).where(_unnamed(table, named)).distinct()
        with engine.connect() as connection:
            sets = connection.execute(every).scalars().all()
    for piece in batched(sets, PIECE):
        transaction(engine, partial(_freed, table, named, piece))


def _freed(table: sql.Table, named: Named, sets: Sequence[str], connection: Connection) -> None:
    # Whether they are named is looked at afterwards, by a statement of its own, which sees what was done until then.
    held(connection, sets)
    connection.execute(unused(table, *named).where(table.c.hash.in_(sets)))


def _unnamed(table: sql.Table, named: Named) -> sql.ColumnElement[bool]:
    return sql.and_(*(~sql.exists().where(each == table.c.hash) for each in named))


def _executed(statement: sql.Delete, connection: Connection) -> None:
    connection.execute(statement)
