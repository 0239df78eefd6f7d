"""`galeon price IN OUT`: a file of rows, priced. Rows that cannot be priced say why and go through with the rest."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.languages import LANGUAGES

if TYPE_CHECKING:
    import pyarrow as pa

    from api.batches.consignments import Pricing


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--column",
    "meant",
    multiple=True,
    metavar="HEADING=NAME",
    help="What a heading stands for, where it does not say so itself; HEADING= for a column of your own.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the problems.")
@click.option("--fail", is_flag=True, help="End with status 1 where a row could not be priced.")
def price(source: Path, target: Path, meant: tuple[str, ...], language: str, fail: bool) -> None:
    """Price every row of SOURCE and write TARGET: the same rows, and their results in columns after your own.

    Both are .csv, .parquet or .arrow. A row is one line of goods; its columns have the names of docs/spreadsheets.md, in
    English, Spanish or Chinese, and rows with the same `shipment`, one after the other, are one consignment. A row that cannot
    be priced says why under `error`.
    """
    from api.batches.files import READERS

    for path in (source, target):
        if path.suffix.lower() not in READERS:
            raise click.BadParameter(f"{path.name} is none of {', '.join(READERS)}")
    if source.resolve() == target.resolve():
        raise click.BadParameter("TARGET would overwrite SOURCE")
    rows, wrong = _priced(source, target, _named(meant), language)
    click.echo(f"{rows:,} rows priced to {target}, {wrong:,} with a problem", err=True)
    if fail and wrong:
        sys.exit(1)


def _named(meant: Iterable[str]) -> dict[str, str]:
    """The names that were said, by their headings."""
    named = {}
    for each in meant:
        heading, sign, name = each.rpartition("=")
        if not sign:
            raise click.BadParameter(f"{each!r}: write HEADING=NAME, such as Ware=product", param_hint="--column")
        named[heading] = name.strip()
    return named


def _priced(source: Path, target: Path, meant: dict[str, str], language: str) -> tuple[int, int]:
    """How many rows were written, and how many of them have a problem."""
    from api.batches.files import BrokenFile, table_of, write
    from api.batches.pricing import Run
    from api.reading import Refused
    from api.terminal import print_refusals

    counted = [0, 0]
    try:
        with table_of(source) as table:
            _known(meant, table.schema.names)
            run = Run(_pricing(language), table.schema, meant)
            for heading in run.layout.unknown:
                click.echo(f"{heading!r} is no name that we know: the column goes through as it is", err=True)
            write(target, run.schema, _counting(run.answers(table.batches), counted), table.written)
    except BrokenFile as error:
        raise click.ClickException(str(error)) from None
    except Refused as refused:
        print_refusals(refused.refusals, language)
        sys.exit(1)
    return counted[0], counted[1]


def _known(meant: Iterable[str], headings: Sequence[str]) -> None:
    """Refuse to say what a heading stands for that the file does not have."""
    for heading in meant:
        if heading not in headings:
            raise click.BadParameter(f"the file has no column {heading!r}", param_hint="--column")


def _pricing(language: str) -> "Pricing":
    from api import known_of, utc_now
    from api.batches.consignments import Pricing
    from api.fx_cli import read_book, read_settings
    from api.schemas import QuoteIn

    settings = read_settings()
    book = read_book(settings)
    return Pricing(book, QuoteIn(known_of(settings, book, utc_now)), language)


def _counting(batches: Iterable["pa.RecordBatch"], counted: list[int]) -> Iterator["pa.RecordBatch"]:
    """The same batches, their rows counted and shown on a terminal."""
    shown = sys.stderr.isatty()
    for batch in batches:
        errors = batch.column(batch.num_columns - 1)
        counted[0] += batch.num_rows
        counted[1] += batch.num_rows - errors.null_count
        if shown:
            click.echo(f"\r{counted[0]:,} rows", err=True, nl=False)
        yield batch
    if shown:
        click.echo(err=True)
