"""Each run has its stages in words, so that the store needs to know no kind."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import Column, Text, text

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PROFILE = ("Looking at the profile", "Reading the collection", "Reading the wantlist")
_LIST = (*_PROFILE, "Finding records you may love", "Scoring and writing reasons")
_STAGES = {
    "sync": (*_PROFILE, "Saving the profile"),
    "recommendations": _LIST,
    "carts": (*_LIST, "Asking who sells them", "Building carts"),
    "market": ("Asking who sells them",),
    "check": ("Reading each copy again", "Building the cart again"),
}


def upgrade() -> None:
    """Add the column and fill it by kind."""
    op.add_column("run", Column("stage_names", Text(), nullable=False, server_default=text("'[]'")))
    fill = text("UPDATE run SET stage_names = :names WHERE kind = :kind")
    for kind, names in _STAGES.items():
        op.get_bind().execute(fill, {"kind": kind, "names": json.dumps(names)})
