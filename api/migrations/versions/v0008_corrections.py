"""Which rows each quote used, and the corrections of rows that supersede quotes and jobs."""

import sqlalchemy as sql
from alembic import op

from api.database import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables; quotes of before know no rows."""
    op.create_table(
        "rows_used",
        sql.Column("hash", sql.String(32), nullable=False),
        sql.Column("part", sql.String(40), nullable=False),
        sql.Column("key", sql.Text, nullable=False),
        sql.Column("digest", sql.String(32), nullable=False),
        sql.PrimaryKeyConstraint("hash", "digest", "part", name="rows_used_of_set"),
    )
    op.create_index("rows_used_by_row", "rows_used", ["digest", "part"])
    op.add_column("quotes", sql.Column("rows_used", sql.String(32)))
    op.create_index("quotes_by_rows_used", "quotes", ["rows_used"])
    op.create_table(
        "corrections",
        sql.Column("id", sql.String(24), primary_key=True),
        sql.Column("applied_at", Moment, nullable=False),
        sql.Column("part", sql.String(40), nullable=False),
        sql.Column("key", sql.Text, nullable=False),
        sql.Column("digest", sql.String(32), nullable=False),
        sql.Column("release", sql.String(100), nullable=False),
        sql.Column("found_on", sql.Date, nullable=False),
        sql.Column("reason", sql.Text, nullable=False),
    )
    for kind in ("quote", "job"):
        op.create_table(
            f"corrected_{kind}s",
            sql.Column(
                f"{kind}_id",
                sql.String(24),
                sql.ForeignKey(f"{kind}s.id", name=f"corrected_{kind}s_{kind}", ondelete="CASCADE"),
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
