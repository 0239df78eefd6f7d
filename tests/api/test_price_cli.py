"""`galeon price`: files in three forms, what is wrong with them, and what it says."""

import csv
import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import ipc, parquet

from api.batches import column_files, making, parts
from api.batches.results import RESULTS
from api.cli import main
from tariffs.book import Book

# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand.
LANDED_COST = Decimal("364556.24")
HEADINGS = ["SKU", "producto", "cantidad", "precio", "moneda", "por", "flete", "fx", "fecha"]
ROW = ["0007", "avocado-fresh", "20.16 t", "40000", "USD", "total", "6200", "USD/CNY:6.7628", "2026-11-23"]
BAD = ["0008", "avocado-fresh", "20.16", "40000", "USD", "total", "6200", "", "2026-11-23"]


@pytest.fixture(autouse=True)
def tables_read_before(monkeypatch: pytest.MonkeyPatch, real_book: Book) -> None:
    monkeypatch.setattr(Book, "load", lambda *_: real_book)
    # To look through all that the process of the tests holds takes longer than a test.
    monkeypatch.setattr(making, "leave_alone", lambda: None)


def galeon(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["price", *map(str, arguments)])


def written(path: Path, rows: list[list[str]], between: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=between).writerows(rows)
    return path


def rows_of(path: Path, between: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=between))


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv(tmp_path: Path, between: str):
    source = written(tmp_path / "in.csv", [HEADINGS, ROW, BAD, ROW], between)
    result = galeon(source, tmp_path / "out.csv")
    assert result.exit_code == 0
    assert "3 rows" in result.stderr
    assert "1 with a problem" in result.stderr
    assert "'SKU'" in result.stderr
    found = rows_of(tmp_path / "out.csv", between)
    assert list(found[0]) == [*HEADINGS, *RESULTS]
    assert [row["SKU"] for row in found] == ["0007", "0008", "0007"]
    assert [row["landed_cost"] for row in found] == [str(LANDED_COST), "", str(LANDED_COST)]
    # The column as the user calls it
    assert found[1]["error"].startswith("cantidad: ")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_files_of_columns(tmp_path: Path, ending: str):
    rows = pa.table({name: [value] * 5000 for name, value in zip(HEADINGS, ROW, strict=True)})
    source, target = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    if ending == "parquet":
        parquet.write_table(rows.slice(0, 3), source)
    else:
        with ipc.new_file(source, rows.schema) as file:
            file.write_table(rows.slice(0, 3))
    assert galeon(source, target).exit_code == 0
    found = parquet.read_table(target) if ending == "parquet" else ipc.open_file(target).read_all()
    assert found.column_names == [*HEADINGS, *RESULTS]
    assert found["landed_cost"].to_pylist() == [LANDED_COST] * 3


def test_status_for_problems_only_if_asked(tmp_path: Path):
    source = written(tmp_path / "in.csv", [HEADINGS, BAD])
    assert galeon(source, tmp_path / "out.csv").exit_code == 0
    assert galeon(source, tmp_path / "out.csv", "--fail").exit_code == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_mark_of_excel_stays_or_stays_away(tmp_path: Path, encoding: str):
    source = written(tmp_path / "in.csv", [HEADINGS, ROW], encoding=encoding)
    assert galeon(source, tmp_path / "out.csv").exit_code == 0
    head = (tmp_path / "out.csv").read_bytes()
    assert head.startswith(b"\xef\xbb\xbfSKU," if encoding == "utf-8-sig" else b"SKU,")


def test_a_problem_never_begins_a_formula(tmp_path: Path):
    """A heading may be the beginning of one, and is known all the same."""
    headings = [f"=+{each}" if each == "cantidad" else each for each in HEADINGS]
    source = written(tmp_path / "in.csv", [headings, BAD])
    assert galeon(source, tmp_path / "out.csv", "--column", "=+cantidad=quantity").exit_code == 0
    (found,) = rows_of(tmp_path / "out.csv")
    assert found["error"].startswith("cantidad: ")


def test_what_a_heading_stands_for_can_be_said(tmp_path: Path):
    headings = ["SKU", "Ware", *HEADINGS[2:]]
    source, target = written(tmp_path / "in.csv", [headings, ROW]), tmp_path / "out.csv"
    assert galeon(source, target).exit_code == 1
    assert galeon(source, target, "--column", "Ware=product").exit_code == 0
    (found,) = rows_of(target)
    assert (found["Ware"], found["landed_cost"]) == ("avocado-fresh", str(LANDED_COST))
    # A column that is taken for something else by its heading alone
    source = written(tmp_path / "in2.csv", [[*HEADINGS, "descripción"], [*ROW, "x" * 5000]])
    assert galeon(source, target, "--column", "descripción=").exit_code == 0
    assert rows_of(target)[0]["landed_cost"] == str(LANDED_COST)


