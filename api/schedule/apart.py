"""Parquet written by a process of its own: the library for it takes more memory than all the tables, and keeps it.

The process gets the rows as lines of JSON, gives back the file, and ends. It knows no tables, so that its rows are those of
the server that asked. What ends early is no file: the last line has the number of the rows.

python -m api.schedule.apart < ROWS > FILE
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

# Seconds for a process that has got all rows.
PATIENCE = 60


class NotWritten(OSError):
    """The process ended without a file."""


def parquet_apart(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[str]], metadata: Mapping[str, str]
) -> None:
    """Write columns of texts into a file of the disk. Raises NotWritten and other OSErrors."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file) as process:
        try:
            assert process.stdin is not None
            with process.stdin as into:
                number = 0
                into.write(_line([columns, metadata]))
                for row in rows:
                    into.write(_line(row))
                    number += 1
                into.write(_line(number))
            if process.wait(PATIENCE) != 0:
                raise NotWritten(f"the process that writes Parquet ended with {process.returncode}")
        except BrokenPipeError:
            raise NotWritten("the process that writes Parquet ended before it had all rows") from None
        except subprocess.TimeoutExpired:
            raise NotWritten(f"the process that writes Parquet takes more than {PATIENCE} s") from None
        finally:
            process.kill()


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def written(source: BinaryIO, file: BinaryIO) -> None:
    """Write the rows of a source. Raises EOFError for one that ends early."""
    import pyarrow as pa
    from pyarrow import parquet

    names, metadata = json.loads(source.readline())
    columns: list[list[str]] = [[] for _ in names]
    for line in source:
        row = json.loads(line)
        if isinstance(row, int):
            if any(len(column) != row for column in columns):
                break
            schema = pa.schema([(name, pa.string()) for name in names], metadata=metadata)
            table = pa.Table.from_arrays([pa.array(each, pa.string()) for each in columns], schema=schema)
            parquet.write_table(table, pa.PythonFile(file, "w"), compression="zstd")
            return
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    raise EOFError("the rows end early")


if __name__ == "__main__":
    written(sys.stdin.buffer, sys.stdout.buffer)
