"""The release is sealed: its name stands for one content, and whoever changes a table gives it another."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from api.answers import answer
from api.release_cli import coverage as coverage_command
from api.release_cli import seal, verify
from calculator.incoterms import Incoterm
from calculator.money import Money
from calculator.quantities import read_quantity
from calculator.quote import quote_of
from calculator.request import Costs, GoodsLine, Price, QuoteRequest
from tariffs.book import Book
from tariffs.coverage import BLOCK, coverage, markdown, rewritten
from tariffs.manifest import RELEASE
from tariffs.parts import parts, used_by
from tariffs.records import Records
from tariffs.release import BadRelease, day_of, differences, next_name, order_of, sealed, sealed_now
from tariffs.rows import COLUMNS
from tariffs.tables import TableError

ROOT = Path(__file__).parents[2]
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DATA = Path(str(files("tariffs") / "data"))


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the tables to change."""
    return Path(copytree(DATA, tmp_path / "data"))


def changed(data: Path, file: str, old: str, new: str) -> None:
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_tables_are_those_of_the_release() -> None:
    assert differences() == (), "a table changed: run `galeon tables seal`"
    assert (DATA / RELEASE).read_text(encoding="utf-8") == str(sealed())


def test_the_release_stands_in_the_records(records: Records) -> None:
    assert records.release == sealed().release
    assert records.seal.tables == {table.name: table.sha256 for table in records.tables}
    assert records.seal.day == day_of(records.release)


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("cn/measures.csv", "08044000,provisional,7%", "08044000,provisional,6%", {"customs-schedule"}),
        ("cn/import_taxes.toml", "rate = 0.16", "rate = 0.15", {"vat", "import-taxes"}),
        ("sources.toml", "Customs Tariff Law", "Custom Tariff Law", {"sources.toml"}),
        ("tables.toml", "known_until = 2026-12-31", "known_until = 2027-12-31", {"tables.toml"}),
    ],
)
def test_every_change_is_found(data: Path, file: str, old: str, new: str, names: set[str]) -> None:
    before = sealed(data)
    changed(data, file, old, new)
    assert {each.name for each in differences(data)} == names
    after = sealed_now("data-2026.12.01", data)
    assert after.sha256 != before.sha256
    assert after.day == date(2026, 12, 1)


def test_a_release_that_was_edited_by_hand_is_refused(data: Path) -> None:
    table = sealed(data).tables["vat"]
    changed(data, RELEASE, table, "0" * 64)
    with pytest.raises(TableError, match=r"^release\.toml:sha256: .*was edited"):
        sealed(data)


@pytest.mark.parametrize(
    "name", ["data-2026.13.01", "data-2026.02.30", "2026.11.26", "data-2026.11.26.0", "latest", ""]
)
def test_bad_names(data: Path, name: str) -> None:
    with pytest.raises(BadRelease):
        sealed_now(name, data)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("", "data-2026.11.26"),
        ("data-2026.11.25.4", "data-2026.11.26"),
        ("data-2026.11.26", "data-2026.11.26.2"),
        ("data-2026.11.26.9", "data-2026.11.26.10"),
    ],
)
def test_the_next_name(before: str, name: str) -> None:
    assert next_name(date(2026, 11, 26), before) == name
    assert day_of(name) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("before", "name"), [("data-2026.11.28", "data-2026.11.28.2"), ("data-2027.01.01.3", "data-2027.01.01.4")]
)
def test_a_clock_that_is_behind_makes_no_older_release(before: str, name: str) -> None:
    made = next_name(date(2026, 11, 26), before)
    assert made == name
    assert order_of(made) > order_of(before)


def test_verify_and_seal(data: Path) -> None:
    run = CliRunner().invoke
    assert run(verify, ["--data", str(data)]).exit_code == 0
    changed(data, "cn/measures.csv", "08044000,provisional,7%", "08044000,provisional,6%")
    found = run(verify, ["--data", str(data)])
    assert found.exit_code == 1
    assert "changed  customs-schedule" in found.output
    assert "same     vat" in found.output
    made = run(seal, ["--data", str(data), "--release", "data-2026.12.01"])
    assert made.exit_code == 0, made.output
    assert run(verify, ["--data", str(data)]).exit_code == 0
    assert Records(data).release == "data-2026.12.01"
    assert run(seal, ["--data", str(data), "--release", "december"]).exit_code == 1
    (data / "cn" / "measures.csv").unlink()
    assert run(verify, ["--data", str(data)]).exit_code == 1


