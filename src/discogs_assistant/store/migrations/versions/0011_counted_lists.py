"""What Discogs counted in the lists of a profile when they were read."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of profiles that are there nobody noted it."""
    for name in ("collection_total", "collection_limit", "wantlist_total", "wantlist_limit"):
        op.add_column("profile", Column(name, Integer(), nullable=True))
