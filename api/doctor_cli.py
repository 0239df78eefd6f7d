"""`galeon doctor`: what soon ends, what has ended, what is broken, and how each is mended.

The clock is read here, at the door.
"""

import json
import sys
from datetime import date

import click

from api import day_in_china, utc_now
from api.fx_cli import read_settings
from api.tables_cli import DAY


@click.command()
@click.option("--on", type=DAY, help="As it will be on this day. [default: today in Shanghai]")
@click.option(
    "--within", default=30, show_default=True, type=click.IntRange(0, 3650), help="What ends in so many days ends soon."
)
@click.option("--all", "whole", is_flag=True, help="Tell what is well too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def doctor(on: date | None, within: int, whole: bool, as_json: bool) -> None:
    """Look the installation over: tables, rates, keys, clock, database, disk. Exit code 1 where something is broken.

    Nothing is changed, and nobody is asked outside. What ends stops no quote: it is priced on, and says so.
    """
    from api import doctor_house, doctor_tables
    from api.doctor import BROKEN, document, examined, installation_of
    from api.doctor_terminal import print_examined

    now = utc_now()
    installation = installation_of(read_settings(), on or day_in_china(now), now, within)
    found = examined(installation, (*doctor_tables.CHECKS, *doctor_house.CHECKS))
    if as_json:
        click.echo(json.dumps(document(installation, found), ensure_ascii=False, indent=2))
    else:
        print_examined(installation, found, whole)
    sys.exit(1 if any(each.state == BROKEN for each in found) else 0)
