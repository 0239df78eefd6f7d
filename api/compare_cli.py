"""`galeon compare REQUEST`: one request in many scenarios, side by side in the terminal or in a file."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from api import known_of, utc_now
from api.fx_cli import read_book, read_settings
from api.languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from calculator.errors import Unpriceable

# Those of POST /v1/comparisons.
FORMS = ("json", "csv", "xlsx", "svg")
PIPE = Path("-")


@click.command()
@click.argument(
    "source", metavar="REQUEST", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "--vary", metavar="FILE|JSON", help='What varies, in place of the vary of REQUEST: {"incoterm": ["FOB", "CIF"]}.'
)
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Write this file instead of a table: .{', .'.join(FORMS)} (bars).",
)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="In place of the request's own. [default: that, or else en]"
)
def compare(source: Path, vary: str | None, target: Path | None, language: str | None) -> None:
    """Compare up to 200 scenarios of REQUEST, the JSON of POST /v1/comparisons; - is standard input.

    Every combination of what `vary` holds is priced. Open scenarios come first, by landed cost; those that are closed say
    why. Exit code 2 where the request is wrong, or none of them can be priced.
    """
    from api.comparing import compared_document, written
    from api.comparison_schemas import ComparisonIn
    from api.reading import Refused
    from api.schemas import QuoteIn
    from api.terminal import print_comparison
    from calculator.errors import Unpriceable

    form = _form(source, target)
    document = _document(source, vary, language)
    spoken = _spoken(document)
    settings = read_settings()
    book = read_book(settings)
    try:
        asked = ComparisonIn(QuoteIn(known_of(settings, book, utc_now))).load(document)
        compared = compared_document(asked, book, spoken)
    except Refused as refused:
        _refuse(refused.refusals, spoken)
    except Unpriceable as refusal:
        _refuse((refusal,), spoken)
    if target is None:
        print_comparison(compared, spoken)
        return
    body = written(compared, form, spoken)
    try:
        target.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None
    click.echo(f"{len(compared['scenarios'])} scenarios in {target}", err=True)


def _form(source: Path, target: Path | None) -> str:
    """The form of the file that is wanted, as its name ends."""
    form = "" if target is None else target.suffix.lower().removeprefix(".")
    if target is not None and form not in FORMS:
        raise click.BadParameter(f"let the name end with .{', .'.join(FORMS)}", param_hint="--to")
    if target is not None and source != PIPE and source.resolve() == target.resolve():
        raise click.BadParameter("it would overwrite REQUEST", param_hint="--to")
    return form


def _document(source: Path, vary: str | None, language: str | None) -> Any:
    """The request, with what the options put in its places."""
    with click.open_file(f"{source}", "rb") as file:
        document = _json(file.read(), f"{source}", language)
    if not isinstance(document, dict):
        return document
    if vary is not None:
        document["vary"] = _varied(vary, language)
    if language is not None:
        document["language"] = language
    return document


def _varied(text: str, language: str | None) -> object:
    """What varies: JSON as it stands, or in a file."""
    if text.lstrip().startswith("{"):
        return _json(text.encode(), "--vary", language)
    try:
        return _json(Path(text).read_bytes(), text, language)
    except OSError as error:
        raise click.BadParameter(f"{text}: {error.strerror}", param_hint="--vary") from None


def _json(body: bytes, name: str, language: str | None) -> object:
    """A value of JSON; what is wrong with it is told under the name of its file."""
    from api.reading import Malformed, read_json
    from calculator.errors import Unreadable

    try:
        return read_json(body)
    except Malformed as malformed:
        click.echo(f"{name}: ", nl=False, err=True)
        _refuse(malformed.errors or (Unreadable(malformed.code, "", (), **malformed.facts),), language or DEFAULT)


def _spoken(document: Any) -> str:
    """The language of the request; English where it names none of ours."""
    named = document.get("language") if isinstance(document, dict) else None
    return named if named in LANGUAGES else DEFAULT


def _refuse(refusals: Iterable["Unpriceable"], language: str) -> NoReturn:
    from api.terminal import print_refusals

    print_refusals(refusals, language)
    sys.exit(2)
