"""The `galeon db` group: bring the tables up to date, look after what is kept, carry it away and back."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import utc_now
from api.fx_cli import read_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from api.retention import Due

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
    """Delete old quotes with all that hangs on them, and jobs of the same age or whose own time is over.

    An owner with an age of his own (galeon db retention) keeps to that one, unless --owner names him.
    """
    from api.jobs import Jobs
    from api.keeping import prune as delete
    from api.keeping import quotes_due, tidy
    from api.retention import dues

    general, now = older_than, utc_now()
    with ready_database() as engine:
        # The age of the installation is a general one: it does not come before an owner's own.
        if general is None and not (owner is not None and dues(engine, now, None, owner)):
            general = read_settings().retention
        due = dues(engine, now, general, owner)
        if not due:
            raise click.UsageError("Say how old: --older-than 400d, or set GALEON_RETENTION.")
        counts = [quotes_due(engine, each) for each in due]
        if dry_run:
            for each, count in zip(due, counts, strict=True):
                click.echo(f"{count} quotes{_whose(each)} are from before {each.moment:%Y-%m-%d}; nothing was deleted.")
            return
        jobs = Jobs(engine)
        over = sum(jobs.forget(now, each) for each in due)
        with _bar("Deleting", sum(counts)) as advance:
            for each in due:
                gone = delete(engine, each, now, advance)
                click.echo(f"{gone} quotes{_whose(each)} from before {each.moment:%Y-%m-%d} were deleted.")
        over += jobs.forget(now) if owner is None else 0
        tidy(engine, now)
        click.echo(f"{over} jobs whose time is over were deleted.")


@db.command()
@click.argument("owner", required=False)
@click.argument("age", type=Age(), required=False)
@click.option("--clear", is_flag=True, help="From now on the age of the installation counts for OWNER.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retention(owner: str | None, age: timedelta | None, clear: bool, as_json: bool) -> None:
    """Keep what OWNER asked for AGE (90d), whatever GALEON_RETENTION says; without AGE, tell the ages that owners have.

    OWNER is that of `galeon keys list`. `galeon db prune` deletes what is older.
    """
    from api.retention import retain, retentions

    if clear and age is not None:
        raise click.UsageError("Write an AGE or --clear, not both.")
    if clear and owner is None:
        raise click.UsageError("--clear: say whose age, OWNER.")
    if age is not None and not age:
        raise click.UsageError("AGE: write 1d or more.")
    with ready_database() as engine:
        if owner is not None and (clear or age is not None):
            if not clear and owner not in _owners(engine):
                raise click.ClickException(f"no key was made for {owner!r}: `galeon keys list` names the owners.")
            retain(engine, owner, age)
        found = {name: each.days for name, each in retentions(engine).items() if owner in (None, name)}
    if as_json:
        click.echo(json.dumps([{"owner": name, "days": days} for name, days in found.items()], ensure_ascii=False))
        return
    for name, days in found.items():
        click.echo(f"{name}  {days}d")
    if not found:
        general = read_settings().retention
        until = f"for {general.days} days (GALEON_RETENTION)" if general else "until it is deleted"
        click.echo(f"{owner or 'Every owner'} has no age of its own: what is asked is kept {until}.")


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


def _whose(due: "Due") -> str:
    return "" if due.owner is None else f" of {due.owner}"


def _owners(engine: "Engine") -> set[str]:
    """Whoever has or had a key; "" is who asks a server without keys."""
    from api.keyring import Keyring

    return {"", *(key.terms.owner for key in Keyring(engine).all())}


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
