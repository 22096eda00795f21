"""Which request carries a sign-in through, and the session that it opened."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, DateTime, LargeBinary, false

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("sign_in", Column("claimed_at", DateTime(timezone=True)))
    op.add_column("sign_in", Column("session", LargeBinary()))
    op.add_column("sign_in", Column("asks", Boolean(), nullable=False, server_default=false()))
