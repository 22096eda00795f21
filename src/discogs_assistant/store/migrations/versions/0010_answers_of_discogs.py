"""What Discogs answered to all processes, by minute and status."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, PrimaryKeyConstraint, Text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    number = BigInteger().with_variant(Integer(), "sqlite")
    op.create_table(
        "api_answer",
        Column("minute", number, nullable=False),
        Column("source", Text(), nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("status", Integer(), nullable=False),
        Column("count", number, nullable=False),
        PrimaryKeyConstraint("minute", "source", "signed_in", "status", name="pk_api_answer"),
    )
