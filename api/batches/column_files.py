"""Files of columns with types: Parquet, and Arrow IPC as a file or as a stream."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import ipc, parquet

from api.batches.forms import MANY_ROWS, Form, Table, checked, sized
from api.batches.names import MEDIA_TYPES

FILE_MAGIC = b"ARROW1"


def _counted(batches: Iterable["pa.RecordBatch"], rows: int) -> tuple[Iterator["pa.RecordBatch"], Callable[[], float]]:
    """The batches, and what share of the rows they have been."""
    read = [0]

    def counting() -> Iterator["pa.RecordBatch"]:
        for batch in batches:
            read[0] += batch.num_rows
            yield batch

    return counting(), lambda: read[0] / rows if rows else 1.0


@contextmanager
def _parquet(path: Path) -> Iterator[Table]:
    # Read ahead of itself, pyarrow keeps all that it has read of a file.
    with parquet.ParquetFile(path, pre_buffer=False) as file:
        checked(path, file.schema_arrow.names)
        batches, share = _counted(sized(file.iter_batches(MANY_ROWS), MANY_ROWS), file.metadata.num_rows)
        yield Table(file.schema_arrow, batches, share)


@contextmanager
def _arrow(path: Path) -> Iterator[Table]:
    with path.open("rb") as file:
        if file.read(len(FILE_MAGIC)) == FILE_MAGIC:
            with ipc.open_file(path) as arrow:
                checked(path, arrow.schema.names)
                numbers = range(arrow.num_record_batches)
                rows = sum(arrow.get_batch(number).num_rows for number in numbers)
                batches, share = _counted(sized(map(arrow.get_batch, numbers), MANY_ROWS), rows)
                yield Table(arrow.schema, batches, share)
            return
        file.seek(0)
        size = path.stat().st_size
        with ipc.open_stream(file) as stream:
            checked(path, stream.schema.names)
            yield Table(stream.schema, sized(stream, MANY_ROWS), lambda: file.tell() / size)


def _to_parquet(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], _manner: object) -> None:
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    # Amounts hardly ever come twice; looking for those that do takes longer than writing them.
    with parquet.ParquetWriter(file, schema, use_dictionary=texts) as written:
        for batch in batches:
            written.write_batch(batch)


def _to_arrow(file: BinaryIO, schema: "pa.Schema", batches: Iterable["pa.RecordBatch"], _manner: object) -> None:
    with ipc.new_file(file, schema) as written:
        for batch in batches:
            written.write_batch(batch)


PARQUET = Form("parquet", (".parquet",), MEDIA_TYPES["parquet"], _parquet, _to_parquet)
ARROW = Form("arrow", (".arrow", ".feather"), MEDIA_TYPES["arrow"], _arrow, _to_arrow)
