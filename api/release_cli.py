"""Commands of the `galeon tables` group that look after the release: verify, seal, coverage, sweep.

Sealing reads the day from the clock, here at the door, unless the name of the release is given.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from api import day_in_china, utc_now
from api.fx_cli import read_settings

if TYPE_CHECKING:
    from tariffs.release import Difference

Command = TypeVar("Command", bound=Callable[..., Any])
FOLDER = click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="A folder of tables. [default: those of this installation]",
)


def _between(mark: str) -> Callable[[Command], Command]:
    """The option of a command that writes what it tells into a file."""
    return click.option(
        "--write",
        "file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help=f"Write it between the marks <!-- {mark} --> of this file.",
    )


@click.command()
@FOLDER
def verify(data: Path | None) -> None:
    """Recompute the hash of every table and compare it with the release. Exit code 1 where one differs."""
    from tariffs.installed import serving
    from tariffs.release import differences, sealed
    from tariffs.tables import TableError

    root = data or serving(read_settings().releases).root
    try:
        seal = sealed(root)
        found = differences(root)
    except TableError as error:
        raise click.ClickException(str(error)) from None
    for name in (*seal.tables, *seal.lists):
        if name not in {each.name for each in found}:
            click.echo(f"same     {name}")
    for each in found:
        click.echo(f"{_verdict(each)}  {each.name}")
    click.echo(f"{seal.release}  {seal.sha256}")
    if found:
        raise click.ClickException(f"{len(found)} of the tables are not those of {seal.release}: seal a new release.")


@click.command()
@FOLDER
@click.option("--release", help="The name of the release. [default: of today, data-2026.11.27]")
def seal(data: Path | None, release: str | None) -> None:
    """Write release.toml anew for the tables as they are. For whoever maintains them."""
    from tariffs.manifest import RELEASE
    from tariffs.release import BadRelease, next_name, sealed, sealed_now
    from tariffs.tables import DATA, TableError

    folder = data or Path(str(DATA))
    try:
        before = sealed(folder).release
    except TableError:
        before = ""
    try:
        made = sealed_now(release or next_name(day_in_china(utc_now()), before), folder)
    except (BadRelease, TableError) as error:
        raise click.ClickException(str(error)) from None
    (folder / RELEASE).write_text(str(made), encoding="utf-8")
    click.echo(f"{made.release}  {made.sha256}")


@click.command()
@_between("coverage")
def coverage(file: Path | None) -> None:
    """Print what the tables hold and how far it can be trusted, as Markdown."""
    from tariffs.coverage import markdown, rewritten
    from tariffs.records import Records

    block = markdown(Records.load())
    if file is None:
        click.echo(block, nl=False)
        return
    _write(file, rewritten(file.read_text(encoding="utf-8"), block), "coverage")


@click.command()
@_between("sweep")
def sweep(file: Path | None) -> None:
    """Price every line of the schedule once and print how they came out, as Markdown. Takes about half a minute."""
    from tariffs.book import Book
    from tariffs.coverage import rewritten
    from tariffs.sweep import BLOCK, markdown
    from tariffs.sweep import sweep as swept

    book = Book.load()
    block = markdown(swept(book), swept(book, second=True))
    if file is None:
        click.echo(block, nl=False)
        return
    _write(file, rewritten(file.read_text(encoding="utf-8"), block, BLOCK), "sweep")


def _write(file: Path, text: str | None, marks: str) -> None:
    if text is None:
        raise click.ClickException(f"{file} has no block between <!-- {marks} --> and <!-- /{marks} -->.")
    file.write_text(text, encoding="utf-8")


COMMANDS = (verify, seal, coverage, sweep)


def _verdict(each: "Difference") -> str:
    if not each.sealed:
        return "new    "
    return "changed" if each.found else "missing"
