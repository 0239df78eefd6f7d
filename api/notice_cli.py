"""`galeon notice`: whose work is in Galeón and beside it, and under which licence."""

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path), default="-")
def notice(file: Path) -> None:
    """Write whose work Galeón uses to FILE, or to the terminal: tables, documents, scripts, and the packages installed here."""
    from api.notice import notice as text

    with click.open_file(f"{file}", "w", encoding="utf-8") as opened:
        opened.write(text())
