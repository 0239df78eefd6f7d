"""Writing the installation's own rates: rows are laid over those that are there, and the file is replaced at once or not.

A reader sees the file of before or the file of after. Two writers wait for each other. A file that cannot be read is never
written over: whoever mended it by hand wants to hear of the slip and not to lose the rest.
"""

import csv
import fcntl
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tariffs.fx import CUSTOMS, MARKET, customs, snapshots
from tariffs.fx.customs import CustomsRates
from tariffs.fx.snapshots import Snapshots
from tariffs.tables import CsvTable, Raw, csv_table


@dataclass(frozen=True, slots=True)
class Kind:
    """A file of the folder: its columns, how many cells make the key and the figure, and what must be able to read it."""

    file: str
    columns: Raw
    key: Callable[[Raw], Raw]
    figure: Callable[[Raw], Raw]
    check: Callable[[CsvTable], object]


MARKET_RATES = Kind(MARKET, snapshots.COLUMNS, snapshots.keyed, lambda row: row[3:4], Snapshots.of)
CUSTOMS_RATES = Kind(CUSTOMS, customs.COLUMNS, lambda row: row[:2], lambda row: row[2:6], CustomsRates.of)


@dataclass(frozen=True, slots=True)
class Kept:
    """What rows do to a file: those that are new, those that take another's place, and how many stood there already."""

    added: tuple[Raw, ...]
    replaced: tuple[tuple[Raw, Raw], ...]
    same: int
    rows: tuple[Raw, ...]

    @property
    def changes(self) -> bool:
        """Whether the file is another one afterwards."""
        return bool(self.added or self.replaced)


def would_keep(folder: Path, kind: Kind, rows: Iterable[Raw]) -> Kept:
    """What rows would do to a file. Raises TableError where it, or what would come of it, cannot be read."""
    old = csv_table(kind.file, kind.columns, folder).rows if (folder / kind.file).is_file() else ()
    kind.check(CsvTable(str(folder / kind.file), kind.columns, old))
    by_key = {kind.key(row): row for row in old}
    added, replaced, same = [], [], 0
    for row in rows:
        before = by_key.get(kind.key(row))
        if before is None:
            added.append(row)
        elif kind.figure(before) != kind.figure(row):
            replaced.append((before, row))
        else:
            same += 1
            continue
        by_key[kind.key(row)] = row
    kept = Kept(tuple(added), tuple(replaced), same, tuple(sorted(by_key.values())))
    kind.check(CsvTable(kind.file, kind.columns, kept.rows))
    return kept


def keep(folder: Path, kind: Kind, rows: Iterable[Raw]) -> Kept:
    """Lay rows over a file of the folder. Raises TableError, OSError; then the file is what it was."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        kept = would_keep(folder, kind, rows)
        if kept.changes:
            _replace(folder / kind.file, _csv(kind.columns, kept.rows))
        return kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{file.name}.next")
    try:
        with beside.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _csv(columns: Raw, rows: Iterable[Raw]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()
