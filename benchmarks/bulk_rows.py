"""Rows of general trade for the benchmarks of bulk: the same ones every time, made from the tables, every price another.

A thousand lines of the tariff that are priced without an open question, CIF and FOB with freight, in dollars, yuan and euros.
A row follows from its number alone, so that a file of any size is made without being held, and a longer one begins like a
shorter one.

python -m benchmarks.bulk_rows 1000000 rows.parquet
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import xlsxwriter
from pyarrow import compute as pc

from api import known_of, utc_now
from api.batches.consignments import REFUSALS, Pricing
from api.batches.forms import form_of
from api.pricing import price
from api.schemas import QuoteIn
from api.settings import Settings
from tariffs.book import Book
from tariffs.records import Records

CODES = 1000
DAY = date(2026, 11, 23)
AT_ONCE = 65_536
PRICE = pa.decimal128(12, 4)
# A prime beyond the number of rows: multiples of another number do not meet again before it.
PRIME, STRIDE = 10_000_019, 7_368_787
TERMS, CURRENCIES = ("CIF", "FOB"), ("USD", "CNY", "EUR")
SCHEMA = pa.schema(
    {
        "hs_code": pa.string(),
        "origin": pa.string(),
        "quantity": pa.string(),
        "price": PRICE,
        "currency": pa.string(),
        "per": pa.string(),
        "incoterm": pa.string(),
        "freight": PRICE,
        "freight_currency": pa.string(),
        "declared_on": pa.string(),
    }
)


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of the tariff and the unit that it is counted in."""

    code: str
    unit: str


def pricing() -> Pricing:
    """What the benchmarks price with: the tables of the package, nothing of the installation's own."""
    book = Book.load()
    return Pricing(book, QuoteIn(known_of(Settings(""), book, utc_now)))


def goods(prices: Pricing, most: int = CODES) -> Sequence[Goods]:
    """Lines that are priced as the rows here ask, and come to one figure; scattered over the whole tariff."""
    records = Records.load()
    known = [line for line in map(records.line, records.codes) if line is not None and line.units]
    scattered = (known[number * PRIME % len(known)] for number in range(len(known)))
    found = (each for each in (Goods(line.hs_code, line.units[0]) for line in scattered) if _settled(prices, each))
    return sorted(islice(found, most), key=attrgetter("code"))


def _settled(prices: Pricing, line: Goods) -> bool:
    """Whether a row of this line is priced without a question that is left open."""
    (row,) = rows_of(range(1), [line]).to_pylist()
    try:
        quote = price(
            prices.request([{name: f"{value}" for name, value in row.items() if value is not None}]), prices.book
        )
    except REFUSALS:
        return False
    ends = quote.outcome.range
    return ends is None or ends.low == ends.high


def batches(rows: int, lines: Sequence[Goods], mixed: bool = False) -> Iterator["pa.RecordBatch"]:
    """So many rows. A line has a term and a currency of its own, as the goods of one supplier do; `mixed`: each row has."""
    for start in range(0, rows, AT_ONCE):
        yield rows_of(range(start, min(start + AT_ONCE, rows)), lines, mixed)


def rows_of(numbers: range, lines: Sequence[Goods], mixed: bool = False) -> "pa.RecordBatch":
    """The rows with these numbers."""
    row = np.arange(numbers.start, numbers.stop, dtype=np.int64)
    line = row % len(lines)
    way = row // len(lines) if mixed else line
    fob = way % len(TERMS) == 1
    currency = _among(CURRENCIES, way // len(TERMS) % len(CURRENCIES))
    scattered = row * STRIDE % PRIME
    unit = _among([each.unit for each in lines], line)
    counted = pa.array(1_000 + scattered % 4_999).cast(pa.string())
    freight = _decimals(10_000 + scattered % 9_000_000, ~fob)
    return pa.RecordBatch.from_arrays(
        [
            _among([each.code for each in lines], line),
            pa.array(["MX"] * len(row)),
            pc.binary_join_element_wise(counted, unit, " "),
            _decimals(50_000 + scattered),
            currency,
            unit,
            _among(TERMS, fob.astype(np.int64)),
            freight,
            pc.if_else(pa.array(fob), currency, None),
            pa.array([f"{DAY}"] * len(row)),
        ],
        schema=SCHEMA,
    )


def like_a_chain(rows: int, lines: Sequence[Goods]) -> "pa.RecordBatch":
    """So many rows whose prices contain all that comes before the taxes, in dollars."""
    batch = rows_of(range(rows), lines)
    for name, value in (("currency", "USD"), ("incoterm", "CIF"), ("freight", None), ("freight_currency", None)):
        place, field = batch.schema.get_field_index(name), batch.schema.field(name)
        batch = batch.set_column(place, field, pa.repeat(pa.scalar(value, field.type), rows))
    return batch


def _among(texts: Sequence[str], which: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "pa.Array":
    return pa.array(texts).take(pa.array(which))


def _decimals(ticks: "np.ndarray[tuple[int], np.dtype[np.int64]]", absent: object = None) -> "pa.Array":
    """So many ten-thousandths each, exactly."""
    whole = pa.array(ticks, mask=absent).cast(pa.decimal128(19, 0))
    return pc.multiply(whole, pa.scalar("0.0001").cast(pa.decimal128(4, 4))).cast(PRICE)


def write(path: Path, rows: int, lines: Sequence[Goods], mixed: bool = False) -> None:
    """A file of so many rows in the form that its name ends with."""
    form = form_of(path)
    if form is None:
        raise SystemExit(f"{path.name}: which form is that?")
    with path.open("wb") as file:
        if form.name == "xlsx":
            _write_sheet(file, batches(rows, lines, mixed))
        else:
            form.write(file, SCHEMA, batches(rows, lines, mixed), None)


def _write_sheet(file: BinaryIO, found: Iterable["pa.RecordBatch"]) -> None:
    """As somebody's own workbook: our writer makes one of answers alone."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, SCHEMA.names)
        values = (row for batch in found for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
        for number, row in enumerate(values, 1):
            sheet.write_row(number, 0, row)


def main() -> None:
    rows, path = int(sys.argv[1]), Path(sys.argv[2])
    write(path, rows, goods(pricing()), "--mixed" in sys.argv[3:])


if __name__ == "__main__":
    main()
