"""How many pages a discography has, and those from the second on."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, Integer, PrimaryKeyConstraint, Text, text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_PER_PAGE = 100


def upgrade() -> None:
    """Add the column and the table; where the first page is full, there is a second."""
    op.add_column("discography", Column("pages", Integer(), nullable=False, server_default=text("1")))
    op.create_table(
        "discography_page",
        Column("kind", Text(), nullable=False),
        Column("id", BigInteger().with_variant(Integer(), "sqlite"), autoincrement=False, nullable=False),
        Column("page", Integer(), autoincrement=False, nullable=False),
        Column("known_at", DateTime(timezone=True), nullable=False),
        Column("entries", Text(), nullable=False),
        PrimaryKeyConstraint("kind", "id", "page", name="pk_discography_page"),
    )
    connection = op.get_bind()
    known = connection.execute(text("SELECT kind, id, entries FROM discography")).all()
    full = [{"kind": one.kind, "id": one.id} for one in known if len(json.loads(one.entries)) >= _PER_PAGE]
    if full:
        connection.execute(text("UPDATE discography SET pages = 2 WHERE kind = :kind AND id = :id"), full)
