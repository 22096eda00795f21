"""The tables of people: accounts, profiles, and what a sync lays aside."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, false

from discogs_assistant.store.schema.column_types import (
    Document,
    Exact,
    Moment,
    Number,
    Words,
    metadata,
    owner_column,
)


def _copy_columns() -> list[Column[object]]:
    return [
        Column("release_id", Number, nullable=False),
        Column("folder_id", Number, nullable=False),
        Column("folder", Words),
        Column("rating", Integer, nullable=False),
        Column("added", Moment),
        Column("media", Integer),
        Column("sleeve", Integer),
        Column("notes", Document, nullable=False),
    ]


def _want_columns() -> list[Column[object]]:
    return [Column("rating", Integer, nullable=False), Column("added", Moment), Column("notes", Words)]


# Who uses the instance, with their preferences; the person of local mode has the empty name, one who signed
# in `discogs:` with the number that Discogs knows them by, for names change and are given to others.
# A deleted account's number is never given again: sessions may still hold it. `ask_again` where a copy of the
# database was put back since they last gave or refused consent: then their answer is not known.
# `shipping_consent` is their answer to whether sellers' policies may be asked for with their token.
account = Table(
    "account",
    metadata,
    Column("owner", Number, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("consent", Boolean, nullable=False),
    Column("discogs_user", Words),
    Column("currency", Words, nullable=False),
    Column("country", Words),
    Column("min_media", Integer),
    Column("min_sleeve", Integer),
    Column("import_charges", Boolean, nullable=False, server_default=false()),
    Column("ask_again", Boolean, nullable=False, server_default=false()),
    Column("shipping_consent", Boolean),
    sqlite_autoincrement=True,
)
# Discogs tokens, sealed by a key that is not in the database: what a person pasted, or what Discogs gave at
# their sign-in. `user_name` is whose it is, as Discogs says.
token = Table(
    "token",
    metadata,
    owner_column(key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("kind", Words, nullable=False, server_default="personal"),
    Column("user_name", Words),
)
# Sellers a person likes to buy from.
favourite = Table(
    "favourite",
    metadata,
    owner_column(key=True),
    Column("seller", Words, primary_key=True),
)
# What sellers charge for shipping, as a person entered it; `methods` as texts, see shipping_policies.
shipping_policy = Table(
    "shipping_policy",
    metadata,
    owner_column(key=True),
    Column("seller", Words, primary_key=True),
    Column("ships_to", Words, primary_key=True),
    Column("methods", Document, nullable=False),
    Column("currency", Words, nullable=False),
    Column("free_from", Exact),
    Column("min_order", Exact),
    Column("source", Words, nullable=False),
    Column("reported_at", Moment, nullable=False),
)
# What parcels to a person have cost, by the number of their order.
own_order = Table(
    "own_order",
    metadata,
    owner_column(key=True),
    Column("number", Words, primary_key=True),
    Column("seller", Words, nullable=False),
    Column("items", Integer, nullable=False),
    Column("shipping_minor", Number, nullable=False),
    Column("currency", Words, nullable=False),
    Column("ordered_at", Moment, nullable=False),
    Column("reported_at", Moment, nullable=False),
)
# A Discogs user's profile as an owner last synced it; `version` rises with each change of content. The total
# of a list is what Discogs counted in it when its newest items up to the limit were read; null where unknown.
# Its origin is null until it is read. `looked_at` moves on once a day that somebody looks at
# one that is not the owner's own.
profile = Table(
    "profile",
    metadata,
    owner_column(key=True),
    Column("user_name", Words, primary_key=True),
    Column("collection", Integer, nullable=False),
    Column("wantlist", Integer, nullable=False),
    Column("newest_collection", Moment),
    Column("newest_want", Moment),
    Column("collection_total", Integer),
    Column("collection_limit", Integer),
    Column("wantlist_total", Integer),
    Column("wantlist_limit", Integer),
    Column("synced_at", Moment),
    Column("collection_origin", Words),
    Column("wantlist_origin", Words),
    Column("version", Integer, nullable=False),
    Column("private_collection", Boolean, nullable=False),
    Column("private_wantlist", Boolean, nullable=False),
    Column("last_added", Integer, nullable=False),
    Column("last_removed", Integer, nullable=False),
    Column("problems", Document, nullable=False),
    Column("looked_at", Moment),
)
# Owned copies; several copies of one release differ in `instance_id`.
collection_item = Table(
    "collection_item",
    metadata,
    owner_column(key=True),
    Column("user_name", Words, primary_key=True),
    Column("instance_id", Number, primary_key=True, autoincrement=False),
    *_copy_columns(),
    Index(None, "owner", "user_name", "added"),
)
# Wanted releases.
want = Table(
    "want",
    metadata,
    owner_column(key=True),
    Column("user_name", Words, primary_key=True),
    Column("release_id", Number, primary_key=True, autoincrement=False),
    *_want_columns(),
)
# Releases known only from a person's own rows, such as those of an exported file: for that person alone.
uploaded_release = Table(
    "uploaded_release",
    metadata,
    owner_column(key=True),
    Column("release_id", Number, primary_key=True, autoincrement=False),
    Column("known_at", Moment, nullable=False),
    Column("document", Document, nullable=False),
    Column("words", Words, nullable=False),
)
# The folders of a collection, for their names.
folder = Table(
    "folder",
    metadata,
    owner_column(key=True),
    Column("user_name", Words, primary_key=True),
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("count", Integer, nullable=False),
)
# What each sync did, so that one applied again after a kill does nothing and reports the same.
sync_change = Table(
    "sync_change",
    metadata,
    owner_column(key=True),
    Column("user_name", Words, primary_key=True),
    Column("run_id", Words, primary_key=True),
    Column("collection", Integer, nullable=False),
    Column("wantlist", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("removed", Integer, nullable=False),
)
# Copies that a sync has read and not yet applied.
staged_item = Table(
    "staged_item",
    metadata,
    owner_column(key=True),
    Column("run_id", Words, primary_key=True),
    Column("instance_id", Number, primary_key=True, autoincrement=False),
    *_copy_columns(),
)
# Wants that a sync has read and not yet applied.
staged_want = Table(
    "staged_want",
    metadata,
    owner_column(key=True),
    Column("run_id", Words, primary_key=True),
    Column("release_id", Number, primary_key=True, autoincrement=False),
    *_want_columns(),
)
# What a person did with recommended releases: seen, opened, loved, hidden, bought.
event = Table(
    "event",
    metadata,
    Column("id", Number, primary_key=True),
    owner_column(),
    Column("user_name", Words, nullable=False),
    Column("release_id", Number, nullable=False),
    Column("kind", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "owner", "user_name", "kind"),
    Index(None, "owner", "id"),
)
