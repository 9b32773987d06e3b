"""Run by Alembic: migrate over the connection, and in the transaction, that we were given."""

from __future__ import annotations

from alembic import context

from knowledge.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
