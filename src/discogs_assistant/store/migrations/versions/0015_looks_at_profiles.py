"""When somebody last looked at a profile; those that are there count as looked at now."""

from __future__ import annotations

from datetime import UTC, datetime

from alembic import op
from sqlalchemy import Column, DateTime, column, table

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: what nobody looked at for long goes, and of these nobody knows."""
    moment = DateTime(timezone=True)
    op.add_column("profile", Column("looked_at", moment, nullable=True))
    op.execute(table("profile", column("looked_at", moment)).update().values(looked_at=datetime.now(UTC)))
