"""What the commands of `galeon tables` say, in a terminal and as JSON."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tariffs.difference import Difference
from tariffs.expiring import Expiring
from tariffs.findings import Finding
from tariffs.importing.grids import FileRefused
from tariffs.importing.planning import Changed
from tariffs.importing.schedules import Report, Request
from tariffs.overlay import OverlayRefused

LEAST_WIDTH = 160
SHOWN = 100  # differences; a new year has a thousand
SHOWN_CHANGES = 20
SHOWN_FAULTS = 1000
NAMED = 4  # codes in a summary


def print_check(release: str, faults: Sequence[Finding], ending: Sequence[Expiring], within: int) -> None:
    """The faults, and the rows that end, those of one kind and day together."""
    console = wide_console()
    print_faults(faults)
    if ending:
        table = headed_table("Last day", "File", "Rate", "Rows", "Codes", "Goods")
        for (last, file, kind), group in groupby(ending, key=lambda each: (each.last_day, each.file, each.kind)):
            rows = list(group)
            goods = dict.fromkeys(slug for each in rows for slug in each.products)
            codes = list(dict.fromkeys(each.key for each in rows))
            table.add_row(f"{last}", file, kind, f"{len(rows)}", _some(codes), ", ".join(goods))
        console.print(f"Rows that end within {within} days, with nothing after them:")
        console.print(table)
    verdict = f"{len(faults)} faults" if faults else "no faults"
    console.print(f"{release}: {verdict}, {len(ending)} rows end within {within} days")


def print_faults(faults: Sequence[Finding]) -> None:
    """Each fault on a line, on the error output."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for fault in faults[:SHOWN_FAULTS]:
        console.print(Text(str(fault)))
    if len(faults) > SHOWN_FAULTS:
        console.print(f"… and {len(faults) - SHOWN_FAULTS} more; --json has all of them")


def print_differences(found: Sequence[Difference], whole: bool) -> None:
    """The differences by code, those of our goods first, and how many there are of each column."""
    console = wide_console()
    ordered = sorted(found, key=lambda each: not each.products)
    shown = ordered if whole else ordered[:SHOWN]
    if found:
        table = headed_table("Code", "Line", "Goods", "", "Column", "Before", "After")
        for each in shown:
            cells = (each.hs_code, each.name[:60], ", ".join(each.products), each.change, each.column)
            table.add_row(*(Text(cell) for cell in (*cells, each.before, each.after)))
        console.print(table)
    if len(shown) < len(found):
        console.print(f"… and {len(found) - len(shown)} more: --all, or --json")
    codes = {each.hs_code for each in found}
    # The parts of lines have columns of their own, whose names are as long as the parts are special.
    columns = Counter(each.column.partition(" ")[0] for each in found)
    told = ", ".join(f"{column} {count}" for column, count in columns.most_common())
    console.print(f"{len(codes)} codes differ" + (f" ({told})" if told else ""))


def print_report(report: Report, request: Request) -> None:
    """What a file would change, or changed, or why not."""
    console = wide_console()
    plan = report.plan
    console.print(Text(f"{report.file}: {'; '.join(report.notes)}"))
    if report.unknown_columns:
        console.print(Text(f"Columns that are not read: {', '.join(report.unknown_columns)}"))
    print_faults(report.faults)
    print_faults(report.warnings)
    counts = Table(show_header=False, box=None, padding=(0, 2))
    columns = Counter(each.column for each in plan.changed)
    told = ", ".join(f"{column} {count}" for column, count in columns.most_common())
    for name, count, more in (
        ("Rows read", report.rows, ""),
        ("Lines of the tariff", report.lines, ""),
        ("New lines", len(plan.new_lines), _some(plan.new_lines)),
        ("Changes", len(plan.changed), told),
        ("Rows closed", len(plan.closed), ""),
        ("Lines as they were", plan.unchanged, ""),
        ("Lines of the book that are not in the file", plan.absent, "ended" if request.whole else "left as they are"),
        ("Warnings", len(report.warnings), ""),
        ("Faults", len(report.faults), ""),
    ):
        counts.add_row(name, str(count), Text(more if count else ""))
    console.print(counts)
    _print_changes(console, plan.changed)
    console.print(Text(_verdict(report, request), style="bold"))


def _print_changes(console: Console, changed: Sequence[Changed]) -> None:
    if not changed:
        return
    table = headed_table("Code", "Goods", "Column", "Before", "After", "From")
    for each in sorted(changed, key=lambda each: not each.products)[:SHOWN_CHANGES]:
        cells = (each.hs_code, ", ".join(each.products), each.column, each.before, each.after, each.valid_from)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    if len(changed) > SHOWN_CHANGES:
        console.print(f"… and {len(changed) - SHOWN_CHANGES} more; --json has all of them")


def _verdict(report: Report, request: Request) -> str:
    if report.faults:
        return f"Refused: {len(report.faults)} faults. Nothing was changed."
    if report.plan.empty:
        return "The book says all of this already. Nothing was changed."
    if report.applied:
        kept = f"; the overlay before is kept in {report.kept}" if report.kept else ""
        return f"Applied: {request.into} is now overlay-{report.version}{kept}"
    return "A dry run: all of it is sound, nothing was written. Add --apply to write it."


@contextmanager
def progress(shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar for reading and then for comparing, on the error output; none where nobody looks."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not (shown and console.is_terminal)) as bar:
        task = bar.add_task("Reading", total=None)
        ended: list[int] = []

        def watch(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, description="Comparing" if ended else "Reading")
            if done == of:
                ended.append(of)

        yield watch


def finding_document(finding: Finding) -> dict[str, Any]:
    """A fault as JSON."""
    return asdict(finding)


def expiring_document(each: Expiring) -> dict[str, Any]:
    """A row that ends as JSON."""
    return {**asdict(each), "last_day": str(each.last_day)}


def difference_document(each: Difference) -> dict[str, Any]:
    """A difference as JSON."""
    return asdict(each)


def report_document(report: Report | FileRefused | OverlayRefused) -> dict[str, Any]:
    """The report of an import as JSON."""
    if not isinstance(report, Report):
        return {"applied": False, "faults": [finding_document(each) for each in report.findings]}
    plan = report.plan
    return {
        "file": report.file,
        "notes": report.notes,
        "rows": report.rows,
        "lines": report.lines,
        "new_lines": plan.new_lines,
        "changed": [asdict(each) for each in plan.changed],
        "closed": [asdict(each) for each in plan.closed],
        "unchanged": plan.unchanged,
        "absent": plan.absent,
        "unknown_columns": report.unknown_columns,
        "warnings": [finding_document(each) for each in report.warnings],
        "faults": [finding_document(each) for each in report.faults],
        "applied": report.applied,
        "overlay": report.version,
        "kept": report.kept and str(report.kept),
    }


def _some(codes: Sequence[str]) -> str:
    more = f", … {len(codes) - NAMED} more" if len(codes) > NAMED else ""
    return ", ".join(codes[:NAMED]) + more


def headed_table(*headings: str) -> Table:
    """A table under bold headings."""
    table = Table(header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def wide_console() -> Console:
    """A terminal as wide as it is; a pipe gets room for a whole row."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=LEAST_WIDTH)
