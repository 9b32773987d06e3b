"""Run by Alembic: migrate over the connection, and in the transaction, that we were given."""

from __future__ import annotations

from alembic import context

from knowledge.store import delivery_schema, feed_schema, reader_schema
from knowledge.store.schema import metadata

# Imported for their tables, which the metadata then hold.
_TABLES_OF = (reader_schema, feed_schema, delivery_schema)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
