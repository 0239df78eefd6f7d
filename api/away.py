"""A database that is away is no mistake of ours: 503 and when to ask again, and the next call tries anew.

Away means that it does not answer, lets go of a connection, stops, restarts, is locked, full or damaged, or only reads. What is
left is a mistake of a statement, which is logged and answered as one.
"""

from flask import Flask, Response
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError, TimeoutError

from api import logs
from api.errors import problem, unforeseen

# Seconds after which a client may ask again; PostgreSQL restarts in less.
AGAIN = {"Retry-After": "5"}
# Kinds that SQLAlchemy raises for nothing else; TimeoutError: every connection of the pool is taken.
ALWAYS = (OperationalError, InterfaceError, TimeoutError, DisconnectionError)
# Classes of SQLSTATE: connection, rolled back for another's sake, resources, intervention of an operator, system; and states:
# a server that only reads because another one has taken over, a lock that is not given.
CLASSES = frozenset({"08", "40", "53", "57", "58"})
STATES = frozenset({"25006", "55P03"})
# SQLite's word for a file that is damaged, or is none of its own: only who keeps the file can mend it (galeon db import).
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def away(exception: BaseException) -> bool:
    """Whether an exception means that the database is away."""
    if isinstance(exception, ALWAYS):
        return True
    if not isinstance(exception, DBAPIError):
        return False
    state = getattr(exception.orig, "sqlstate", None) or ""
    damaged = getattr(exception.orig, "sqlite_errorname", "").startswith(DAMAGED)
    return exception.connection_invalidated or damaged or state[:2] in CLASSES or state in STATES


def register_away(app: Flask) -> None:
    """Answer 503 where the database is away."""

    def answered(exception: Exception) -> Response:
        if not away(exception):
            return unforeseen(exception)
        logs.away(exception)
        return problem(503, "unavailable", headers=AGAIN)

    for kind in (DBAPIError, TimeoutError, DisconnectionError):
        app.register_error_handler(kind, answered)
