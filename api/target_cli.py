"""`galeon target REQUEST`: the highest price at which the landed cost stays within a target."""

from datetime import UTC
from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, SOURCE, document_of, form_of, priced, refusals_told, spoken_in, write, written_to
from api.fx_cli import read_book, read_settings

FORMS = ("json",)


@click.command()
@SOURCE
@click.option(
    "--landed",
    metavar="'22.00 CNY/kg'",
    help="The landed cost, in place of the target of REQUEST; without a unit that of the whole.",
)
@written_to(FORMS)
@LANGUAGE
def target(source: Path, landed: str | None, target: Path | None, language: str | None) -> None:
    """Find the highest price that meets a target landed cost.

    REQUEST is the JSON of POST /v1/targets, in which one line of goods has a price without an amount; - is standard input.
    Exit code 2 where the request is wrong, or no price meets the target.
    """
    from api.aim_schemas import TargetIn
    from api.aiming import aimed_document
    from api.decisions_terminal import print_target
    from api.schemas import QuoteIn
    from api.writing import json_bytes

    form_of(source, target, FORMS)
    document = document_of(source, language, language=language, target=priced(landed, "--landed"))
    spoken = spoken_in(document)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(spoken):
        asked = TargetIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        aimed = aimed_document(asked, book, spoken, utc_now().astimezone(UTC))
    if target is None:
        print_target(aimed, spoken)
    else:
        write(target, json_bytes(aimed), "The price and its quote")
