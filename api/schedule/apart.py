"""Parquet written by a process of its own: the library for it takes more memory than all the tables, and keeps it.

The process gets the rows as lines of JSON, gives back the file, and ends. It knows no tables, so that its rows are those of
the server that asked, and imports from where the server does, never from the folder that the server was started in. What
ends early is no file: the last line has the number of the rows.

python -P -m api.schedule.apart < ROWS > FILE
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import BinaryIO

# Seconds for a process, from its start to its end.
PATIENCE = 60


class NotWritten(OSError):
    """The process ended without a file."""


def parquet_apart(
    file: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[str]], metadata: Mapping[str, str]
) -> None:
    """Write columns of texts into a file of the disk. Raises NotWritten and other OSErrors."""
    command = [sys.executable, "-P", "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, env=_environment()) as process:
        # One that reads no more would hold up, for ever, whoever waits for the file.
        patience = Timer(PATIENCE, process.kill)
        patience.start()
        try:
            assert process.stdin is not None
            with process.stdin as into:
                number = 0
                into.write(_line([columns, metadata]))
                for row in rows:
                    into.write(_line(row))
                    number += 1
                into.write(_line(number))
            if process.wait() != 0:
                raise NotWritten(f"the process that writes Parquet ended with {process.returncode}")
        except BrokenPipeError:
            raise NotWritten("the process that writes Parquet ended before it had all rows") from None
        finally:
            patience.cancel()
            process.kill()


def _environment() -> dict[str, str]:
    """Ours, with the places that we import from; of the working directory only what is named as a place by its full path."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if Path(each).is_absolute())}


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
