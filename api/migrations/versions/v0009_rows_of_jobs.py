"""Which rows of the tables each job used, by the day that its rows are declared on."""

import sqlalchemy as sql
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table; jobs of before know no rows."""
    op.create_table(
        "job_rows",
        sql.Column(
            "job", sql.String(24), sql.ForeignKey("jobs.id", name="job_rows_job", ondelete="CASCADE"), nullable=False
        ),
        sql.Column("declared_on", sql.Date, nullable=False),
        sql.Column("rows_used", sql.String(32), nullable=False),
        sql.PrimaryKeyConstraint("job", "declared_on", "rows_used", name="job_rows_once"),
    )
    op.create_index("job_rows_by_set", "job_rows", ["rows_used"])
