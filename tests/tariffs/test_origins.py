"""Where goods come from: the column of each country on a day, what may have been meant, and what the lint finds."""

from datetime import date
from pathlib import Path

import pytest

from calculator.errors import NotInForce
from tariffs.records import Records
from tests.tariffs.planted import findings_after

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def column(records: Records, code: str, on: date = DAY) -> str:
    found = records.origin(code, on)
    assert found is not None
    return found.column


def test_mexico_takes_the_mfn_column_and_has_no_agreement(records: Records) -> None:
    mexico = records.origin("MX", DAY)
    assert mexico is not None
    assert (mexico.column, mexico.agreements) == ("mfn", ())
    assert (mexico.row.source, mexico.row.confidence) == ("cn-customs-tariff-law-2024", "A")
    assert mexico.names == {"en": "Mexico", "es": "México", "zh": "墨西哥"}


def test_every_code_of_iso_3166_is_there(records: Records) -> None:
    assert len(records.origins.codes) == 249
    assert {"HK", "MO", "TW", "AX", "ZW"} <= records.origins.codes


def test_the_members_of_the_wto_with_a_code_are_165(records: Records) -> None:
    """There are 166, and the European Union is one of them. The parts of members with codes of their own are apart."""
    parts = {"GF", "GP", "MQ", "RE", "YT", "MF", "GG", "IM", "JE", "PR", "AX"}
    members = {code for code in records.origins.codes if column(records, code) == "mfn"}
    assert parts < members
    assert len(members - parts) == 165
    assert {"US", "DE", "CN", "HK", "MO", "TW", "RU", "VN", "KZ"} <= members
    assert not members & {"DZ", "IR", "BY", "SY", "ET", "RS", "KP"}


@pytest.mark.parametrize(
    ("code", "accession"),
    [
        ("AF", date(2016, 7, 29)),
        ("LR", date(2016, 7, 14)),
        ("TL", date(2024, 8, 30)),
        ("KM", date(2024, 8, 21)),
    ],
)
def test_a_late_member_was_open_before(records: Records, code: str, accession: date) -> None:
    assert column(records, code, accession) == "mfn"
    assert column(records, code, accession.replace(day=accession.day - 1)) == "open"


@pytest.mark.parametrize(
    ("code", "on", "agreements"),
    [
        ("CL", DAY, {"cn-chile"}),
        ("PE", DAY, {"cn-peru"}),
        ("CR", DAY, {"cn-costa-rica"}),
        ("JP", DAY, {"rcep"}),
        ("JP", date(2021, 12, 31), set()),
        ("NZ", DAY, {"cn-nz", "rcep"}),
        ("TH", date(2021, 12, 31), {"cn-asean"}),
        ("TH", DAY, {"cn-asean", "rcep"}),
        ("HN", date(2024, 8, 31), set()),
        ("HN", date(2024, 9, 1), {"cn-honduras"}),
        ("MV", date(2025, 1, 1), {"cn-maldives"}),
        ("US", DAY, set()),
        ("BR", DAY, set()),
    ],
)
def test_agreements(records: Records, code: str, on: date, agreements: set[str]) -> None:
    found = records.origin(code, on)
    assert found is not None
    assert set(found.agreements) == agreements


def test_days_before_the_table(records: Records) -> None:
    assert column(records, "US", date(2001, 12, 11)) == "mfn"
    with pytest.raises(NotInForce) as error:
        records.origin("US", date(2001, 12, 10))
    assert error.value.facts["covered_from"] == date(2001, 12, 11)
    assert records.origin("XX", DAY) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MEX", "MX"),
        ("Mexico", "MX"),
        ("méxico", "MX"),
        ("mexcio", "MX"),
        ("mx", "MX"),
        ("墨西哥", "MX"),
        ("usa", "US"),
        ("Estados Unidos", "US"),
        ("UAE", "AE"),
        ("JPN", "JP"),
    ],
)
def test_what_may_be_meant(records: Records, text: str, code: str) -> None:
    assert records.origins.nearest(text)[0] == code


def test_what_cannot_be_meant(records: Records) -> None:
    assert records.origins.nearest("") == ()
    assert records.origins.nearest("zz9") == ()
    assert {"KR", "KP"} <= set(records.origins.nearest("Korea"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\nMX,", "\nMEX,", "bad_code"),
        ("\nMX,Mexico,", "\nMX,,", "no_text"),
        ("墨西哥,mfn,", "墨西哥,best,", "unknown_category"),
        ("墨西哥,mfn,,", "墨西哥,mfn,CPTPP,", "bad_code"),
        ("open,,2016-01-01,2016-07-28", "open,,2016-01-01,2016-07-29", "overlap"),
        ("open,,2016-01-01,2016-07-28", "open,,2016-01-01,2016-07-27", "gap"),
        ("gtai-wto-2024,B", "gtai-wto-2024,A", "raised_confidence"),
    ],
)
def test_the_lint_finds_it(tmp_path: Path, old: str, new: str, code: str) -> None:
    findings = findings_after(tmp_path, "cn/origins.csv", old, new)
    assert code in {finding.code for finding in findings if finding.file == "cn/origins.csv"}
