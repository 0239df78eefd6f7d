"""The keeping of the ledger: what is too old goes, all of it can be carried away and brought back, byte for byte.

An export is text, one JSON document a line (NDJSON, packed where the name ends with .gz): what was deleted, by its id alone,
and the owners' own ages; the documents that are cited, the dossiers, the quotes, then the idempotency keys and the shared
addresses. It is read back on either kind of database, so it also moves an installation from one to the other. Every function
tells how far it is through `told`, a count of rows at a time.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Any, Literal, cast

import sqlalchemy as sql
from sqlalchemy.engine import Connection, Engine

from api.corrected import CORRECTED_QUOTES, CORRECTIONS
from api.database import ExactAmount, Moment, locked, swept, transaction
from api.erasing import forsaken, remove
from api.retention import RETENTIONS, Due
from api.shares import SHARES
from api.store import DOSSIERS, KEYS, QUOTES, ROWS_USED, SOURCES, add
from api.tombstones import STANDING, TOMBSTONES, bury

Told = Callable[[int], None]
FORMAT = "galeon-ledger-1"
# Rows in one transaction: so few that no writer waits long for them.
PIECE = 500
# A claim that nobody answered or gave up within this time belonged to a worker that died.
STALE = timedelta(days=1)
# In the order in which they may be written: nothing refers to what is not there yet.
GONE = "deleted"
KEPT = {
    GONE: TOMBSTONES,
    "retention": RETENTIONS,
    "sources": SOURCES,
    "dossier": DOSSIERS,
    "row": ROWS_USED,
    "quote": QUOTES,
    "key": KEYS,
    "share": SHARES,
    "correction": CORRECTIONS,
    "mark": CORRECTED_QUOTES,
}
# The field of a kind that names the quote which the row belongs to.
NAMED = {"quote": "id", "key": "quote_id", "share": "quote_id", "mark": "quote_id"}
# Columns that an export of the time before them does not have.
LATER = {"rows_used"}
# How a value of an export becomes a value of a column; what is not here stands as it is.
READ: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Moment, datetime.fromisoformat),
    (ExactAmount, Decimal),
    (sql.Date, date.fromisoformat),
    (sql.LargeBinary, str.encode),
)


class NoExport(ValueError):
    """A file that is no export of a ledger, or one that was cut."""


def quotes_due(engine: Engine, due: Due) -> int:
    """How many quotes are too old."""
    with engine.connect() as connection:
        return connection.execute(
            sql.select(sql.func.count()).select_from(QUOTES).where(due.covers(QUOTES))
        ).scalar_one()


def prune(engine: Engine, due: Due, now: datetime, told: Told) -> int:
    """Delete the quotes that are too old with all that points at them, each leaving a tombstone; how many they were."""
    gone = 0
    old = sql.select(QUOTES.c.id).where(due.covers(QUOTES)).order_by(QUOTES.c.created_at).limit(PIECE)

    def piece(connection: Connection) -> tuple[int, int]:
        """How many were found, and how many of these were still there to be deleted."""
        found = connection.execute(old).scalars().all()
        ids = locked(connection, QUOTES, found)
        owners = connection.execute(sql.select(QUOTES.c.id, QUOTES.c.owner).where(QUOTES.c.id.in_(ids))).all()
        bury(connection, [(row.id, row.owner) for row in owners], now)
        remove(connection, ids)
        return len(found), len(ids)

    while True:
        found, deleted = transaction(engine, piece)
        if not found:
            return gone
        gone += deleted
        told(deleted)


def tidy(engine: Engine, now: datetime) -> None:
    """Delete what nothing needs any more: dossiers that no quote rests on, and tombstones, addresses and claims of long ago."""

    def gone(connection: Connection) -> None:
        connection.execute(TOMBSTONES.delete().where(TOMBSTONES.c.deleted_at < now - STANDING))
        connection.execute(SHARES.delete().where(SHARES.c.expires_at < now - STANDING))
        connection.execute(KEYS.delete().where(KEYS.c.quote_id.is_(None), KEYS.c.claimed_at < now - STALE))

    transaction(engine, gone)
    forsaken(engine)
    swept(engine)


def rows_to_export(engine: Engine) -> int:
    """How many rows an export will have, for a bar of progress."""
    with engine.connect() as connection:
        counts = (sql.select(sql.func.count()).select_from(table) for table in KEPT.values())
        return sum(connection.execute(count).scalar_one() for count in counts)


def export(engine: Engine, file: Path, told: Told) -> int:
    """Write all that is kept to a file, as of one moment; the number of quotes."""
    quotes = 0
    with engine.connect() as connection, _open(file, "wt") as out:
        _one_moment(connection)
        out.write(_line({"format": FORMAT}))
        for kind, table in KEPT.items():
            asked = table.select().where(table.c.quote_id.is_not(None)) if table is KEYS else table.select()
            for rows in connection.execution_options(yield_per=PIECE).execute(asked).partitions():
                for row in rows:
                    out.write(_line({"kind": kind, **{name: _plain(each) for name, each in row._mapping.items()}}))
                quotes += len(rows) * (kind == "quote")
                told(len(rows))
        out.write(_line({"end": quotes}))
    return quotes


def bring_back(engine: Engine, file: Path, told: Told) -> int:
    """Read an export into the database; rows that are there already stay as they are. The number of new quotes.

    What was deleted stays so: a quote with a tombstone here is left out, and one with a tombstone in the file is deleted here
    too. Raises NoExport; what was read before the fault stays, and reading the whole file later adds the rest.
    """
    new = 0
    for kind, rows in _pieces(file):
        new += transaction(engine, partial(_brought, kind, rows))
        told(len(rows))
    return new


def _brought(kind: str, rows: list[dict[str, Any]], connection: Connection) -> int:
    """Read some rows of one kind into the database; the number of new quotes."""
    if kind == GONE:
        remove(connection, locked(connection, QUOTES, _of_their_owners(connection, rows)))
    added = [add(connection, KEPT[kind], row) for row in _not_deleted(connection, NAMED.get(kind), rows)]
    return sum(added) if kind == "quote" else 0


def _of_their_owners(connection: Connection, rows: list[dict[str, Any]]) -> list[str]:
    """The ids of tombstones under which a quote of that very owner is kept here."""
    owners = {row["id"]: row["owner"] for row in rows}
    asked = sql.select(QUOTES.c.id, QUOTES.c.owner).where(QUOTES.c.id.in_(list(owners)))
    return [row.id for row in connection.execute(asked) if owners[row.id] == row.owner]


def _not_deleted(connection: Connection, name: str | None, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that belong to no quote with a tombstone; `name` is the field that names the quote, None where none does."""
    if name is None:
        return rows
    ids = [row[name] for row in rows]
    gone = set(connection.execute(sql.select(TOMBSTONES.c.id).where(TOMBSTONES.c.id.in_(ids))).scalars())
    return [row for row in rows if row[name] not in gone]


