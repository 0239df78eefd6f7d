"""The `galeon sheets` group: write the files with which spreadsheets ask a server."""

from pathlib import Path

import click

from api.languages import DEFAULT, LANGUAGES


@click.group()
def sheets() -> None:
    """Spreadsheets that ask Galeón."""


@sheets.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--server", default="http://localhost:8000", show_default=True, help="The address of the server they ask."
)
@click.option("--language", type=click.Choice(LANGUAGES), default=DEFAULT, show_default=True)
def make(folder: Path, server: str, language: str) -> None:
    """Write a workbook of cells, a Google Apps Script and a Power Query function into DIR."""
    from api.sheet_templates.files import KINDS, SERVER, sheet_file

    server = server.rstrip("/")
    if not SERVER.fullmatch(server):
        raise click.BadParameter("write an address such as https://galeon.example", param_hint="--server")
    folder.mkdir(parents=True, exist_ok=True)
    for name in KINDS:
        file = folder / name
        file.write_bytes(sheet_file(name, server, language))
        click.echo(file)
