"""Quotes, and the idempotency keys that they were asked under, as they were kept before revisions were counted."""

import sqlalchemy as sql
from alembic import op

from api.database import DOCUMENT, ExactAmount, Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "quotes",
        sql.Column("id", sql.String(24), primary_key=True),
        sql.Column("created_at", Moment, nullable=False),
        sql.Column("expires_at", Moment),
        sql.Column("declared_on", sql.Date, nullable=False),
        sql.Column("regime", sql.String(40), nullable=False),
        sql.Column("language", sql.String(8), nullable=False),
        sql.Column("landed_cost_cny", ExactAmount, nullable=False),
        sql.Column("request", DOCUMENT, nullable=False),
        sql.Column("quote", sql.LargeBinary, nullable=False),
        sql.Column("release", sql.String(100), nullable=False),
        sql.Column("fx_release", sql.String(100), nullable=False),
        sql.Column("engine_version", sql.String(40), nullable=False),
    )
    op.create_table(
        "idempotency_keys",
        sql.Column("key", sql.String(200), primary_key=True),
        sql.Column("request_hash", sql.String(64), nullable=False),
        sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id"), nullable=False),
    )
