"""One measurement of bulk in a process of its own, so that its peak memory is its own; `benchmarks.bulk` starts it.

python -m benchmarks.bulk_measure priced IN OUT | floor IN PRICED OUT | one-by-one IN ROWS

Prints rows, seconds and peak MB as JSON. Tables are read before the clock starts; files are read and written under it.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pyarrow import parquet

from api.batches.ahead import ahead
from api.batches.forms import form_of, opened
from api.batches.pricing import Run
from api.batches.texts import text_of
from api.garbage import leave_alone
from benchmarks.bulk_rows import pricing


def priced(source: Path, target: Path) -> tuple[int, float]:
    """A file priced into a file, as `galeon price` does it."""
    prices, rows = pricing(), 0
    form, written = form_of(source), form_of(target)
    assert form is not None
    assert written is not None
    leave_alone()
    started = time.perf_counter()
    with opened(form, source) as table, target.open("wb") as file:
        run = Run(prices, table.schema)

        def counted():
            nonlocal rows
            read = ahead(map(run.read, run.pieces(ahead(table.batches))))
            for answer in ahead(map(run.reckoned, read)):
                rows += answer.num_rows
                yield answer

        written.write(file, run.schema, counted(), table.manner)
    return rows, time.perf_counter() - started


def floor(source: Path, answers: Path, target: Path) -> tuple[int, float]:
    """The same input read and the same output written with pyarrow alone; what is written is in memory before."""
    output = parquet.read_table(answers)
    started = time.perf_counter()
    rows = sum(batch.num_rows for batch in parquet.ParquetFile(source).iter_batches())
    with target.open("wb") as file:
        parquet.write_table(output, file)
    return rows, time.perf_counter() - started


def one_by_one(source: Path, most: str) -> tuple[int, float]:
    """The first rows as single requests, explained in Decimal: read from texts, chosen for and walked, each by itself."""
    prices = pricing()
    (batch,) = parquet.read_table(source).slice(0, int(most)).combine_chunks().to_batches()
    rows = [{name: text for name, value in row.items() if (text := text_of(value))} for row in batch.to_pylist()]
    started = time.perf_counter()
    for row in rows:
        prices.consignment([row])
    return len(rows), time.perf_counter() - started


WAYS: Mapping[str, Callable[..., tuple[int, float]]] = {"priced": priced, "floor": floor, "one-by-one": one_by_one}


def main() -> None:
    name, *arguments = sys.argv[1:]
    rows, seconds = WAYS[name](*(Path(each) if not each.isdecimal() else each for each in arguments))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
