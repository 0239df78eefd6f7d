"""The keeping of the ledger: what is old goes and nothing else, and what was carried away comes back as it was."""

import gzip
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sql

from api.backups import NoBackup, back_up
from api.database import METADATA, database
from api.dossier_json import WrittenDossier
from api.erasing import POINTING, erase
from api.jobs import SOURCE, Asked, Job, Jobs
from api.keeping import NoExport, bring_back, export, prune, quotes_due, rows_to_export, tidy
from api.retention import Due, dues, retain, retentions
from api.store import IdempotencyKey, KeptQuote, Store
from api.tombstones import STANDING, Deleted
from tests.api.test_store import DOSSIER, KEPT
from tests.programs import program

OTHER = WrittenDossier.of('{"lines":[1],"sources":"b"}', DOSSIER.sources, "e" * 64, DOSSIER.sources_hash)
DAY = datetime(2026, 11, 23, tzinfo=UTC)


def made(name: str, days: int, dossier: WrittenDossier = DOSSIER, owner: str = "acme") -> KeptQuote:
    """A quote that is so many days old on 2026-11-23."""
    return replace(KEPT, id=f"q_{name}", created_at=DAY - timedelta(days=days), dossier=dossier.hash, owner=owner)


def rows(store: Store, table: str) -> int:
    with store.engine.connect() as connection:
        return connection.execute(sql.select(sql.func.count()).select_from(METADATA.tables[table])).scalar_one()


@pytest.fixture
def filled(ledger: Store) -> Store:
    """Two quotes of 500 days and one of yesterday; one old one answered a key, and a claim was left behind."""
    key = IdempotencyKey("acme", "order-1", "f" * 64)
    claim = ledger.claim(key, DAY - timedelta(days=500))
    ledger.save(made("old", 500, OTHER), OTHER, key, claim.ours)
    ledger.save(made("old-too", 500, owner="other"), DOSSIER)
    ledger.save(made("new", 1), DOSSIER)
    ledger.claim(IdempotencyKey("acme", "left", "f" * 64), DAY - timedelta(days=600))
    return ledger


def gone(store: Store, id: str, owner: str = "acme") -> bool:
    """Whether its owner is told that the quote was deleted."""
    with pytest.raises(Deleted) as told:
        store.quote(id, owner)
    return (told.value.code, told.value.on) == ("quote_deleted", DAY)


def test_what_is_old_goes_with_all_that_hangs_on_it(filled: Store):
    due = Due(DAY - timedelta(days=400))
    assert quotes_due(filled.engine, due) == 2
    told: list[int] = []
    assert prune(filled.engine, due, DAY, told.append) == 2
    tidy(filled.engine, DAY)
    assert sum(told) == 2
    assert gone(filled, "q_old")
    assert filled.quote("q_old", "other") is None
    assert filled.quote("q_new", "acme") is not None
    assert filled.under("acme", "order-1") is None
    assert {name: rows(filled, name) for name in ("quotes", "idempotency_keys", "dossiers", "sources")} == {
        "quotes": 1, "idempotency_keys": 0, "dossiers": 1, "sources": 1,
    }  # fmt: skip
    assert prune(filled.engine, due, DAY, told.append) == 0


def test_the_quotes_of_one_owner_may_go_alone(filled: Store):
    due = Due(DAY - timedelta(days=400), "other")
    assert quotes_due(filled.engine, due) == 1
    assert prune(filled.engine, due, DAY, lambda _: None) == 1
    assert filled.quote("q_old", "acme") is not None
    assert gone(filled, "q_old-too", "other")


def test_an_owners_own_age_comes_before_that_of_all(filled: Store):
    """acme keeps for 10 years what all others keep for 400 days; both have a quote of 500 days."""
    retain(filled.engine, "acme", timedelta(days=3650))
    for due in dues(filled.engine, DAY, timedelta(days=400)):
        prune(filled.engine, due, DAY, lambda _: None)
    assert filled.quote("q_old", "acme") is not None
    assert gone(filled, "q_old-too", "other")
    retain(filled.engine, "acme", timedelta(days=499))
    retain(filled.engine, "other", timedelta(days=1))
    assert dues(filled.engine, DAY, None) == [
        Due(DAY - timedelta(days=499), "acme"),
        Due(DAY - timedelta(days=1), "other"),
    ]
    assert dues(filled.engine, DAY, timedelta(days=2), "acme") == [Due(DAY - timedelta(days=2), "acme")]
    retain(filled.engine, "acme", None)
    assert dues(filled.engine, DAY, None, "acme") == []
    assert list(retentions(filled.engine)) == ["other"]


