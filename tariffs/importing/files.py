"""A schedule's file, whatever its kind, as rows of text; or its refusal, before it can do harm."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tariffs.importing.grids import MOST_COLUMNS, MOST_ROWS, FileRefused, Grid, GridRow, sized
from tariffs.importing.objects import read_objects
from tariffs.importing.workbooks import read_workbook

KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".json": "json"}
DELIMITERS = (",", ";", "\t", "|")
_HIGH = re.compile(rb"[\x80-\xff]+")


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """The rows of a CSV, XLSX or JSON file. Raises FileRefused."""
    kind = KINDS.get(path.suffix.lower())
    sized(path)
    if kind is None:
        raise FileRefused.whole(str(path), "unknown_kind", f"is none of {', '.join(KINDS)}")
    if kind == "xlsx":
        return read_workbook(path, sheet)
    text, encoding = decoded(path)
    return read_objects(str(path), text, encoding) if kind == "json" else _separated(str(path), text, encoding)


def decoded(path: Path) -> tuple[str, str]:
    """A text file's text and the encoding it was in: UTF-8 with or without a mark, UTF-16 with one, GB18030, or Windows."""
    content = path.read_bytes()
    if content.startswith(b"PK\x03\x04"):
        raise FileRefused.whole(str(path), "unknown_kind", "is a zip archive; if it is a spreadsheet, name it .xlsx")
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", *_guessed(content)]:
        try:
            return content.decode(encoding), encoding.removesuffix("-sig").upper()
        except UnicodeDecodeError:
            continue
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise FileRefused.whole(
            str(path), "unknown_encoding", "is neither UTF-8 nor GB18030; save it as UTF-8", line, str(column)
        ) from error
    raise FileRefused.whole(str(path), "unknown_encoding", "cannot be read as text; save it as UTF-8")


def _guessed(content: bytes) -> list[str]:
    """Chinese characters are pairs of high bytes; in the Western code page an accented letter stands alone."""
    lengths = Counter(len(run) for run in _HIGH.findall(content))
    alone, all_runs = lengths[1], sum(lengths.values())
    return ["cp1252", "gb18030"] if alone * 2 > all_runs else ["gb18030"]


def _separated(file: str, text: str, encoding: str) -> Grid:
    delimiter = _delimiter(text)
    rows = tuple(_rows(file, text, delimiter))
    named = {"\t": "tab"}.get(delimiter, delimiter)
    return Grid(file, rows, (f"read as {encoding}, cells separated by {named}",))


def _delimiter(text: str) -> str:
    """The separator that the first line has most of."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(DELIMITERS, key=first.count)


def _rows(file: str, text: str, delimiter: str) -> Iterator[GridRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    try:
        for count, row in enumerate(reader):
            if count > MOST_ROWS or len(row) > MOST_COLUMNS:
                most = f"{MOST_ROWS} rows of {MOST_COLUMNS} cells"
                raise FileRefused.whole(file, "too_large", f"more than {most}", before + 1)
            yield GridRow(before + 1, tuple(row))
            before = reader.line_num
    except csv.Error as error:
        raise FileRefused.whole(file, "broken_csv", str(error), before + 1) from error
