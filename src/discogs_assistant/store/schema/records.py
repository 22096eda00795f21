"""The tables of records: the catalogue and what is for sale."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, text

from discogs_assistant.store.schema.column_types import Document, Exact, Moment, Number, Words, metadata

COMPLETE, TAGGED, NAMED = 2, 1, 0
"""How full a release's metadata is: its own page; a collection's row; a discography's line."""

SHARED_OWNER = 0
"""The owner of market data that Discogs' API reported: everybody on the instance sees it."""

# Metadata of releases (CC0); `fullness` ranks how much its source reports, `document` holds all but images.
release = Table(
    "release",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("master_id", Number, index=True),
    Column("fullness", Integer, nullable=False),
    Column("known_at", Moment, nullable=False),
    Column("document", Document, nullable=False),
)
# Words that find a release, in columns (see catalogue_words); `fullness` is that of their source.
release_words = Table(
    "release_words",
    metadata,
    Column("release_id", Number, primary_key=True, autoincrement=False),
    Column("fullness", Integer, nullable=False),
    Column("words", Words, nullable=False),
)
# Links to covers with the moment the API gave them; shown and kept for the age limit only.
release_image = Table(
    "release_image",
    metadata,
    Column("release_id", Number, primary_key=True, autoincrement=False),
    Column("link", Words, nullable=False),
    Column("images_at", Moment, nullable=False, index=True),
)
# What an artist or a label has released, and the pressings of a master (CC0): the first page of Discogs' list
# as a document, and how many pages that had.
discography = Table(
    "discography",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("known_at", Moment, nullable=False),
    Column("entries", Document, nullable=False),
    Column("pages", Integer, nullable=False, server_default=text("1")),
)
# The further pages of such lists, from the second on.
discography_page = Table(
    "discography_page",
    metadata,
    Column("kind", Words, primary_key=True),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("known_at", Moment, nullable=False),
    Column("entries", Document, nullable=False),
)
# Copies for sale: owner 0 for what the API reported, else the person who uploaded them and alone sees them.
listing = Table(
    "listing",
    metadata,
    Column("owner", Number, primary_key=True, autoincrement=False),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("release_id", Number, nullable=False),
    Column("seller", Words, nullable=False),
    Column("price_minor", Number, nullable=False),
    Column("currency", Words, nullable=False),
    Column("as_of", Moment, nullable=False, index=True),
    Column("origin", Words, nullable=False),
    Column("media", Integer),
    Column("sleeve", Integer),
    Column("comments", Words),
    Column("ships_from", Words),
    Column("allow_offers", Boolean),
    Column("posted", Moment),
    Column("shipping_minor", Number),
    Column("shipping_currency", Words),
    Column("shipping_blocked", Boolean),
    Column("quantity", Number, nullable=False),
    Column("grams", Number),
    Column("format", Words),
    Column("artist", Words),
    Column("title", Words),
    Column("label", Words),
    Column("catno", Words),
    Column("year", Integer),
    Column("thumb", Words),
    Column("have", Integer),
    Column("want", Integer),
    Column("status", Words, nullable=False),
    Column("shipping_text", Words),
    Index(None, "release_id", "owner"),
    Index(None, "seller", "owner"),
    # Few copies say what their shipping costs: those are found without a look at the others.
    Index(
        "ix_listing_shipping",
        "owner",
        "as_of",
        sqlite_where=text("shipping_minor IS NOT NULL"),
        postgresql_where=text("shipping_minor IS NOT NULL"),
    ),
)
# Which releases copies for sale name an artist or a label of, by the number that stands for the name.
listed_name = Table(
    "listed_name",
    metadata,
    Column("name", Number, primary_key=True, autoincrement=False),
    Column("owner", Number, primary_key=True, autoincrement=False),
    Column("release_id", Number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
# A number that rises with each change of the copies that an owner sees.
market_revision = Table(
    "market_revision",
    metadata,
    Column("owner", Number, primary_key=True, autoincrement=False),
    Column("revision", Number, nullable=False),
)
# Sellers as far as known; owners as with listings.
seller = Table(
    "seller",
    metadata,
    Column("owner", Number, primary_key=True, autoincrement=False),
    Column("name", Words, primary_key=True),
    Column("id", Number),
    Column("rating", Exact),
    Column("ratings", Integer),
    Column("ships_from", Words),
    Column("min_order_minor", Number),
    Column("min_order_currency", Words),
    Column("shipping_text", Words),
    Column("payment", Words),
)
# What Discogs reported of a seller's shipping, or why it is not known; `terms` holds destinations and
# methods, see seller_shipping.
seller_shipping = Table(
    "seller_shipping",
    metadata,
    Column("seller", Words, primary_key=True),
    Column("number", Number, nullable=False),
    Column("problem", Words),
    Column("detail", Words),
    Column("currency", Words),
    Column("terms", Document, nullable=False),
    Column("reported_at", Moment, nullable=False, index=True),
)
# When a seller's whole inventory was last read through the API, and how much of it.
inventory = Table(
    "inventory",
    metadata,
    Column("seller", Words, primary_key=True),
    Column("read_at", Moment, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("total", Integer, nullable=False),
    Column("note", Words),
)
# A release's lowest price; where none is for sale the currency is empty.
price_floor = Table(
    "price_floor",
    metadata,
    Column("release_id", Number, primary_key=True, autoincrement=False),
    Column("currency", Words, primary_key=True),
    Column("lowest_minor", Number),
    Column("for_sale", Integer, nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("as_of", Moment, nullable=False, index=True),
)
