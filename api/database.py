"""The database of an installation: its address, its own types, and the revision that its tables must have.

SQLite serves one machine and is brought up to date by itself; PostgreSQL serves several and is brought up to date by hand
(`galeon db upgrade`), since who may change the tables of a shared server is for its keeper to say.
"""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import uniform
from time import sleep
from typing import Any, TypeVar

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine, make_url
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator, TypeEngine

# The newest revision in migrations/versions; a test compares the two.
HEAD = "0009"
# The tables that the revisions make of nothing on SQLite, as statements; a test compares these too.
NEW_DATABASE = Path(__file__).parent / "migrations" / "new.sql"
METADATA = sql.MetaData()
DOCUMENT = sql.JSON().with_variant(JSONB(), "postgresql")
# The advisory lock of PostgreSQL under which tables are changed; any number that nothing else takes.
LOCK = 7_422_017
# Seconds for which a writer of SQLite waits for another, and a connection to a server is waited for.
PATIENCE = 5
# What PostgreSQL says to the one of two transactions that it ended for the other's sake: not serializable, or a deadlock.
LOST_TO_ANOTHER = frozenset({"40001", "40P01"})
# How often one is done at most, and how many seconds it is left after the first time: at random, so that two part.
TRIES, PAUSE = 8, 0.02
Done = TypeVar("Done")


class OldTables(RuntimeError):
    """The tables are not those that this version of Galeón writes and reads."""


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


def database(url: str) -> Engine:
    """The database at an SQLAlchemy address; nothing is opened yet, but for the folder of an SQLite file."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return sql.create_engine(address, pool_pre_ping=True, connect_args=_bounded(address.get_backend_name()))
    if address.database in (None, "", ":memory:"):
        engine = sql.create_engine(address, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = sql.create_engine(address)
    sql.event.listens_for(engine, "connect")(_sqlite_settings)
    return engine


def current(engine: Engine) -> None:
    """See that the tables are this version's; SQLite's are brought up to date first. Raises OldTables."""
    if engine.dialect.name == "sqlite":
        if revision(engine) != HEAD:
            upgrade(engine)
    else:
        as_they_are(engine)


def as_they_are(engine: Engine) -> None:
    """See that the tables are this version's, and change nothing. Raises OldTables."""
    if (found := revision(engine)) != HEAD:
        raise OldTables(
            f"the tables of the database are at revision {found or 'none'}, and this version needs {HEAD}: "
            "run `galeon db upgrade`."
        )


def revision(engine: Engine) -> str | None:
    """The revision of the tables, None where there are none."""
    with engine.connect() as connection:
        return _revision(connection)


