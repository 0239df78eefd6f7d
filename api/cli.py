"""The `galeon` command: serve the API, price one consignment in the terminal, write the specification."""

import json
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from api import known_of, utc_now
from api.calendar_cli import calendar
from api.compare_cli import compare
from api.correct_cli import correct
from api.db_cli import db
from api.declaration_cli import declaration
from api.doctor_cli import doctor
from api.fx_cli import fx, read_book, read_settings
from api.key_cli import keys
from api.mcp_cli import mcp
from api.notice_cli import notice
from api.packs_cli import COMMANDS as PACKS
from api.price_cli import price
from api.reconcile_cli import reconcile
from api.rehearse_cli import rehearse
from api.release_cli import COMMANDS
from api.settings import KEYS, BadSetting
from api.sheet_cli import sheets
from api.signing_cli import signing_key
from api.stress_cli import stress
from api.tables_cli import tables
from api.target_cli import target
from api.verify_cli import export, verify
from api.what_if_cli import what_if
from api.worker_cli import worker
from calculator.logistics import MODES
from calculator.rails import CHARGES
from calculator.way import BEST, REGIMES


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="galeon")
def main() -> None:
    """Galeón: the landed cost of goods from Mexico in China, every step explained."""


@main.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen: loopback only, unless GALEON_AUTH=keys."
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--uds",
    type=click.Path(dir_okay=False, resolve_path=True, path_type=Path),
    help="Listen at this unix socket, for a server in front such as nginx, instead of at --host and --port.",
)
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes. [default: one for each core]")
def serve(host: str, port: int, uds: Path | None, workers: int | None) -> None:
    """Serve the API and its documentation.

    SIGTERM and Ctrl-C finish what began and stop; SIGHUP reads the tables again without a pause.
    """
    from api.garbage import growing

    click.get_current_context().with_resource(growing())
    from sqlalchemy.exc import SQLAlchemyError

    from api.database import OldTables
    from api.keyring import Keyring
    from api.processes import taken, unusable
    from api.serving import NotLoopback, address, curl, loopback, workers_of
    from api.serving import serve as run
    from api.signing import Signing
    from api.store import Store
    from tariffs.overlay import OverlayRefused

    settings = read_settings()
    try:
        Signing.of(settings)
        host = loopback(host, settings.auth == KEYS)
    except (BadSetting, NotLoopback) as error:
        raise click.ClickException(str(error)) from None
    if uds and (wrong := unusable(uds)):
        raise click.ClickException(f"--uds {uds}: {wrong}.")
    if uds is None and taken(host, port):
        raise click.ClickException(f"port {port} of {host} is in use: stop that server, or choose another with --port.")
    try:
        store = Store.at(settings.database)
        unkeyed = settings.auth == KEYS and not Keyring(store.engine).all()
        store.close()
    except OldTables as error:
        raise click.ClickException(str(error)) from None
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise click.ClickException(f"the database cannot be opened (GALEON_DATABASE): {error}") from None
    if unkeyed:
        click.echo(
            "No key has been made yet, so no call is answered: galeon keys make --kind secret --owner NAME", err=True
        )
    click.echo("Reading the tables …", err=True)

    def listening() -> None:
        base = address(host, port)
        if uds:
            click.echo(f"Galeón answers at {uds}  (stop with Ctrl-C)")
        else:
            click.echo(f"Galeón answers at {base}  (documentation: {base}/docs; stop with Ctrl-C)")
        if settings.fx_refresh:
            from api.fx_refreshing import Periodic, refresher_of

            Periodic(refresher_of(settings), settings.fx_refresh).start()
        if not uds:
            click.echo("Try:")
            click.echo(f"  {curl(base, settings.auth == KEYS)}")

    try:
        run(host, port, workers_of(workers), listening, uds)
    except OverlayRefused as error:
        raise click.ClickException(str(error)) from None


