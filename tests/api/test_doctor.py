"""`galeon doctor` on a healthy installation and on broken ones."""

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sql
from click.testing import CliRunner, Result

from api import doctor_cli, doctor_house, doctor_tables
from api.cli import main
from api.database import HEAD, database, upgrade
from api.doctor import BROKEN, ENDED, OK, SOON, Found, Installation, examined
from api.keyring import Keyring, Terms
from api.settings import Settings
from api.store import Store
from tariffs.book import Book
from tariffs.installed import POINTER, Pointer, serving
from tests.api.test_store import DOSSIER, KEPT

NOW = datetime(2026, 12, 2, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_cli, "utc_now", lambda: NOW)


def run(tmp_path: Path, *arguments: str, **environment: str) -> Result:
    given = {"GALEON_DATABASE": f"sqlite:///{tmp_path / 'galeon.sqlite3'}", "GALEON_TABLES": None, **environment}
    return CliRunner(env=given).invoke(main, ["doctor", *arguments])


def found(tmp_path: Path, *arguments: str, code: int = 0, **environment: str) -> list[dict[str, Any]]:
    result = run(tmp_path, "--json", *arguments, **environment)
    assert result.exit_code == code, result.output
    checks: list[dict[str, Any]] = json.loads(result.stdout)["checks"]
    return checks


def of(checks: list[dict[str, Any]], check: str, name: str = "") -> dict[str, Any]:
    (one,) = [each for each in checks if each["check"] == check and name in ("", each["name"])]
    return one


def house(book: Book, on: date, url: str = "", **settings: Any) -> Installation:
    return Installation(Settings(database=url, **settings), book, serving(None), on, NOW, 30)


def test_an_installation_without_a_database(tmp_path: Path) -> None:
    checks = found(tmp_path)
    assert of(checks, "release")["state"] == OK
    assert of(checks, "clock")["state"] == OK
    assert of(checks, "database")["told"].startswith("there is none yet")
    assert not (tmp_path / "galeon.sqlite3").exists()
    assert {each["state"] for each in checks} <= {OK, SOON, ENDED}
    # Whatever ends or is broken comes with what mends it.
    assert all(each["renew"] for each in checks if each["state"] != OK)


@pytest.mark.parametrize(
    ("on", "state", "days"),
    [
        ("2026-11-30", OK, 31),
        ("2026-12-01", SOON, 30),
        ("2026-12-31", SOON, 0),
        ("2027-01-01", ENDED, -1),
        ("2028-02-29", ENDED, -425),
    ],
)
def test_the_schedule_of_a_year(tmp_path: Path, on: str, state: str, days: int) -> None:
    checks = found(tmp_path, "--on", on)
    schedule = of(checks, "table", "customs-schedule")
    assert (schedule["state"], schedule["days"]) == (state, days)
    assert bool(schedule["renew"]) == (state != OK)
    rates = [each for each in checks if each["check"] == "rows" and each["name"] == "provisional"]
    if state == OK:
        assert not rates
        return
    assert [(each["state"], each["days"]) for each in rates] == [(state, days)]
    assert "avocado-fresh" in rates[0]["told"]
    assert "--year 2027" in rates[0]["renew"]