@pytest.mark.parametrize("said", ["Ware", "Ware=product", "producto=nothing", "SKU=product"])
def test_what_no_heading_can_stand_for(tmp_path: Path, said: str):
    """No sign, no such heading, no such name, and two columns for one."""
    source = written(tmp_path / "in.csv", [HEADINGS, ROW])
    assert galeon(source, tmp_path / "out.csv", "--column", said).exit_code in (1, 2)
    assert not (tmp_path / "out.csv").exists()


def test_problems_in_spanish(tmp_path: Path):
    source = written(tmp_path / "in.csv", [HEADINGS, BAD])
    galeon(source, tmp_path / "out.csv", "--language", "es")
    (found,) = rows_of(tmp_path / "out.csv")
    assert "unidad" in found["error"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no headings"),
        (b"a,b\n1,2\n", "quantity, price, currency"),
        (b"product,quantity,quantity,price,currency\n", "stand twice"),
        (b'product,"quantity,price,currency\na,1 kg,1,USD\n', "headings cannot be read"),
        (b"product,quantity,price,currency,\0fault\n", "U+0000"),
        (b"product,quantity,price,currency\n\xff\xfe,1 kg,1,USD\n", "not UTF-8"),
    ],
)
def test_a_broken_csv_leaves_nothing_behind(tmp_path: Path, content: bytes, said: str):
    (tmp_path / "in.csv").write_bytes(content)
    result = galeon(tmp_path / "in.csv", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert said in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_a_row_that_cannot_be_read_costs_no_other(tmp_path: Path):
    """A quotation mark that never closes, a cell too many, and a mark in the middle of a cell."""
    good, long = ",".join(f'"{each}"' for each in ROW), ",".join([*ROW, "more"])
    lines = [",".join(HEADINGS), good, '0009,"avocado-fresh,1 t', good, long, '"0010"x,1', "", good]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = galeon(tmp_path / "in.csv", tmp_path / "out.csv")
    assert result.exit_code == 0
    found = rows_of(tmp_path / "out.csv")
    assert [row["landed_cost"] for row in found] == ["364556.24", "", "364556.24", "", "", "", "364556.24"]
    assert [found[1]["SKU"], found[1]["producto"], found[1]["cantidad"]] == ["0009", '"avocado-fresh', "1 t"]
    assert "line 3" in found[1]["error"]
    assert "Behind the last heading stands: more." in found[3]["error"]
    assert "line 6" in found[4]["error"]
    assert "4 with a problem" in result.stderr
    # The commonest problems, each with the first row that has it
    assert "(first in row 2)" in result.stderr


@pytest.mark.parametrize("ending", ["ndjson", "json"])
def test_objects_come_back_as_they_were(tmp_path: Path, ending: str):
    row = dict(zip(HEADINGS, ROW, strict=True))
    numbers = (
        '{"producto": "avocado-fresh", "cantidad": "20.16 t", "precio": 40000.00, "moneda": "USD", "por": "total", '
    )
    numbers += (
        '"flete": 6200, "fx": "USD/CNY:6.7628", "fecha": "2026-11-23", "own": {"a": [1.50, 1e400]}, "regla": null}'
    )
    texts = [
        json.dumps(row, ensure_ascii=False),
        numbers,
        '{"producto": {"sku": 1}}',
        '{"precio": 1, "precio": 2}',
        "[7]",
    ]
    whole = "\n".join(texts) if ending == "ndjson" else f"[{', '.join(texts)}]"
    source, target = tmp_path / f"in.{ending}", tmp_path / f"out.{ending}"
    source.write_text(whole, encoding="utf-8")
    assert galeon(source, target).exit_code == 0
    written_ = target.read_text(encoding="utf-8")
    found = [json.loads(each) for each in written_.splitlines()] if ending == "ndjson" else json.loads(written_)
    assert [each["landed_cost"] for each in found] == ["364556.24", "364556.24", None, None, None]
    assert list(found[0]) == [*HEADINGS, *RESULTS]
    # Digit for digit, also what no float holds
    assert numbers[:-1] in written_
    assert "producto: " in found[2]["error"]
    assert "a name stands twice" in found[3]["error"]
    assert found[4]["row"] == "[7]"
    # Priced anew, each result is there once
    again = tmp_path / f"again.{ending}"
    assert galeon(target, again).exit_code == 0
    told = again.read_text(encoding="utf-8")
    assert told.count('"landed_cost":') == len(texts)
    assert '"a": [1.50, 1e400]' in told


@pytest.mark.parametrize("ending", ["ndjson", "json"])
def test_texts_that_no_file_can_hold(tmp_path: Path, ending: str):
    """Half a pair of UTF-16, and a name like that of our own column; each is told with the line in which it stands."""
    good = json.dumps(dict(zip(HEADINGS, ROW, strict=True)))
    texts = [good, r'{"SKU": "\ud800"}', r'{"\u0000fault": "x"}', r'{"SKU": "\ud83e\udd51"}']
    whole = "\n\n".join(texts) if ending == "ndjson" else "[" + ",\n\n".join(texts) + "]"
    source, target = tmp_path / f"in.{ending}", tmp_path / "out.csv"
    source.write_text(whole, encoding="utf-8")
    assert galeon(source, target).exit_code == 0
    found = rows_of(target)
    assert found[0]["landed_cost"] == str(LANDED_COST)
    assert "line 3 " in found[1]["error"]
    assert "line 5 " in found[2]["error"]
    assert "U+0000" in found[2]["error"]
    assert found[3]["SKU"] == "🥑"


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_a_heading_like_that_of_our_own_column(tmp_path: Path, ending: str):
    rows = pa.table({name: [value] for name, value in zip([*HEADINGS, "\0fault"], [*ROW, "x"], strict=True)})
    source = tmp_path / f"in.{ending}"
    if ending == "parquet":
        parquet.write_table(rows, source)
    else:
        with ipc.new_file(source, rows.schema) as file:
            file.write_table(rows)
    result = galeon(source, tmp_path / "out.csv")
    assert result.exit_code == 1
    assert "U+0000" in result.stderr


def test_a_named_pipe(tmp_path: Path):
    """As a shell makes one of `galeon price <(zcat orders.csv.gz) priced.csv --format csv`."""
    given = written(tmp_path / "in.csv", [HEADINGS, ROW]).read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_bytes, args=(given,))
    writing.start()
    assert galeon(pipe, tmp_path / "out.csv", "--format", "csv").exit_code == 0
    writing.join()
    assert rows_of(tmp_path / "out.csv")[0]["landed_cost"] == str(LANDED_COST)