def upgrade(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables up to date, in one transaction; the revision before, and the one reached."""
    with engine.connect() as connection, _alone(connection):
        before = _revision(connection)
        uncounted = before is None and sql.inspect(connection).has_table("quotes")
        if before is None and not uncounted and connection.dialect.name == "sqlite":
            _begin(connection)
        else:
            before = _step_by_step(connection, before, uncounted)
    return before, HEAD


def _begin(connection: Connection) -> None:
    """The tables of a new SQLite database at once: to go through all revisions takes a fifth of a second."""
    for statement in NEW_DATABASE.read_text(encoding="utf-8").split(";\n"):
        if statement:
            connection.exec_driver_sql(statement)


def _step_by_step(connection: Connection, before: str | None, uncounted: bool) -> str | None:
    """The tables by their revisions, from where they are; `uncounted`: of the time before revisions were counted."""
    from alembic import command

    settings = _migrations(connection)
    if uncounted:
        before = "0001"
        command.stamp(settings, before)
    command.upgrade(settings, "head")
    return before


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """A transaction for changes of tables that nobody else makes at the same time."""
    if connection.dialect.name == "sqlite":
        # A table that others refer to is made anew under its name, which SQLite takes for breaking the references.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        # Python's module begins a transaction before rows change, but not before tables do.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def inserting(connection: Connection, table: sql.Table) -> sqlite.Insert | postgresql.Insert:
    """An insertion that can say what happens where a row with the same key is there already."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def owned(table: sql.Table, id: str, owner: str) -> sql.ColumnElement[bool]:
    """The condition for an owner's row of this id; finding none takes as long whether another owner has it or nobody.

    The row of the id, or the one after it in the order of ids, is read as far as its owner in either case. Asked for both at
    once, SQLite would walk the pages of a long row to its owner, and those of no row for an id that never was.
    """
    near = sql.select(table.c.id, table.c.owner).where(table.c.id >= id).order_by(table.c.id).limit(1).subquery()
    mine = sql.select(near.c.id).where(near.c.id == id, near.c.owner == owner).scalar_subquery()
    return table.c.id == mine


class Insertion:
    """An insertion of rows of one table, one at a time and many of them.

    SQLAlchemy puts a statement together anew for each row, which takes it longer than SQLite takes to keep the row; here its
    text and the writers of its columns are made once.
    """

    def __init__(self, table: sql.Table, dialect: Dialect) -> None:
        compiled = table.insert().compile(dialect=dialect)
        self._text = str(compiled)
        # In the order of the text; a dialect with named places has no order.
        self._named = not compiled.positional
        names = table.columns.keys() if self._named else list(compiled.positiontup or ())
        self._writers = [
            (name, table.columns[name].type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is)
            for name in names
        ]

    def run(self, connection: Connection, row: object) -> None:
        """Insert what the attributes of an object say."""
        written = [(name, write(getattr(row, name))) for name, write in self._writers]
        connection.exec_driver_sql(self._text, dict(written) if self._named else tuple([value for _, value in written]))


def _as_it_is(value: Any) -> Any:
    return value


def _revision(connection: Connection) -> str | None:
    if not sql.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _migrations(connection: Connection) -> Any:
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(NEW_DATABASE.parent).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def _bounded(backend: str) -> dict[str, Any]:
    """A server that is away is given up in time, so that the client hears of it."""
    return {"connect_timeout": PATIENCE} if backend == "postgresql" else {}


def _sqlite_settings(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # Readers do not wait for the writer, and a writer waits a while for another worker's.
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # What was answered is on the disk, whatever happens to the machine.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, and does not lie in the file until its place is needed.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


@contextmanager
def in_turn(engine: Engine) -> Iterator[None]:
    """Wait for one's turn to write to an SQLite file.

    SQLite itself looks again and again whether the other writer is done, asleep in between; a lock of the system wakes the next.
    """
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if not file or file == ":memory:" or file.startswith("file:"):
        yield
        return
    turn = os.open(f"{file}-turn", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        # Which gives the turn away, whatever happened.
        os.close(turn)


def transaction(engine: Engine, work: Callable[[Connection], Done]) -> Done:
    """Do some work in one transaction, and give what it gives.

    Where the database ended it for the sake of another's it is done again, a few times; so `work` touches nothing else.
    """
    for tried in range(1, TRIES + 1):
        try:
            with in_turn(engine), engine.begin() as connection:
                return work(connection)
        except sql.exc.DBAPIError as error:
            if tried == TRIES or getattr(error.orig, "sqlstate", None) not in LOST_TO_ANOTHER:
                raise
        sleep(uniform(0, PAUSE * 2**tried))
    raise AssertionError("the last try gives or raises")


def locked(connection: Connection, table: sql.Table, ids: Iterable[str], stays: bool = False) -> list[str]:
    """Those of these ids that are there, held until the transaction ends: by all in one order, so that nobody waits in a circle.

    Nobody else may change or delete them meanwhile; where they are only to stay (`stays`), others may refer to them as well.
    """
    held = sql.select(table.c.id).order_by(table.c.id).with_for_update(read=stays, key_share=stays)
    found: list[str] = []
    for piece in batched(sorted(set(ids))):
        found += connection.execute(held.where(table.c.id.in_(piece))).scalars()
    return found


def held(connection: Connection, hashes: Iterable[str], shared: bool = False) -> None:
    """Keep what is told by these hashes from being deleted (`shared`), or from being taken up, until the transaction ends.

    There need be no row of them yet, so that PostgreSQL has locks of its own for them; to SQLite writers come one by one.
    """
    if connection.dialect.name == "postgresql":
        numbers = sorted({int.from_bytes(bytes.fromhex(each[:16]), signed=True) for each in hashes})
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.exec_driver_sql(f"SELECT {lock}(number) FROM unnest(%s::bigint[]) AS number", (numbers,))


def batched(ids: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    """Ids in pieces that a statement may have as its parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def swept(engine: Engine) -> None:
    """Bring what was deleted out of the write-ahead log of SQLite, where older pages lie until they are written over.

    While somebody reads an older state this can do less, and waits for nobody: the next time does the rest.
    """
    if engine.dialect.name != "sqlite":
        return
    with in_turn(engine), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
