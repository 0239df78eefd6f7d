"""Addresses of kept quotes that need no key and end: who may see one quote need not be a client of ours.

Of an address only the hash is kept, so that nobody who reads the database can open what is shared. A quote that goes takes its
addresses with it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sql
from sqlalchemy.engine import Engine

from api.database import METADATA, Moment, transaction
from api.store import KeptQuote, quote_row

SHARES = sql.Table(
    "shares",
    METADATA,
    sql.Column("hash", sql.String(64), primary_key=True),
    sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id", name="shares_quote"), nullable=False),
    sql.Column("created_at", Moment, nullable=False),
    sql.Column("expires_at", Moment, nullable=False),
    sql.Index("shares_by_quote", "quote_id"),
)
# Days for which an address stands: as asked, within these; a year and a day covers a contract of a year.
MOST_DAYS, USUAL_DAYS = 366, 30


class ShareEnded(Exception):
    """The address of a shared quote that once was good."""


@dataclass(frozen=True, slots=True)
class Share:
    """An address, and until when it stands."""

    id: str
    expires_at: datetime


def share(engine: Engine, quote_id: str, now: datetime, days: int) -> Share:
    """A new address of a kept quote."""
    made = Share(f"s_{secrets.token_urlsafe(16)}", (now + timedelta(days=days)).replace(microsecond=0))
    row = {"hash": _hash(made.id), "quote_id": quote_id, "created_at": now, "expires_at": made.expires_at}
    transaction(engine, lambda connection: connection.execute(SHARES.insert(), row))
    return made


def unshare(engine: Engine, quote_id: str) -> None:
    """Take every address of a quote out of use."""
    taken = SHARES.delete().where(SHARES.c.quote_id == quote_id)
    transaction(engine, lambda connection: connection.execute(taken))


def shared(engine: Engine, id: str, now: datetime) -> KeptQuote | None:
    """The quote at an address, None where there never was one. Raises ShareEnded."""
    with engine.connect() as connection:
        found = connection.execute(SHARES.select().where(SHARES.c.hash == _hash(id))).one_or_none()
        if found is None:
            return None
        if found.expires_at <= now:
            raise ShareEnded
        return quote_row(connection, found.quote_id)


def _hash(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()
