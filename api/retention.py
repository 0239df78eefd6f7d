"""For how long an owner's quotes and files are kept, where that is not what the installation says for all.

Only `galeon db prune` deletes what is too old, so that an age that was mistyped can be put right until then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sql
from sqlalchemy.engine import Engine

from api.database import METADATA, inserting

RETENTIONS = sql.Table(
    "retentions",
    METADATA,
    sql.Column("owner", sql.String(64), primary_key=True),
    sql.Column("days", sql.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Due:
    """What is too old: made before `moment`, by `owner` alone, or by everybody (None) but the owners of `but`."""

    moment: datetime
    owner: str | None = None
    but: tuple[str, ...] = ()

    def covers(self, table: sql.Table) -> sql.ColumnElement[bool]:
        """The condition for the rows of a table with `created_at` and `owner`."""
        old = table.c.created_at < self.moment
        if self.owner is not None:
            return old & (table.c.owner == self.owner)
        return old & table.c.owner.not_in(self.but) if self.but else old


def retentions(engine: Engine) -> dict[str, timedelta]:
    """The owners with an age of their own."""
    with engine.connect() as connection:
        rows = connection.execute(RETENTIONS.select().order_by(RETENTIONS.c.owner))
        return {row.owner: timedelta(days=row.days) for row in rows}


def retain(engine: Engine, owner: str, age: timedelta | None) -> None:
    """Keep an owner's quotes and files for so many days; None: as long as everybody's."""
    with engine.begin() as connection:
        if age is None:
            connection.execute(RETENTIONS.delete().where(RETENTIONS.c.owner == owner))
            return
        kept = inserting(connection, RETENTIONS).values(owner=owner, days=age.days)
        again = kept.on_conflict_do_update(index_elements=["owner"], set_={"days": age.days})
        connection.execute(again)


def dues(engine: Engine, now: datetime, general: timedelta | None, owner: str | None = None) -> list[Due]:
    """What is too old now: by each owner's own age, and by the general one for those who have none.

    Of one owner alone where one is named; an age that is given for him comes before his own.
    """
    own = retentions(engine)
    if owner is not None:
        age = general if general is not None else own.get(owner)
        return [] if age is None else [Due(now - age, owner)]
    found = [Due(now - age, each) for each, age in own.items()]
    return found if general is None else [*found, Due(now - general, None, tuple(own))]
