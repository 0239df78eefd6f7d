"""`galeon mcp`: the tools for language models over standard input and output."""

import click

from api import create_app, utc_now
from api.fx_cli import read_book, read_settings
from api.languages import DEFAULT, LANGUAGES


@click.command()
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=DEFAULT,
    show_default=True,
    help="Of answers, where a call names none.",
)
def mcp(language: str) -> None:
    """Serve the tools quote, search_tariff_lines, compare, target and explain_step (Model Context Protocol, stdio).

    A client starts this by itself. It reads the tables of this installation, asks no network, and keeps no quote. A server
    offers the same tools at /mcp (galeon serve). Needs the SDK of the protocol: pip install 'galeon[mcp]'.
    """
    from api.mcp.route import PACKAGE, installed

    if not installed():
        raise click.ClickException(f"the SDK of the protocol is not installed: pip install '{PACKAGE}'")
    from api.logs import open_log
    from api.mcp.server import server_of
    from api.mcp.stdio import serve
    from api.mcp.tools import Tools
    from api.settings import Settings
    from api.store import Store

    settings = read_settings()
    open_log(settings)
    store = Store.at("sqlite://")
    # Only what decides figures: there is no door here, and no ledger.
    bare = Settings(database="", fx_strict=settings.fx_strict, tables=settings.tables, fx=settings.fx)
    app = create_app(bare, read_book(settings), store, utc_now)
    tools: Tools = app.extensions["galeon-mcp"]
    try:
        serve(server_of(tools.without_store(), lambda _scope: None, lambda: language))
    finally:
        store.close()
