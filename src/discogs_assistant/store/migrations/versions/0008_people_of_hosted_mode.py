"""The people of hosted mode: sessions, sign-ins, tokens of programs, allowances; whose a token is."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; tokens that are there are personal ones, of whom nobody noted."""
    op.add_column("token", Column("kind", Text(), nullable=False, server_default="personal"))
    op.add_column("token", Column("user_name", Text(), nullable=True))
    op.create_table(
        "session",
        Column("id", LargeBinary(), nullable=False),
        _owner(),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("used_at", DateTime(timezone=True), nullable=False),
        Column("expires_at", DateTime(timezone=True), nullable=False),
        _of_account("session"),
        PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_owner", "session", ["owner"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    op.create_table(
        "sign_in",
        Column("state", LargeBinary(), nullable=False),
        Column("browser", LargeBinary(), nullable=False),
        Column("request_token", Text(), nullable=False),
        Column("sealed", LargeBinary(), nullable=False),
        Column("next_page", Text(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("state", name="pk_sign_in"),
        UniqueConstraint("request_token", name="uq_sign_in_request_token"),
    )
    op.create_index("ix_sign_in_created_at", "sign_in", ["created_at"])
    op.create_table(
        "api_token",
        Column("id", LargeBinary(), nullable=False),
        _owner(),
        Column("name", Text(), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("used_at", DateTime(timezone=True)),
        _of_account("api_token"),
        PrimaryKeyConstraint("id", name="pk_api_token"),
        UniqueConstraint("owner", "name", name="uq_api_token_owner_name"),
    )
    op.create_table(
        "allowance",
        Column("subject", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("arrival", Double(), nullable=False),
        PrimaryKeyConstraint("subject", "kind", name="pk_allowance"),
    )
    op.create_index("ix_allowance_arrival", "allowance", ["arrival"])


def _owner() -> Column[int]:
    return Column("owner", BigInteger().with_variant(Integer(), "sqlite"), nullable=False)


def _of_account(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["owner"], ["account.owner"], name=f"fk_{table}_owner", ondelete="CASCADE")
