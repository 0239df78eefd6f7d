"""Whose a quote is, the dossier it was computed from, and keys that are claimed before their quote is there."""

import sqlalchemy as sql
from alembic import op

from api.database import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Earlier quotes belong to nobody and have no dossier; earlier keys stay answered."""
    op.create_table(
        "sources",
        sql.Column("hash", sql.String(64), primary_key=True),
        sql.Column("document", sql.Text, nullable=False),
    )
    op.create_table(
        "dossiers",
        sql.Column("hash", sql.String(64), primary_key=True),
        sql.Column("sources", sql.String(64), sql.ForeignKey("sources.hash", name="dossiers_sources"), nullable=False),
        sql.Column("document", sql.Text, nullable=False),
    )
    with op.batch_alter_table("quotes") as quotes:
        quotes.add_column(sql.Column("owner", sql.String(64), nullable=False, server_default=""))
        quotes.add_column(sql.Column("dossier", sql.String(64), sql.ForeignKey("dossiers.hash", name="quotes_dossier")))
        quotes.create_index("quotes_by_age", ["created_at", "id"])
        quotes.create_index("quotes_by_owner", ["owner", "created_at"])
        quotes.create_index("quotes_by_dossier", ["dossier"])
    op.rename_table("idempotency_keys", "earlier_keys")
    op.create_table(
        "idempotency_keys",
        sql.Column("owner", sql.String(64), nullable=False),
        sql.Column("key", sql.String(200), nullable=False),
        sql.Column("request_hash", sql.String(64), nullable=False),
        sql.Column("claimed_at", Moment, nullable=False),
        sql.Column("claim", sql.String(32), nullable=False),
        sql.Column("quote_id", sql.String(24), sql.ForeignKey("quotes.id", name="idempotency_keys_quote")),
        # The table that was renamed keeps the name of its primary key.
        sql.PrimaryKeyConstraint("owner", "key", name="idempotency_keys_by_owner"),
    )
    op.execute(
        "INSERT INTO idempotency_keys (owner, key, request_hash, claimed_at, claim, quote_id) "
        "SELECT '', earlier_keys.key, request_hash, created_at, '', quote_id "
        "FROM earlier_keys JOIN quotes ON quotes.id = quote_id"
    )
    op.drop_table("earlier_keys")
    op.create_index("idempotency_keys_by_quote", "idempotency_keys", ["quote_id"])
