"""`galeon price IN OUT`: a file of rows, priced. Rows that cannot be priced say why and go through with the rest."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from api.batches.names import MEDIA_TYPES
from api.languages import LANGUAGES

if TYPE_CHECKING:
    import pyarrow as pa

    from api.batches.forms import Form, Table
    from api.batches.parts import Parts
    from api.batches.pricing import Run
    from api.batches.tally import Tally

FORMS = tuple(MEDIA_TYPES)
PIPE = Path("-")
MOST_TOLD = 5
LONGEST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    source: Path
    target: Path
    sheet: str | None
    meant: Mapping[str, str]
    language: str
    workers: int
    resume: bool


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMS), help="Of SOURCE, where its name does not say so.")
@click.option("--to", "to_form", type=click.Choice(FORMS), help="Of TARGET, where its name does not say so.")
@click.option("--sheet", help="Of a workbook, where it is not the first whose headings do.")
@click.option(
    "--column",
    "meant",
    multiple=True,
    metavar="HEADING=NAME",
    help="What a heading stands for, where it does not say so itself; HEADING= for a column of your own.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the problems.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=1,
    show_default=True,
    help="Processes that price side by side; 0: one for each core.",
)
@click.option(
    "--resume", is_flag=True, help="Keep finished parts beside TARGET, and go on with those of an interrupted run."
)
@click.option(
    "--engine",
    type=click.Choice(["here", "spark"]),
    default="here",
    show_default=True,
    help="spark: a cluster prices Parquet into a folder of Parquet files.",
)
@click.option("--master", default="local[*]", show_default=True, help="Of the cluster: spark://host:7077, local[2].")
@click.option("--fail", is_flag=True, help="End with status 1 where a row could not be priced.")
def price(
    source: Path,
    target: Path,
    form: str | None,
    to_form: str | None,
    sheet: str | None,
    meant: tuple[str, ...],
    language: str,
    workers: int,
    resume: bool,
    engine: str,
    master: str,
    fail: bool,
) -> None:
    """Price every row of SOURCE and write TARGET: the same rows, and their results in columns after your own.

    Both are CSV, Parquet, Arrow, NDJSON, JSON, XLSX or ODS, by the endings of their names; - is standard input or output. A
    workbook comes back whole, with a summary. A row is one line of goods; its columns have the names of docs/spreadsheets.md,
    in English, Spanish or Chinese, and rows with the same `shipment`, one after the other, are one consignment. A row that
    cannot be priced says why under `error`.
    """
    if source != PIPE and source.resolve() == target.resolve():
        raise click.BadParameter("TARGET would overwrite SOURCE")
    if target.suffix.lower() == ".xlsm":
        raise click.BadParameter("macros do not come back: let TARGET end with .xlsx")
    if resume and PIPE in (source, target):
        raise click.BadParameter("what is piped cannot be resumed", param_hint="--resume")
    read = _form(source, form, "--format")
    if sheet is not None:
        read = _of_sheet(read, sheet)
    written = read if target == PIPE and to_form is None else _form(target, to_form, "--to")
    wanted = Wanted(source, target, sheet, _named(meant), language, workers or _cores(), resume)
    if engine == "spark":
        from api.price_on_spark import by_cluster

        tally = by_cluster(wanted, {read.name, written.name}, master)
    else:
        tally = _priced(wanted, read, written)
    _tell(tally, target)
    if fail and tally.wrong:
        sys.exit(1)


def _form(path: Path, said: str | None, option: str) -> "Form":
    """The form of a file, as it was said or as its name ends."""
    from api.batches.forms import form_of, forms

    if said is not None:
        return forms()[said]
    found = form_of(path)
    if found is None:
        told = "standard input or output" if path == PIPE else f"{path.name!r}"
        raise click.BadParameter(f"say which of {', '.join(FORMS)} {told} is", param_hint=option)
    return found


def _of_sheet(read: "Form", sheet: str) -> "Form":
    """The form of workbooks, for one sheet of them."""
    from api.batches.workbooks.sheet import of_sheet

    found = of_sheet(read, sheet)
    if found is None:
        raise click.BadParameter("only a workbook has sheets", param_hint="--sheet")
    return found


def _cores() -> int:
    from api.processes import cores

    return cores()


def _named(said: Iterable[str]) -> dict[str, str]:
    """The names that were said, by their headings."""
    from api.batches.layout import meant

    try:
        return meant(said)
    except ValueError as error:
        raise click.BadParameter(
            f"{error.args[0]!r}: write HEADING=NAME, such as Ware=product", param_hint="--column"
        ) from None


def _priced(wanted: Wanted, read: "Form", written: "Form") -> "Tally":
    """Price the rows and write them; what came of them."""
    from api.batches.forms import BrokenFile, opened
    from api.batches.many_processes import ProcessLost
    from api.reading import Refused
    from api.terminal import print_refusals

    try:
        with _on_disk(wanted.source) as source, opened(read, source) as table:
            return _run(wanted, source, table, written)
    except BrokenFile as error:
        raise click.ClickException(str(error)) from None
    except ProcessLost:
        raise click.ClickException("a process was lost, for want of memory perhaps: try fewer --workers") from None
    except Refused as refused:
        print_refusals(refused.refusals, wanted.language)
        sys.exit(1)


@contextmanager
def _on_disk(source: Path) -> Iterator[Path]:
    """The source as a file; a pipe is laid aside first, since most forms are read from more than one place."""
    if source != PIPE and source.is_file():
        yield source
        return
    with TemporaryDirectory() as folder:
        laid = Path(folder, "stdin")
        with click.open_file(f"{source}", "rb") as piped, laid.open("wb") as file:
            shutil.copyfileobj(piped, file)
        yield laid


def _run(wanted: Wanted, source: Path, table: "Table", written: "Form") -> "Tally":
    from rich.console import Console

    from api import day_in_china, utc_now
    from api.batches.ahead import ahead
    from api.batches.making import Maker
    from api.batches.parts import day_of
    from api.batches.progress import shown
    from api.batches.tally import Tally

    _known(wanted.meant, table.schema.names)
    day = (day_of(wanted.target) if wanted.resume else None) or day_in_china(utc_now())
    maker = Maker(table.schema, wanted.meant, wanted.language, day)
    run, tally = maker(), Tally()
    for heading in run.layout.unknown:
        click.echo(f"{heading!r} is no name that we know: the column goes through as it is", err=True)
    parts = _parts(wanted, source, written, run, day) if wanted.resume else None
    answers = tally.counting(ahead(_answers(wanted, table, run, maker, parts)))
    with _target(wanted.target) as file:
        written.write(file, run.schema, shown(answers, table.share, Console(stderr=True)), table.manner)
    if parts is not None:
        parts.forget()
    return tally


def _answers(
    wanted: Wanted, table: "Table", run: "Run", maker: Any, parts: "Parts | None"
) -> Iterable["pa.RecordBatch"]:
    """The answers in their order, by one process or several, those that are there already as they are."""
    from api.batches.ahead import ahead
    from api.batches.many_processes import priced

    def pricing(pieces: Iterable[Any]) -> Iterable["pa.RecordBatch"]:
        if wanted.workers > 1:
            return priced(maker, pieces, wanted.workers)
        return map(run.reckoned, ahead(map(run.read, pieces)))

    pieces = run.pieces(ahead(table.batches))
    return pricing(pieces) if parts is None else parts.answers(pieces, pricing)


def _parts(wanted: Wanted, source: Path, written: "Form", run: "Run", day: Any) -> "Parts":
    """The parts of this run; those of another are refused."""
    from api.batches.parts import DAY, OtherParts, Parts, digest
    from calculator.quote import ENGINE_VERSION

    book = run.book
    of = {
        "source": digest(source),
        "sheet": wanted.sheet,
        "columns": dict(wanted.meant),
        "language": wanted.language,
        "form": written.name,
        "tables": book.release,
        "rates": book.fx_release,
        "engine": ENGINE_VERSION,
        DAY: f"{day}",
    }
    try:
        return Parts(wanted.target, of)
    except OtherParts as other:
        folder = other.folder.name
        raise click.ClickException(
            f"{folder} is of a run with other {other.name}: remove it to begin anew, or give that run's"
        ) from None


@contextmanager
def _target(target: Path) -> Iterator[BinaryIO]:
    from api.batches.forms import whole_or_not_at_all

    if target == PIPE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with whole_or_not_at_all(target) as file:
        yield file


def _known(meant: Iterable[str], headings: Sequence[str]) -> None:
    """Refuse to say what a heading stands for that the file does not have."""
    for heading in meant:
        if heading not in headings:
            raise click.BadParameter(f"the file has no column {heading!r}", param_hint="--column")


def _tell(tally: "Tally", target: Path) -> None:
    """What came of the rows, and their commonest problems."""
    told = "standard output" if target == PIPE else f"{target}"
    click.echo(f"{tally.rows:,} rows priced to {told}, {tally.wrong:,} with a problem", err=True)
    for text, count, first in tally.commonest(MOST_TOLD):
        click.echo(f"  {count:,} × {text[:LONGEST_TOLD]} (first in row {first:,})", err=True)
