"""Commands of the `galeon tables` group for data releases: pack one, take one, list them, go back.

Nothing is fetched but the one address that is named. The clock is read here, at the door: a release that is dated later than
today is told of and taken, since it may be the clock that is wrong.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import click

from api import day_in_china, utc_now
from api.fx_cli import read_settings
from api.languages import LANGUAGES
from api.tables_cli import AS_JSON, DAY, FOLDER

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from api.release_effects import Release
    from api.settings import Settings
    from api.writing import Json
    from tariffs.book import Book
    from tariffs.packs.installing import Incoming


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--data", type=FOLDER, help="A folder of tables, sealed. [default: those of the package]")
@click.option("--key", required=True, type=click.Path(path_type=Path), help="The private key of the publisher (PEM).")
def pack(out: Path, data: Path | None, key: Path) -> None:
    """Make a signed release of sealed tables in the file OUT. The same tables and key give the same bytes.

    `galeon signing-key new FILE` makes a key; use one that signs nothing else. Exit code 1 where a table has a fault.
    """
    from api.release_keys import signs
    from api.signing import read_signing_key
    from tariffs.packs.packing import packed
    from tariffs.tables import DATA

    with _told():
        signer = read_signing_key(key)
        release, content = packed(data or Path(str(DATA)), signs(signer))
        out.write_bytes(content)
    click.echo(f"{out}: {release}, {len(content)} bytes, signed by {signer.public.id}")


@click.command()
@click.argument("source", metavar="FILE|URL")
@click.option("--key", type=click.Path(path_type=Path), help="Trusted public keys. [default: GALEON_RELEASE_KEYS]")
@click.option("--on", type=DAY, help="Price goods and quotes on this day. [default: today in Shanghai]")
@click.option("--allow-older", is_flag=True, help="Take a release that is older than the one that serves.")
@click.option("--dry-run", is_flag=True, help="Check it and tell what it changes; install nothing.")
@click.option("--yes", is_flag=True, help="Do not ask before it serves.")
@click.option(
    "--limit",
    default=1000,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Look at so many stored quotes, the newest.",
)
@click.option("--all", "whole", is_flag=True, help="Print every difference, not only the first.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@AS_JSON
def update(source: str, key: Path | None, on: date | None, dry_run: bool, yes: bool, as_json: bool, **how: Any) -> None:
    """Take a release of the tables that `galeon tables pack` made: check it, tell what it changes, install it.

    Its signature, its hashes and every table are checked first. What it does is told by code, for the goods of the tables and
    for the stored quotes, asked again on one day by the tables before and after. It is laid beside the release before, and
    serves from then on: running servers go over to it without losing a call. Exit code 1 where it is refused; the release
    before goes on.
    """
    from api.release_keys import trusted, vouches
    from tariffs.packs.installing import alone, incoming

    if as_json and not (yes or dry_run):
        raise click.UsageError("--json needs --yes or --dry-run: there is nobody to ask")
    settings = read_settings()
    assert settings.releases is not None
    with _told():
        vouched = vouches(trusted(key or settings.release_keys))
        with (
            alone(settings.releases),
            _source(source) as file,
            incoming(file, settings.releases, vouched) as found,
        ):
            _take(settings, found, on or day_in_china(utc_now()), dry_run, yes, as_json, **how)


@click.command()
@AS_JSON
def releases(as_json: bool) -> None:
    """List the releases of the tables that are here, and which of them serves."""
    from api.packs_terminal import print_releases, releases_document

    document = releases_document(read_settings().releases)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print_releases(document)


@click.command()
@click.option("--to", "release", default="", help="This release, or the word package. [default: the one before]")
def rollback(release: str) -> None:
    """Have the release before serve again, at once. Nothing is removed: `galeon tables rollback --to` goes there again."""
    from tariffs.installed import serving
    from tariffs.packs.installing import alone, back, target

    settings = read_settings()
    folder = settings.releases
    assert folder is not None
    with _told(), alone(folder):
        root = target(folder, release)
        _book(settings, root)
        back(folder, release)
    found = serving(folder)
    click.echo(f"{found.release} serves" + ("" if found.installed else ", the package's own"))


COMMANDS = (pack, update, releases, rollback)


def _take(
    settings: "Settings",
    found: "Incoming",
    on: date,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    *,
    allow_older: bool,
    limit: int,
    whole: bool,
    language: str,
) -> None:
    """Tell what a release changes, and install it where that is wished."""
    from api.packs_terminal import Told, print_update, update_document
    from api.release_effects import Release
    from tariffs.difference import differences
    from tariffs.installed import serving
    from tariffs.records import Records
    from tariffs.release import day_of

    if found.there:
        there = {"release": found.release, "installed": False, "serves": True}
        click.echo(json.dumps(there) if as_json else f"{found.release} serves already.")
        return
    found.admit(allow_older)
    now = serving(settings.releases)
    old, new = _book(settings, now.root), _book(settings, found.root)
    changed = differences(Records(now.root), found.records)
    release = Release(old, new, on, language)
    told = Told(now.release, found.release, release.goods(), _quotes(settings, release, limit), limit)
    if day_of(found.release) > day_in_china(utc_now()):
        click.echo(
            f"{found.release} is dated later than today, {day_in_china(utc_now())}: is this machine's clock right?",
            err=True,
        )
    if not as_json:
        print_update(told, changed, language, whole)
    if not dry_run:
        if not yes:
            click.confirm(f"Have {found.release} serve?", abort=True)
        found.install()
    if as_json:
        document = update_document(told, changed, installed=not dry_run)
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif dry_run:
        click.echo("A dry run: nothing was installed.")
    else:
        click.echo(f"{found.release} serves. To go back: galeon tables rollback")


def _quotes(settings: "Settings", release: "Release", limit: int) -> "Json | None":
    """What the release does to stored quotes, None where none are looked at. A ledger that cannot be read keeps no tables out."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.rehearsal_requests import LedgerUnusable, ledger_of

    if not limit:
        return None
    try:
        with ledger_of(settings) as store:
            return None if store is None else release.quotes(store, limit)
    except (SQLAlchemyError, LedgerUnusable) as error:
        click.echo(f"Stored quotes are not looked at, the database (GALEON_DATABASE): {error}", err=True)
        return None


def _book(settings: "Settings", root: "Traversable") -> "Book":
    """The book over a release with the private folder laid over it, as servers will read it. Raises PackRefused."""
    from tariffs.book import Book
    from tariffs.overlay import OverlayRefused
    from tariffs.packs.refused import OVERLAY_UNFIT, TABLES_UNSOUND, PackRefused
    from tariffs.tables import TableError

    try:
        return Book.load(settings.tables, settings.fx, root)
    except OverlayRefused as error:
        raise PackRefused(OVERLAY_UNFIT, f"the private folder does not fit this release: {error}") from None
    except TableError as error:
        raise PackRefused(TABLES_UNSOUND, f"{error}") from None


@contextmanager
def _source(source: str) -> Iterator[IO[bytes]]:
    """The file, or what the address answers with."""
    from api.fetching import fetched, is_address

    if not is_address(source):
        with Path(source).open("rb") as file:
            yield file
        return
    with TemporaryFile() as temporary:
        fetched(source, temporary)
        yield temporary


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong ends the command with its reason and its code."""
    from api.signing import BadKey
    from tariffs.packs.refused import PackRefused

    try:
        yield
    except PackRefused as error:
        raise click.ClickException(f"{error.code}: {error.text}") from None
    except (BadKey, OSError) as error:
        raise click.ClickException(str(error)) from None
