"""The ledger: quotes as they were given, byte for byte. It inserts and reads, and never changes a row."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect, Engine, make_url
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator, TypeEngine


class ExactAmount(TypeDecorator[Decimal]):
    """NUMERIC where the database has it; SQLite would keep a float, so there it is text."""

    impl = sql.Numeric(38, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sql.String(41) if dialect.name == "sqlite" else sql.Numeric(38, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        return format(value, "f") if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; databases without time zones get it without one."""

    impl = sql.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = sql.MetaData()
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
    sql.Column("request", sql.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    sql.Column("quote", sql.LargeBinary, nullable=False),
    sql.Column("release", sql.String(100), nullable=False),
    sql.Column("fx_release", sql.String(100), nullable=False),
    sql.Column("engine_version", sql.String(40), nullable=False),
)

# One row for each idempotency key: what was asked under it, and the quote that answered.
KEYS = sql.Table(
    "idempotency_keys",
    METADATA,
    sql.Column("key", sql.String(200), primary_key=True),
    sql.Column("request_hash", sql.String(64), nullable=False),
    sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id"), nullable=False),
)


class KeyTaken(Exception):
    """Another call kept its quote under this idempotency key first."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's name for one call, with a hash of what it asked."""

    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """One row of the ledger; `request` is the JSON as asked, `quote` the bytes as answered."""

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


class Store:
    """The quotes of one database. The table is made at the first use."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        METADATA.create_all(self.engine)
        if not isinstance(self.engine.pool, StaticPool):
            # No connection stays open, so that a server may fork its workers with the store in hand.
            self.engine.dispose()

    def save(self, kept: KeptQuote, key: IdempotencyKey | None = None) -> None:
        """Keep a quote, and with it the key that it was asked under. Raises KeyTaken, and then keeps nothing."""
        row = {column.name: getattr(kept, column.name) for column in QUOTES.columns}
        with self.engine.begin() as connection:
            connection.execute(QUOTES.insert(), row)
            if key is None:
                return
            named = {"key": key.key, "request_hash": key.request_hash, "quote_id": kept.id}
            try:
                connection.execute(KEYS.insert(), named)
            except sql.exc.IntegrityError:
                raise KeyTaken from None

    def answered(self, key: str) -> tuple[str, KeptQuote] | None:
        """What was asked under an idempotency key (its hash), and the quote that answered; None for a new key."""
        with self.engine.connect() as connection:
            row = connection.execute(KEYS.select().where(KEYS.c.key == key)).one_or_none()
        kept = None if row is None else self.quote(row.quote_id)
        return None if row is None or kept is None else (row.request_hash, kept)

    def quote(self, id: str) -> KeptQuote | None:
        """The quote of this id, None where none is kept."""
        with self.engine.connect() as connection:
            row = connection.execute(QUOTES.select().where(QUOTES.c.id == id)).one_or_none()
        return None if row is None else KeptQuote(**row._mapping)

    def ready(self) -> bool:
        """Whether the database answers."""
        with self.engine.connect() as connection:
            return connection.execute(sql.select(sql.literal(1))).scalar_one() == 1

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return sql.create_engine(address, pool_pre_ping=True)
    if address.database in (None, "", ":memory:"):
        return sql.create_engine(address, poolclass=StaticPool, connect_args={"check_same_thread": False})
    Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = sql.create_engine(address)

    @sql.event.listens_for(engine, "connect")
    def _journal(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        # Readers do not wait for the writer, and a writer waits a while for another worker's.
        cursor.execute("PRAGMA busy_timeout = 5000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    return engine
