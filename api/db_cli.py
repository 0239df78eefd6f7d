"""The `galeon db` group: bring the tables up to date, look after what is kept, carry it away and back."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import utc_now
from api.fx_cli import read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

FILE = click.Path(dir_okay=False, path_type=Path)


class Age(click.ParamType):
    """A number of days: 400d, or 400."""

    name = "age"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The time that a text says."""
        if isinstance(value, timedelta):
            return value
        if not re.fullmatch(r"[0-9]{1,5}d?", value, re.ASCII):
            self.fail(f"{value!r}: write a number of days, such as 400d", param, ctx)
        return timedelta(days=int(value.removesuffix("d")))


@click.group()
def db() -> None:
    """The database of this installation (GALEON_DATABASE)."""


@db.command()
def status() -> None:
    """Where the database is, the revision of its tables, and how many quotes it holds."""
    import sqlalchemy as sql

    from api.database import HEAD, revision
    from api.store import QUOTES

    with _opened() as engine:
        found = revision(engine)
        click.echo(f"database  {engine.url.render_as_string(hide_password=True)}")
        click.echo(
            f"revision  {found or 'none'}{'' if found == HEAD else f' (this version needs {HEAD}: galeon db upgrade)'}"
        )
        if found != HEAD:
            return
        times = sql.func.min(QUOTES.c.created_at), sql.func.max(QUOTES.c.created_at)
        with engine.connect() as connection:
            count, first, last = connection.execute(sql.select(sql.func.count(), *times).select_from(QUOTES)).one()
        click.echo(f"quotes    {count}" + (f", {first:%Y-%m-%d} to {last:%Y-%m-%d}" if count else ""))


@db.command()
def upgrade() -> None:
    """Bring the tables to the revision of this version. Back up first; there is no way back but the backup."""
    from api.database import upgrade as bring_up

    with _opened() as engine:
        before, after = bring_up(engine)
        click.echo(
            f"The tables are at revision {after}{', as before' if before == after else f' (before: {before or 0})'}."
        )


@db.command()
@click.option(
    "--older-than", type=Age(), help="Delete quotes of this age and older, in days: 400d. [default: GALEON_RETENTION]"
)
@click.option("--owner", help="Those of this owner alone.")
@click.option("--dry-run", is_flag=True, help="Say how many they are, and delete nothing.")
def prune(older_than: timedelta | None, owner: str | None, dry_run: bool) -> None:
    """Delete old quotes, their idempotency keys and the dossiers that nothing rests on any more.

    Jobs whose own time is over go too, unless --owner is said.
    """
    from api.jobs import Jobs
    from api.keeping import prune as delete
    from api.keeping import quotes_before

    age = older_than or read_settings().retention
    if age is None:
        raise click.UsageError("Say how old: --older-than 400d, or set GALEON_RETENTION.")
    moment: datetime = utc_now() - age
    with ready_database() as engine:
        count = quotes_before(engine, moment, owner)
        if dry_run:
            click.echo(f"{count} quotes are from before {moment:%Y-%m-%d}; nothing was deleted.")
            return
        with _bar("Deleting", count) as advance:
            gone = delete(engine, moment, advance, owner)
        click.echo(f"{gone} quotes from before {moment:%Y-%m-%d} were deleted.")
        if owner is None:
            click.echo(f"{Jobs(engine).forget(utc_now())} jobs whose time is over were deleted.")


@db.command()
@click.argument("file", type=FILE)
def export(file: Path) -> None:
    """Write all that is kept to FILE as JSON lines; packed where the name ends with .gz."""
    from api.keeping import export as write
    from api.keeping import rows_to_export

    if file.exists():
        raise click.ClickException(f"{file} exists: name another file.")
    with ready_database() as engine, _bar("Writing", rows_to_export(engine)) as advance:
        quotes = write(engine, file, advance)
    click.echo(f"{file}: {quotes} quotes.")


@db.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def bring(file: Path) -> None:
    """Read an export; what is there already stays as it is. Also the way from SQLite to PostgreSQL."""
    from api.keeping import NoExport, bring_back

    try:
        with ready_database() as engine, _bar("Reading", None) as advance:
            new = bring_back(engine, file, advance)
    except NoExport as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{new} new quotes.")


@db.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the whole database to FILE while the server goes on: an SQLite file, or a dump for pg_restore."""
    from api.backups import NoBackup, back_up

    done = 0
    try:
        with _opened() as engine, _bar("Copying", None) as advance:

            def told(pages: int, _total: int) -> None:
                nonlocal done
                advance(pages - done)
                done = pages

            back_up(engine, file, told)
    except NoBackup as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {file.stat().st_size:,} bytes.")


@contextmanager
def _opened() -> Iterator["Engine"]:
    """The database of this installation; what is wrong with it is told without a traceback."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.database import OldTables, database

    try:
        engine = database(read_settings().database)
        try:
            yield engine
        finally:
            engine.dispose()
    except (SQLAlchemyError, ImportError, OSError, OldTables) as error:
        raise click.ClickException(f"the database (GALEON_DATABASE): {error}") from None


@contextmanager
def ready_database() -> Iterator["Engine"]:
    """The database, its tables being those of this version."""
    from api.database import current

    with _opened() as engine:
        current(engine)
        yield engine


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar of progress on the error output, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda rows: progress.update(task, advance=rows)
