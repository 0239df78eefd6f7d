"""What was deleted, by its id alone, and for how long each owner's quotes are kept."""

import sqlalchemy as sql
from alembic import op

from api.database import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tombstones",
        sql.Column("id", sql.String(24), primary_key=True),
        sql.Column("owner", sql.String(64), nullable=False),
        sql.Column("deleted_at", Moment, nullable=False),
    )
    op.create_index("tombstones_by_age", "tombstones", ["deleted_at"])
    op.create_table(
        "retentions",
        sql.Column("owner", sql.String(64), primary_key=True),
        sql.Column("days", sql.Integer, nullable=False),
    )
