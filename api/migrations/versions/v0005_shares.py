"""Addresses of quotes that need no key and end."""

import sqlalchemy as sql
from alembic import op

from api.database import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shares",
        sql.Column("hash", sql.String(64), primary_key=True),
        sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id", name="shares_quote"), nullable=False),
        sql.Column("created_at", Moment, nullable=False),
        sql.Column("expires_at", Moment, nullable=False),
    )
    op.create_index("shares_by_quote", "shares", ["quote_id"])
