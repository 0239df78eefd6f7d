"""The tables of the database: brought up to date by themselves on SQLite, by hand on PostgreSQL, and never guessed at."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sql
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

import api.application
import api.database
from api.database import HEAD, METADATA, NEW_DATABASE, OldTables, database, revision, upgrade
from api.store import Store
from tests.new_database import by_the_revisions, statements

EARLIER = {
    "id": "q_earlier",
    "created_at": datetime(2026, 11, 1, tzinfo=UTC),
    "expires_at": None,
    "declared_on": date(2026, 11, 1),
    "regime": "general_trade",
    "language": "en",
    "landed_cost_cny": Decimal("510252.47"),
    "request": {"goods": []},
    "quote": b'{"id":"q_earlier"}',
    "release": "data-1",
    "fx_release": "fx-1",
    "engine_version": "1",
}


def at_first_revision(url: str) -> Engine:
    """A database as the time before revisions were counted left it, with one quote under one key."""
    engine = database(url)
    with engine.begin() as connection:
        command.upgrade(api.database._migrations(connection), "0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        columns = (
            "id",
            "created_at",
            "expires_at",
            "declared_on",
            "regime",
            "language",
            "landed_cost_cny",
            "request",
            "quote",
            "release",
            "fx_release",
            "engine_version",
        )
        known = METADATA.tables["quotes"].columns
        old = sql.table("quotes", *(sql.column(name, known[name].type) for name in columns))
        connection.execute(old.insert(), EARLIER)
        connection.exec_driver_sql(
            "INSERT INTO idempotency_keys (key, request_hash, quote_id) VALUES ('order-1', 'f00', 'q_earlier')"
        )
    return engine


def test_the_newest_revision_is_the_one_that_is_asked_for():
    folder = Path(api.database.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_current_head() == HEAD


def test_the_revisions_make_the_tables_that_the_code_speaks_of(ready_url: str):
    engine = database(ready_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_new_database_is_what_the_revisions_make_of_nothing(tmp_path: Path):
    assert NEW_DATABASE.read_text(encoding="utf-8") == by_the_revisions()
    engine = database(f"sqlite:///{tmp_path / 'quotes.sqlite3'}")
    assert upgrade(engine) == (None, HEAD)
    with engine.connect() as connection:
        assert statements(connection) == by_the_revisions()
    engine.dispose()


def test_an_upgrade_tells_where_it_came_from(database_url: str):
    engine = database(database_url)
    assert revision(engine) is None
    assert upgrade(engine) == (None, HEAD)
    assert upgrade(engine) == (HEAD, HEAD)
    assert revision(engine) == HEAD
    engine.dispose()


def test_what_was_kept_before_revisions_were_counted_is_still_there(database_url: str):
    engine = at_first_revision(database_url)
    assert upgrade(engine) == ("0001", HEAD)
    store = Store(engine)
    kept = store.quote("q_earlier")
    assert kept is not None
    assert (kept.quote, kept.owner, kept.dossier) == (b'{"id":"q_earlier"}', "", None)
    assert str(kept.landed_cost_cny) == "510252.47"
    under = store.under("", "order-1")
    assert under is not None
    assert under.kept == kept
    store.close()


def test_a_server_changes_the_tables_of_sqlite_alone(database_url: str):
    engine = at_first_revision(database_url)
    if engine.dialect.name == "sqlite":
        Store(engine).close()
        assert revision(engine) == HEAD
    else:
        with pytest.raises(OldTables, match="galeon db upgrade"):
            Store(engine)
        assert revision(engine) is None
    engine.dispose()


def test_an_upgrade_that_fails_leaves_everything_as_it_was(database_url: str, monkeypatch: pytest.MonkeyPatch):
    engine = at_first_revision(database_url)
    run = command.upgrade

    def breaks(*arguments: object) -> None:
        run(*arguments)  # type: ignore[arg-type]
        raise RuntimeError("the power went")

    monkeypatch.setattr(command, "upgrade", breaks)
    with pytest.raises(RuntimeError):
        upgrade(engine)
    with engine.connect() as connection:
        tables = sql.inspect(connection)
        assert set(tables.get_table_names()) == {"quotes", "idempotency_keys"}
        assert "owner" not in {column["name"] for column in tables.get_columns("quotes")}
    monkeypatch.undo()
    assert upgrade(engine) == ("0001", HEAD)
    engine.dispose()


def test_sqlite_keeps_what_it_was_told_to_keep(tmp_path: Path):
    engine = database(f"sqlite:///{tmp_path / 'a folder' / 'quotes.sqlite3'}")
    with engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]
    engine.dispose()
