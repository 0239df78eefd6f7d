"""Keys, what happens with them, and how often each is used on a day."""

import sqlalchemy as sql
from alembic import op

from api.database import DOCUMENT, Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the three tables."""
    op.create_table(
        "keys",
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
    op.create_table(
        "key_events",
        sql.Column("key_id", sql.String(12), nullable=False),
        sql.Column("event", sql.String(40), nullable=False),
        sql.Column("detail", sql.String(200), nullable=False),
        sql.Column("day", sql.Date, nullable=False),
        sql.Column("count", sql.BigInteger, nullable=False),
        sql.Column("first_at", Moment, nullable=False),
        sql.Column("last_at", Moment, nullable=False),
        sql.PrimaryKeyConstraint("key_id", "event", "detail", "day", name="key_events_by_day"),
    )
    op.create_table(
        "key_usage",
        sql.Column("key_id", sql.String(12), sql.ForeignKey("keys.id", name="key_usage_key"), nullable=False),
        sql.Column("day", sql.Date, nullable=False),
        sql.Column("calls", sql.BigInteger, nullable=False),
        sql.Column("last_at", Moment, nullable=False),
        sql.PrimaryKeyConstraint("key_id", "day", name="key_usage_by_day"),
    )
