"""The `galeon db` group, on both kinds of database."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api import utc_now
from api.cli import main
from api.database import HEAD
from api.jobs import SOURCE, Asked, Job, Jobs
from api.settings import BadSetting, Settings
from api.store import Store
from tests.api.test_store import DOSSIER, KEPT
from tests.programs import program


def galeon(url: str, *arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(main, ["db", *arguments], env={"GALEON_DATABASE": url, **settings})


def kept(url: str, id: str, days: int) -> None:
    store = Store.at(url)
    store.save(replace(KEPT, id=id, created_at=utc_now() - timedelta(days=days)), DOSSIER)
    store.close()


def test_the_tables_are_brought_up_to_date(database_url: str):
    before = galeon(database_url, "status")
    assert "revision  none (this version needs" in before.output
    assert f"are at revision {HEAD} (before: 0)" in galeon(database_url, "upgrade").output
    assert f"are at revision {HEAD}, as before" in galeon(database_url, "upgrade").output
    after = galeon(database_url, "status")
    assert (after.exit_code, f"revision  {HEAD}\nquotes    0\n" in after.output) == (0, True)


def test_status_counts_and_hides_the_password(ready_url: str):
    kept(ready_url, "q_1", 3)
    told = galeon(ready_url.replace("galeon@", "galeon:secret@"), "status")
    assert "quotes    1, " in told.output
    assert "secret" not in told.output


def test_what_is_old_is_deleted(ready_url: str):
    kept(ready_url, "q_old", 500)
    kept(ready_url, "q_new", 3)
    assert galeon(ready_url, "prune").exit_code == 2
    dry = galeon(ready_url, "prune", "--older-than", "400d", "--dry-run")
    assert (dry.exit_code, dry.output.startswith("1 quotes are from before ")) == (0, True)
    assert galeon(ready_url, "prune", "--older-than", "400", "--owner", "nobody").output.startswith("0 quotes")
    assert galeon(ready_url, "prune", GALEON_RETENTION="400").output.startswith("1 quotes")
    store = Store.at(ready_url)
    assert (store.quote("q_old", "acme"), store.quote("q_new", "acme") is not None) == (None, True)
    store.close()


def test_jobs_go_when_their_own_time_is_over(ready_url: str):
    store, now = Store.at(ready_url), utc_now()
    jobs = Jobs(store.engine)
    old, new = (
        jobs.add(Job.new("", "csv", Asked("en"), now.date(), now - timedelta(days=days)), [b"x"]) for days in (8, 6)
    )
    galeon(ready_url, "prune", "--older-than", "1d", "--dry-run")
    galeon(ready_url, "prune", "--older-than", "1d", "--owner", "nobody")
    assert [*jobs.pieces(old, SOURCE)] == [b"x"]
    assert "1 jobs whose time is over" in galeon(ready_url, "prune", "--older-than", "400d").output
    assert ([*jobs.pieces(old, SOURCE)], [*jobs.pieces(new, SOURCE)]) == ([], [b"x"])
    store.close()


@pytest.mark.parametrize("age", ["-1", "400w", "a year", "999999"])
def test_an_age_is_a_number_of_days(age: str):
    told = galeon("sqlite://", "prune", f"--older-than={age}")
    assert (told.exit_code, "a number of days" in told.output) == (2, True)


def test_an_export_is_brought_back(ready_url: str, tmp_path: Path):
    kept(ready_url, "q_1", 3)
    file, second = tmp_path / "ledger.ndjson.gz", f"sqlite:///{tmp_path / 'second.sqlite3'}"
    assert galeon(ready_url, "export", str(file)).output.endswith("ledger.ndjson.gz: 1 quotes.\n")
    refused = galeon(ready_url, "export", str(file))
    assert (refused.exit_code, "exists" in refused.output) == (1, True)
    assert galeon(second, "import", str(file)).output == "1 new quotes.\n"
    assert galeon(second, "import", str(file)).output == "0 new quotes.\n"
    file.write_bytes(b"nothing of the kind")
    refused = galeon(second, "import", str(file))
    assert (refused.exit_code, "Error: ledger.ndjson.gz" in refused.output) == (1, True)


def test_a_backup_is_made(ready_url: str, tmp_path: Path):
    if "postgresql" in ready_url:
        program("pg_dump")
    file = tmp_path / "backup"
    assert galeon(ready_url, "backup", str(file)).output.endswith(" bytes.\n")
    assert file.stat().st_size > 1000
    refused = galeon(ready_url, "backup", str(file))
    assert (refused.exit_code, "exists" in refused.output) == (1, True)


@pytest.mark.parametrize(
    "url",
    ["nothing", "sqlite:////proc/no/folder.sqlite3", "postgresql+psycopg://galeon@127.0.0.1:1/none", "oracle://x"],
)
@pytest.mark.parametrize("command", ["status", "upgrade"])
def test_a_database_that_is_not_there_is_told_without_a_traceback(url: str, command: str):
    told = galeon(url, command)
    assert (told.exit_code, told.output.startswith("Error: the database (GALEON_DATABASE): ")) == (1, True)


def test_commands_on_old_tables_say_what_to_do(database_url: str, tmp_path: Path):
    told = galeon(database_url, "export", str(tmp_path / "ledger.ndjson"))
    if "postgresql" in database_url:
        assert (told.exit_code, "galeon db upgrade" in told.output) == (1, True)
    else:
        assert told.exit_code == 0


def test_the_retention_is_a_setting():
    assert Settings.read({}).retention is None
    assert Settings.read({"GALEON_RETENTION": "400"}).retention == timedelta(days=400)
    for wrong in ("-1", "400d!", "long"):
        with pytest.raises(BadSetting, match="GALEON_RETENTION"):
            Settings.read({"GALEON_RETENTION": wrong})
