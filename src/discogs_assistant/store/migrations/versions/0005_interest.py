"""The table of what searches for carts chose from."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "run_interest",
        Column("run_id", Text(), nullable=False),
        Column("owner", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
        Column("document", Text(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_interest_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_interest_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("run_id", name="pk_run_interest"),
    )
