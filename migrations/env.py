"""Alembic's entry: runs a history on the connection that `helpdesk_mcp.store.migrate` hands over with it."""

from alembic import context
from sqlalchemy.schema import CreateSchema

connection = context.config.attributes["connection"]
history = context.config.attributes["history"]
connection.execute(CreateSchema(history.schema, if_not_exists=True))
context.configure(
    connection=connection,
    target_metadata=history.metadata,
    include_schemas=True,
    version_table_schema=history.schema,
)
with context.begin_transaction():
    context.run_migrations()
