"""Files of the schedule are made once, kept on the disk and not in memory, and stay so among threads, processes and releases."""

import hashlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep, time
from typing import BinaryIO

import pytest
from flask.testing import FlaskClient
from pyarrow import parquet

from api.schedule import apart, shelf
from api.schedule.routes import Files
from api.schedule.shelf import Kept, kept, kept_together
from calculator.errors import NotInForce
from tariffs.book import Book
from tariffs.records import Records

DAY = "2026-11-23"


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of one run."""
    with kept_together():
        yield shelf._RUN[0]


class Made:
    """Makes a file, slowly, and counts how often."""

    def __init__(self, body: bytes = b"whole") -> None:
        self.times, self.body = 0, body

    def __call__(self, file: BinaryIO) -> None:
        self.times += 1
        file.write(self.body[:1])
        file.flush()
        sleep(0.05)
        file.write(self.body[1:])


def test_a_file_is_made_once_whoever_asks(folder: Path):
    make = Made()
    with ThreadPoolExecutor(8) as readers:
        found = set(readers.map(lambda _: kept("name", make), range(24)))
    assert found == {Kept(b"whole", hashlib.sha256(b"whole").hexdigest()[:32])}
    assert make.times == 1


def _asked(path: str) -> int:
    make = Made(b"of a process")
    assert kept("name", make).body == b"of a process"
    return make.times


def test_processes_share_what_one_of_them_makes(folder: Path):
    with multiprocessing.get_context("fork").Pool(4) as workers:
        assert sum(workers.map(_asked, ["name"] * 12, chunksize=1)) == 1


def test_what_is_not_made_leaves_nothing(folder: Path):
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise NotInForce("no_row_in_force")

    for _ in range(2):
        with pytest.raises(NotInForce):
            kept("name", broken)
    assert [path.name for path in folder.iterdir() if not path.name.endswith(".lock")] == []
    assert kept("name", Made()).body == b"whole"


def test_the_disk_that_is_taken_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shelf, "MOST_KEPT", 1000)
    for number in range(30):
        kept(f"name{number}", Made(bytes(300)))
        if number > 0:
            # Asked for again and again, so that others go before it.
            kept("name0", Made(bytes(300)))
    left = {path.name.partition(".")[0] for path in folder.iterdir() if not path.name.endswith(".lock")}
    assert left == {"name0", "name28", "name29"}
    assert len(list(folder.iterdir())) <= 3 + 256 + 1
    # One that is too large by itself is kept until the next.
    assert kept("large", Made(bytes(5000))).body == bytes(5000)
    assert {path.name.partition(".")[0] for path in folder.iterdir() if path.stat().st_size} == {"large"}


def test_a_folder_that_was_tidied_away_is_replaced(folder: Path):
    assert kept("name", Made()).body == b"whole"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert kept("name", Made(b"again")).body == b"again"
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert kept("name", Made()).body == b"again"


def test_a_folder_that_another_user_put_there_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert kept("name", Made()).body == b"whole"
    assert [path.name for path in folder.iterdir()] == [shelf.HELD]


def test_the_folder_goes_with_the_run_and_with_the_process(tmp_path: Path):
    with kept_together():
        folder = shelf._RUN[0]
        kept("name", Made())
        assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert not folder.exists()
    script = "from api.schedule.shelf import kept; kept('name', lambda file: file.write(b'x')); import os, tempfile;"
    script += "print(os.listdir(tempfile.gettempdir()))"
    environment = {**os.environ, "TMPDIR": f"{tmp_path}"}
    told = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert told.stdout.count(shelf.PREFIX) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its folder, but none that somebody holds, that is being made, or that others may write into."""
    monkeypatch.setattr(tempfile, "tempdir", f"{tmp_path}")
    script = "from api.schedule import shelf; import sys, time\nwith shelf.kept_together():\n"
    script += " shelf.kept('name', lambda file: file.write(b'x')); print(shelf._RUN[0], flush=True); time.sleep(100)"
    environment = {**os.environ, "TMPDIR": f"{tmp_path}"}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            theirs = Path(process.stdout.readline().strip())
            young, old, open_to_all = (tmp_path / f"{shelf.PREFIX}{name}" for name in ("young", "old", "open"))
            for path, mode in ((young, 0o700), (old, 0o700), (open_to_all, 0o755)):
                path.mkdir(mode=mode)
                path.chmod(mode)
            for path in (old, open_to_all):
                os.utime(path, (0, 0))
            with kept_together():
                assert set(tmp_path.iterdir()) == {theirs, young, open_to_all, shelf._RUN[0]}
        finally:
            process.kill()
    assert theirs.exists()
    with kept_together():
        assert set(tmp_path.iterdir()) == {young, open_to_all, shelf._RUN[0]}


