"""What changes, read off the dated rows: on the real tables and on a copy with a row more."""

import time
from datetime import date
from importlib.resources import files
from pathlib import Path
from shutil import copytree
from uuid import UUID

import pytest

from tariffs.changes import Change, Changes
from tariffs.records import Records

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def changes() -> Changes:
    return Changes(Records.load())


def told(found: tuple[Change, ...]) -> list[tuple[str, str, str, str]]:
    return [(f"{each.on}", each.kind(TODAY), each.series.what, each.change) for each in found]


def test_avocados(changes: Changes) -> None:
    assert told(changes.since(date(2016, 1, 1), "08044000")) == [
        ("2017-07-01", "began", "vat", "changed"),
        ("2017-12-01", "began", "provisional", "changed"),
        ("2018-05-01", "began", "vat", "changed"),
        ("2019-04-01", "began", "vat", "changed"),
        ("2026-01-01", "began", "general", "unchanged"),
        ("2026-01-01", "began", "mfn", "unchanged"),
        ("2026-01-01", "began", "provisional", "unchanged"),
        ("2026-01-01", "began", "vat", "unchanged"),
        ("2026-12-31", "expires", "provisional", "ended"),
    ]


def test_a_change_says_what_was_before(changes: Changes) -> None:
    (found,) = (each for each in changes.since(date(2017, 12, 1), "08044000") if each.on == date(2017, 12, 1))
    assert found.before is not None
    assert found.after is not None
    assert (found.before.text, found.after.text) == ("10%", "7%")
    assert found.figure is found.after


def test_a_day_is_in_the_list_that_begins_on_it(changes: Changes) -> None:
    assert any(each.on == date(2019, 4, 1) for each in changes.since(date(2019, 4, 1)))
    assert all(each.on > date(2019, 4, 1) for each in changes.since(date(2019, 4, 2)))


def test_the_first_day_of_the_schedule_is_no_change(changes: Changes) -> None:
    new_year = [each for each in changes.since(date(2026, 1, 1)) if each.on == date(2026, 1, 1)]
    schedule = [each for each in new_year if each.series.table == "customs-schedule"]
    assert {each.series.hs_code for each in schedule} == {"08044000", "52010000"}, "the lines with rows of older years"


def test_a_rate_in_the_middle_of_the_year_is_news(changes: Changes) -> None:
    whisky, ends = changes.since(date(2026, 2, 1), "22083000")[:2]
    assert (whisky.on, whisky.change, whisky.figure.text) == (date(2026, 2, 2), "new", "5%")
    assert (ends.series.what, ends.kind(TODAY)) == ("foreign_producer_registration", "began")


def test_pecans(changes: Changes) -> None:
    found = [each for each in changes.since(date(2025, 1, 1), "08029990") if each.series.table == "trade-remedies"]
    assert [(f"{each.on}", each.change, each.series.origins) for each in found] == [
        ("2025-09-25", "new", ("MX",)),
        ("2025-09-25", "new", ("US",)),
        ("2026-08-10", "changed", ("MX",)),
        ("2026-08-10", "changed", ("US",)),
    ]


def test_what_is_announced(changes: Changes) -> None:
    announced = [each for each in changes.all if each.kind(TODAY) == "announced"]
    assert {f"{each.on}" for each in announced} == {"2027-03-16"}
    assert {each.series.what for each in announced} == {"label", "nutrition_label"}
    assert {each.kind(date(2027, 3, 15)) for each in announced} == {"announced"}
    assert {each.kind(date(2027, 3, 16)) for each in announced} == {"began"}


def test_what_ends_is_still_true_on_its_last_day(changes: Changes) -> None:
    (avocado,) = (each for each in changes.since(date(2026, 12, 31), "08044000") if not each.begins)
    assert [avocado.kind(on) for on in (date(2026, 12, 31), date(2027, 1, 1))] == ["expires", "ended"]
    assert avocado.figure.text == "7%"


def test_a_row_that_another_follows_does_not_end(changes: Changes) -> None:
    ends = [each.on for each in changes.all if each.series.subject == "reduced" and not each.begins]
    assert ends == []


def test_the_waiver_of_duty_is_the_same_by_another_law(changes: Changes) -> None:
    (found,) = (each for each in changes.all if each.series.what == "duty_waiver")
    assert (found.on, found.change, found.figure.text) == (date(2024, 12, 1), "unchanged", "50 CNY")
    assert found not in changes.since(date(2016, 1, 1), "08044000"), "figures of the rules are of no code"


@pytest.mark.parametrize(
    ("what", "text"), [("cbec_tax_share", "70% of the statutory tax"), ("postal_rate_medicines", "3%")]
)
def test_figures_in_words(changes: Changes, what: str, text: str) -> None:
    assert text in {each.figure.text for each in changes.all if each.series.what == what}


def test_a_heading_has_the_changes_of_its_lines(changes: Changes) -> None:
    of_line, of_heading = (set(changes.since(date(2016, 1, 1), prefix)) for prefix in ("08044000", "08"))
    assert of_line < of_heading
    assert {each.series.subject for each in of_line if each.series.table == "vat"} == {"reduced"}


def test_ids_are_different_stable_and_in_order(changes: Changes) -> None:
    ids = [each.id for each in changes.all]
    assert len(set(ids)) == len(ids)
    assert all(UUID(each).version == 5 for each in ids[:10])
    assert ids == [each.id for each in Changes(Records.load()).all]
    assert [each.on for each in changes.all] == sorted(each.on for each in changes.all)


def test_a_new_year_shows_what_it_changes(tmp_path: Path) -> None:
    root = tmp_path / "data"
    copytree(str(files("tariffs") / "data"), root)
    path = root / "cn" / "measures.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "08044000,provisional,6%,,,2027-01-01,2027-12-31,cn-tariff-plan-2026,A,\n", encoding="utf-8")
    found = Changes(Records(root)).since(date(2026, 12, 1), "08044000")
    assert told(found) == [
        ("2027-01-01", "announced", "provisional", "changed"),
        ("2027-12-31", "expires", "provisional", "ended"),
    ]


def test_it_is_quick(changes: Changes) -> None:
    records = Records.load()
    started = time.process_time()
    Changes(records)
    assert time.process_time() - started < 1  # thirty times what it takes
