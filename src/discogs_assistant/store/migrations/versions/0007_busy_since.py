"""Since when requests were made without a rest, which tells our own use of a window from that of others."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Double

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of rows that are there nothing is known."""
    op.add_column("rate_budget", Column("busy_since", Double(), nullable=True))
