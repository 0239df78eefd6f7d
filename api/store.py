"""The ledger: quotes as they were given, byte for byte, each with the dossier it was computed from.

It inserts and reads; a quote is never changed. An idempotency key is claimed before the work and answered with the quote, in
one transaction with it: whoever comes meanwhile sees that somebody is at work, and a claim whose worker died lapses.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.pool import StaticPool

from api.database import (
    DOCUMENT,
    METADATA,
    ExactAmount,
    Insertion,
    Moment,
    current,
    database,
    held,
    inserting,
    owned,
    transaction,
)
from api.dossier_json import WrittenDossier
from api.tombstones import Deleted, deleted_on
from tariffs.rows_used import RowName

# Quotes of one good on one day rest on the same rows of the tables, and all of a release cite the same documents: both are
# kept once, under their hash.
SOURCES = sql.Table(
    "sources",
    METADATA,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("document", sql.Text, nullable=False),
)
DOSSIERS = sql.Table(
    "dossiers",
    METADATA,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("sources", sql.String(64), sql.ForeignKey("sources.hash", name="dossiers_sources"), nullable=False),
    sql.Column("document", sql.Text, nullable=False),
)
# The rows that quotes used: quotes of one kind use the same, so a set of them is kept once, under its hash.
ROWS_USED = sql.Table(
    "rows_used",
    METADATA,
    sql.Column("hash", sql.String(32), nullable=False),
    sql.Column("part", sql.String(40), nullable=False),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("digest", sql.String(32), nullable=False),
    sql.PrimaryKeyConstraint("hash", "digest", "part", name="rows_used_of_set"),
    sql.Index("rows_used_by_row", "digest", "part"),
)
QUOTES = sql.Table(
    "quotes",
    METADATA,
    sql.Column("id", sql.String(24), primary_key=True),
    sql.Column("created_at", Moment, nullable=False),
    sql.Column("expires_at", Moment),
    sql.Column("declared_on", sql.Date, nullable=False),
    sql.Column("regime", sql.String(40), nullable=False),
    sql.Column("language", sql.String(8), nullable=False),
    sql.Column("landed_cost_cny", ExactAmount, nullable=False),
    sql.Column("request", DOCUMENT, nullable=False),
    sql.Column("quote", sql.LargeBinary, nullable=False),
    sql.Column("release", sql.String(100), nullable=False),
    sql.Column("fx_release", sql.String(100), nullable=False),
    sql.Column("engine_version", sql.String(40), nullable=False),
    sql.Column("owner", sql.String(64), nullable=False, server_default=""),
    sql.Column("dossier", sql.String(64), sql.ForeignKey("dossiers.hash", name="quotes_dossier")),
    sql.Column("rows_used", sql.String(32)),
    sql.Index("quotes_by_age", "created_at"),
    sql.Index("quotes_by_rows_used", "rows_used"),
    sql.Index("quotes_by_dossier", "dossier"),
)
# What was asked under an idempotency key, who is at work on it, and the quote that answered.
KEYS = sql.Table(
    "idempotency_keys",
    METADATA,
    sql.Column("owner", sql.String(64), nullable=False),
    sql.Column("key", sql.String(200), nullable=False),
    sql.Column("request_hash", sql.String(64), nullable=False),
    sql.Column("claimed_at", Moment, nullable=False),
    sql.Column("claim", sql.String(32), nullable=False),
    sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id", name="idempotency_keys_quote")),
    sql.PrimaryKeyConstraint("owner", "key", name="idempotency_keys_by_owner"),
    sql.Index("idempotency_keys_by_quote", "quote_id"),
)
MOST_DOSSIERS = 4096
# A quote takes milliseconds; after this the worker of a claim is taken for dead, and the next call does the work.
LEASE = timedelta(seconds=10)


class ClaimLost(Exception):
    """A claim lapsed before its quote was kept, and another call has it now."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's name for one call, with a hash of what it asked."""

    owner: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands under an idempotency key.

    `ours` is the token of a claim that was just made, "" where it is another's. `kept` is the quote that answered, None
    while somebody is at work on it; `request_hash` is that of the call which came first.
    """

    request_hash: str
    ours: str = ""
    kept: "KeptQuote | None" = None


@dataclass(frozen=True, slots=True)
class RowSet:
    """The rows that a quote used, under one hash for all quotes that used the same."""

    hash: str
    rows: tuple[RowName, ...]

    @classmethod
    def of(cls, rows: tuple[RowName, ...]) -> "RowSet":
        """A set of rows, in their order."""
        told = "\n".join(f"{each.part} {each.digest}" for each in rows)
        return cls(hashlib.sha256(told.encode()).hexdigest()[:32], rows)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as quotes are marked with it: the row that was wrong, the release that has it right, when and why."""

    id: str
    applied_at: datetime
    part: str
    key: str
    digest: str
    release: str
    found_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """One row of the ledger.

    `request` is the JSON as asked, `quote` the bytes as answered, `dossier` the hash of the rows it rests on (None
    for a quote of the time before they were kept), `owner` the holder of the key that it was asked with ("" without keys),
    `rows_used` the hash of the set of rows that it used (None for a quote of the time before they were kept).
    `superseded_by` are the corrections of these rows, for whoever shows the quote; they are kept beside it.
    """

    id: str
    created_at: datetime
    expires_at: datetime | None
    declared_on: date
    regime: str
    language: str
    landed_cost_cny: Decimal
    request: object
    quote: bytes
    release: str
    fx_release: str
    engine_version: str
    owner: str = ""
    dossier: str | None = None
    rows_used: str | None = None
    superseded_by: tuple[Correction, ...] = ()


