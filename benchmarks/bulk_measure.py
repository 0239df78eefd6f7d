"""One measurement of bulk in a process of its own, so that its peak memory is its own; `benchmarks.bulk` starts it.

python -m benchmarks.bulk_measure priced IN OUT | floor IN PRICED OUT | one-by-one IN ROWS | arrays ROWS

Prints rows, seconds and peak MB as JSON. Tables are read before the clock starts; files are read and written under it.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from api.batches.ahead import ahead
from api.batches.columnar import Columnar, chosen
from api.batches.forms import form_of, opened
from api.batches.layout import Layout
from api.batches.pricing import Run
from api.batches.results import AMOUNTS
from api.batches.texts import text_of
from api.cells import unit_told
from api.garbage import leave_alone
from benchmarks.bulk_rows import goods, like_a_chain, pricing
from calculator.bulk import sums_of, together


def priced(source: Path, target: Path) -> tuple[int, float]:
    """A file priced into a file, as `galeon price` does it."""
    prices, rows = pricing(), 0
    form, written = form_of(source), form_of(target)
    assert form is not None
    assert written is not None
    # Its first array has pyarrow import pandas, where that is installed
    pa.array([""])
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
    rows = sum(batch.num_rows for batch in parquet.ParquetFile(source, pre_buffer=False).iter_batches())
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


def arrays(rows: str) -> tuple[int, float]:
    """A like chain of taxes from arrays to arrays, all its kinds known and nothing read or written: the best of three.

    Customs value, duty, consumption tax, VAT, landed cost and what a unit costs, of prices in dollars under CIF, each rounded to
    the fen by its own rule.
    """
    prices = pricing()
    batch = like_a_chain(int(rows), goods(prices))
    columnar = Columnar(prices, Layout.of(batch.schema.names).names)
    told = columnar.told(dict(enumerate(batch.columns)), batch.num_rows)
    assert told.encoded is not None
    some, many = chosen(told.encoded, [columnar.known(kind, True) for kind in told.encoded.kinds])
    assert len(some) == batch.num_rows
    walks = together(unit_told)
    leave_alone()
    seconds = []
    for _ in range(4):
        started = time.perf_counter()
        sums = sums_of(many, walks, AMOUNTS)
        seconds.append(time.perf_counter() - started)
    assert sums.sound.all()
    # The first of them stacks the facts of the kinds, as the reading of a file does once
    return batch.num_rows, min(seconds[1:])


WAYS: Mapping[str, Callable[..., tuple[int, float]]] = {
    "priced": priced,
    "floor": floor,
    "one-by-one": one_by_one,
    "arrays": arrays,
}


def main() -> None:
    name, *arguments = sys.argv[1:]
    rows, seconds = WAYS[name](*(each if each.isdecimal() else Path(each) for each in arguments))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
