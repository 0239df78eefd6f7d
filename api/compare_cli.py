"""`galeon compare REQUEST`: one request in many scenarios, side by side in the terminal or in a file."""

from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, SOURCE, document_of, form_of, json_of, refusals_told, spoken_in, write, written_to
from api.fx_cli import read_book, read_settings

# Those of POST /v1/comparisons.
FORMS = ("json", "csv", "xlsx", "svg")


@click.command()
@SOURCE
@click.option(
    "--vary", metavar="FILE|JSON", help='What varies, in place of the vary of REQUEST: {"incoterm": ["FOB", "CIF"]}.'
)
@written_to(FORMS, " (bars)")
@LANGUAGE
def compare(source: Path, vary: str | None, target: Path | None, language: str | None) -> None:
    """Compare up to 200 scenarios of REQUEST, the JSON of POST /v1/comparisons; - is standard input.

    Every combination of what `vary` holds is priced. Open scenarios come first, by landed cost; those that are closed say
    why. Exit code 2 where the request is wrong, or none of them can be priced.
    """
    from api.comparing import compared_document, written
    from api.comparison_schemas import ComparisonIn
    from api.schemas import QuoteIn
    from api.terminal import print_comparison

    form = form_of(source, target, FORMS)
    document = document_of(source, language, language=language, vary=None if vary is None else _varied(vary, language))
    spoken = spoken_in(document)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(spoken):
        asked = ComparisonIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        compared = compared_document(asked, book, spoken)
    if target is None:
        print_comparison(compared, spoken)
        return
    body = written(compared, form, spoken)
    write(target, body, f"{len(compared['scenarios'])} scenarios")


def _varied(text: str, language: str | None) -> object:
    """What varies: JSON as it stands, or in a file."""
    if text.lstrip().startswith("{"):
        return json_of(text.encode(), "--vary", language)
    try:
        return json_of(Path(text).read_bytes(), text, language)
    except OSError as error:
        raise click.BadParameter(f"{text}: {error.strerror}", param_hint="--vary") from None
