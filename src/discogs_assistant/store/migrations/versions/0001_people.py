"""Tables of people: accounts, profiles, staging, events."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()
MOMENT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        Column("owner", NUMBER, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("consent", Boolean(), nullable=False),
        Column("discogs_user", TEXT),
        Column("currency", TEXT, nullable=False),
        Column("country", TEXT),
        Column("min_media", Integer()),
        Column("min_sleeve", Integer()),
        PrimaryKeyConstraint("owner", name="pk_account"),
        UniqueConstraint("name", name="uq_account_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "collection_item",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("instance_id", NUMBER, autoincrement=False, nullable=False),
        Column("release_id", NUMBER, nullable=False),
        Column("folder_id", NUMBER, nullable=False),
        Column("folder", TEXT),
        Column("rating", Integer(), nullable=False),
        Column("added", MOMENT),
        Column("media", Integer()),
        Column("sleeve", Integer()),
        Column("notes", TEXT, nullable=False),
        ForeignKeyConstraint(
            ["owner"], ["account.owner"], name="fk_collection_item_owner", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("owner", "user_name", "instance_id", name="pk_collection_item"),
    )
    op.create_index(
        "ix_collection_item_owner_user_name_added",
        "collection_item",
        ["owner", "user_name", "added"],
        unique=False,
    )
    op.create_table(
        "event",
        Column("id", NUMBER, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("release_id", NUMBER, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("at", MOMENT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_event_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_owner_user_name_kind", "event", ["owner", "user_name", "kind"], unique=False)
    op.create_table(
        "favourite",
        Column("owner", NUMBER, nullable=False),
        Column("seller", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_favourite_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "seller", name="pk_favourite"),
    )
    op.create_table(
        "folder",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("count", Integer(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_folder_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "user_name", "id", name="pk_folder"),
    )
    op.create_table(
        "profile",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("collection", Integer(), nullable=False),
        Column("wantlist", Integer(), nullable=False),
        Column("newest_collection", MOMENT),
        Column("newest_want", MOMENT),
        Column("synced_at", MOMENT),
        Column("origin", TEXT, nullable=False),
        Column("version", Integer(), nullable=False),
        Column("private_collection", Boolean(), nullable=False),
        Column("private_wantlist", Boolean(), nullable=False),
        Column("last_added", Integer(), nullable=False),
        Column("last_removed", Integer(), nullable=False),
        Column("problems", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_profile_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "user_name", name="pk_profile"),
    )
    op.create_table(
        "staged_item",
        Column("owner", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("instance_id", NUMBER, autoincrement=False, nullable=False),
        Column("release_id", NUMBER, nullable=False),
        Column("folder_id", NUMBER, nullable=False),
        Column("folder", TEXT),
        Column("rating", Integer(), nullable=False),
        Column("added", MOMENT),
        Column("media", Integer()),
        Column("sleeve", Integer()),
        Column("notes", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_staged_item_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "run_id", "instance_id", name="pk_staged_item"),
    )
    op.create_table(
        "staged_want",
        Column("owner", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("rating", Integer(), nullable=False),
        Column("added", MOMENT),
        Column("notes", TEXT),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_staged_want_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "run_id", "release_id", name="pk_staged_want"),
    )
    op.create_table(
        "sync_change",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("collection", Integer(), nullable=False),
        Column("wantlist", Integer(), nullable=False),
        Column("added", Integer(), nullable=False),
        Column("removed", Integer(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_sync_change_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "user_name", "run_id", name="pk_sync_change"),
    )
    op.create_table(
        "token",
        Column("owner", NUMBER, nullable=False),
        Column("sealed", LargeBinary(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_token_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", name="pk_token"),
    )
    op.create_table(
        "want",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("rating", Integer(), nullable=False),
        Column("added", MOMENT),
        Column("notes", TEXT),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_want_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "user_name", "release_id", name="pk_want"),
    )
