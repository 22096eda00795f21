"""The table of the words by which known releases are found, filled with those that are known already."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Text

from discogs_assistant.store.catalogue.release_search import index_known

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and fill it."""
    op.create_table(
        "release_words",
        Column(
            "release_id", BigInteger().with_variant(Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        Column("told", Integer(), nullable=False),
        Column("words", Text(), nullable=False),
        PrimaryKeyConstraint("release_id", name="pk_release_words"),
    )
    index_known(op.get_bind())