def test_a_release_that_is_meant_to_serve_and_is_not_there(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    (releases / POINTER).write_text(str(Pointer(release="data-2027.01.05")), encoding="utf-8")
    checks = found(tmp_path, code=1, GALEON_RELEASES=str(releases))
    serves = of(checks, "release", "serves")
    assert serves["state"] == BROKEN
    assert "rollback" in serves["renew"]
    assert of(checks, "release", "seal")["state"] == OK


def test_within_says_what_soon_is(tmp_path: Path) -> None:
    assert of(found(tmp_path, "--on", "2026-11-15"), "table", "customs-schedule")["state"] == OK
    within = found(tmp_path, "--on", "2026-11-15", "--within", "60")
    assert of(within, "table", "customs-schedule")["state"] == SOON


def test_the_age_of_rates(real_book: Book) -> None:
    last = real_book.fx.last_day("USD")
    for days, state in ((0, OK), (7, OK), (8, SOON), (14, SOON), (15, ENDED)):
        told = [
            each for each in doctor_tables.rates(house(real_book, last + timedelta(days=days))) if "USD" in each.name
        ]
        assert [each.state for each in told if each.check == "market rate"] == [state], days


def test_for_people(tmp_path: Path) -> None:
    told = run(tmp_path, "--on", "2027-01-04").output
    assert "746 rows ended on 2026-12-31, 4 days ago" in told
    assert "2027-01-04, data-" in told
    assert " 0 broken, " in told
    assert "is whole" not in told
    assert "is whole" in run(tmp_path, "--on", "2027-01-04", "--all").output


def test_a_clock_before_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_cli, "utc_now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    clock = of(found(tmp_path, code=1), "clock")
    assert clock["state"] == BROKEN
    assert "2020-01-01, before the day of the release" in clock["told"]
    assert "timedatectl" in clock["renew"]


def test_a_clock_before_the_newest_quote(ready_url: str, real_book: Book) -> None:
    store = Store.at(ready_url)
    for number, (ahead, broken) in enumerate(((timedelta(minutes=4), False), (timedelta(hours=1), True))):
        store.save(replace(KEPT, id=f"q_{number}", created_at=NOW + ahead), DOSSIER)
        told = examined(house(real_book, NOW.date(), ready_url), (("database", doctor_house.database),))
        assert [each.name for each in told if each.state == BROKEN] == (["newest quote"] if broken else [])
    store.close()


def test_tables_of_another_revision(database_url: str, real_book: Book) -> None:
    engine = database(database_url)
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(sql.text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    (told,) = doctor_house.database(house(real_book, NOW.date(), database_url))
    assert (told.state, told.told) == (BROKEN, f"at revision 0001, and this version needs {HEAD}")
    assert "galeon db upgrade" in told.renew


def test_a_database_that_is_away(real_book: Book) -> None:
    (told,) = doctor_house.database(house(real_book, NOW.date(), "postgresql+psycopg://galeon:secret@127.0.0.1:9/none"))
    assert told.state == BROKEN
    assert "secret" not in f"{told}"


def test_keys_that_end(ready_url: str, real_book: Book) -> None:
    store = Store.at(ready_url)
    ring = Keyring(store.engine)
    at = house(real_book, NOW.date(), ready_url, auth="keys")
    assert [each.name for each in doctor_house.database(at) if each.state == BROKEN] == ["all"]
    expected = {}
    for days, state in ((None, None), (90, OK), (30, SOON), (-1, ENDED)):
        ends = None if days is None else NOW + timedelta(days=days)
        key, _ = ring.make(Terms("secret", "acme", "60/minute", expires_at=ends), NOW - timedelta(days=5))
        if state is not None:
            expected[key.id] = state
    told = [each for each in doctor_house.database(at) if each.check == "keys"]
    assert {each.name: each.state for each in told} == expected
    store.close()


def test_a_signing_key_that_others_can_read(tmp_path: Path) -> None:
    file = tmp_path / "signing.pem"
    assert CliRunner().invoke(main, ["signing-key", "new", str(file)]).exit_code == 0
    assert "has no last day" in of(found(tmp_path, GALEON_SIGNING_KEY_FILE=str(file)), "signing")["told"]
    file.chmod(0o644)
    told = of(found(tmp_path, code=1, GALEON_SIGNING_KEY_FILE=str(file)), "signing")
    assert (told["state"], "chmod 600" in told["told"]) == (BROKEN, True)


def test_files_that_others_can_change(tmp_path: Path) -> None:
    Store.at(f"sqlite:///{tmp_path / 'galeon.sqlite3'}").close()
    file = tmp_path / "galeon.sqlite3"
    tmp_path.chmod(0o700)
    for mode, code in ((0o600, 0), (0o644, 0), (0o666, 1)):
        file.chmod(mode)
        told = of(found(tmp_path, code=code), "files", str(file))
        assert told["state"] == (BROKEN if code else OK)
    tmp_path.chmod(0o755)
    file.chmod(0o644)
    assert of(found(tmp_path), "files", str(file))["state"] == SOON


@pytest.mark.parametrize(("free", "state"), [(2_000_000_000, OK), (500_000_000, SOON), (1_000_000, BROKEN)])
def test_room_on_the_disk(
    tmp_path: Path, real_book: Book, monkeypatch: pytest.MonkeyPatch, free: int, state: str
) -> None:
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    url = f"sqlite:///{tmp_path / 'not' / 'yet' / 'there.sqlite3'}"
    assert [each.state for each in doctor_house.disk(house(real_book, NOW.date(), url))] == [state]


def test_a_folder_that_cannot_be_laid_over_the_tables(tmp_path: Path) -> None:
    (tmp_path / "own" / "cn").mkdir(parents=True)
    text = "hs_code,category,confidence,basis,source\n08044000,low,X,told,nobody\n"
    (tmp_path / "own" / "cn" / "vat_lines.csv").write_text(text, encoding="utf-8")
    checks = found(tmp_path, code=1, GALEON_TABLES=str(tmp_path / "own"))
    overlay = of(checks, "overlay")
    assert overlay["state"] == BROKEN
    assert "vat_lines.csv:2" in overlay["told"]
    assert overlay["renew"].startswith("galeon tables check --overlay ")
    # The rest is told all the same.
    assert of(checks, "table", "vat")


def test_tables_that_are_not_as_they_were_sealed(real_book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    from tariffs import release

    changed = (release.Difference("vat", "aa", "bb"),)
    monkeypatch.setattr(release, "differences", lambda _: changed)
    (told,) = doctor_tables.seal(house(real_book, NOW.date()))
    assert (told.state, "vat" in told.told) == (BROKEN, True)


def test_a_check_that_fails_hides_no_other(real_book: Book) -> None:
    def fails(_: Installation) -> Any:
        raise RuntimeError("a secret")

    def sound(_: Installation) -> Any:
        yield Found("second", "second", OK, "well")

    told = examined(house(real_book, NOW.date()), (("first", fails), ("second", sound)))
    assert [each.state for each in told] == [BROKEN, OK]
    assert "secret" not in f"{told}"


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_nothing_is_changed(tmp_path: Path) -> None:
    Store.at(f"sqlite:///{tmp_path / 'galeon.sqlite3'}").close()
    before = (tmp_path / "galeon.sqlite3").read_bytes()
    found(tmp_path)
    assert (tmp_path / "galeon.sqlite3").read_bytes() == before
