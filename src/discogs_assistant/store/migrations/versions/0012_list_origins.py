"""Where each list of a profile came from: Discogs, or a file; so far one word stood for both."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text, case, column, exists, table, update

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_PROFILE = table(
    "profile",
    *(column(name) for name in ("owner", "user_name", "origin", "collection", "wantlist")),
    *(column(name) for name in ("collection_origin", "wantlist_origin")),
)
_COPY = table("collection_item", column("owner"), column("user_name"), column("instance_id"))


def upgrade() -> None:
    """Add the columns and fill them; the one word goes."""
    for name in ("collection_origin", "wantlist_origin"):
        op.add_column("profile", Column(name, Text(), nullable=True))
    op.execute(update(_PROFILE).values(_origins()))
    op.drop_column("profile", "origin")


def _origins() -> dict[str, object]:
    """Lists with items are files' where the profile is; copies with Discogs' own numbers came from there."""
    mine = (_COPY.c.owner == _PROFILE.c.owner) & (_COPY.c.user_name == _PROFILE.c.user_name)
    numbered = exists().where(mine, _COPY.c.instance_id > 0)
    from_discogs = _PROFILE.c.origin == "api"
    return {
        "collection_origin": case(
            (from_discogs | numbered, "api"), (_PROFILE.c.collection > 0, "files"), else_=None
        ),
        "wantlist_origin": case((from_discogs, "api"), (_PROFILE.c.wantlist > 0, "files"), else_=None),
    }
