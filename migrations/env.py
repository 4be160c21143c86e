"""Alembic's entry: runs migrations on the connection that `helpdesk_mcp.store.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from helpdesk_mcp.store.tables import metadata

connection = context.config.attributes["connection"]
connection.execute(text("CREATE SCHEMA IF NOT EXISTS helpdesk"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_schemas=True,
    version_table_schema="helpdesk",
)
with context.begin_transaction():
    context.run_migrations()