def test_from_one_form_to_another(tmp_path: Path):
    source = written(tmp_path / "in.csv", [HEADINGS, ROW])
    assert galeon(source, tmp_path / "a.ndjson").exit_code == 0
    assert galeon(tmp_path / "a.ndjson", tmp_path / "b.parquet").exit_code == 0
    assert galeon(tmp_path / "b.parquet", tmp_path / "c.arrow").exit_code == 0
    assert galeon(tmp_path / "c.arrow", tmp_path / "d.json").exit_code == 0
    (found,) = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    assert list(found) == [*HEADINGS, *RESULTS]
    assert (found["SKU"], found["landed_cost"], found["error"]) == ("0007", "364556.24", None)


def piped(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "api.cli", "price", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=True, timeout=120)


@pytest.mark.slow
def test_standard_input_and_output(tmp_path: Path):
    source = written(tmp_path / "in.csv", [HEADINGS, ROW])
    found = piped("-", "-", "--format", "csv", given=source.read_bytes())
    assert b",364556.24," in found.stdout
    assert b"1 rows priced to standard output" in found.stderr
    stream = io.BytesIO()
    table = pa.table({name: [value] for name, value in zip(HEADINGS, ROW, strict=True)})
    with ipc.new_stream(stream, table.schema) as writing:
        writing.write_table(table)
    found = piped("-", "-", "--format", "arrow", "--to", "parquet", given=stream.getvalue())
    assert parquet.read_table(io.BytesIO(found.stdout))["landed_cost"].to_pylist() == [LANDED_COST]


@pytest.mark.parametrize(
    "arguments",
    [("-", "out.csv"), ("in.xyz", "out.csv"), ("in.csv", "out.xyz"), ("-", "-", "--format", "csv", "--resume")],
)
def test_what_cannot_be_told_from_a_name_must_be_said(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "in.csv", [HEADINGS, ROW])
    written(tmp_path / "in.xyz", [HEADINGS, ROW])
    assert galeon(*arguments).exit_code == 2


