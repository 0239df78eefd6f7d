"""`galeon what-if FILE`: what changed rows of the law would do to a basket of consignments."""

from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import SOURCE, document_of, form_of, refusals_told, write, written_to
from api.fx_cli import read_book, read_settings
from api.languages import DEFAULT, LANGUAGES

# Those of POST /v1/what-if.
FORMS = ("json", "csv", "xlsx")


@click.command("what-if")
@SOURCE
@written_to(FORMS)
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def what_if(source: Path, target: Path | None, language: str) -> None:
    """Price a basket as the law is and as it would be; no table is changed.

    REQUEST is the JSON of POST /v1/what-if, with `changes` and a `basket`; - is standard input. Exit code 2 where it is wrong.
    """
    from api.schemas import QuoteIn
    from api.suppose_answer import answer
    from api.suppose_schemas import WhatIfIn
    from api.supposing import written
    from api.what_if_terminal import print_what_if

    form = form_of(source, target, FORMS)
    document = document_of(source, language)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(language):
        asked = WhatIfIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        supposed = answer(asked, book, language)
    if target is None:
        print_what_if(supposed, language)
    else:
        write(target, written(supposed, form), "The answer")
