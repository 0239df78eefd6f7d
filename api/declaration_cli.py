"""`galeon declaration FILE`: a consignment as the data that a declaration to China Customs asks for."""

import json
from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, SOURCE, document_of, form_of, refusals_told, spoken_in, write, written_to
from api.fx_cli import read_book, read_settings

FORMS = ("json", "xlsx")


@click.command()
@SOURCE
@written_to(FORMS)
@LANGUAGE
def declaration(source: Path, target: Path | None, language: str | None) -> None:
    """Print what a declaration to China Customs asks for of a consignment, as JSON: a preparation aid, not a declaration.

    REQUEST is the JSON of POST /v1/quotes; - is standard input. Exit code 2 where it cannot be priced or has no such form.
    """
    from api.declaration_answer import Declarations
    from api.pricing import price
    from api.renderings.declaration_sheet import workbook
    from api.schemas import QuoteIn
    from api.writing import json_bytes

    form = form_of(source, target, FORMS)
    document = document_of(source, language, language=language)
    spoken = spoken_in(document)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(spoken):
        quote = price(QuoteIn(known_of(settings, book, utc_now)).load(document), book)
        sheet = Declarations(book.records).sheet(quote, document, spoken)
    if target is None:
        click.echo(json.dumps(sheet, ensure_ascii=False, indent=2))
    else:
        write(target, workbook(sheet) if form == "xlsx" else json_bytes(sheet), "The sheet")
