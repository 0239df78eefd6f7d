"""Rows priced by the machines of a Spark cluster: the same run as on one machine, over batches that Spark hands out.

The tables travel as a hash, and what an installation has laid over them as bytes; each Python process of the cluster reads its
own copy once, and refuses to price with other tables than were asked for. Rows of one consignment come to one process, and go
back to where they were in the file. Galeón must be installed on every machine, in the same version.
"""

from atexit import register
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from api.batches.making import Maker
from api.batches.pricing import Run
from api.batches.shipments import said
from api.batches.texts import values_of
from api.fx_cli import read_book, read_settings
from api.settings import Settings
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book
from tariffs.installed import serving

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

# Columns before the user's own while the rows are under way: where a row stands in the file, and its consignment.
ROW, SHIPMENT = "galeon:row", "galeon:shipment"
FILE, IN_FILE, FIRST = "galeon:file", "galeon:in_file", "galeon:first"
Contents = Mapping[str, bytes]
# The tables that this process was sent.
_READ: dict[tuple[str, ...], Book] = {}


class OtherTables(Exception):
    """A machine of the cluster has other tables, or another version, than was asked for."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a machine needs for the run: which tables they are, what is laid over them, and what was asked."""

    tables: tuple[str, ...]
    overlay: Contents | None
    rates: Contents | None
    fx_strict: bool
    maker: Maker

    @classmethod
    def of(cls, maker: Maker) -> "Sent":
        """The tables of this installation as they are now."""
        settings = read_settings()
        book = read_book(settings)
        return cls(_tables(book), _contents(settings.tables), _contents(settings.fx), settings.fx_strict, maker)

    def run(self, schema: "pa.Schema") -> Run:
        """The run in this process, over batches of this schema. Raises OtherTables."""
        if self.tables not in _READ:
            _READ[self.tables] = self._read()
        return self.maker.over(_READ[self.tables], Settings("", self.fx_strict), schema)

    def _read(self) -> Book:
        """The tables in this process; what is laid over them is looked at as long as they are used, in a folder till its end."""
        root = serving(read_settings().releases).root
        if self.overlay is None and self.rates is None:
            return self._checked(Book.load(root=root))
        folder = TemporaryDirectory()
        register(folder.cleanup)
        overlay, rates = _laid(self.overlay, Path(folder.name, "tables")), _laid(self.rates, Path(folder.name, "fx"))
        return self._checked(Book.load(overlay, rates, root))

    def _checked(self, book: Book) -> Book:
        if (found := _tables(book)) != self.tables:
            raise OtherTables(f"this machine has {', '.join(found)}; asked for were {', '.join(self.tables)}")
        return book


def _tables(book: Book) -> tuple[str, ...]:
    return book.release, book.fx_release, ENGINE_VERSION


def _contents(folder: Path | None) -> Contents | None:
    if folder is None or not folder.is_dir():
        return None
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _laid(contents: Contents | None, folder: Path) -> Path | None:
    if contents is None:
        return None
    folder.mkdir()
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def priced(spark: "SparkSession", frame: "DataFrame", maker: Maker, pieces: int) -> "DataFrame":
    """The rows of Parquet files with their results, in their order, in so many partitions.

    The order is that of the files' names, and in each file its own. `maker` has the columns of `frame`. Raises Refused where
    they do not do.
    """
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    rows, numbered = _numbered(frame)
    sent = Sent.of(maker)
    run = sent.run(to_arrow_schema(numbered.schema))
    if run.layout.shipment is not None:
        key = pa.schema([pa.field(SHIPMENT, pa.string()), *to_arrow_schema(numbered.schema)])
        numbered = (
            numbered.mapInArrow(_Named(run.layout.shipment), from_arrow_schema(key))
            .repartition(pieces, _column(SHIPMENT))
            .drop(_column(SHIPMENT))
            .sortWithinPartitions(_column(ROW))
        )
    done = numbered.mapInArrow(_Priced(spark.sparkContext.broadcast(sent)), from_arrow_schema(run.schema))
    back = f.floor(_column(ROW) * pieces / max(rows, 1)).cast("int")
    return done.repartitionById(pieces, back).sortWithinPartitions(_column(ROW)).drop(_column(ROW))


def _column(name: str) -> Any:
    """A column by its name, whatever signs are in it."""
    from pyspark.sql import functions as f

    quoted = name.replace("`", "``")
    return f.col(f"`{quoted}`")


def _numbered(frame: "DataFrame") -> tuple[int, "DataFrame"]:
    """How many rows there are, and each with its number in front."""
    from pyspark.sql import functions as f

    own = [_column(name) for name in frame.columns]
    there = frame.select(f.col("_metadata.file_path").alias(FILE), f.col("_metadata.row_index").alias(IN_FILE), *own)
    first, rows = [], 0
    for file, count in sorted(map(tuple, there.groupBy(_column(FILE)).count().collect())):
        first.append((file, rows))
        rows += count
    firsts = frame.sparkSession.createDataFrame(first, f"`{FILE}` string, `{FIRST}` bigint")
    there = there.join(f.broadcast(firsts), FILE)
    return rows, there.select((_column(IN_FILE) + _column(FIRST)).alias(ROW), *own)


@dataclass(frozen=True, slots=True)
class _Named:
    """Puts before each row what its consignment is called, and before one without a name its number."""

    place: int

    def __call__(self, batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        for batch in batches:
            names = map(said, values_of(batch.column(self.place)))
            numbers = batch.column(0).to_pylist()
            keys = [f"s{name}" if name else f"r{number}" for name, number in zip(names, numbers, strict=True)]
            columns = [pa.array(keys, pa.string()), *batch.columns]
            yield pa.RecordBatch.from_arrays(columns, names=[SHIPMENT, *batch.schema.names])


@dataclass(frozen=True, slots=True)
class _Priced:
    """Prices the rows of a partition, each behind its number."""

    sent: Any

    def __call__(self, batches: Iterable["pa.RecordBatch"]) -> Iterator["pa.RecordBatch"]:
        for first in batches:
            run = self.sent.value.run(first.schema)
            yield from map(run.priced, run.pieces(chain([first], batches), 0))
