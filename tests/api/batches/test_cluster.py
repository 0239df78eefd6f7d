"""Spark itself, with two executors: each row comes to what it comes to on one machine, in the same place."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import dataset, parquet

from api.batches.cluster import OtherTables, Sent
from api.batches.making import Maker
from api.batches.shipments import Cutter
from api.cli import main
from tests.programs import package, program

ROOT = Path(__file__).parents[3]
HEADINGS = ("SKU", "shipment", "producto", "cantidad", "precio", "moneda", "por", "flete", "fecha")
SCHEMA = pa.schema([pa.field(name, pa.string()) for name in HEADINGS])
# tests/cases/general_trade/2026-11-23/avocado-at-7.toml, worked by hand; its rate is stated there.
LANDED_COST = Decimal("364556.24")


def orders(rows: int) -> "pa.Table":
    """Consignments of three rows, rows of their own, two that belong further up, and some without a unit or a freight."""
    found = []
    for row in range(rows):
        shipment = f"S{row // 3}" if row % 50 < 45 else ""
        if row in (rows // 6, rows // 3 * 2):
            shipment = "S7"
        quantity = "20.16" if row % 37 == 0 else "20.16 t"
        freight = "6200" if row % 3 == 0 or not shipment else ""
        price = str(40_000 + row)
        found.append((f"{row:04d}", shipment, "avocado-fresh", quantity, price, "USD", "total", freight, "2026-11-23"))
    return pa.table(dict(zip(HEADINGS, map(pa.array, zip(*found, strict=True)), strict=True)))


def run(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, with Spark on this machine alone and its leavings in the folder."""
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(folder / "work")}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done


@pytest.mark.slow
def test_two_executors_come_to_what_one_machine_does(tmp_path: Path):
    program("java")
    package("pyspark")
    source = tmp_path / "in.parquet"
    parquet.write_table(orders(600), source, row_group_size=50)
    galeon = (sys.executable, "-m", "api.cli", "price", source)
    here = run(tmp_path, *galeon, tmp_path / "here.parquet")
    there = run(
        tmp_path, *galeon, tmp_path / "there.parquet", "--engine", "spark", "--master", "local-cluster[2,1,1024]"
    )
    one, many = parquet.read_table(tmp_path / "here.parquet"), dataset.dataset(tmp_path / "there.parquet")
    assert many.schema.names == one.schema.names
    assert many.to_table().to_pylist() == one.to_pylist()
    assert len(many.files) == 2
    problems = {each for each in one["error"].to_pylist() if each}
    assert any("began further up" in each for each in problems)
    assert 0 < one["error"].null_count < 600
    # The summary counts alike, to the first rows of the problems.
    assert here.stderr.splitlines()[2:] == there.stderr[there.stderr.index("600 rows priced") :].splitlines()[1:]


@pytest.mark.slow
def test_the_example_of_the_guide(tmp_path: Path):
    program("java")
    package("pyspark")
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/cluster.md").read_text(encoding="utf-8"), re.S)
    row = {"product": "avocado-fresh", "quantity": "20.16 t", "price": "40000", "currency": "USD", "per": "total"}
    row |= {"freight": "6200", "fx": "USD/CNY:6.7628", "declared_on": "2026-11-23"}
    parquet.write_table(pa.Table.from_pylist([row] * 3), tmp_path / "orders.parquet")
    (tmp_path / "job.py").write_text(example, encoding="utf-8")
    run(tmp_path, "env", f"PYSPARK_PYTHON={sys.executable}", sys.executable, "job.py")
    assert dataset.dataset(tmp_path / "priced").to_table()["landed_cost"].to_pylist() == [LANDED_COST] * 3


def test_other_tables_are_not_priced_with(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GALEON_FX", str(tmp_path))
    sent = Sent.of(Maker(SCHEMA, {}, "en", date(2026, 11, 23)))
    assert sent.run(SCHEMA).book.release == sent.tables[0]
    with pytest.raises(OtherTables, match="asked for were 1999"):
        replace(sent, tables=("1999", *sent.tables[1:])).run(SCHEMA)


def test_rows_of_one_shipment_with_others_elsewhere_between_them():
    batches = [pa.record_batch({"row": rows, "shipment": ["S"] * len(rows)}) for rows in ([4, 5], [6, 9], [10, 12])]
    (piece,) = Cutter(1, 0).pieces(batches[:1])
    assert (piece.spans, piece.again) == ([(0, 2)], frozenset())
    pieces = list(Cutter(1, 0).pieces(batches))
    spans = [piece.batch["row"].to_pylist()[start:stop] for piece in pieces for start, stop in piece.spans or ()]
    again = [piece.batch["row"][start].as_py() for piece in pieces for start in sorted(piece.again)]
    assert (spans, again) == ([[4, 5, 6], [9, 10], [12]], [9, 12])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("in.csv", "out.parquet"), "Parquet"),
        (("in.parquet", "out.parquet", "--resume"), "anew"),
        (("in.parquet", "out.parquet", "--workers", "2"), "anew"),
        (("in.parquet", "there.parquet"), "there already"),
    ],
)
def test_what_a_cluster_does_not_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], told: str
):
    monkeypatch.chdir(tmp_path)
    for name in ("in.csv", "in.parquet"):
        Path(name).touch()
    Path("there.parquet").touch()
    result = CliRunner().invoke(main, ["price", *arguments, "--engine", "spark"])
    assert result.exit_code == 2
    assert told in result.stderr
