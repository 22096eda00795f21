"""What a program's token opens: those that are there open the API."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("api_token", Column("opens", Text(), nullable=False, server_default="api"))
