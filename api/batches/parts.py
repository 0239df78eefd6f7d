"""Answers kept beside the file that they are for, so that an interrupted run goes on where it was.

Each part is the answer to one piece, and is there whole or not at all. A journal says what the parts are of: where anything of
that is another, they are not taken.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from shutil import rmtree

import pyarrow as pa
from pyarrow import ipc

from api.batches.shipments import Piece

JOURNAL, PART = "journal.json", ".arrow"
# The day for rows that name none; a run has one, however long it takes.
DAY = "day"


class OtherParts(Exception):
    """Parts of another run, in `folder`: `name` is what differs."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__(folder, name)
        self.folder = folder
        self.name = name


class Parts:
    """The parts of one run, which are of what `of` says. Raises OtherParts where there are some that are not."""

    def __init__(self, target: Path, of: Mapping[str, object]) -> None:
        self.folder = _folder(target)
        journal = self.folder / JOURNAL
        if journal.exists():
            known = json.loads(journal.read_text(encoding="utf-8"))
            for name in sorted({*known, *of}):
                if known.get(name) != of.get(name):
                    raise OtherParts(self.folder, name)
            return
        self.folder.mkdir(exist_ok=True)
        self._put(journal, lambda path: path.write_text(json.dumps(of), encoding="utf-8"))

    def answers(
        self, pieces: Iterable[Piece], price: Callable[[Iterable[Piece]], Iterable["pa.RecordBatch"]]
    ) -> Iterator["pa.RecordBatch"]:
        """The answers to pieces: those that are there, then those that are priced, each kept before it is handed on."""
        there = len([*self.folder.glob(f"*{PART}")])
        left = iter(pieces)
        for number, _ in enumerate(islice(left, there)):
            yield self._read(number)
        for number, answer in enumerate(price(left), there):
            self._put(self._part(number), partial(_write, answer))
            yield answer

    def forget(self) -> None:
        """Remove the parts: what they are for is there. Some of them alone are never found in their place."""
        over = self.folder.with_suffix(".over")
        rmtree(over, ignore_errors=True)
        self.folder.rename(over)
        rmtree(over)

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:08d}{PART}"

    def _read(self, number: int) -> "pa.RecordBatch":
        with ipc.open_file(self._part(number)) as file:
            return file.get_batch(0)

    def _put(self, path: Path, write: Callable[[Path], object]) -> None:
        unfinished = path.with_suffix(".unfinished")
        write(unfinished)
        # On the disk before it is in its place: after a power cut too it is there whole or not at all.
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)


def _write(answer: "pa.RecordBatch", path: Path) -> None:
    with ipc.new_file(path, answer.schema) as file:
        file.write_batch(answer)


def _folder(target: Path) -> Path:
    return target.with_name(f".{target.name}.parts")


def day_of(target: Path) -> date | None:
    """The day of the run whose parts are there."""
    try:
        return date.fromisoformat(json.loads((_folder(target) / JOURNAL).read_text(encoding="utf-8"))[DAY])
    except FileNotFoundError:
        return None


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
