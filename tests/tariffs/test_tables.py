"""Tables are read exactly, or refused with file, line and column."""

import gc
from datetime import date
from decimal import Decimal
from pathlib import Path
from weakref import ref

import pytest

from tariffs.tables import TableError, csv_table, day, number, open_day, open_number, toml_table


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def test_rows_are_text_of_the_width_of_the_heading(tmp_path: Path) -> None:
    root = written(tmp_path, "a.csv", 'code,name\n0101,"马, 驴"\n0102,\n')
    table = csv_table("a.csv", ("code", "name"), root)
    assert table.rows == (("0101", "马, 驴"), ("0102", ""))
    assert table.line(1) == 3
    assert table.grouped() == {"0101": (("0101", "马, 驴"),), "0102": (("0102", ""),)}


def test_tables_that_are_alike_are_one_as_long_as_somebody_holds_them(tmp_path: Path) -> None:
    """Two releases share the files that they have alike; one byte otherwise is another table, and nothing is kept for nobody."""
    folders = [tmp_path / name for name in ("one", "two", "other")]
    for folder, name in zip(folders, ("horse", "horse", "house"), strict=True):
        folder.mkdir()
        written(folder, "a.csv", f"code,name\n0101,{name}\n")
    one, two, other = (csv_table("a.csv", ("code", "name"), folder) for folder in folders)
    assert one is two
    assert other.rows == (("0101", "house"),)
    # Changed in its place: the same folder is read anew.
    written(folders[0], "a.csv", "code,name\n0102,horse\n")
    assert csv_table("a.csv", ("code", "name"), folders[0]).rows == (("0102", "horse"),)
    gone = ref(one)
    del one, two
    gc.collect()
    assert gone() is None


def test_a_cell_is_typed_or_refused_with_its_place(tmp_path: Path) -> None:
    root = written(tmp_path, "a.csv", "code,from\n01,2026-01-01\n02,2026-1-1\n")
    table = csv_table("a.csv", ("code", "from"), root)
    assert table.cell(0, "from", day) == date(2026, 1, 1)
    with pytest.raises(TableError, match=r"^a\.csv:3:from: '2026-1-1' is not a day"):
        table.cell(1, "from", day)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("code\n01\n", "a.csv:1: the heading is not code,name"),
        ("", "a.csv:1: the heading is not code,name"),
        ("code,name\n01,a\n02\n", "a.csv:3: 1 cells where the heading has 2"),
        ("code,name\n01,a,b\n", "a.csv:2: 3 cells where the heading has 2"),
        ("code,name\n\n", "a.csv:2: 0 cells where the heading has 2"),
        ('code,name\n01,"a\nb"\n', "a.csv:2: a cell spans more than one line"),
        ('code,name\n01,"a"b\n', "a.csv:2: "),
        (b"\xef\xbb\xbfcode,name\n", "a.csv:1:1: begins with a byte-order mark"),
        ("code,name\n01,\u9a6c\n".encode("gbk"), "a.csv:2:4: is not UTF-8"),
    ],
)
def test_a_bad_csv_is_refused_with_its_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    root = written(tmp_path, "a.csv", content)
    with pytest.raises(TableError) as refused:
        csv_table("a.csv", ("code", "name"), root)
    assert str(refused.value).startswith(said)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"^none\.csv: "):
        csv_table("none.csv", ("code",), tmp_path)


TOML = """\
[[vat.standard]]
rate = 0.13
valid_from = 2019-04-01
[[vat.standard]]
rate = "much"
valid_from = "today"
"""


def test_toml_numbers_are_exact_and_rows_know_their_lines(tmp_path: Path) -> None:
    table = toml_table("a.toml", written(tmp_path, "a.toml", TOML))
    first, second = table.rows("vat", "standard")
    assert first.number("rate") == Decimal("0.13")
    assert first.day("valid_from") == date(2019, 4, 1)
    assert first.day("valid_to") is None
    with pytest.raises(TableError, match=r"^a\.toml:4:rate: 'much' is not a number"):
        second.number("rate")
    with pytest.raises(TableError, match=r"^a\.toml:4:valid_from: 'today' is not a day"):
        second.day("valid_from")
    with pytest.raises(TableError, match=r"^a\.toml:1:source: text is missing"):
        first.text("source")
    with pytest.raises(TableError, match=r"is not a number"):
        first.exact("rate", True)


def test_bad_toml_is_refused_with_line_and_column(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"^a\.toml:2:5: "):
        toml_table("a.toml", written(tmp_path, "a.toml", "a = 1\nb = ?\n"))


def test_missing_toml_rows_are_said(tmp_path: Path) -> None:
    table = toml_table("a.toml", written(tmp_path, "a.toml", TOML))
    with pytest.raises(TableError, match=r"\[\[vat\.reduced\]\] is missing"):
        table.rows("vat", "reduced")


@pytest.mark.parametrize("text", ["1e3", "", " 1", "1,5", "NaN", "+1", "٣", "1."])
def test_numbers_are_plain(text: str) -> None:
    with pytest.raises(ValueError, match="is not a plain number"):
        number(text)


@pytest.mark.parametrize("text", ["2026-02-30", "20260101", "", "2026-01-01 ", "٢٠٢٦-01-01"])
def test_days_are_written_in_full(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day(text)


def test_an_empty_cell_is_open() -> None:
    assert open_day("") is None
    assert open_number("") is None
    assert open_number("-0.5") == Decimal("-0.5")
