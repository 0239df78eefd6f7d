"""`galeon calendar REQUEST`: the landed cost month by month, behind and ahead."""

from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, SOURCE, document_of, form_of, refusals_told, spoken_in, write, written_to
from api.fx_cli import read_book, read_settings

# Those of POST /v1/calendars.
FORMS = ("json", "csv", "xlsx", "svg")


@click.command()
@SOURCE
@click.option("--behind", metavar="N", help="Months before the day of REQUEST. [default: 12]")
@click.option("--ahead", metavar="N", help="Months after it. [default: 12]")
@written_to(FORMS, " (a line)")
@LANGUAGE
def calendar(source: Path, behind: str | None, ahead: str | None, target: Path | None, language: str | None) -> None:
    """Tell the landed cost of REQUEST month by month, before the day it is declared and after.

    REQUEST is the JSON of POST /v1/calendars, or of a quote; - is standard input. Months ahead are priced at announced law
    and at the last exchange rates that are known. Exit code 2 where the request is wrong, or no month can be priced.
    """
    from api.calendar_schemas import CalendarIn
    from api.calendar_terminal import print_calendar
    from api.calendars import calendar_told, written
    from api.schemas import QuoteIn

    form = form_of(source, target, FORMS)
    document = document_of(source, language, language=language)
    given = {name: value for name, value in (("behind", behind), ("ahead", ahead)) if value is not None}
    if given and isinstance(document, dict):
        own = document.get("calendar", {})
        document["calendar"] = {**own, **given} if isinstance(own, dict) else own
    spoken = spoken_in(document)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(spoken):
        asked = CalendarIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        told = calendar_told(asked, book, spoken)
    if target is None:
        print_calendar(told, spoken)
        return
    write(target, written(told, form, spoken), f"{len(told['months'])} months")
