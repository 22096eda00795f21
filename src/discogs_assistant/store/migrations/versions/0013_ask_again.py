"""Who is asked for their consent anew, after a copy of the database was put back."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, false

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody is."""
    op.add_column("account", Column("ask_again", Boolean(), nullable=False, server_default=false()))