def test_jobs_go_with_the_quotes_of_their_owner(ledger: Store):
    jobs = Jobs(ledger.engine)
    made = [
        jobs.add(Job.new(owner, "csv", Asked("en"), DAY.date(), DAY - timedelta(days=3)), [b"x"])
        for owner in ("acme", "other")
    ]
    assert jobs.forget(DAY, Due(DAY - timedelta(days=2), "acme")) == 1
    with pytest.raises(Deleted, match="job_deleted"):
        jobs.job(made[0].id, "acme", DAY)
    assert jobs.job(made[0].id, "other", DAY) is None
    assert jobs.job(made[1].id, "other", DAY) is not None
    assert [list(jobs.pieces(each, SOURCE)) for each in made] == [[], [b"x"]]


def test_what_stands_for_the_deleted_ends_too(filled: Store):
    prune(filled.engine, Due(DAY - timedelta(days=400)), DAY, lambda _: None)
    tidy(filled.engine, DAY + STANDING)
    assert rows(filled, "tombstones") == 2
    tidy(filled.engine, DAY + STANDING + timedelta(seconds=1))
    assert rows(filled, "tombstones") == 0
    assert filled.quote("q_old", "acme") is None


def test_every_table_that_refers_to_quotes_is_known_to_the_deletion():
    referring = {
        each.parent.table.name
        for table in METADATA.tables.values()
        for each in table.foreign_keys
        if each.column.table.name == "quotes"
    }
    assert referring == {table.name for table in POINTING}


