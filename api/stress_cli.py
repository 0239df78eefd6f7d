"""`galeon stress REQUEST`: what moved figures and earlier months make of a landed cost."""

from pathlib import Path

import click

from api import known_of, utc_now
from api.asking import LANGUAGE, SOURCE, document_of, form_of, priced, refusals_told, spoken_in, write, written_to
from api.fx_cli import read_book, read_settings

# Those of POST /v1/sensitivities, and of which part of its answer a table or a picture is.
FORMS = ("json", "csv", "svg")
PARTS = ("shocks", "history")


@click.command()
@SOURCE
@click.option(
    "--shock",
    multiple=True,
    metavar="NAME=PERCENT,…",
    help="Move a figure: fx=-10%,10%. May be repeated; all together stand in place of the shocks of REQUEST.",
)
@click.option("--years", metavar="N", help="Years of months to look back, in place of the history of REQUEST.")
@click.option(
    "--benchmark",
    metavar="'26.00 CNY/kg'",
    help="A domestic price in China to break even with; without a unit that of the whole.",
)
@written_to(FORMS, " (bars or a line)")
@click.option(
    "--part", type=click.Choice(PARTS), help="What the .csv or .svg holds, which is one of them. [default: shocks]"
)
@LANGUAGE
def stress(
    source: Path,
    shock: tuple[str, ...],
    years: str | None,
    benchmark: str | None,
    target: Path | None,
    part: str | None,
    language: str | None,
) -> None:
    """Tell what moved figures and earlier months make of a landed cost.

    REQUEST is the JSON of POST /v1/sensitivities; - is standard input. Exit code 2 where the request is wrong,
    or cannot be priced as it stands.
    """
    from api.decisions_terminal import print_stress
    from api.schemas import QuoteIn
    from api.stress_schemas import SensitivityIn
    from api.stressing import stressed_document, written

    form = form_of(source, target, FORMS)
    if part is not None and form not in ("csv", "svg"):
        raise click.BadParameter("it goes with --to and a name that ends with .csv, .svg", param_hint="--part")
    document = document_of(
        source,
        language,
        language=language,
        shocks=_shocks(shock),
        history=None if years is None else {"years": years},
        benchmark_price=priced(benchmark, "--benchmark"),
    )
    spoken = spoken_in(document)
    settings = read_settings()
    book = read_book(settings)
    with refusals_told(spoken):
        asked = SensitivityIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        stressed = stressed_document(asked, book, spoken)
        if target is None:
            print_stress(stressed, spoken)
            return
        body = written(stressed, form, part or PARTS[0], spoken)
    write(target, body, "The answer" if form == "json" else f"The {part or PARTS[0]}")


def _shocks(given: tuple[str, ...]) -> dict[str, list[str]] | None:
    """Options of the form NAME=PERCENT,PERCENT; a name that is given twice has the shocks of both."""
    shocks: dict[str, list[str]] = {}
    for text in given:
        name, equals, several = text.partition("=")
        if not equals:
            raise click.BadParameter(f"write it as fx=-10%,10%, not {text}", param_hint="--shock")
        shocks.setdefault(name.strip(), []).extend(each.strip() for each in several.split(",") if each.strip())
    return shocks or None