def many_rows(path: Path, count: int) -> Path:
    """Rows of which each tenth is wrong, and some are shipments of two."""
    table = {name: [value] * count for name, value in zip(HEADINGS, ROW, strict=True)}
    table["SKU"] = [f"{number:05d}" for number in range(count)]
    table["precio"] = [f"{40000 + number}.25" for number in range(count)]
    table["cantidad"] = ["20.16" if number % 10 == 7 else "20.16 t" for number in range(count)]
    table["embarque"] = [f"e{number // 2}" if number % 7 < 2 else "" for number in range(count)]
    parquet.write_table(pa.table(table), path, row_group_size=1000)
    return path


@pytest.mark.slow
def test_several_processes_answer_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(column_files, "MANY_ROWS", 700)
    source = many_rows(tmp_path / "in.parquet", 5000)
    assert galeon(source, tmp_path / "one.parquet").exit_code == 0
    for many in (2, 0):
        assert galeon(source, tmp_path / "more.parquet", "--workers", many).exit_code == 0
        assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "more.parquet").read_bytes()
    found = parquet.read_table(tmp_path / "one.parquet")
    assert found["SKU"].to_pylist() == [f"{number:05d}" for number in range(5000)]
    assert found["landed_cost"].null_count > 500


@pytest.mark.slow
def test_killed_ten_times_and_the_same(tmp_path: Path):
    """kill -9 at ten moments of one run; what it comes to is what an uninterrupted one does, byte for byte."""
    source, whole, target = tmp_path / "in.csv", tmp_path / "whole.parquet", tmp_path / "out.parquet"
    rows = ([f"{number:06d}", *ROW[1:3], f"{40000 + number}.25", *ROW[4:]] for number in range(400_000))
    written(source, [HEADINGS, *rows])
    piped(str(source), str(whole))
    chance, folder, kept = Random(20261127), target.with_name(".out.parquet.parts"), set()
    for _ in range(10):
        before = len([*folder.glob("*.arrow")])
        with subprocess.Popen(
            [sys.executable, "-m", "api.cli", "price", str(source), str(target), "--resume"], stderr=subprocess.DEVNULL
        ) as running:
            while running.poll() is None and len([*folder.glob("*.arrow")]) <= before:
                sleep(0.005)
            sleep(chance.random() * 0.2)
            running.kill()
        kept.add(len([*folder.glob("*.arrow")]))
    piped(str(source), str(target), "--resume")
    assert target.read_bytes() == whole.read_bytes()
    # It went on each time where it was, and did not begin anew
    assert len(kept) > 5
    assert not folder.exists()


def test_parts_of_another_run_are_not_taken(tmp_path: Path):
    source, target = written(tmp_path / "in.csv", [HEADINGS, ROW]), tmp_path / "out.csv"
    folder = tmp_path / ".out.csv.parts"
    folder.mkdir()
    journal = {"day": "2026-11-23", "source": "another"}
    (folder / "journal.json").write_text(json.dumps(journal), encoding="utf-8")
    result = galeon(source, target, "--resume")
    assert result.exit_code == 1
    assert ".out.csv.parts is of a run with other" in result.stderr
    assert not target.exists()


def test_killed_while_it_removes_its_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is left of them is never taken for the parts of a run, and goes with those of the next."""
    source, target = written(tmp_path / "in.csv", [HEADINGS, ROW]), tmp_path / "out.csv"

    class Killed(Exception):
        pass

    def killed(folder: Path, *, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            next(iter(folder.glob("*.arrow"))).unlink()
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(parts, "rmtree", killed)
        assert isinstance(galeon(source, target, "--resume").exception, Killed)
    written(source, [HEADINGS, ROW, BAD])
    assert galeon(source, target, "--resume").exit_code == 0
    assert [row["SKU"] for row in rows_of(target)] == ["0007", "0008"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_a_truncated_parquet(tmp_path: Path):
    parquet.write_table(
        pa.table({name: [value] for name, value in zip(HEADINGS, ROW, strict=True)}), tmp_path / "a.parquet"
    )
    (tmp_path / "in.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-20])
    result = galeon(tmp_path / "in.parquet", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert "in.parquet" in result.stderr
    assert not (tmp_path / "out.csv").exists()


def test_files_that_are_none_of_ours(tmp_path: Path):
    source = written(tmp_path / "in.csv", [HEADINGS, ROW])
    assert galeon(source, tmp_path / "out.doc").exit_code == 2
    assert galeon(source, source).exit_code == 2
    assert galeon(tmp_path / "none.csv", tmp_path / "out.csv").exit_code == 2
