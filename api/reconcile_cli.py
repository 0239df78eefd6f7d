"""`galeon reconcile BILLS…`: bills held against their quotes, one in full, many by cause and by product."""

import sys
from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, write
from api.fx_cli import read_book, read_settings
from api.languages import DEFAULT

# Those of POST /v1/reconciliations.
FORMS = ("json", "csv", "xlsx", "svg")


@click.command()
@click.argument(
    "bills", nargs=-1, required=True, metavar="BILL…", type=click.Path(exists=True, readable=True, path_type=Path)
)
@click.option(
    "--to",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Write this file instead of a table: .{', .'.join(FORMS)} (bars).",
)
@click.option("--owner", default="", help="Whose quotes the bills name, where keys are used.")
@LANGUAGE
def reconcile(bills: tuple[Path, ...], target: Path | None, owner: str, language: str | None) -> None:
    """Hold each BILL against its quote, and tell what made the difference.

    A BILL is the JSON of POST /v1/reconciliations, or a folder of such files (those that end with .galeon.json are quotes).
    Its `quote` is the id of a kept quote, or the name of a .galeon.json file beside it, which is verified first. One bill is
    told line by line, several by cause and by product. Exit code 2 where one of them could not be reconciled.
    """
    from api.bill_summary import summary
    from api.bill_summary import written as summed
    from api.bills import Bills, bills_in
    from api.reconcile_terminal import print_problems, print_reconciliation, print_summary
    from api.reconciliation_schemas import ReconciliationIn
    from api.reconciling import written
    from api.schemas import QuoteIn

    form = _form(target, bills)
    files = bills_in(bills)
    if not files:
        raise click.ClickException("there is no bill (.json) in the folder")
    settings = read_settings()
    book = read_book(settings)
    reader = ReconciliationIn(QuoteIn(known_of(settings, book, utc_now)))
    held = list(Bills(settings, book, reader, owner, language).held(files))
    alone = len(bills) == len(files) == 1 and not bills[0].is_dir()
    spoken = held[0].language if alone else language or DEFAULT
    together = summary(held, spoken)
    print_problems(together, spoken)
    one = held[0].document if alone else None
    if one is not None:
        if target is None:
            print_reconciliation(one, spoken)
        else:
            write(target, written(one, form, spoken), f"{len(one['lines'])} lines")
    elif target is not None and not alone:
        write(target, summed(together, form, spoken), f"{len(files)} bills")
    elif any(each.document for each in held):
        print_summary(together, spoken)
    if any(each.document is None for each in held):
        sys.exit(2)


def _form(target: Path | None, bills: tuple[Path, ...]) -> str:
    """The form of the file that is wanted, as its name ends; "" for none."""
    if target is None:
        return ""
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise click.BadParameter(f"let the name end with .{', .'.join(FORMS)}", param_hint="--to")
    if target.resolve() in {each.resolve() for each in bills} or (form == "json" and _inside(target, bills)):
        raise click.BadParameter("it would overwrite a bill, or be taken for one", param_hint="--to")
    return form


def _inside(target: Path, bills: tuple[Path, ...]) -> bool:
    return any(each.is_dir() and target.resolve().parent == each.resolve() for each in bills)
