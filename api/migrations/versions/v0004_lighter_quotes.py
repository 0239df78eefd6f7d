"""Fewer trees to keep with each quote: pruning by owner finds its quotes by their age."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """What is kept stays as it is."""
    with op.batch_alter_table("quotes") as quotes:
        quotes.drop_index("quotes_by_owner")
        quotes.drop_index("quotes_by_age")
        quotes.create_index("quotes_by_age", ["created_at"])