@main.command()
@click.option("--product", help="A Mexican good by its name in the tables, such as avocado-fresh.")
@click.option("--hs-code", help="Its code in the Chinese tariff, 8 digits.")
@click.option("--fraccion", help="Its code in the Mexican tariff: 0804.40.01, with or without the NICO.")
@click.option("--description", help="What it is, for a good outside the tables; needs --duty and --vat.")
@click.option("--quantity", required=True, help="Number and unit: '20.16 t', '5040 cartons', '1000 斤'.")
@click.option("--price", required=True, help="The price, for --per.")
@click.option("--currency", required=True, help="The currency of the price: USD, MXN, CNY, …")
@click.option("--per", default="total", show_default=True, help="What the price is for: kg, t, L, carton, total.")
@click.option("--incoterm", help="Incoterms 2020. [default: FOB]")
@click.option("--place", help="The place of the Incoterm: MXZLO, or 'Uruapan, MX'.")
@click.option("--mode", type=click.Choice(MODES), help="How the goods travel; needs --from and --to.")
@click.option("--from", help="The port or airport where they set out: MXZLO.")
@click.option("--to", help="The port or airport where they arrive: CNSHA.")
@click.option("--equipment", help="The container: 40RH; or LCL.")
@click.option(
    "--freight", help="The main freight of the whole consignment; or planning, our own range for the route, estimated."
)
@click.option("--freight-currency", help="Its currency. [default: that of the price]")
@click.option("--insurance", help="The insurance premium.")
@click.option("--insurance-currency", help="Its currency. [default: that of the price]")
@click.option("--rail", help="How the buyer pays: swift-tt, lc, cips-rmb, … of /v1/payment-rails.")
@click.option("--payment-currency", help="The currency of the payment. [default: that of the price]")
@click.option("--charges", type=click.Choice(CHARGES), help="Who bears the charges of a transfer; needs --rail.")
@click.option("--fx", multiple=True, metavar="PAIR=RATE", help="A rate you insist on: USD/CNY=6.7628. May be repeated.")
@click.option("--fx-band", help="By how much exchange rates may rise or fall in the range of the landed cost: 5%.")
@click.option("--duty", help="Your own duty: 25%, '20% + 1 CNY/kg'.")
@click.option("--vat", help="Your own rate of import VAT: 9%.")
@click.option("--consumption-tax", help="Your own consumption tax: '20% + 0.912 CNY/L'.")
@click.option("--origin", help="Country of origin (ISO 3166), or unknown. [default: MX]")
@click.option("--tariff-quota", type=click.Choice(["true", "sliding"]), help="The quota certificate that is held.")
@click.option(
    "--tariff-part", help="They belong to the part of their line with its own rate: true, false, or its words."
)
@click.option(
    "--attribute", multiple=True, metavar="NAME=VALUE", help="A fact that decides a class: displacement_cc=1998."
)
@click.option(
    "--regime",
    type=click.Choice([*REGIMES, BEST]),
    help="The way in; best compares them all. [default: general_trade]",
)
@click.option("--declared-on", help="The day of declaration, 2026-11-23. [default: today in Shanghai]")
@click.option("--display-currency", help="Show the landed cost in this currency too.")
@click.option("--language", type=click.Choice(["en", "es", "zh"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the API instead of a table.")
def quote(as_json: bool, language: str, **given: Any) -> None:
    """Price one consignment. Exit code 2 where it cannot be priced."""
    from api.answers import answer
    from api.candidates import offering
    from api.pricing import price
    from api.reading import Refused
    from api.schemas import QuoteIn
    from api.terminal import print_quote, print_refusals
    from calculator.errors import Unpriceable

    settings = read_settings()
    book = read_book(settings)
    try:
        asked = QuoteIn(known_of(settings, book, utc_now)).load(request_of(language, **given))
        with offering(asked, book):
            priced = price(asked, book)
    except Refused as refused:
        print_refusals(refused.refusals, language)
        sys.exit(2)
    except Unpriceable as refusal:
        print_refusals((refusal,), language)
        sys.exit(2)
    document = answer(priced, id=None, created_at=utc_now().astimezone(UTC), language=language)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print_quote(document, language)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=str), default="-")
def openapi(file: str) -> None:
    """Write the specification (OpenAPI 3.1) of the tables as they are shipped to FILE, or to the terminal."""
    from api.specification import shipped
    from tariffs.book import Book

    text = shipped(Book.load())
    if file == "-":
        click.echo(text, nl=False)
    else:
        Path(file).write_text(text, encoding="utf-8")


def request_of(language: str, **given: Any) -> dict[str, Any]:
    """The request of the API that the options of the command line say."""
    of_line = ("product", "hs_code", "fraccion", "description", "quantity", "origin")
    line: dict[str, Any] = {name: given[name] for name in of_line if given.get(name)}
    line["price"] = {"amount": given["price"], "currency": given["currency"], "per": given["per"]}
    if given.get("tariff_quota"):
        line["tariff_quota"] = True if given["tariff_quota"] == "true" else given["tariff_quota"]
    if given.get("tariff_part"):
        part = given["tariff_part"]
        line["tariff_part"] = {"true": True, "false": False}.get(part, part)
    if given.get("attribute"):
        line["attributes"] = _pairs(given["attribute"])
    tariff = {name: given[name] for name in ("duty", "vat", "consumption_tax") if given.get(name)}
    if tariff:
        line["tariff"] = tariff
    costs: dict[str, Any] = {
        leg: {"amount": given[leg], "currency": given.get(f"{leg}_currency") or given["currency"]}
        for leg in ("freight", "insurance")
        if given.get(leg)
    }
    if given.get("freight") == "planning":
        costs["freight"] = given["freight"]
    document: dict[str, Any] = {"goods": [line], "language": language}
    route = {name: given[name] for name in ("mode", "from", "to", "equipment") if given.get(name)}
    if route:
        document["route"] = route
    paying = {"rail": "rail", "payment_currency": "currency", "charges": "charges"}
    payment = {field: given[name] for name, field in paying.items() if given.get(name)}
    if payment:
        document["payment"] = payment
    for name in ("incoterm", "place", "regime", "declared_on", "display_currency", "fx_band"):
        if given.get(name):
            document[name] = given[name]
    if costs:
        document["costs"] = costs
    if given.get("fx"):
        document["fx"] = _pairs(given["fx"])
    return document


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    """Options of the form NAME=VALUE."""
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in given)}


for command in (*COMMANDS, *PACKS):
    tables.add_command(command)
tables.add_command(rehearse)
tables.add_command(correct)
main.add_command(tables)
main.add_command(calendar)
main.add_command(compare)
main.add_command(db)
main.add_command(declaration)
main.add_command(doctor)
main.add_command(export)
main.add_command(fx)
main.add_command(keys)
main.add_command(mcp)
main.add_command(notice)
main.add_command(price)
main.add_command(reconcile)
main.add_command(sheets)
main.add_command(signing_key)
main.add_command(stress)
main.add_command(target)
main.add_command(verify)
main.add_command(what_if)
main.add_command(worker)

if __name__ == "__main__":
    main()
