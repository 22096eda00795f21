"""Tables of records: the catalogue and what is for sale."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, PrimaryKeyConstraint, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()
MOMENT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "discography",
        Column("kind", TEXT, nullable=False),
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("entries", TEXT, nullable=False),
        PrimaryKeyConstraint("kind", "id", name="pk_discography"),
    )
    op.create_table(
        "inventory",
        Column("seller", TEXT, nullable=False),
        Column("read_at", MOMENT, nullable=False),
        Column("complete", Boolean(), nullable=False),
        Column("total", Integer(), nullable=False),
        Column("note", TEXT),
        PrimaryKeyConstraint("seller", name="pk_inventory"),
    )
    op.create_table(
        "listing",
        Column("owner", NUMBER, autoincrement=False, nullable=False),
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("release_id", NUMBER, nullable=False),
        Column("seller", TEXT, nullable=False),
        Column("price_minor", NUMBER, nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("as_of", MOMENT, nullable=False),
        Column("origin", TEXT, nullable=False),
        Column("media", Integer()),
        Column("sleeve", Integer()),
        Column("comments", TEXT),
        Column("ships_from", TEXT),
        Column("allow_offers", Boolean()),
        Column("posted", MOMENT),
        Column("shipping_minor", NUMBER),
        Column("shipping_currency", TEXT),
        Column("quantity", NUMBER, nullable=False),
        Column("grams", NUMBER),
        Column("format", TEXT),
        Column("artist", TEXT),
        Column("title", TEXT),
        Column("label", TEXT),
        Column("catno", TEXT),
        Column("year", Integer()),
        Column("thumb", TEXT),
        Column("have", Integer()),
        Column("want", Integer()),
        Column("status", TEXT, nullable=False),
        Column("shipping_text", TEXT),
        PrimaryKeyConstraint("owner", "id", name="pk_listing"),
    )
    op.create_index("ix_listing_as_of", "listing", ["as_of"], unique=False)
    op.create_index("ix_listing_release_id_owner", "listing", ["release_id", "owner"], unique=False)
    op.create_index("ix_listing_seller_owner", "listing", ["seller", "owner"], unique=False)
    op.create_table(
        "price_floor",
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("lowest_minor", NUMBER),
        Column("for_sale", Integer(), nullable=False),
        Column("blocked", Boolean(), nullable=False),
        Column("as_of", MOMENT, nullable=False),
        PrimaryKeyConstraint("release_id", "currency", name="pk_price_floor"),
    )
    op.create_index("ix_price_floor_as_of", "price_floor", ["as_of"], unique=False)
    op.create_table(
        "release",
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("master_id", NUMBER),
        Column("fullness", Integer(), nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("document", TEXT, nullable=False),
        PrimaryKeyConstraint("id", name="pk_release"),
    )
    op.create_index("ix_release_master_id", "release", ["master_id"], unique=False)
    op.create_table(
        "release_image",
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("link", TEXT, nullable=False),
        Column("images_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("release_id", name="pk_release_image"),
    )
    op.create_index("ix_release_image_images_at", "release_image", ["images_at"], unique=False)
    op.create_table(
        "seller",
        Column("owner", NUMBER, autoincrement=False, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("id", NUMBER),
        Column("rating", TEXT),
        Column("ratings", Integer()),
        Column("ships_from", TEXT),
        Column("min_order_minor", NUMBER),
        Column("min_order_currency", TEXT),
        Column("shipping_text", TEXT),
        Column("payment", TEXT),
        PrimaryKeyConstraint("owner", "name", name="pk_seller"),
    )
