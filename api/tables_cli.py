"""Commands of the `galeon tables` group for whoever maintains the tables: check, diff and import.

The clock is read here, at the door; the tables themselves know only the days that they are given.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from api import day_in_china, utc_now
from api.fx_cli import read_settings


class Day(click.ParamType):
    """A day written 2027-01-01."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or what to write."""
        from tariffs.tables import day

        if isinstance(value, date):
            return value
        try:
            return day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DAY = Day()
FOLDER = click.Path(file_okay=False, path_type=Path)
OVERLAY = click.option(
    "--overlay",
    type=FOLDER,
    envvar="GALEON_TABLES",
    help="A private folder laid over the tables. [default: GALEON_TABLES]",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")


@click.group()
def tables() -> None:
    """Look after the tables: check them, compare them, import a schedule."""


@tables.command()
@click.option(
    "--within", default=60, show_default=True, type=click.IntRange(0, 3650), help="Tell rows that end in so many days."
)
@click.option("--on", type=DAY, help="From which day to count. [default: today in Shanghai]")
@OVERLAY
@AS_JSON
def check(within: int, on: date | None, overlay: Path | None, as_json: bool) -> None:
    """Say every fault of the tables, and which rows soon end. Exit code 1 where there is a fault."""
    from api.tables_terminal import expiring_document, finding_document, print_check
    from tariffs.acceptance import judged
    from tariffs.checks import check as faults_of
    from tariffs.expiring import expiring
    from tariffs.fx import customs
    from tariffs.installed import serving
    from tariffs.overlay import Overlay
    from tariffs.records import Records

    root = serving(read_settings().releases).root
    if overlay is None:
        records = Records(root)
        faults = [*faults_of(records), *customs.findings(records.customs_rates)]
    else:
        records, faults = judged(Overlay.read(overlay), root)
    ending = expiring(records, on or day_in_china(utc_now()), within)
    if as_json:
        found = {
            "release": records.release,
            "findings": [finding_document(each) for each in faults],
            "expiring": [expiring_document(each) for each in ending],
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print_check(records.release, faults, ending, within)
    sys.exit(1 if faults else 0)


@tables.command()
@click.argument("old")
@click.argument("new")
@click.option("--on", type=DAY, help="Compare both books as they stand on this day. [default: over all days]")
@click.option("--old-on", type=DAY, help="The day for OLD, if not --on.")
@click.option("--new-on", type=DAY, help="The day for NEW, if not --on: what a new year changes.")
@click.option("--all", "whole", is_flag=True, help="Print every difference, not the first 100.")
@AS_JSON
def diff(
    old: str, new: str, on: date | None, old_on: date | None, new_on: date | None, whole: bool, as_json: bool
) -> None:
    """Say what NEW changes against OLD, by code, and for which goods.

    OLD and NEW are folders of tables (whole, or laid over those that serve), a release that this installation holds, or the
    words package and serving.
    """
    from api.tables_terminal import difference_document, print_differences
    from tariffs.difference import NoBook, book, differences
    from tariffs.overlay import OverlayRefused

    days = (old_on or on, new_on or on)
    if (days[0] is None) != (days[1] is None):
        raise click.UsageError("give a day for both books (--on, or --old-on and --new-on), or for neither")
    try:
        folder = read_settings().releases
        books = book(old, folder), book(new, folder)
        found = differences(*books, *days)
    except (NoBook, OverlayRefused) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        document = {
            "old": {"book": old, "release": books[0].release, "on": days[0] and str(days[0])},
            "new": {"book": new, "release": books[1].release, "on": days[1] and str(days[1])},
            "differences": [difference_document(each) for each in found],
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print_differences(found, whole)


@tables.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--year", type=click.IntRange(1950, 2999), help="The year of the schedule: from its first to its last day."
)
@click.option("--valid-from", type=DAY, help="The first day of the rates, instead of --year.")
@click.option("--valid-to", type=DAY, help="The last day of provisional rates. [default: the end of that year]")
@click.option(
    "--known-until",
    type=DAY,
    help="The last day of a complete schedule. [default with --whole: the year's]",
)
@click.option("--whole", is_flag=True, help="FILE is the whole schedule: lines that it does not have end.")
@click.option(
    "--mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Which column is which (FIELD - leaves it out); repeatable.",
)
@click.option("--rates", type=click.Choice(["percent", "share"]), help="What a bare number is: 7 is 7%, or 0.07 is 7%.")
@click.option("--sheet", help="The sheet of an XLSX file. [default: the first]")
@click.option("--source", help="The id of a document in sources.toml. [default: FILE itself, as a new document]")
@click.option("--title", help="The title of the new document.")
@click.option(
    "--confidence",
    type=click.Choice(["A", "B", "C"]),
    default="C",
    show_default=True,
    help="How far to trust its rows.",
)
@click.option(
    "--into", type=FOLDER, envvar="GALEON_TABLES", help="The folder laid over the tables. [default: GALEON_TABLES]"
)
@click.option("--apply", is_flag=True, help="Write it. Without this nothing is written, and you see what would be.")
@AS_JSON
def import_(file: Path, mapping: tuple[str, ...], apply: bool, as_json: bool, **given: Any) -> None:
    """Import a schedule from FILE (CSV, XLSX or JSON) into a private folder; a dry run unless --apply.

    Nothing is written unless every row is sound. Exit code 1 where something is wrong; every fault is told at once.
    """
    from api.settings import BadSetting, releases_folder
    from api.tables_terminal import print_faults, print_report, progress, report_document
    from tariffs.importing.applying import UnderWay
    from tariffs.importing.grids import FileRefused
    from tariffs.importing.schedules import Request, imported
    from tariffs.installed import serving
    from tariffs.overlay import OverlayRefused

    first, last = _days(given)
    if apply and given["into"] is None:
        raise click.UsageError("--apply needs a folder: --into FOLDER, or GALEON_TABLES")
    known_until = given["known_until"] or (last if given["whole"] and given["year"] else None)
    try:
        # Not all settings: their private folder may be the one that this makes.
        releases = releases_folder()
    except BadSetting as error:
        raise click.ClickException(str(error)) from None
    request = Request(
        file=file,
        into=given["into"],
        valid_from=first,
        provisional_to=last,
        known_until=known_until,
        mapping=_mapping(mapping),
        rates=given["rates"] or "",
        sheet=given["sheet"],
        whole=given["whole"],
        source=given["source"] or "",
        title=given["title"] or "",
        confidence=given["confidence"],
        root=serving(releases).root,
    )
    try:
        with progress(shown=not as_json) as watch:
            report = imported(request, apply, watch)
    except (FileRefused, OverlayRefused) as refused:
        if as_json:
            click.echo(json.dumps(report_document(refused), ensure_ascii=False, indent=2))
        else:
            print_faults(refused.findings)
        sys.exit(1)
    except (UnderWay, OSError) as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(report_document(report), ensure_ascii=False, indent=2))
    else:
        print_report(report, request)
    sys.exit(1 if report.faults else 0)


def _days(given: dict[str, Any]) -> tuple[date, date]:
    """The first day of the rates and the last of provisional ones."""
    year, first = given["year"], given["valid_from"]
    if (year is None) == (first is None):
        raise click.UsageError("say for when the schedule is: either --year 2027 or --valid-from 2027-01-01")
    first = first or date(year, 1, 1)
    last = given["valid_to"] or date(first.year, 12, 31)
    if last < first:
        raise click.UsageError(f"--valid-to {last} is before the first day {first}")
    return first, last


def _mapping(texts: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        column, equals, name = text.rpartition("=")
        if not equals or not column.strip() or not name.strip():
            raise click.UsageError(f"--mapping {text!r}: write COLUMN=FIELD, such as 'Tasa=mfn'")
        found[column.strip()] = name.strip()
    return found
