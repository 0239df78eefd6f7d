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
from api.keeping import NoExport, bring_back, export, prune, quotes_before, rows_to_export
from api.store import IdempotencyKey, KeptQuote, Store
from tests.api.test_store import DOSSIER, KEPT
from tests.programs import program

OTHER = WrittenDossier('{"lines":[1],"sources":"b"}', DOSSIER.sources, "e" * 64, DOSSIER.sources_hash)
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


def test_what_is_old_goes_with_all_that_hangs_on_it(filled: Store):
    moment = DAY - timedelta(days=400)
    assert quotes_before(filled.engine, moment) == 2
    told: list[int] = []
    assert prune(filled.engine, moment, told.append) == 2
    assert sum(told) == 2
    assert filled.quote("q_old", "acme") is None
    assert filled.quote("q_new", "acme") is not None
    assert filled.under("acme", "order-1") is None
    assert {name: rows(filled, name) for name in ("quotes", "idempotency_keys", "dossiers", "sources")} == {
        "quotes": 1, "idempotency_keys": 0, "dossiers": 1, "sources": 1,
    }  # fmt: skip
    assert prune(filled.engine, moment, told.append) == 0


def test_the_quotes_of_one_owner_may_go_alone(filled: Store):
    moment = DAY - timedelta(days=400)
    assert quotes_before(filled.engine, moment, "other") == 1
    assert prune(filled.engine, moment, lambda _: None, "other") == 1
    assert filled.quote("q_old", "acme") is not None
    assert filled.quote("q_old-too", "other") is None


def test_many_go_in_pieces(ledger: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.keeping.PIECE", 4)
    for number in range(10):
        ledger.save(made(f"{number}", 10), DOSSIER)
    told: list[int] = []
    assert prune(ledger.engine, DAY, told.append) == 10
    assert told == [4, 4, 2]
    assert rows(ledger, "sources") == 0


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Store]:
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