def _one_moment(connection: Connection) -> None:
    """Read everything as it was at one moment, though others write meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _open(file: Path, mode: Literal["rt", "wt"]) -> IO[str]:
    if file.suffix == ".gz":
        return cast("IO[str]", gzip.open(file, mode, encoding="utf-8"))
    return file.open(mode, encoding="utf-8")


def _line(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _plain(value: object) -> object:
    match value:
        case bytes():
            return value.decode()
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case _:
            return value


def _pieces(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows of an export by kind, as many as make a transaction."""
    kind, rows = "", list[dict[str, Any]]()
    for document in _documents(file):
        if document.get("kind") not in list(KEPT):
            raise NoExport(f"{file.name}: a line is of no kind that is known: {document.get('kind')!r}")
        if rows and (document["kind"] != kind or len(rows) >= PIECE):
            yield kind, rows
            rows = []
        kind = document.pop("kind")
        rows.append(_row(file, KEPT[kind], document))
    if rows:
        yield kind, rows


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    """The lines between the first, which names the format, and the last, which counts the quotes."""
    try:
        with _open(file, "rt") as lines:
            if json.loads(next(lines, "null")) != {"format": FORMAT}:
                raise NoExport(f"{file.name}: this is no export of a ledger ({FORMAT}).")
            quotes = 0
            for line in lines:
                document = json.loads(line)
                if not isinstance(document, dict):
                    raise NoExport(f"{file.name}: a line is no JSON object.")
                if "end" in document:
                    if document["end"] != quotes:
                        raise NoExport(f"{file.name}: it has {quotes} quotes where its end says {document['end']}.")
                    return
                quotes += document.get("kind") == "quote"
                yield document
    except (OSError, EOFError, UnicodeDecodeError, json.JSONDecodeError, RecursionError, zlib.error) as error:
        raise NoExport(f"{file.name}: {error}") from None
    raise NoExport(f"{file.name}: the end is missing, so the file was cut.")


def _row(file: Path, table: sql.Table, document: dict[str, Any]) -> dict[str, Any]:
    """A row as the table takes it."""
    if table is QUOTES:
        document = {**dict.fromkeys(LATER), **document}
    if set(document) != {column.name for column in table.columns}:
        raise NoExport(f"{file.name}: a line has other fields than {table.name} has.")
    try:
        return {column.name: _typed(column, document[column.name]) for column in table.columns}
    except (TypeError, ValueError, ArithmeticError) as error:
        raise NoExport(f"{file.name}: a value cannot be read: {error}") from None


def _typed(column: sql.Column[Any], value: Any) -> Any:
    read = next((read for kind, read in READ if isinstance(column.type, kind)), None)
    return value if value is None or read is None else read(value)
