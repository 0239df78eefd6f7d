"""How fast a file of general trade is priced, against the floor, the row by row reading, OpenFisca and Spark, in one run.

python -m benchmarks.bulk [--quick | --ten-million] [--spark]

Writes benchmarks/results/bulk.md and bulk.json. --quick takes few rows, to see that it runs, and writes nothing: its marks say
nothing. openfisca-core is installed for the run alone; where it cannot be had, that is said.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk_rows import goods, pricing, write

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MARKED, SAMPLE = 1_000_000, 3_000
SIZES = (1_000, 10_000, 100_000, MARKED)
# Rows of a workbook, of which nobody has a million.
SHEET = 20_000
MORE_MEMORY = 1.25


@dataclass(frozen=True, slots=True)
class Measured:
    """Rows, seconds and the peak memory of the process in MB, None where it is not ours to measure."""

    name: str
    rows: int
    seconds: float
    peak_mb: float | None = None

    @property
    def speed(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds


def measured(name: str, *arguments: object) -> Measured:
    """One measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bulk_measure", *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE.parent)
    return Measured(name, **json.loads(done.stdout))


def best(name: str, *arguments: object) -> Measured:
    """The quickest of three: what is held against a mark is not to hang on what else the machine did at that moment."""
    return min((measured(name, *arguments) for _ in range(3)), key=lambda each: each.seconds)


def openfisca(folder: Path, rows: int) -> Measured | None:
    """OpenFisca's arithmetic on as many rows; None where it cannot be installed."""
    python = folder / "openfisca/bin/python"
    packages = ("openfisca-core", "openfisca-country-template")
    try:
        subprocess.run([sys.executable, "-m", "venv", folder / "openfisca"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    done = subprocess.run([python, HERE / "openfisca_chain.py", str(rows)], check=True, capture_output=True, text=True)
    return Measured("openfisca-core, float32 arrays, no file", rows, float(done.stdout))


def on_spark(source: Path, rows: int, executors: int) -> Measured:
    """The command on a cluster of so many executors, from its start to its end."""
    target = source.with_name(f"spark-{executors}.parquet")
    master = f"local-cluster[{executors},1,1024]"
    started = time.perf_counter()
    command = [sys.executable, "-m", "api.cli", "price", source, target, "--engine", "spark", "--master", master]
    environment = os.environ | {"SPARK_WORKER_DIR": str(source.with_name("spark-work"))}
    subprocess.run(command, check=True, capture_output=True, cwd=source.parent, env=environment)
    return Measured(f"Spark with its start, executors of one core: {executors}", rows, time.perf_counter() - started)


def measurements(folder: Path, sizes: tuple[int, ...], sample: int, spark: bool) -> Iterator[Measured]:
    """All of them, each told as soon as it is there."""
    lines, marked = goods(pricing()), min(sizes[-1], MARKED)
    for rows in sizes:
        write(folder / f"{rows}.parquet", rows, lines)
        once = best if rows == marked else measured
        yield once("Parquet to Parquet", "priced", folder / f"{rows}.parquet", folder / f"{rows}-priced.parquet")
    source = folder / f"{marked}.parquet"
    yield best("the floor", "floor", source, folder / f"{marked}-priced.parquet", folder / "floor.parquet")
    yield measured("row by row in Decimal, a sample: single quotes without HTTP", "one-by-one", source, sample)
    for form, rows in (("csv", marked), ("arrow", marked), ("ndjson", marked), ("xlsx", min(SHEET, marked))):
        write(folder / f"rows.{form}", rows, lines)
        yield measured(f"{form} to {form}", "priced", folder / f"rows.{form}", folder / f"priced.{form}")
    write(folder / "mixed.parquet", marked, lines, mixed=True)
    ways = "Parquet to Parquet, each code under both terms and in all currencies"
    yield measured(ways, "priced", folder / "mixed.parquet", folder / "mixed-priced.parquet")
    yield measured("a like chain of taxes, arrays to arrays, no file", "arrays", marked)
    if (other := openfisca(folder, marked)) is not None:
        yield other
    for executors in (1, 2) if spark else ():
        yield on_spark(source, marked, executors)


def marks(found: list[Measured], marked: int) -> dict[str, bool | None]:
    """What was to be reached, and whether it was; None where there is nothing to compare with."""
    by_size = [each for each in found if each.name == "Parquet to Parquet"]
    named = {each.name.split(",")[0]: each for each in found if each not in by_size}
    ours = next(each for each in by_size if each.rows == marked)
    other = named.get("openfisca-core")
    before = next((each for each in by_size if each.rows * 10 == by_size[-1].rows), None)
    return {
        "at least a third of the floor's rows per second": ours.speed * 3 >= named["the floor"].speed,
        "at least 50 times row by row": ours.speed >= 50 * named["row by row in Decimal"].speed,
        "more rows per second than openfisca-core, arrays to arrays": other
        and named["a like chain of taxes"].speed > other.speed,
        f"the last tenfold of rows takes at most {MORE_MEMORY} times the memory": before
        and (by_size[-1].peak_mb or 0) <= MORE_MEMORY * (before.peak_mb or 0),
    }


def table(found: list[Measured], reached: dict[str, bool | None]) -> str:
    """The results as Markdown."""
    lines = ["| what | rows | seconds | rows/s | peak MB |", "| --- | ---: | ---: | ---: | ---: |"]
    for each in found:
        peak = "" if each.peak_mb is None else f"{each.peak_mb:,.0f}"
        lines.append(f"| {each.name} | {each.rows:,} | {each.seconds:.2f} | {each.speed:,.0f} | {peak} |")
    told = {True: "yes", False: "no", None: "not measured"}
    lines += ["", *(f"* {mark}: {told[whether]}" for mark, whether in reached.items())]
    return "\n".join(lines)


def main() -> None:
    quick = "--quick" in sys.argv
    sizes = SIZES[:2] if quick else (*SIZES, 10 * MARKED) if "--ten-million" in sys.argv else SIZES
    with TemporaryDirectory() as folder:
        found = []
        for each in measurements(Path(folder), sizes, SAMPLE // 10 if quick else SAMPLE, "--spark" in sys.argv):
            print(f"{each.name}: {each.rows:,} rows, {each.speed:,.0f} rows/s", file=sys.stderr)
            found.append(each)
    reached = marks(found, min(sizes[-1], MARKED))
    print(text := table(found, reached))
    if quick:
        return
    machine = {"machine": platform.machine(), "python": platform.python_version()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bulk.md").write_text(f"{text}\n", encoding="utf-8")
    whole = {**machine, "measured": [asdict(each) for each in found], "marks": reached}
    (RESULTS / "bulk.json").write_text(f"{json.dumps(whole, indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
