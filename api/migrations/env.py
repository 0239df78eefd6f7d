"""How Alembic runs here: on the connection that it is handed, in the transaction that is open already."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
