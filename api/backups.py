"""A copy of the whole database, made while the server goes on: by SQLite itself, or by PostgreSQL's own pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL, Engine

# Pages copied between two looks at who else wants the file.
PAGES = 256
# What libpq reads from the environment, so that no password stands where other users of the machine see it.
LIBPQ = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "username", "PGPASSWORD": "password", "PGDATABASE": "database"}


class NoBackup(RuntimeError):
    """The copy could not be made; what was begun is gone."""


def back_up(engine: Engine, file: Path, told: Callable[[int, int], None]) -> None:
    """Copy the database into a new file: an SQLite file, or a dump for pg_restore. `told` gets pages done and in all.

    The file appears under its name when it is whole. Raises NoBackup.
    """
    if file.exists():
        raise NoBackup(f"{file} exists: name another file.")
    part = file.with_name(f".{file.name}.part")
    try:
        if engine.dialect.name == "sqlite":
            _copy(str(engine.url.database), part, told)
        else:
            _dump(engine.url, part)
        os.replace(part, file)
    except (OSError, sqlite3.Error) as error:
        raise NoBackup(str(error)) from None
    finally:
        part.unlink(missing_ok=True)


def _copy(database: str, part: Path, told: Callable[[int, int], None]) -> None:
    source, copy = sqlite3.connect(database), sqlite3.connect(part)
    try:
        source.backup(copy, pages=PAGES, progress=lambda _, left, total: told(total - left, total))
        # The copy is one file, without a journal beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()
        source.close()


def _dump(address: URL, part: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise NoBackup("pg_dump is not on the path: install PostgreSQL's client (Debian: postgresql-client).")
    known = {name: getattr(address, field) for name, field in LIBPQ.items()}
    given = {name: f"{value}" for name, value in known.items() if value}
    options = {f"PG{name.upper()}": str(value) for name, value in address.query.items() if name in ("host", "port")}
    command = [program, "--format=custom", f"--file={part}", "--no-password"]
    done = subprocess.run(command, env={**os.environ, **given, **options}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoBackup(done.stderr.strip() or f"pg_dump ended with {done.returncode}")
