"""The statements of a new SQLite database, as the revisions leave it: python -m tests.new_database api/migrations/new.sql"""

import sys
from pathlib import Path

import sqlalchemy as sql
from alembic import command

from api.database import HEAD, _migrations


def by_the_revisions() -> str:
    """What the revisions make of nothing, one statement after the other."""
    engine = sql.create_engine("sqlite://")
    with engine.begin() as connection:
        command.upgrade(_migrations(connection), "head")
        made = statements(connection)
    engine.dispose()
    return made


def statements(connection: sql.Connection) -> str:
    """Those that make the tables and indexes of a database anew, in the order in which they were made."""
    found = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").scalars()
    made = [f"{each};\n" for each in found]
    return "".join([*made, f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}');\n"])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(by_the_revisions(), encoding="utf-8")
