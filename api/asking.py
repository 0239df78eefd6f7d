"""What the commands share that ask something of one request in a file: its document, its language, refusals, the file written."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from api.languages import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from calculator.errors import Unpriceable

PIPE = Path("-")
# An amount of a currency, of a unit or of all: 22.00 CNY/kg; 400000 CNY. Each is read by the route's own field.
_PRICED = re.compile(r"(\S+)\s+([A-Za-z]+)(?:\s*/\s*(\S.*))?")

SOURCE = click.argument(
    "source", metavar="REQUEST", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
LANGUAGE = click.option(
    "--language", type=click.Choice(LANGUAGES), help="In place of the request's own. [default: that, or else en]"
)


def written_to(forms: Sequence[str], more: str = "") -> "Callable[[Any], Any]":
    """The option --to, of files in some forms."""
    return click.option(
        "--to",
        "target",
        type=click.Path(dir_okay=False, path_type=Path),
        help=f"Write this file instead of a table: .{', .'.join(forms)}{more}.",
    )


def form_of(source: Path, target: Path | None, forms: Sequence[str]) -> str:
    """The form of the file that is wanted, as its name ends; "" for none."""
    form = "" if target is None else target.suffix.lower().removeprefix(".")
    if target is not None and form not in forms:
        raise click.BadParameter(f"let the name end with .{', .'.join(forms)}", param_hint="--to")
    if target is not None and source != PIPE and source.resolve() == target.resolve():
        raise click.BadParameter("it would overwrite REQUEST", param_hint="--to")
    return form


def document_of(source: Path, spoken: str | None, /, **given: object) -> Any:
    """The request, with what the options give in the places of its members; None gives nothing."""
    with click.open_file(f"{source}", "rb") as file:
        document = json_of(file.read(), f"{source}", spoken)
    if isinstance(document, dict):
        document.update({name: value for name, value in given.items() if value is not None})
    return document


def json_of(body: bytes, name: str, language: str | None) -> object:
    """A value of JSON; what is wrong with it is told under the name of its file."""
    from api.reading import Malformed, read_json
    from calculator.errors import Unreadable

    try:
        return read_json(body)
    except Malformed as malformed:
        click.echo(f"{name}: ", nl=False, err=True)
        _refuse(malformed.errors or (Unreadable(malformed.code, "", (), **malformed.facts),), language or DEFAULT)


def priced(text: str | None, option: str) -> dict[str, str] | None:
    """An amount of money for a unit, as JSON; without a unit it is the total."""
    if text is None:
        return None
    found = _PRICED.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter("write it as '22.00 CNY/kg', or '400000 CNY' for the total", param_hint=option)
    return {"amount": found[1], "currency": found[2], "per": found[3] or "total"}


def spoken_in(document: Any) -> str:
    """The language of the request; English where it names none of ours."""
    named = document.get("language") if isinstance(document, dict) else None
    return named if named in LANGUAGES else DEFAULT


@contextmanager
def refusals_told(language: str) -> Iterator[None]:
    """What is refused is told on the error output, with its place; the exit code is 2."""
    from api.reading import Refused
    from calculator.errors import Unpriceable

    try:
        yield
    except Refused as refused:
        _refuse(refused.refusals, language)
    except Unpriceable as refusal:
        _refuse((refusal,), language)


def write(target: Path, body: bytes, told: str) -> None:
    """Write the file, and tell on the error output what it holds."""
    try:
        target.write_bytes(body)
    except OSError as error:
        raise click.ClickException(f"{target}: {error.strerror}") from None
    click.echo(f"{told} in {target}", err=True)


def _refuse(refusals: Iterable["Unpriceable"], language: str) -> NoReturn:
    from api.terminal import print_refusals

    print_refusals(refusals, language)
    sys.exit(2)
