"""The `galeon fx` group: fetch market rates, and import those of a bank or of customs, into a folder of the installation."""

import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api import day_in_china, utc_now
from api.settings import BadSetting, Settings

if TYPE_CHECKING:
    from tariffs.book import Book
    from tariffs.fx.importing import Asked, Read
    from tariffs.fx.keeping import Kept

MOST_SHOWN = 20


@click.group()
def fx() -> None:
    """Exchange rates of your own: fetch them, import them."""


@fx.command()
@click.option("--base", multiple=True, default=("USD",), show_default=True, help="The currency to ask for; repeatable.")
@click.option("--force", is_flag=True, help="Take rates that lie more than a fifth from the last known ones.")
def refresh(base: tuple[str, ...], force: bool) -> None:
    """Fetch the newest market rates and keep them as dated rows. Exit code 1 where none could be had.

    Nothing that is known is lost by a failure. GALEON_FX_SOURCE names another server.
    """
    from api.fx_refreshing import refresher_of
    from tariffs.fx.upstream import Unavailable
    from tariffs.overlay import OverlayRefused
    from tariffs.tables import TableError

    try:
        refresher = refresher_of(read_settings())
        for each in base:
            kept = refresher.refresh(each, force)
            days = sorted({row[0] for row in kept.rows})
            click.echo(f"{each}: {len(kept.added)} new, {len(kept.replaced)} changed, {kept.same} as they were")
            click.echo(f"{refresher.folder}: {len(kept.rows)} rates, {days[0]} to {days[-1]}")
    except Unavailable as failure:
        raise click.ClickException(f"{failure.reason}. The rates are as they were.") from None
    except (TableError, OverlayRefused) as error:
        raise click.ClickException(str(error)) from None


@fx.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Who published them: 'Banco de México, FIX', CFETS.")
@click.option(
    "--desk",
    type=click.Choice(["market", "customs"]),
    default="market",
    show_default=True,
    help="Daily market rates, or the official monthly rates of customs.",
)
@click.option(
    "--column", multiple=True, metavar="HEADING=FIELD", help="What a column is, or its pair; - leaves it out."
)
@click.option(
    "--pair", default="", help="The pair of a file of one: USD/MXN is pesos for a dollar, 100 CNY/MXN for 100 yuan."
)
@click.option("--month", default="", help="The month of all rates of a customs file, 2026-10.")
@click.option(
    "--days", type=click.Choice(["ymd", "dmy", "mdy"]), default="ymd", show_default=True, help="How days are written."
)
@click.option("--decimal", type=click.Choice(["point", "comma"]), default="point", show_default=True)
@click.option(
    "--confidence", type=click.Choice(["A", "B", "C"]), default="A", show_default=True, help="Of customs rates."
)
@click.option("--force", is_flag=True, help="Take rates that lie more than a fifth from the known ones.")
@click.option("--apply", is_flag=True, help="Write it. Without this nothing is written, and you see what would be.")
def import_(file: Path, column: tuple[str, ...], apply: bool, **given: Any) -> None:
    """Import the rates of FILE (CSV or XLSX); a dry run unless --apply.

    Nothing is written unless every row is sound. Exit code 1 where something is wrong; every fault is told at once.
    """
    from tariffs.fx.headings import unknown
    from tariffs.fx.importing import MARKET, Asked, read
    from tariffs.fx.keeping import CUSTOMS_RATES, MARKET_RATES, keep, would_keep
    from tariffs.fx.live import LiveFx
    from tariffs.importing.grids import FileRefused
    from tariffs.installed import serving
    from tariffs.overlay import OverlayRefused
    from tariffs.tables import TableError

    settings, now = read_settings(), utc_now()
    assert settings.fx is not None
    columns = _columns(column)
    if wrong := unknown(columns):
        raise click.UsageError(f"--column: {', '.join(wrong)} is neither a field nor a pair such as 'USD/CNY'")
    try:
        known = LiveFx(settings.tables, settings.fx, serving(settings.releases).root).current()
        asked = Asked(
            file=file,
            known=known,
            today=day_in_china(now),
            fetched_at=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            columns=columns,
            **given,
        )
        found = read(asked)
        if found.faults:
            _print_faults(found)
            sys.exit(1)
        kind = MARKET_RATES if asked.desk == MARKET else CUSTOMS_RATES
        kept = (keep if apply else would_keep)(settings.fx, kind, found.rows)
    except FileRefused as refused:
        raise click.ClickException(str(refused)) from None
    except (TableError, OverlayRefused, OSError) as error:
        raise click.ClickException(str(error)) from None
    _print_kept(asked, found, kept, apply)


def _print_faults(found: "Read") -> None:
    for each in found.faults:
        click.echo(f"{each}", err=True)
    click.echo(f"{len(found.faults)} faults: nothing is written.", err=True)


def _print_kept(asked: "Asked", found: "Read", kept: "Kept", apply: bool) -> None:
    """What was read, and what was or would be written."""
    for row in kept.added[:MOST_SHOWN]:
        click.echo(f"new      {' '.join(row[:4])}")
    for before, after in kept.replaced[:MOST_SHOWN]:
        click.echo(f"changed  {' '.join(after[:4])} (was {before[3] if asked.desk == 'market' else before[2]})")
    hidden = max(0, len(kept.added) - MOST_SHOWN) + max(0, len(kept.replaced) - MOST_SHOWN)
    if hidden:
        click.echo(f"… and {hidden} more")
    if found.left_out:
        click.echo(f"columns not read: {', '.join(found.left_out)}")
    counts = f"{len(kept.added)} new, {len(kept.replaced)} changed, {kept.same} as they were"
    click.echo(f"{counts}; {found.empty} cells without a rate, {found.double} rates twice in the file")
    click.echo("Written." if apply else "Nothing is written yet: add --apply.")


def _columns(texts: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        heading, equals, name = text.rpartition("=")
        if not equals or not heading.strip() or not name.strip():
            raise click.UsageError(f"--column {text!r}: write HEADING=FIELD, such as 'Fecha=day' or '美元=100 USD/CNY'")
        found[heading.strip()] = name.strip()
    return found


def read_settings() -> Settings:
    """The settings of the environment; what is wrong in them ends the command with its reason."""
    try:
        return Settings.read()
    except BadSetting as error:
        raise click.ClickException(str(error)) from None


def read_book(settings: Settings) -> "Book":
    """The tables of this installation with the private folder over them; its faults are told, each with its place."""
    from api.served import served
    from tariffs.overlay import OverlayRefused

    try:
        found = served(settings)
    except OverlayRefused as error:
        raise click.ClickException(str(error)) from None
    if found.release.objection is not None:
        click.echo(f"{found.book.release} is used: {found.release.objection.text}", err=True)
    return found.book
