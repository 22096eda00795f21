"""Runs the migrations on the connection, and inside the transaction, of the program."""

from __future__ import annotations

from alembic import context

from discogs_assistant.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
