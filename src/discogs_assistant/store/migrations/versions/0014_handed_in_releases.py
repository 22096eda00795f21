"""Releases that a person's own file named: a row for each person, in place of one for all."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, Text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO handed_in_release (owner, release_id, known_at, document, words)
SELECT had.owner, release.id, release.known_at, release.document, release_words.words
FROM release
JOIN release_words ON release_words.release_id = release.id AND release_words.told < 0
JOIN (
    SELECT owner, release_id FROM collection_item
    UNION SELECT owner, release_id FROM want
    UNION SELECT owner, release_id FROM staged_item
    UNION SELECT owner, release_id FROM staged_want
) AS had ON had.release_id = release.id
"""


def upgrade() -> None:
    """Make the table, and give everybody who has such a release what was known of it.

    The rows that were there for all stay, for processes of the version before; this one reads them no more.
    """
    number = BigInteger().with_variant(Integer(), "sqlite")
    op.create_table(
        "handed_in_release",
        Column("owner", number, nullable=False),
        Column("release_id", number, autoincrement=False, nullable=False),
        Column("known_at", DateTime(timezone=True), nullable=False),
        Column("document", Text(), nullable=False),
        Column("words", Text(), nullable=False),
        ForeignKeyConstraint(
            ["owner"], ["account.owner"], name="fk_handed_in_release_owner", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("owner", "release_id", name="pk_handed_in_release"),
    )
    op.execute(_COPY)
