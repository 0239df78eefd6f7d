"""`galeon price`: files in three forms, what is wrong with them, and what it says."""

import csv
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import ipc, parquet

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
    monkeypatch.setattr(Book, "load", lambda overlay=None, own_fx=None: real_book)


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
        (b"product,quantity,price,currency\na,1 kg,1,USD,more\n", "line 2 has 5 cells"),
        (b'product,quantity,price,currency\na,1 kg,1,USD\nb,"1 kg,1,USD\nc,1 kg,1,USD\n', "begins on line 3"),
        (b"product,quantity,price,currency\n\xff\xfe,1 kg,1,USD\n", "not UTF-8"),
    ],
)
def test_a_broken_csv_leaves_nothing_behind(tmp_path: Path, content: bytes, said: str):
    (tmp_path / "in.csv").write_bytes(content)
    result = galeon(tmp_path / "in.csv", tmp_path / "out.csv")
    assert result.exit_code == 1
    assert said in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


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
