"""The keys of an installation: made, rotated, revoked and looked up. It never keeps what would open a door.

Every change is written to the log of events in the same transaction. Keys are never deleted: what a revoked key is still
used for has to be told from what nobody ever made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine, Row

from api.database import DOCUMENT, METADATA, Moment
from api.key_events import MADE, REVOKED, ROTATED, record
from api.key_text import PUBLISHABLE, KeyText

KEYS = sql.Table(
    "keys",
    METADATA,
    sql.Column("id", sql.String(12), primary_key=True),
    sql.Column("kind", sql.String(12), nullable=False),
    sql.Column("owner", sql.String(64), nullable=False),
    sql.Column("note", sql.String(200), nullable=False),
    sql.Column("hash", sql.String(64), nullable=False),
    sql.Column("scopes", DOCUMENT, nullable=False),
    sql.Column("origins", DOCUMENT, nullable=False),
    sql.Column("rate", sql.String(100), nullable=False),
    sql.Column("quota", sql.BigInteger),
    sql.Column("created_at", Moment, nullable=False),
    sql.Column("expires_at", Moment),
    sql.Column("revoked_at", Moment),
    sql.Column("replaced_by", sql.String(12)),
)
OVERLAP = timedelta(hours=24)


class KeyRefused(ValueError):
    """What is asked of a key cannot be done; the message says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a key may do, for whom and how long.

    `scopes` empty: everything that its kind may do. `origins`: from where a publishable key is used. `rate`: calls in a
    span, such as "600/minute". `quota`: calls in a calendar month (UTC), None without end. `expires_at`: the first moment
    at which it is no longer taken.
    """

    kind: str
    owner: str
    rate: str
    scopes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    quota: int | None = None
    expires_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: its terms, its id and the hash of its secret, never the secret."""

    id: str
    terms: Terms
    hash: str
    created_at: datetime
    revoked_at: datetime | None = None
    replaced_by: str | None = None

    def state(self, now: datetime) -> str:
        """One of live, expired and revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.terms.expires_at is not None and now >= self.terms.expires_at else "live"


class Keyring:
    """The keys in one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def make(self, terms: Terms, now: datetime) -> tuple[Key, KeyText]:
        """A new key, and its text, which is not to be had again."""
        with self.engine.begin() as connection:
            made = _insert(connection, terms, now)
            record(connection, made[0].id, MADE, "", now)
        return made

    def rotate(self, id: str, now: datetime, overlap: timedelta = OVERLAP) -> tuple[Key, KeyText]:
        """A key on the same terms in place of another, which lives on for the overlap. Raises KeyRefused.

        Where the old key was made to expire, the new one lives as long as the old one was to.
        """
        with self.engine.begin() as connection:
            old = _one(connection, id)
            if old.replaced_by is not None:
                raise KeyRefused(f"key {id} has been replaced already, by {old.replaced_by}: rotate that one.")
            if (state := old.state(now)) != "live":
                raise KeyRefused(f"key {id} is {state}: make a new one.")
            until, terms = now + overlap, old.terms
            if terms.expires_at is not None:
                terms = replace(terms, expires_at=now + (terms.expires_at - old.created_at))
                until = min(until, old.terms.expires_at or until)
            new, text = _insert(connection, terms, now)
            replaced = KEYS.update().where(KEYS.c.id == id, KEYS.c.replaced_by.is_(None))
            if connection.execute(replaced.values(replaced_by=new.id, expires_at=until)).rowcount != 1:
                raise KeyRefused(f"key {id} is being rotated by somebody else.")
            record(connection, id, ROTATED, new.id, now)
            record(connection, new.id, MADE, id, now)
        return new, text

    def revoke(self, id: str, now: datetime) -> Key:
        """The key as it is from now on: never taken again. Raises KeyRefused."""
        with self.engine.begin() as connection:
            key = _one(connection, id)
            if key.revoked_at is not None:
                raise KeyRefused(f"key {id} was revoked on {key.revoked_at:%Y-%m-%d}.")
            connection.execute(KEYS.update().where(KEYS.c.id == id).values(revoked_at=now))
            record(connection, id, REVOKED, "", now)
        return replace(key, revoked_at=now)

    def find(self, id: str) -> Key | None:
        """The key of this id, in whatever state, None where none was made."""
        with self.engine.connect() as connection:
            row = connection.execute(KEYS.select().where(KEYS.c.id == id)).one_or_none()
        return None if row is None else _key(row)

    def all(self) -> list[Key]:
        """Every key that was made, the oldest first."""
        with self.engine.connect() as connection:
            return [_key(row) for row in connection.execute(KEYS.select().order_by(KEYS.c.created_at, KEYS.c.id))]

    def origins(self, now: datetime) -> frozenset[str]:
        """The origins that live publishable keys register."""
        asked = KEYS.select().where(KEYS.c.kind == PUBLISHABLE, KEYS.c.revoked_at.is_(None))
        with self.engine.connect() as connection:
            keys = [_key(row) for row in connection.execute(asked)]
        return frozenset(origin for key in keys if key.state(now) == "live" for origin in key.terms.origins)


def _insert(connection: Connection, terms: Terms, now: datetime) -> tuple[Key, KeyText]:
    text = KeyText.fresh(terms.kind)
    key = Key(text.id, terms, text.hash, now)
    row: dict[str, Any] = {name: getattr(terms, name) for name in Terms.__slots__}
    row |= {"scopes": list(terms.scopes), "origins": list(terms.origins)}
    connection.execute(KEYS.insert().values(**row, id=key.id, hash=key.hash, created_at=now))
    return key, text


def _one(connection: Connection, id: str) -> Key:
    row = connection.execute(KEYS.select().where(KEYS.c.id == id)).one_or_none()
    if row is None:
        raise KeyRefused(f"there is no key {id}: `galeon keys list` names them.")
    return _key(row)


def _key(row: Row[Any]) -> Key:
    values = dict(row._mapping)
    terms = {name: values.pop(name) for name in Terms.__slots__}
    terms |= {name: tuple(_texts(terms[name])) for name in ("scopes", "origins")}
    return Key(terms=Terms(**terms), **values)


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (str(each) for each in values)
