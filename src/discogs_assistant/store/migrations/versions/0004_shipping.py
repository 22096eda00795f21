"""The table of sellers' shipping policies."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shipping_policy",
        Column("owner", BigInteger().with_variant(Integer(), "sqlite"), nullable=False),
        Column("seller", Text(), nullable=False),
        Column("ships_to", Text(), nullable=False),
        Column("unit", Text(), nullable=False),
        Column("bands", Text(), nullable=False),
        Column("currency", Text(), nullable=False),
        Column("min_order", Text()),
        Column("origin", Text(), nullable=False),
        Column("as_of", DateTime(timezone=True), nullable=False),
        ForeignKeyConstraint(
            ["owner"], ["account.owner"], name="fk_shipping_policy_owner", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("owner", "seller", "ships_to", name="pk_shipping_policy"),
    )
