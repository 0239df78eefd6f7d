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
from api.keyring import Keyring, Terms
from api.settings import BadSetting, Settings
from api.store import Store
from api.tombstones import Deleted
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
    with pytest.raises(Deleted):
        store.quote("q_old", "acme")
    assert store.quote("q_new", "acme") is not None
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
    # An age that is shorter than a job's own time ends it too.
    assert "1 jobs whose time is over" in galeon(ready_url, "prune", "--older-than", "5d").output
    assert [*jobs.pieces(new, SOURCE)] == []
    store.close()


def test_each_owner_may_have_an_age_of_its_own(ready_url: str):
    """acme's quotes of 500 and 3 days: 400 days is everybody's age, acme's own is 1000, then 2."""
    store = Store.at(ready_url)
    Keyring(store.engine).make(Terms("secret", "acme", "1/minute"), utc_now())
    kept(ready_url, "q_old", 500)
    kept(ready_url, "q_new", 3)
    assert (
        "Every owner has no age of its own: what is asked is kept until it is deleted"
        in galeon(ready_url, "retention").output
    )
    assert "no key was made for 'amce'" in galeon(ready_url, "retention", "amce", "90d").output
    assert galeon(ready_url, "retention", "acme", "0d").exit_code == 2
    assert galeon(ready_url, "retention", "acme", "3d", "--clear").exit_code == 2
    assert galeon(ready_url, "retention", "acme", "1000d").output == "acme  1000d\n"
    assert galeon(ready_url, "prune", "--older-than", "400d").output.startswith("0 quotes of acme from before ")
    assert galeon(ready_url, "retention", "acme", "2d", "--json").output == '[{"owner": "acme", "days": 2}]\n'
    dry = galeon(ready_url, "prune", "--dry-run", GALEON_RETENTION="400")
    assert [line.partition(" are")[0] for line in dry.output.splitlines()] == ["2 quotes of acme", "0 quotes"]
    # His own age comes before that of the installation also where he alone is named, and after one that is said.
    assert galeon(ready_url, "prune", "--owner", "acme", "--older-than", "400d", "--dry-run").output.startswith(
        "1 quotes"
    )
    assert galeon(ready_url, "prune", "--owner", "acme", GALEON_RETENTION="400").output.startswith("2 quotes of acme")
    assert "acme has no age" in galeon(ready_url, "retention", "acme", "--clear").output
    with pytest.raises(Deleted):
        store.quote("q_new", "acme")
    store.close()


def test_everything_of_an_owner_goes_at_once(ready_url: str):
    kept(ready_url, "q_new", 0)
    assert galeon(ready_url, "prune", "--owner", "acme", "--older-than", "0d").output.startswith("1 quotes of acme")


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
