"""`galeon tables rehearse DAY`: the stored or given requests as of that day, and what changes.

The clock is read here, at the door.
"""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api import known_of, utc_now
from api.asking import PIPE, form_of, written_to
from api.asking import write as write_file
from api.fx_cli import read_book, read_settings
from api.languages import LANGUAGES
from api.tables_cli import DAY

if TYPE_CHECKING:
    from api.rehearsing import Rehearsed
    from api.schemas import QuoteIn
    from api.settings import Settings
    from tariffs.book import Book

FORMS = ("json", "csv", "xlsx")


@click.command()
@click.argument("day", type=DAY)
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", help="The stored quotes of this owner alone.")
@click.option(
    "--limit",
    default=1000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="So many stored quotes, the newest.",
)
@click.option("--catalogue", is_flag=True, help="A consignment of each good of the tables, in place of stored quotes.")
@click.option("--all", "whole", is_flag=True, help="Print every row, not only the first 50 that change.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@written_to(FORMS)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def rehearse(
    day: date,
    files: tuple[Path, ...],
    owner: str | None,
    limit: int,
    catalogue: bool,
    whole: bool,
    language: str,
    target: Path | None,
    as_json: bool,
) -> None:
    """Price requests as of DAY, such as 2027-01-01, and list what changes and why.

    FILEs are requests of POST /v1/quotes (.json, .ndjson), or rows as `galeon price` reads them. Without any, the stored
    quotes are rehearsed; where there are none, a consignment of each of our goods. Nothing is kept.
    """
    from api.rehearsal_answer import print_rehearsal, table, workbook
    from api.rehearsing import rehearsed_document
    from api.schemas import QuoteIn

    if files and (owner is not None or catalogue):
        raise click.UsageError("give files, or --owner, or --catalogue")
    form = form_of(files[0] if files else PIPE, target, FORMS)
    settings = read_settings()
    book = read_book(settings)
    schema = QuoteIn(known_of(settings, book, utc_now))
    with _requests(settings, schema, book, files, None if catalogue else (owner, limit), language) as requests:
        document = rehearsed_document(requests, day, book, language)
    if target is not None:
        file = io.BytesIO()
        if form == "xlsx":
            workbook(file, document, language)
        body = {"json": lambda: _json(document).encode(), "csv": lambda: table(document, language)}
        write_file(target, body.get(form, file.getvalue)(), f"{len(document['rows'])} requests")
    elif as_json:
        click.echo(_json(document), nl=False)
    else:
        print_rehearsal(document, language, whole)


@contextmanager
def _requests(
    settings: "Settings",
    schema: "QuoteIn",
    book: "Book",
    files: tuple[Path, ...],
    kept: tuple[str | None, int] | None,
    language: str,
) -> Iterator[Iterator["Rehearsed"]]:
    """The requests of files, of the database where it holds any, or of the catalogue; what cannot be read is told."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.batches.forms import BrokenFile
    from api.reading import Malformed, Refused
    from api.rehearsal_requests import LedgerUnusable, catalogue, kept_requests, ledger_of, requests_of

    try:
        if files:
            yield requests_of(files, schema, book, language)
            return
        if kept is not None:
            with ledger_of(settings) as store:
                if store is not None:
                    yield kept_requests(store, book, *kept)
                    return
                if kept[0] is not None:
                    yield iter(())
                    return
        yield catalogue(schema, book)
    except Malformed as malformed:
        raise click.ClickException(f"a file is no JSON ({malformed.code})") from None
    except Refused as refused:
        from api.terminal import print_refusals

        print_refusals(refused.refusals, language)
        raise click.exceptions.Exit(2) from None
    except BrokenFile as broken:
        raise click.ClickException(f"{broken}") from None
    except (SQLAlchemyError, LedgerUnusable) as error:
        raise click.ClickException(f"the database (GALEON_DATABASE): {error}") from None


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