# --- the same release and request give the same answer -----------------------------------------------------------


def test_the_same_request_on_the_same_release_gives_the_same_answer() -> None:
    request = QuoteRequest(
        goods=(GoodsLine(read_quantity("20.16 t"), Price(Decimal(40000), "USD", "total"), hs_code="08044000"),),
        declared_on=date(2026, 11, 23),
        incoterm=Incoterm.FOB,
        costs=Costs(freight=Money(Decimal(6200), "USD")),
    )
    answers = []
    for _ in range(2):
        book = Book.load()
        document = answer(quote_of(request, book.dossier(request)), id=None, created_at=MOMENT, language="en")
        answers.append(document)
    assert answers[0] == answers[1]
    assert sealed().release in str(answers[0])


# --- coverage and parts ------------------------------------------------------------------------------------------


def test_every_row_is_counted(records: Records) -> None:
    found = {each.state.name: each for each in coverage(records)}
    assert found["tariff-lines"].lines == found["customs-schedule"].lines == 8972
    assert found["customs-schedule"].rows == len(records.file("cn/measures.csv").rows)
    assert found["tariff-lines"].letters == {"A": 8972}
    assert sum(found["vat"].letters.values()) == found["vat"].rows
    assert found["names"].share("A") is None, "names carry no letters"
    assert found["vat"].parts == ("vat-lines", "vat-rates", "vat-splits")
    assert found["trade-remedies"].covers_from == date(2025, 9, 25)


def test_every_file_is_a_part_and_every_part_comes_back_whole(records: Records) -> None:
    found = parts(records)
    for file in COLUMNS:
        own = [part for part in found.values() if part.columns == records.file(file).columns]
        text = "".join(own[0].csv())
        assert text == (DATA / file).read_text(encoding="utf-8"), file
    for part in found.values():
        rows = list(csv.reader(io.StringIO("".join(part.csv()))))
        assert tuple(rows[0]) == part.columns
        assert [tuple(row) for row in rows[1:]] == list(part.rows)
    assert {table.name for table in records.tables} <= set(found)


def test_sources_know_the_tables_that_rest_on_them(records: Records) -> None:
    used = used_by(records)
    assert set(used) <= set(records.sources)
    assert used["cn-tariff-2026"] == ("tariff-lines", "customs-schedule", "products")
    assert "vat" in used["caishui-2018-32"]
    assert "customs-rates" in used["sjfzxm-132472"]


def test_the_dictionary_knows_how_far_each_table_reaches(records: Records) -> None:
    text = (files("tariffs") / "README.md").read_text(encoding="utf-8")
    for table in records.tables:
        (line,) = (line for line in text.splitlines() if line.startswith(f"| `{table.name}` |"))
        assert line.endswith(f"| {table.known_until} |")


def test_the_coverage_in_the_readme_is_fresh(records: Records) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert BLOCK.search(text), "the README has no block for the coverage"
    assert rewritten(text, markdown(records)) == text, "run `galeon tables coverage --write README.md`"


def test_the_coverage_is_written_between_its_marks(tmp_path: Path, records: Records) -> None:
    file = tmp_path / "README.md"
    file.write_text("before\n<!-- coverage -->\nold\n<!-- /coverage -->\nafter\n", encoding="utf-8")
    assert CliRunner().invoke(coverage_command, ["--write", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == (
        f"before\n<!-- coverage -->\n{markdown(records)}<!-- /coverage -->\nafter\n"
    )
    file.write_text("nothing here\n", encoding="utf-8")
    assert CliRunner().invoke(coverage_command, ["--write", str(file)]).exit_code == 1
    assert "| `vat` |" in CliRunner().invoke(coverage_command).output
