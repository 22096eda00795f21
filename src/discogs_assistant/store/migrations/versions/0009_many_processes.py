"""Many processes: what a worker tells of itself, whose turn it is at Discogs, and indices for many people."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Double, Integer, PrimaryKeyConstraint, Text, text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, of which rows that are there tell nothing, the table and the indices."""
    for column in (
        Column("role", Text(), nullable=True),
        Column("host", Text(), nullable=True),
        Column("pid", Integer(), nullable=True),
        Column("started_at", DateTime(timezone=True), nullable=True),
        Column("step_order", Text(), nullable=True),
        Column("at_work", Integer(), nullable=False, server_default=text("0")),
    ):
        op.add_column("lease", column)
    op.create_table(
        "rate_share",
        Column("source", Text(), nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("person", Text(), nullable=False),
        Column("next", Double(), nullable=False),
        PrimaryKeyConstraint("source", "signed_in", "person", name="pk_rate_share"),
    )
    op.create_index("ix_rate_share_next", "rate_share", ["next"])
    under_way = text("state IN ('queued', 'running')")
    op.create_index(
        "ix_run_under_way", "run", ["created_at"], sqlite_where=under_way, postgresql_where=under_way
    )
    for table in ("run_log", "run_work", "run_interest"):
        op.create_index(f"ix_{table}_owner", table, ["owner"])
