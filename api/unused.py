"""What is kept once under its hash goes with the last that names it; in transactions of its own, behind the deletion of that one.

What something new takes up in this very moment stays where a foreign key holds it; a set of rows may be lost to it.
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.database import transaction


def unused(table: sql.Table, *named: sql.Column[Any]) -> sql.Delete:
    """The deletion of the rows of a table whose hash none of these columns names."""
    return table.delete().where(*(~sql.exists().where(each == table.c.hash) for each in named))


def deleted(engine: Engine, statements: Sequence[sql.Delete]) -> None:
    """Do these deletions; one that meets what was just taken up again is left until the next time."""
    for statement in statements:
        with suppress(sql.exc.IntegrityError):
            transaction(engine, partial(_executed, statement))


def _executed(statement: sql.Delete, connection: Connection) -> None:
    connection.execute(statement)
