"""`galeon tables correct`: one row of the tables proves wrong, and what rests on it is found, priced anew and marked."""

import json
from datetime import date
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from api import day_in_china, utc_now
from api.fx_cli import read_settings
from api.tables_cli import AS_JSON, DAY

if TYPE_CHECKING:
    from api.settings import Settings
    from api.superseding import Superseded
    from tariffs.book import Book
    from tariffs.correcting import Corrected

FORMS = ("csv", "xlsx")
HEADINGS = (
    *("kind", "id", "owner", "declared_on", "landed_cost_before_cny", "landed_cost_after_cny", "difference_cny"),
    *("taxes_before_cny", "taxes_after_cny", "rows", "problem"),
)


@click.command()
@click.argument("table")
@click.argument("code", required=False)
@click.option("--measure", help="The column of the tariff, such as provisional; of a trade remedy its kind.")
@click.option("--part", help="The part of the line that the row is for. [default: the line as a whole]")
@click.option(
    "--row", "named", multiple=True, metavar="COLUMN=CELL", help="Any other cell that names the row; repeatable."
)
@click.option("--on", type=DAY, help="A day on which the row is in force.")
@click.option("--set", "cells", multiple=True, required=True, metavar="COLUMN=CELL", help="A right cell; repeatable.")
@click.option("--since", type=DAY, help="The first day on which the row was wrong. [default: its own first day]")
@click.option("--source", required=True, help="The document that has it right: an id in sources.toml.")
@click.option("--confidence", required=True, type=click.Choice(["A", "B", "C"]), help="How far to trust the right row.")
@click.option("--reason", required=True, help="Why the row is wrong, in one line; everybody reads it in /v1/changes.")
@click.option("--found-on", type=DAY, help="The day of the correction. [default: today in Shanghai]")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of tables that is corrected. [default: a copy of this installation's, with --into]",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Write the corrected tables to this folder, which must not be there yet.",
)
@click.option("--database", help="The database whose quotes and jobs are looked at. [default: GALEON_DATABASE]")
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the list: .csv or .xlsx.")
@click.option("--apply", is_flag=True, help="Write the tables and mark the quotes. Without this nothing is written.")
@AS_JSON
def correct(
    into: Path | None,
    data: Path | None,
    database: str | None,
    target: Path | None,
    apply: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Correct one row of TABLE (of the line CODE): close the wrong row, open the right one, seal a new release.

    Lists every kept quote and job that used the row and what each would be now. A dry run unless --apply, which writes
    the tables and marks the quotes and jobs as superseded; what was answered stays byte for byte. Exit code 1 where the
    correction cannot be made.
    """
    from api.superseding import superseded
    from tariffs.correcting import CannotCorrect, ChecksFail, corrected, put
    from tariffs.installed import serving
    from tariffs.release import sealed
    from tariffs.tables import TableError

    _sound_options(into, data, target, apply)
    settings, today = read_settings(), day_in_china(utc_now())
    if apply and into is None and data is not None and settings.releases in (data.parent, data.resolve().parent):
        raise click.UsageError(
            "an installed release is never changed: --into FOLDER, then galeon tables pack and update"
        )
    root = data or Path(str(serving(settings.releases).root))
    with TemporaryDirectory(prefix="galeon-correction-") as scratch:
        folder = Path(scratch) / "tables"
        try:
            _sound_clock(sealed(root).release, today, given["found_on"])
            made = corrected(root, folder, _asked(given, today), today)
        except ChecksFail as failed:
            from api.tables_terminal import print_faults

            print_faults(failed.findings)
            raise click.ClickException(str(failed)) from None
        except (CannotCorrect, TableError) as refused:
            raise click.ClickException(str(refused)) from None
        engine = _engine(settings, database, changing=apply)
        before, after = _book(root, settings), _book(folder, settings)
        try:
            found = superseded(engine, made, before, after, settings)
            if apply:
                # A mark that is there already stays as it is, so that what fails after this may be done again.
                _mark(engine, made, found)
                if into is not None:
                    copytree(folder, into)
                else:
                    put(folder, root, made.row.file)
        finally:
            engine.dispose()
    if target is not None:
        _write(target, found)
    if as_json:
        click.echo(json.dumps(document(made, found, apply), ensure_ascii=False, indent=2))
    else:
        _print(made, found, apply, into or data)


def document(made: "Corrected", found: "Superseded", applied: bool) -> dict[str, Any]:
    """What a correction does, as JSON."""
    return {
        "applied": applied,
        "table": made.name.part,
        "row": made.name.key,
        "digest": made.name.digest,
        "changed": [{"column": name, "wrong": wrong, "right": right} for name, wrong, right in made.row.changed],
        "since": made.since and f"{made.since}",
        "found_on": f"{made.row.found_on}",
        "reason": made.row.reason,
        "source": made.row.source,
        "confidence": made.row.confidence,
        "release_before": made.before,
        "release": made.release,
        "affected": [
            dict(zip(HEADINGS, (f"{cell}" if cell != "" else None for cell in row), strict=True))
            for row in _rows(found)
        ],
        "not_known": [
            {"kind": each.kind, "id": each.id, "owner": each.owner, "because": each.because} for each in found.not_known
        ],
    }


def _sound_options(into: Path | None, data: Path | None, target: Path | None, apply: bool) -> None:
    if into is not None and into.exists():
        raise click.BadParameter(f"{into} is there already: name a folder that is not", param_hint="--into")
    if apply and into is None and data is None:
        raise click.UsageError("--apply needs a folder: --into FOLDER for a copy, or --data FOLDER to correct that one")
    if target is not None and target.suffix.lower().removeprefix(".") not in FORMS:
        raise click.BadParameter("let the name end with .csv, .xlsx", param_hint="--to")


def _sound_clock(release: str, today: date, found_on: date | None) -> None:
    """Whoever reads of a correction reads its day: a clock that is behind the tables does not give it."""
    from tariffs.correcting import CannotCorrect
    from tariffs.release import day_of

    if found_on is None and today < day_of(release):
        raise CannotCorrect(
            f"it is {today} by this machine's clock, and {release} was made later: set the clock right, or say --found-on DAY"
        )


def _asked(given: dict[str, Any], today: date) -> Any:
    from tariffs.correcting import Asked
    from tariffs.rows_used import KEYS

    part = given["table"]
    columns = KEYS.get(part, ())
    named = _cells(given["named"], "--row")
    if given["code"] is not None and columns:
        named[columns[0]] = given["code"].replace(".", "") if columns[0] == "hs_code" else given["code"]
    if given["measure"] is not None:
        named["measure"] = given["measure"]
    if "part" in columns:
        named["part"] = given["part"] or ""
    elif given["part"] is not None:
        raise click.BadParameter(f"{part} has no parts of lines", param_hint="--part")
    found_on = given["found_on"] or today
    return Asked(
        part=part,
        named=named,
        on=given["on"],
        right=_cells(given["cells"], "--set"),
        source=given["source"],
        confidence=given["confidence"],
        reason=given["reason"],
        found_on=found_on,
        since=given["since"],
    )


def _cells(texts: tuple[str, ...], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        column, equals, cell = text.partition("=")
        if not equals or not column.strip():
            raise click.BadParameter(f"{text!r}: write COLUMN=CELL, such as expression=7%", param_hint=option)
        if column.strip() in found:
            raise click.BadParameter(f"{column.strip()} is said twice", param_hint=option)
        found[column.strip()] = cell.strip()
    return found


def _book(root: Path, settings: "Settings") -> "Book":
    """The tables of a folder, with the private folder of this installation over them."""
    from tariffs.book import Book
    from tariffs.fx.live import LiveFx
    from tariffs.overlay import Overlay
    from tariffs.records import Records

    overlay = None if settings.tables is None else Overlay.read(settings.tables)
    return Book(Records(root, overlay), LiveFx(settings.tables, settings.fx, root))


def _engine(settings: "Settings", url: str | None, changing: bool) -> Any:
    """The database; without `changing` no file of it is made, and its tables are not brought up to date."""
    import sqlalchemy as sql

    from api.database import OldTables, as_they_are, current
    from api.database import database as opened
    from api.settings import SQLITE, sqlite_file

    address = url or settings.database
    file = sqlite_file(address)
    try:
        nothing = not changing and file is not None and not _there(file)
        engine = opened(SQLITE if nothing else address)
        try:
            (current if changing or nothing else as_they_are)(engine)
        except BaseException:
            engine.dispose()
            raise
    except (sql.exc.SQLAlchemyError, ImportError, OSError, OldTables) as error:
        raise click.ClickException(f"the database cannot be used: {error}") from None
    return engine


def _there(file: Path) -> bool:
    """Whether a file is there. Raises OSError where none can be, which its absence would hide."""
    try:
        file.stat()
    except FileNotFoundError:
        return False
    return True


def _mark(engine: Any, made: "Corrected", found: "Superseded") -> None:
    from hashlib import sha256

    from api.corrected import mark
    from api.store import Correction

    id = f"c_{sha256(f'{made.row.id}/{made.row.row_from}'.encode()).hexdigest()[:20]}"
    row = made.row
    correction = Correction(
        id, utc_now(), made.name.part, made.name.key, made.name.digest, made.release, row.found_on, row.reason
    )
    ids = {kind: [each.id for each in found.affected if each.kind == kind] for kind in ("quote", "job")}
    mark(engine, correction, ids["quote"], ids["job"])


def _rows(found: "Superseded") -> list[tuple[Any, ...]]:
    from api.superseding import LANDED, TAXES

    def shown(value: object) -> Any:
        return "" if value is None else value

    return [
        (
            *(each.kind, each.id, each.owner, f"{shown(each.declared_on)}", each.before[LANDED]),
            *(shown(each.after and each.after[LANDED]), shown(each.difference), each.before[TAXES]),
            *(shown(each.after and each.after[TAXES]), f"{shown(each.rows)}", each.refusal),
        )
        for each in found.affected
    ]


def _write(target: Path, found: "Superseded") -> None:
    from api.sheet_rows import csv_of, workbook_of

    unknown = [(each.kind, each.id, each.owner, *[""] * 7, each.because) for each in found.not_known]
    rows = [HEADINGS, *_rows(found), *unknown]
    if target.suffix.lower() == ".csv":
        target.write_bytes(csv_of(rows))
    else:
        with target.open("wb") as file:
            workbook_of(file, rows, 2)


def _print(made: "Corrected", found: "Superseded", applied: bool, folder: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{made.name.part} {made.name.key}")
    for name, wrong, right in made.row.changed:
        console.print(f"  {name}: {wrong or 'nothing'} -> {right or 'nothing'}")
    if found.affected:
        table = Table(
            "Kind", "Id", "Owner", "Declared", "Landed cost", "now", "Difference", "Taxes", "now", "Rows", "Problem"
        )
        for row in _rows(found):
            table.add_row(*(f"{cell}" for cell in row))
        console.print(table)
    console.print(f"{len(found.affected)} quotes and jobs used the row" + (", and are marked" if applied else ""))
    for each in found.not_known:
        console.print(f"not known: {each.kind} {each.id} {each.owner} ({each.because})")
    if applied:
        console.print(f"{made.release} is sealed in {folder} (before: {made.before})")
    else:
        console.print(f"Nothing was written: --apply makes {made.release} of it (before: {made.before})")