class Store:
    """The quotes of one database. Raises OldTables where its tables are of another version."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._insertion = Insertion(QUOTES, engine.dialect)
        # Those that this process found or wrote: they need not be looked for again with every quote that rests on them.
        self._dossiers: set[str] = set()
        current(engine)
        if not isinstance(engine.pool, StaticPool):
            # No connection stays open, so that a server may fork its workers with the store in hand.
            engine.dispose()

    @classmethod
    def at(cls, url: str) -> "Store":
        """The store at an SQLAlchemy address."""
        return cls(database(url))

    def save(
        self,
        kept: KeptQuote,
        dossier: WrittenDossier,
        key: IdempotencyKey | None = None,
        claim: str = "",
        rows: RowSet | None = None,
    ) -> None:
        """Keep a quote with its dossier and the set of rows that it used, and with them the answer to the key it was asked under.

        Raises ClaimLost, and then keeps nothing.
        """
        try:
            self._save(kept, dossier, key, claim, rows)
        except sql.exc.IntegrityError:
            # A pruning took away a dossier that we took for kept; an id that is taken fails again.
            self._dossiers.clear()
            self._save(kept, dossier, key, claim, rows)

    def claim(self, key: IdempotencyKey, now: datetime) -> Claim:
        """Claim an idempotency key, or tell what stands under it."""
        ours = secrets.token_urlsafe(16)
        named = {"owner": key.owner, "key": key.key, "request_hash": key.request_hash}
        with self.engine.begin() as connection:
            row = _under(connection, key)
            if row is None:
                fresh = {**named, "claimed_at": now, "claim": ours, "quote_id": None}
                if add(connection, KEYS, fresh):
                    return Claim(key.request_hash, ours)
                row = _under(connection, key)
            if row is None:
                # Another call claimed it and gave it up in this very moment.
                return Claim(key.request_hash)
            if row.quote_id is not None:
                return Claim(row.request_hash, kept=quote_row(connection, row.quote_id))
            # As long either way: a clock that was set back must not hold a dead worker's claim until it catches up.
            if abs(now - row.claimed_at) < LEASE:
                return Claim(row.request_hash)
            lapsed = KEYS.update().where(*_named(key), KEYS.c.claim == row.claim)
            taken = connection.execute(lapsed.values(**named, claimed_at=now, claim=ours)).rowcount == 1
            return Claim(key.request_hash, ours) if taken else Claim(row.request_hash)

    def give_up(self, key: IdempotencyKey, claim: str) -> None:
        """Leave a claimed key as if nobody had used it: nothing was kept under it."""
        with self.engine.begin() as connection:
            connection.execute(KEYS.delete().where(*_named(key), KEYS.c.claim == claim))

    def under(self, owner: str, key: str) -> Claim | None:
        """What stands under an owner's idempotency key, None for one that was never used."""
        with self.engine.connect() as connection:
            row = _under(connection, IdempotencyKey(owner, key, ""))
            if row is None:
                return None
            return Claim(row.request_hash, kept=quote_row(connection, row.quote_id) if row.quote_id else None)

    def quote(self, id: str, owner: str = "") -> KeptQuote | None:
        """An owner's quote of this id, None where none is kept, or where it is another's. Raises Deleted.

        Another's id costs what one that never was costs.
        """
        with self.engine.connect() as connection:
            row = connection.execute(QUOTES.select().where(owned(QUOTES, id, owner))).one_or_none()
            if row is not None:
                return KeptQuote(**row._mapping)
            on = deleted_on(connection, id, owner)
        if on is not None:
            raise Deleted("quote_deleted", on)
        return None

    def dossier(self, name: str) -> WrittenDossier | None:
        """The dossier of this hash, None where none is kept."""
        cited = SOURCES.c.document.label("cited")
        asked = sql.select(DOSSIERS, cited).join(SOURCES).where(DOSSIERS.c.hash == name)
        with self.engine.connect() as connection:
            row = connection.execute(asked).one_or_none()
        return None if row is None else WrittenDossier.of(row.document, row.cited, row.hash, row.sources)

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.engine.connect() as connection:
            return connection.execute(sql.select(sql.literal(1))).scalar_one() == 1

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _save(
        self, kept: KeptQuote, dossier: WrittenDossier, key: IdempotencyKey | None, claim: str, rows: RowSet | None
    ) -> None:
        def work(connection: Connection) -> None:
            if dossier.hash not in self._dossiers:
                _keep_dossier(connection, dossier)
            if rows is not None:
                keep_rows(connection, [rows])
            self._insertion.run(connection, kept)
            if key is not None:
                answered = KEYS.update().where(*_named(key), KEYS.c.claim == claim).values(quote_id=kept.id, claim="")
                if connection.execute(answered).rowcount != 1:
                    raise ClaimLost

        transaction(self.engine, work)
        if len(self._dossiers) >= MOST_DOSSIERS:
            self._dossiers.clear()
        self._dossiers.add(dossier.hash)


