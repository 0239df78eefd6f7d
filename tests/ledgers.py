"""Ledgers that a command cannot use, and those of earlier versions."""

from pathlib import Path

from alembic import command
from sqlalchemy.engine import Engine

import api.database

# A file that is none, a name that the system does not take, a server for which no driver is there.
UNUSABLE = ("broken", "too long", "no driver")


def unusable(wrong: str, folder: Path) -> str:
    """The address of a ledger that cannot be used, for one of the reasons of UNUSABLE."""
    (folder / "broken.sqlite3").write_bytes(b"this is no database, whatever its name says" * 100)
    files = {"broken": folder / "broken.sqlite3", "too long": folder / f"{'x' * 300}.sqlite3"}
    return f"sqlite:///{files[wrong]}" if wrong in files else "mysql://127.0.0.1/galeon"


def at_revision(url: str, name: str) -> Engine:
    """A new database with the tables of an earlier revision."""
    engine = api.database.database(url)
    with engine.begin() as connection:
        command.upgrade(api.database._migrations(connection), name)
    return engine
