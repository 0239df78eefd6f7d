"""Which kept quotes and jobs a correction of the tables supersedes: the marks beside them, and what the marks say.

A mark changes no byte of what is kept. It has no amount: what a quote would be now is reckoned when it is asked. It goes with
its quote or its job, whichever way these go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sql
from flask import Response
from sqlalchemy.engine import Connection, Engine

from api.database import METADATA, Moment, locked, transaction
from api.jobs import JOBS
from api.store import QUOTES, Correction, add

CORRECTIONS = sql.Table(
    "corrections",
    METADATA,
    sql.Column("id", sql.String(24), primary_key=True),
    sql.Column("applied_at", Moment, nullable=False),
    sql.Column("part", sql.String(40), nullable=False),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("digest", sql.String(32), nullable=False),
    sql.Column("release", sql.String(100), nullable=False),
    sql.Column("found_on", sql.Date, nullable=False),
    sql.Column("reason", sql.Text, nullable=False),
)


def _marks(kind: str, marked: sql.Table) -> sql.Table:
    return sql.Table(
        f"corrected_{kind}s",
        METADATA,
        sql.Column(
            f"{kind}_id",
            sql.String(24),
            sql.ForeignKey(marked.c.id, name=f"corrected_{kind}s_{kind}", ondelete="CASCADE"),
            nullable=False,
        ),
        sql.Column(
            "correction",
            sql.String(24),
            sql.ForeignKey("corrections.id", name=f"corrected_{kind}s_correction"),
            nullable=False,
        ),
        sql.PrimaryKeyConstraint(f"{kind}_id", "correction", name=f"corrected_{kind}s_once"),
    )


CORRECTED_QUOTES, CORRECTED_JOBS = _marks("quote", QUOTES), _marks("job", JOBS)


def mark(engine: Engine, correction: Correction, quotes: Iterable[str], jobs: Iterable[str]) -> None:
    """Mark quotes and jobs as superseded by a correction; those that were marked, or that went meanwhile, stay as they are."""
    named = [(CORRECTED_QUOTES, QUOTES, sorted(quotes)), (CORRECTED_JOBS, JOBS, sorted(jobs))]

    def marked(connection: Connection) -> None:
        add(connection, CORRECTIONS, asdict(correction))
        for table, of, ids in named:
            for id in locked(connection, of, ids, stays=True):
                add(connection, table, {table.columns.keys()[0]: id, "correction": correction.id})

    transaction(engine, marked)


def corrections_of_quote(engine: Engine, id: str) -> tuple[Correction, ...]:
    """The corrections that supersede a quote, the first first."""
    with engine.connect() as connection:
        return _of(connection, CORRECTED_QUOTES, id)


def corrections_of_job(engine: Engine, id: str) -> tuple[Correction, ...]:
    """The corrections that supersede a job, the first first."""
    with engine.connect() as connection:
        return _of(connection, CORRECTED_JOBS, id)


HEADER = "Superseded-By-Correction"


def with_mark(response: Response, corrections: Iterable[Correction]) -> Response:
    """The answer with the corrections that supersede it in its head: the bytes that were answered stay."""
    if names := ", ".join(each.id for each in corrections):
        response.headers[HEADER] = names
    return response


def told(corrections: Iterable[Correction]) -> list[Mapping[str, Any]]:
    """The corrections as an answer has them."""
    return [
        {
            "correction": each.id,
            "table": each.part,
            "row": each.key,
            "release": each.release,
            "found_on": each.found_on.isoformat(),
            "reason": each.reason,
        }
        for each in corrections
    ]


def _of(connection: Connection, marks: sql.Table, id: str) -> tuple[Correction, ...]:
    named = marks.columns.values()[0]
    asked = CORRECTIONS.select().join(marks).where(named == id).order_by(CORRECTIONS.c.applied_at, CORRECTIONS.c.id)
    return tuple(Correction(**row._mapping) for row in connection.execute(asked))