def add(connection: Connection, table: sql.Table, row: dict[str, Any]) -> bool:
    """Insert a row; False, and nothing is done, where its key is taken."""
    statement = inserting(connection, table).values(**row).on_conflict_do_nothing()
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def keep_rows(connection: Connection, sets: Sequence[RowSet]) -> None:
    """Keep sets of rows, each once; what then names them finds them there, whoever frees those that nothing names."""
    held(connection, [each.hash for each in sets], shared=True)
    for rows in sets:
        there = sql.select(sql.exists().where(ROWS_USED.c.hash == rows.hash))
        if rows.rows and not connection.execute(there).scalar_one():
            own = [{"hash": rows.hash, "part": each.part, "key": each.key, "digest": each.digest} for each in rows.rows]
            connection.execute(inserting(connection, ROWS_USED).on_conflict_do_nothing(), own)


def quote_row(connection: Connection, id: str) -> KeptQuote | None:
    """The quote of this id, whoever owns it."""
    row = connection.execute(QUOTES.select().where(QUOTES.c.id == id)).one_or_none()
    return None if row is None else KeptQuote(**row._mapping)


def _under(connection: Connection, key: IdempotencyKey) -> Row[Any] | None:
    return connection.execute(KEYS.select().where(*_named(key))).one_or_none()


def _named(key: IdempotencyKey) -> tuple[sql.ColumnElement[bool], ...]:
    return KEYS.c.owner == key.owner, KEYS.c.key == key.key


def _keep_dossier(connection: Connection, dossier: WrittenDossier) -> None:
    cited = {"hash": dossier.sources_hash, "document": dossier.sources}
    add(connection, SOURCES, cited)
    rows = {"hash": dossier.hash, "sources": dossier.sources_hash, "document": dossier.document}
    add(connection, DOSSIERS, rows)