def test_many_go_in_pieces(ledger: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.keeping.PIECE", 4)
    for number in range(10):
        ledger.save(made(f"{number}", 10), DOSSIER)
    told: list[int] = []
    assert prune(ledger.engine, Due(DAY), DAY, told.append) == 10
    tidy(ledger.engine, DAY)
    assert told == [4, 4, 2]
    assert rows(ledger, "sources") == 0


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A second ledger, on SQLite, to bring an export back into."""
    store = Store.at(f"sqlite:///{tmp_path / 'second.sqlite3'}")
    yield store
    store.close()


@pytest.mark.parametrize("name", ["ledger.ndjson", "ledger.ndjson.gz"])
def test_an_export_comes_back_as_it_was(name: str, filled: Store, empty: Store, tmp_path: Path):
    file = tmp_path / name
    told: list[int] = []
    assert export(filled.engine, file, told.append) == 3
    # Three quotes, two dossiers, one list of documents, one answered key; a claim that was left behind stays behind.
    assert sum(told) == 7
    assert rows_to_export(filled.engine) == 8
    assert bring_back(empty.engine, file, lambda _: None) == 3
    for id, owner in (("q_old", "acme"), ("q_old-too", "other"), ("q_new", "acme")):
        assert empty.quote(id, owner) == filled.quote(id, owner)
    assert empty.dossier(OTHER.hash) == OTHER
    under = empty.under("acme", "order-1")
    assert under is not None
    assert under.kept == filled.quote("q_old", "acme")
    assert bring_back(empty.engine, file, lambda _: None) == 0


def test_an_export_goes_into_either_database(ledger: Store, empty: Store, tmp_path: Path):
    empty.save(KEPT, DOSSIER)
    export(empty.engine, tmp_path / "ledger.ndjson", lambda _: None)
    assert bring_back(ledger.engine, tmp_path / "ledger.ndjson", lambda _: None) == 1
    assert ledger.quote(KEPT.id, "acme") == KEPT


def test_an_export_leaves_out_what_was_deleted_and_brings_none_of_it_back(filled: Store, empty: Store, tmp_path: Path):
    before, after = tmp_path / "before.ndjson", tmp_path / "after.ndjson"
    export(filled.engine, before, lambda _: None)
    retain(filled.engine, "acme", timedelta(days=90))
    assert erase(filled.engine, "q_old", "acme", DAY)
    assert export(filled.engine, after, lambda _: None) == 2
    kinds = [json.loads(line).get("kind") for line in after.read_text(encoding="utf-8").splitlines()]
    assert [kinds.count(each) for each in ("deleted", "retention", "quote", "key", "dossier")] == [1, 1, 2, 0, 1]
    # An older export brings it back neither where it was deleted,
    assert bring_back(filled.engine, before, lambda _: None) == 0
    assert gone(filled, "q_old")
    assert filled.under("acme", "order-1") is None
    # nor does it outlast, in a copy, the export that says so; another owner's tombstone is none.
    assert bring_back(empty.engine, before, lambda _: None) == 3
    forged = after.read_text(encoding="utf-8").replace('"id":"q_old","owner":"acme"', '"id":"q_old","owner":"other"')
    (tmp_path / "forged.ndjson").write_text(forged, encoding="utf-8")
    assert bring_back(empty.engine, tmp_path / "forged.ndjson", lambda _: None) == 0
    assert empty.quote("q_old", "acme") is not None


def test_a_deletion_reaches_a_copy_by_an_export(filled: Store, empty: Store, tmp_path: Path):
    export(filled.engine, tmp_path / "before.ndjson", lambda _: None)
    bring_back(empty.engine, tmp_path / "before.ndjson", lambda _: None)
    erase(filled.engine, "q_old", "acme", DAY)
    export(filled.engine, tmp_path / "after.ndjson", lambda _: None)
    assert bring_back(empty.engine, tmp_path / "after.ndjson", lambda _: None) == 0
    assert gone(empty, "q_old")
    assert empty.under("acme", "order-1") is None
    assert empty.quote("q_new", "acme") is not None


FIRST = '{"format":"galeon-ledger-1"}\n'
WRONG = {
    "empty": "",
    "of something else": '{"format":"other"}\n',
    "no JSON": FIRST + "{\n",
    "cut": FIRST,
    "of no kind": FIRST + '{"kind":"tariff"}\n{"end":0}\n',
    "short of a field": FIRST + '{"kind":"sources","hash":"a"}\n{"end":0}\n',
    "no day": FIRST
    + json.dumps(
        {
            "kind": "key",
            "owner": "",
            "key": "k",
            "request_hash": "",
            "claimed_at": "soon",
            "claim": "",
            "quote_id": None,
        }
    )
    + "\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_no_export_is_refused(text: str, tmp_path: Path):
    store = Store.at("sqlite://")
    file = tmp_path / "ledger.ndjson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NoExport, match="ledger"):
        bring_back(store.engine, file, lambda _: None)
    store.close()


def test_a_packed_export_that_was_cut_is_refused(tmp_path: Path):
    store = Store.at("sqlite://")
    store.save(KEPT, DOSSIER)
    file = tmp_path / "ledger.ndjson.gz"
    export(store.engine, file, lambda _: None)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(NoExport):
        bring_back(store.engine, file, lambda _: None)
    file.write_bytes(gzip.compress(b"\xff"))
    with pytest.raises(NoExport):
        bring_back(store.engine, file, lambda _: None)
    store.close()


def test_a_backup_is_a_whole_database(filled: Store, tmp_path: Path):
    file = tmp_path / "backup"
    told: list[tuple[int, int]] = []
    if filled.engine.dialect.name == "postgresql":
        program("pg_dump")
    back_up(filled.engine, file, lambda *pages: told.append(pages))
    if filled.engine.dialect.name == "sqlite":
        assert told[-1][0] == told[-1][1]
        copy = Store.at(f"sqlite:///{file}")
        assert copy.quote("q_new", "acme") == filled.quote("q_new", "acme")
        copy.close()
    else:
        listed = subprocess.run(
            [program("pg_restore"), "--list", str(file)], capture_output=True, text=True, check=True
        )
        assert "TABLE DATA public quotes" in listed.stdout
    with pytest.raises(NoBackup, match="exists"):
        back_up(filled.engine, file, lambda *_: None)
    assert [each.name for each in tmp_path.glob(".*part")] == []


def test_a_backup_that_cannot_be_made_leaves_nothing(tmp_path: Path):
    engine = database(f"sqlite:///{tmp_path / 'broken.sqlite3'}")
    (tmp_path / "broken.sqlite3").write_bytes(b"no database" * 100)
    with pytest.raises(NoBackup):
        back_up(engine, tmp_path / "backup", lambda *_: None)
    assert not (tmp_path / "backup").exists()
    with closing(sqlite3.connect(tmp_path / "broken.sqlite3")) as found, pytest.raises(sqlite3.DatabaseError):
        found.execute("PRAGMA user_version").fetchone()
    engine.dispose()


@pytest.mark.parametrize("line", ["5", "[1]", '"the end"', "[" * 100_000, '{"kind":["quote"]}'])
def test_a_line_that_is_no_row_is_told(line: str, ledger: Store, tmp_path: Path) -> None:
    file = tmp_path / "ledger.ndjson"
    file.write_text(f'{{"format":"galeon-ledger-1"}}\n{line}\n{{"end":0}}\n')
    with pytest.raises(NoExport, match="ledger"):
        bring_back(ledger.engine, file, lambda _: None)


def test_a_packed_export_that_was_damaged_is_told(ledger: Store, tmp_path: Path) -> None:
    lines = "".join(f'{{"kind":"retention","owner":"{each}","days":{each}}}\n' for each in range(1, 500))
    packed = bytearray(gzip.compress(f'{{"format":"galeon-ledger-1"}}\n{lines}'.encode()))
    packed[60:90] = b"\xff" * 30
    file = tmp_path / "ledger.gz"
    file.write_bytes(packed)
    with pytest.raises(NoExport, match="ledger"):
        bring_back(ledger.engine, file, lambda _: None)


def test_an_export_that_lost_a_quote_is_told(tmp_path: Path) -> None:
    """Its end counts the quotes, so that a line which is missing in the middle is."""
    store = Store.at("sqlite://")
    store.save(KEPT, DOSSIER)
    file = tmp_path / "ledger.ndjson"
    export(store.engine, file, lambda _: None)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(each for each in lines if '"kind":"quote"' not in each))
    with pytest.raises(NoExport, match="0 quotes where its end says 1"):
        bring_back(store.engine, file, lambda _: None)
    store.close()
