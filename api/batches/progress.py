"""How far a run is, on a terminal: rows, rows a second and the time left. Elsewhere nothing is shown."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

WHOLE = 1000


def shown(
    answers: Iterable["pa.RecordBatch"], share: Callable[[], float], console: Console
) -> Iterator["pa.RecordBatch"]:
    """The same answers. `share` says how much of the file has been read."""
    columns = BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=WHOLE, told="")
        rows = 0
        for answer in answers:
            rows += answer.num_rows
            seconds = bar.tasks[0].elapsed or 0
            rate = f", {rows / seconds:,.0f} a second" if seconds else ""
            bar.update(task, completed=int(share() * WHOLE), told=f"{rows:,} rows{rate}")
            yield answer
