"""Files of rows that are priced by and by, and their bytes."""

import sqlalchemy as sql
from alembic import op

from api.database import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "jobs",
        sql.Column("id", sql.String(24), primary_key=True),
        sql.Column("owner", sql.String(64), nullable=False),
        sql.Column("status", sql.String(12), nullable=False),
        sql.Column("form", sql.String(12), nullable=False),
        sql.Column("asked", sql.Text, nullable=False),
        sql.Column("day", sql.Date, nullable=False),
        sql.Column("created_at", Moment, nullable=False),
        sql.Column("expires_at", Moment, nullable=False),
        sql.Column("rows", sql.Integer),
        sql.Column("done", sql.Integer, nullable=False),
        sql.Column("failed", sql.Integer, nullable=False),
        sql.Column("percent", sql.Integer, nullable=False),
        sql.Column("problem", sql.Text),
        sql.Column("claim", sql.String(32), nullable=False),
        sql.Column("leased_until", Moment),
        sql.Column("key", sql.String(200)),
        sql.Column("request_hash", sql.String(64), nullable=False),
        sql.UniqueConstraint("owner", "key", name="jobs_by_key"),
    )
    op.create_index("jobs_by_age", "jobs", ["created_at"])
    op.create_table(
        "job_bytes",
        sql.Column("job", sql.String(24), sql.ForeignKey("jobs.id", name="job_bytes_job"), nullable=False),
        sql.Column("kind", sql.String(8), nullable=False),
        sql.Column("number", sql.Integer, nullable=False),
        sql.Column("bytes", sql.LargeBinary, nullable=False),
        sql.PrimaryKeyConstraint("job", "kind", "number", name="job_bytes_in_order"),
    )
