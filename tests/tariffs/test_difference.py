"""What one book says that another does not, and which rows end soon."""

from datetime import date
from decimal import Decimal as D
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest

from tariffs.difference import NoBook, book, differences
from tariffs.expiring import expiring
from tariffs.overlay import OverlayRefused
from tariffs.records import Records

PACKAGE = Path(str(files("tariffs") / "data"))
MEASURES = "hs_code,measure,expression,part,origins,valid_from,valid_to,source,confidence,note\n"
MINE = '[mine]\ntitle = "Plan of 2027"\nconfidence = "B"\n'
BEFORE, AFTER = date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture(scope="module")
def package() -> Records:
    return Records.load()


def overlay(folder: Path, rows: str, **more: str) -> Path:
    (folder / "cn").mkdir(parents=True)
    (folder / "sources.toml").write_text(MINE, encoding="utf-8")
    (folder / "cn" / "measures.csv").write_text(MEASURES + rows, encoding="utf-8")
    for name, text in more.items():
        (folder / "cn" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def told(old: Records, new: Records, *on: date) -> list[tuple[str, ...]]:
    return [(each.hs_code, each.change, each.column, each.before, each.after) for each in differences(old, new, *on)]


def test_a_book_does_not_differ_from_itself(package: Records) -> None:
    assert differences(package, package) == ()
    assert differences(package, package, BEFORE, BEFORE) == ()


def test_a_rate_of_a_class_reaches_lines_whose_own_rows_are_the_same(tmp_path: Path, package: Records) -> None:
    """9% becomes 8% for every line of the class on a day; over all days a line has its class, which is the same."""
    folder = tmp_path / "tables"
    copytree(PACKAGE, folder)
    file = folder / "cn" / "import_taxes.toml"
    head, tail = file.read_text(encoding="utf-8").split("[[vat.reduced]]", 1)
    file.write_text(f"{head}[[vat.reduced]]{tail.replace('rate = 0.09', 'rate = 0.08')}", encoding="utf-8")
    new = Records(folder)
    assert differences(package, new) == ()
    found = told(package, new, BEFORE, BEFORE)
    assert ("08044000", "changed", "vat", "9%", "8%") in found
    assert {row[2] for row in found} == {"vat"}
    reduced = [code for code in package.codes if D("0.09") in {rate.rate for rate in package.vat(code, BEFORE)}]
    assert [row[0] for row in found] == reduced


def test_what_an_overlay_changes_and_for_which_goods(tmp_path: Path, package: Records) -> None:
    folder = overlay(
        tmp_path / "o",
        "08044000,provisional,7%,,,2017-12-01,2026-12-31,mine,B,\n08044000,provisional,6%,,,2027-01-01,2027-12-31,mine,B,\n"
        "97099999,mfn,3%,,,2027-01-01,,mine,B,\n97099999,general,30%,,,2027-01-01,,mine,B,\n",
        tariff_lines="hs_code,name_zh,path_zh,unit_1,unit_2,supervision,inspection,page\n97099999,新品,,kg,,,,\n",
        vat_lines="hs_code,category,confidence,basis,source\n97099999,standard,B,told,mine\n08044000,standard,B,told,mine\n",
    )
    new = book(str(folder))
    found = differences(package, new)
    assert {(each.hs_code, each.change, each.products) for each in found} == {
        ("08044000", "changed", ("avocado-fresh",)),
        ("97099999", "added", ()),
    }
    avocado = {each.column: (each.before, each.after) for each in found if each.hs_code == "08044000"}
    # A renewal that says the same is no change of its own: the rows of 2017 and of 2026 are one here.
    assert avocado["provisional"] == (
        "10% 2016-01-01 to 2017-11-30; 7% 2017-12-01 to 2026-12-31",
        "7% 2017-12-01 to 2026-12-31; 6% 2027-01-01 to 2027-12-31",
    )
    assert avocado["vat"] == ("reduced", "standard")
    on_the_day = {row[2:] for row in told(package, new, BEFORE, AFTER) if row[0] == "08044000"}
    assert on_the_day == {("provisional", "7%", "6%"), ("vat", "9%", "13%")}
    assert {row[1] for row in told(new, package) if row[0] == "97099999"} == {"removed"}


def test_what_a_new_year_changes_by_itself(package: Records) -> None:
    changes = told(package, package, BEFORE, AFTER)
    assert ("08044000", "changed", "provisional", "7%", "") in changes
    assert {column.split(" ")[0] for _, _, column, _, _ in changes} == {"provisional", "quota_provisional"}


def test_a_day_before_the_schedule_is_whole_is_no_year_without_lines(package: Records) -> None:
    with pytest.raises(NoBook, match="is whole from 2026-01-01 on"):
        differences(package, package, date(2025, 12, 31), AFTER)


def test_whole_folders_of_tables(tmp_path: Path, package: Records) -> None:
    root = tmp_path / "data"
    copytree(str(files("tariffs") / "data"), root)
    path = root / "cn" / "measures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("01012900,mfn,10%", "01012900,mfn,9%", 1), encoding="utf-8"
    )
    lines = root / "cn" / "tariff_lines.csv"
    text = lines.read_text(encoding="utf-8")
    lines.write_text(text.replace("\n01012100,改良种用,", "\n01012100,种马,", 1), encoding="utf-8")
    assert told(package, book(str(root))) == [
        ("01012100", "changed", "name_zh", "改良种用", "种马"),
        ("01012900", "changed", "mfn", "10% from 2026-01-01", "9% from 2026-01-01"),
    ]


def test_books_by_name(tmp_path: Path, package: Records) -> None:
    assert book("package").release == book(package.release).release == package.release
    with pytest.raises(NoBook, match="this installation holds"):
        book("data-1999.01.01")
    with pytest.raises(OverlayRefused):
        book(str(overlay(tmp_path / "o", "1,mfn,3%,,2027-01-01,,mine,B,\n")))
    copytree(str(files("tariffs") / "data"), tmp_path / "data")
    (tmp_path / "data" / "sources.toml").write_text("x", encoding="utf-8")
    with pytest.raises(NoBook, match=r"sources\.toml"):
        book(str(tmp_path / "data"))


# --- what ends soon ----------------------------------------------------------------------------------------------


def test_provisional_rates_end_with_the_year(package: Records) -> None:
    soon = expiring(package, date(2026, 11, 26), 35)
    avocado = next(each for each in soon if each.key == "08044000")
    assert (avocado.kind, avocado.last_day, avocado.products) == ("provisional", BEFORE, ("avocado-fresh",))
    assert expiring(package, date(2026, 11, 26), 34) == ()


def test_a_row_that_another_follows_does_not_end(tmp_path: Path) -> None:
    rows = "08044000,provisional,7%,,,2026-01-01,2026-12-31,mine,B,\n08044000,provisional,6%,,,2027-01-01,2027-12-31,mine,B,\n"
    records = book(str(overlay(tmp_path / "o", rows)))
    assert not any(each.key == "08044000" for each in expiring(records, date(2026, 11, 26), 60))
    ending = [each for each in expiring(records, date(2027, 12, 1), 60) if each.key == "08044000"]
    assert [(each.file, each.line) for each in ending] == [(str(tmp_path / "o" / "cn" / "measures.csv"), 3)]
