"""The tables of the database from revision to revision (Alembic); a revision that was released is never changed."""