def test_parts_that_were_left_go(folder: Path):
    for name, age in (("left", shelf.YOUNG + 60), ("written", 5)):
        part = folder / f"{name}{shelf.PART}"
        part.touch()
        os.utime(part, (time() - age, time() - age))
    kept("name", Made())
    assert [path.name for path in folder.glob(f"*{shelf.PART}")] == ["written.part"]


def test_a_book_of_other_rows_has_files_of_its_own(folder: Path, real_book: Book, tmp_path: Path):
    """An overlay leaves the release below it as it was sealed."""
    (tmp_path / "cn").mkdir()
    (tmp_path / "sources.toml").write_text('[mine]\ntitle = "A letter of my broker"\nconfidence = "B"\n')
    (tmp_path / "cn" / "measures.csv").write_text(
        "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
        "08044000,provisional,4%,,,2026-06-01,2026-12-31,mine,B,\n"
    )
    own, on = Records.load(tmp_path), date.fromisoformat(DAY)
    assert own.seal.sha256 == real_book.records.seal.sha256
    ours, theirs = (Files(each).get("csv", on, "").body for each in (real_book.records, own))
    line = {body: next(row for row in body.splitlines() if row.startswith(b"08044000,")) for body in (ours, theirs)}
    assert b",7%," in line[ours]
    assert b",4%," in line[theirs]
    assert Files(Records.load()).get("csv", on, "").body == ours
    assert len([path for path in folder.iterdir() if path.stat().st_size]) == 2


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_file_that_is_made_again_has_the_same_bytes(form: str, client: FlaskClient):
    bodies = []
    for _ in range(2):
        with kept_together():
            answer = client.get(f"/v1/tariff-lines.{form}?on={DAY}")
            head = client.head(f"/v1/tariff-lines.{form}?on={DAY}")
        bodies.append((answer.data, answer.headers["ETag"]))
        assert answer.headers["Content-Length"] == head.headers["Content-Length"] == f"{len(answer.data)}"
        assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
        # No part of it is given: what is changed meanwhile would be put together wrongly.
        part = client.get(f"/v1/tariff-lines.{form}?on={DAY}", headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.data) == (200, answer.data)
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_disk_that_takes_nothing_is_no_mistake_of_ours(
    form: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelf, "_OWN", {})
    monkeypatch.setattr(shelf, "mkdtemp", full)
    answer = client.get(f"/v1/tariff-lines.{form}?on={DAY}")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["type"] == "/problems/unavailable"
    assert answer.headers["Retry-After"] == "5"
    monkeypatch.undo()
    if form == "csv":
        assert client.get(f"/v1/tariff-lines.{form}?on={DAY}").status_code == 200


def test_a_process_that_does_not_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with (tmp_path / "file").open("wb") as file, pytest.raises(apart.NotWritten):
        apart.parquet_apart(file, ["a"], [["1"]] * 100_000, {})


# Waiting for a time does not end where libfaketime sets the clock.
@pytest.mark.slow
def test_a_process_that_reads_no_more_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\nexec sleep 50\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(sys, "executable", f"{deaf}")
    monkeypatch.setattr(apart, "PATIENCE", 0.5)
    # More than a pipe holds (64 kB on Linux), so that the rows cannot all be handed over.
    began = monotonic()
    with (tmp_path / "file").open("wb") as file, pytest.raises(apart.NotWritten):
        apart.parquet_apart(file, ["a"], [["1" * 1000]] * 1000, {})
    assert monotonic() - began < 30


def test_nothing_is_imported_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("json.py", "pyarrow.py", "api.py"):
        (tmp_path / name).write_text("raise SystemExit('imported from the working directory')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    with (tmp_path / "file").open("wb") as file:
        apart.parquet_apart(file, ["a"], [["1"]], {})
    assert parquet.read_table(tmp_path / "file").to_pydict() == {"a": ["1"]}


@pytest.mark.parametrize("lines", [b'[["a"], {}]\n', b'[["a"], {}]\n["1"]\n', b'[["a"], {}]\n["1"]\n2\n'])
def test_rows_that_end_early_are_no_file(lines: bytes):
    file = BytesIO()
    with pytest.raises(EOFError):
        apart.written(BytesIO(lines), file)
    assert file.getvalue() == b""


def test_a_row_that_fails_is_told_and_leaves_no_process(tmp_path: Path):
    def rows() -> Iterator[list[str]]:
        yield ["1"]
        raise NotInForce("no_row_in_force")

    with (tmp_path / "file").open("wb") as file, pytest.raises(NotInForce):
        apart.parquet_apart(file, ["a"], rows(), {})
    assert (tmp_path / "file").read_bytes() == b""


def test_a_table_without_rows_has_its_columns(tmp_path: Path):
    with (tmp_path / "file").open("wb") as file:
        apart.parquet_apart(file, ["a", "b"], [], {"galeon.on": DAY})
    table = parquet.read_table(tmp_path / "file")
    assert (table.num_rows, table.schema.names) == (0, ["a", "b"])
    assert table.schema.metadata[b"galeon.on"] == DAY.encode()
