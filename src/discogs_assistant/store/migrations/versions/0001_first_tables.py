"""The tables of the first version."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    false,
    text,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()
MOMENT = DateTime(timezone=True)
UNDER_WAY = text("state IN ('queued', 'running')")


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _sign_ins()
    _profiles()
    _items()
    _staging()
    _catalogue()
    _listings()
    _market_indexes()
    _sellers()
    _shipping()
    _runs()
    _work()
    _results()
    _processes()


def _accounts() -> None:
    """Accounts and their tokens."""
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
        Column("import_charges", Boolean(), server_default=false(), nullable=False),
        Column("ask_again", Boolean(), server_default=false(), nullable=False),
        Column("shipping_consent", Boolean()),
        PrimaryKeyConstraint("owner", name="pk_account"),
        UniqueConstraint("name", name="uq_account_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "token",
        Column("owner", NUMBER, nullable=False),
        Column("sealed", LargeBinary(), nullable=False),
        Column("kind", TEXT, server_default="personal", nullable=False),
        Column("user_name", TEXT),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_token_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", name="pk_token"),
    )
    op.create_table(
        "allowance",
        Column("subject", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("arrival", Double(), nullable=False),
        PrimaryKeyConstraint("subject", "kind", name="pk_allowance"),
    )
    op.create_index("ix_allowance_arrival", "allowance", ["arrival"])


def _sign_ins() -> None:
    """Who is signed in, by a browser or a program."""
    op.create_table(
        "session",
        Column("id", LargeBinary(), nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("used_at", MOMENT, nullable=False),
        Column("expires_at", MOMENT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_session_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_session"),
    )
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    op.create_index("ix_session_owner_id", "session", ["owner", "id"])
    op.create_table(
        "sign_in",
        Column("state", LargeBinary(), nullable=False),
        Column("browser", LargeBinary(), nullable=False),
        Column("request_token", TEXT, nullable=False),
        Column("sealed", LargeBinary(), nullable=False),
        Column("next_page", TEXT, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("claimed_at", MOMENT),
        Column("session", LargeBinary()),
        Column("asks", Boolean(), server_default=false(), nullable=False),
        PrimaryKeyConstraint("state", name="pk_sign_in"),
        UniqueConstraint("request_token", name="uq_sign_in_request_token"),
    )
    op.create_index("ix_sign_in_created_at", "sign_in", ["created_at"])
    op.create_table(
        "api_token",
        Column("id", LargeBinary(), nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("used_at", MOMENT),
        Column("opens", TEXT, server_default="api", nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_api_token_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_api_token"),
        UniqueConstraint("owner", "name", name="uq_api_token_owner_name"),
    )
    op.create_index("ix_api_token_owner_id", "api_token", ["owner", "id"])


def _profiles() -> None:
    """Profiles, and what people like."""
    op.create_table(
        "profile",
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("collection", Integer(), nullable=False),
        Column("wantlist", Integer(), nullable=False),
        Column("newest_collection", MOMENT),
        Column("newest_want", MOMENT),
        Column("collection_total", Integer()),
        Column("collection_limit", Integer()),
        Column("wantlist_total", Integer()),
        Column("wantlist_limit", Integer()),
        Column("synced_at", MOMENT),
        Column("collection_origin", TEXT),
        Column("wantlist_origin", TEXT),
        Column("version", Integer(), nullable=False),
        Column("private_collection", Boolean(), nullable=False),
        Column("private_wantlist", Boolean(), nullable=False),
        Column("last_added", Integer(), nullable=False),
        Column("last_removed", Integer(), nullable=False),
        Column("problems", TEXT, nullable=False),
        Column("looked_at", MOMENT),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_profile_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "user_name", name="pk_profile"),
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
    op.create_index("ix_event_owner_id", "event", ["owner", "id"])
    op.create_index("ix_event_owner_user_name_kind", "event", ["owner", "user_name", "kind"])


def _items() -> None:
    """Collections and wantlists."""
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
        "ix_collection_item_owner_user_name_added", "collection_item", ["owner", "user_name", "added"]
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
    op.create_table(
        "uploaded_release",
        Column("owner", NUMBER, nullable=False),
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("document", TEXT, nullable=False),
        Column("words", TEXT, nullable=False),
        ForeignKeyConstraint(
            ["owner"], ["account.owner"], name="fk_uploaded_release_owner", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("owner", "release_id", name="pk_uploaded_release"),
    )


def _staging() -> None:
    """What a sync has read and not yet applied."""
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


def _catalogue() -> None:
    """Releases and discographies."""
    op.create_table(
        "release",
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("master_id", NUMBER),
        Column("fullness", Integer(), nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("document", TEXT, nullable=False),
        PrimaryKeyConstraint("id", name="pk_release"),
    )
    op.create_index("ix_release_master_id", "release", ["master_id"])
    op.create_table(
        "release_words",
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("fullness", Integer(), nullable=False),
        Column("words", TEXT, nullable=False),
        PrimaryKeyConstraint("release_id", name="pk_release_words"),
    )
    op.create_table(
        "release_image",
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        Column("link", TEXT, nullable=False),
        Column("images_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("release_id", name="pk_release_image"),
    )
    op.create_index("ix_release_image_images_at", "release_image", ["images_at"])
    op.create_table(
        "discography",
        Column("kind", TEXT, nullable=False),
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("entries", TEXT, nullable=False),
        Column("pages", Integer(), server_default=text("1"), nullable=False),
        PrimaryKeyConstraint("kind", "id", name="pk_discography"),
    )
    op.create_table(
        "discography_page",
        Column("kind", TEXT, nullable=False),
        Column("id", NUMBER, autoincrement=False, nullable=False),
        Column("page", Integer(), autoincrement=False, nullable=False),
        Column("known_at", MOMENT, nullable=False),
        Column("entries", TEXT, nullable=False),
        PrimaryKeyConstraint("kind", "id", "page", name="pk_discography_page"),
    )


def _listings() -> None:
    """Copies for sale and lowest prices."""
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
        Column("shipping_blocked", Boolean()),
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
    _listing_indexes()
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
    op.create_index("ix_price_floor_as_of", "price_floor", ["as_of"])


def _listing_indexes() -> None:
    """How copies are found: by age, release and seller, and those that state their shipping."""
    op.create_index("ix_listing_as_of", "listing", ["as_of"])
    op.create_index("ix_listing_release_id_owner", "listing", ["release_id", "owner"])
    op.create_index("ix_listing_seller_owner", "listing", ["seller", "owner"])
    with_shipping = text("shipping_minor IS NOT NULL")
    op.create_index(
        "ix_listing_shipping",
        "listing",
        ["owner", "as_of"],
        sqlite_where=with_shipping,
        postgresql_where=with_shipping,
    )


def _market_indexes() -> None:
    """What finds copies for sale by names, and says whether they have changed."""
    op.create_table(
        "listed_name",
        Column("name", NUMBER, autoincrement=False, nullable=False),
        Column("owner", NUMBER, autoincrement=False, nullable=False),
        Column("release_id", NUMBER, autoincrement=False, nullable=False),
        PrimaryKeyConstraint("name", "owner", "release_id", name="pk_listed_name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "market_revision",
        Column("owner", NUMBER, autoincrement=False, nullable=False),
        Column("revision", NUMBER, nullable=False),
        PrimaryKeyConstraint("owner", name="pk_market_revision"),
    )


def _sellers() -> None:
    """Sellers and what was read of them."""
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
        "seller_shipping",
        Column("seller", TEXT, nullable=False),
        Column("number", NUMBER, nullable=False),
        Column("problem", TEXT),
        Column("detail", TEXT),
        Column("currency", TEXT),
        Column("terms", TEXT, nullable=False),
        Column("reported_at", MOMENT, nullable=False),
        PrimaryKeyConstraint("seller", name="pk_seller_shipping"),
    )
    op.create_index("ix_seller_shipping_reported_at", "seller_shipping", ["reported_at"])


def _shipping() -> None:
    """Favourite sellers, what they charge to ship, and exchange rates."""
    op.create_table(
        "favourite",
        Column("owner", NUMBER, nullable=False),
        Column("seller", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_favourite_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "seller", name="pk_favourite"),
    )
    op.create_table(
        "shipping_policy",
        Column("owner", NUMBER, nullable=False),
        Column("seller", TEXT, nullable=False),
        Column("ships_to", TEXT, nullable=False),
        Column("methods", TEXT, nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("free_from", TEXT),
        Column("min_order", TEXT),
        Column("source", TEXT, nullable=False),
        Column("reported_at", MOMENT, nullable=False),
        ForeignKeyConstraint(
            ["owner"], ["account.owner"], name="fk_shipping_policy_owner", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("owner", "seller", "ships_to", name="pk_shipping_policy"),
    )
    op.create_table(
        "own_order",
        Column("owner", NUMBER, nullable=False),
        Column("number", TEXT, nullable=False),
        Column("seller", TEXT, nullable=False),
        Column("items", Integer(), nullable=False),
        Column("shipping_minor", NUMBER, nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("ordered_at", MOMENT, nullable=False),
        Column("reported_at", MOMENT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_own_order_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("owner", "number", name="pk_own_order"),
    )
    op.create_table(
        "exchange_rate",
        Column("day", Date(), nullable=False),
        Column("currency", TEXT, nullable=False),
        Column("source", TEXT, nullable=False),
        Column("per_euro", TEXT, nullable=False),
        PrimaryKeyConstraint("day", "currency", name="pk_exchange_rate"),
    )


def _runs() -> None:
    """Runs."""
    op.create_table(
        "run",
        Column("id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("criteria", TEXT, nullable=False),
        Column("key", TEXT, nullable=False),
        Column("state", TEXT, nullable=False),
        Column("stage", Integer(), nullable=False),
        Column("stage_names", TEXT, nullable=False),
        Column("done", NUMBER, nullable=False),
        Column("total", NUMBER, nullable=False),
        Column("created_at", MOMENT, nullable=False),
        Column("started_at", MOMENT),
        Column("stage_at", MOMENT),
        Column("heartbeat_at", MOMENT),
        Column("finished_at", MOMENT),
        Column("waiting_for", TEXT),
        Column("partial", TEXT, nullable=False),
        Column("error", TEXT),
        Column("error_code", TEXT),
        Column("error_next", TEXT),
        Column("result_id", NUMBER),
        Column("revision", Integer(), nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_owner", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_owner_created_at", "run", ["owner", "created_at"])
    op.create_index("ix_run_owner_id", "run", ["owner", "id"])
    op.create_index(
        "ix_run_under_way", "run", ["created_at"], sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
    )
    op.create_index(
        "uq_run_under_way",
        "run",
        ["owner", "kind", "key"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def _work() -> None:
    """What runs write before they end."""
    op.create_table(
        "run_log",
        Column("id", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("at", MOMENT, nullable=False),
        Column("line", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_log_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_log_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_run_log"),
    )
    op.create_index("ix_run_log_owner_id", "run_log", ["owner", "id"])
    op.create_index("ix_run_log_run_id", "run_log", ["run_id"])
    op.create_table(
        "run_work",
        Column("run_id", TEXT, nullable=False),
        Column("name", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("document", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_work_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_work_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("run_id", "name", name="pk_run_work"),
    )
    op.create_index("ix_run_work_owner_run_id_name", "run_work", ["owner", "run_id", "name"])


def _results() -> None:
    """Results, and what a search chose from."""
    op.create_table(
        "result",
        Column("id", NUMBER, nullable=False),
        Column("run_id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("user_name", TEXT, nullable=False),
        Column("kind", TEXT, nullable=False),
        Column("document", TEXT, nullable=False),
        Column("made_at", MOMENT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_result_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_result_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("id", name="pk_result"),
        UniqueConstraint("run_id", name="uq_result_run_id"),
    )
    op.create_index("ix_result_owner_id", "result", ["owner", "id"])
    op.create_index(
        "ix_result_owner_user_name_kind_made_at", "result", ["owner", "user_name", "kind", "made_at"]
    )
    op.create_table(
        "run_interest",
        Column("run_id", TEXT, nullable=False),
        Column("owner", NUMBER, nullable=False),
        Column("document", TEXT, nullable=False),
        ForeignKeyConstraint(["owner"], ["account.owner"], name="fk_run_interest_owner", ondelete="CASCADE"),
        ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_interest_run_id", ondelete="CASCADE"),
        PrimaryKeyConstraint("run_id", name="pk_run_interest"),
    )
    op.create_index("ix_run_interest_owner_run_id", "run_interest", ["owner", "run_id"])


def _processes() -> None:
    """What the processes of an instance share."""
    op.create_table(
        "lease",
        Column("executor_id", TEXT, nullable=False),
        Column("renewed_at", MOMENT, nullable=False),
        Column("claimed", Boolean(), nullable=False),
        Column("role", TEXT),
        Column("host", TEXT),
        Column("pid", Integer()),
        Column("started_at", MOMENT),
        Column("workflow_version", TEXT),
        Column("at_work", Integer(), server_default=text("0"), nullable=False),
        PrimaryKeyConstraint("executor_id", name="pk_lease"),
    )
    op.create_table(
        "rate_budget",
        Column("source", TEXT, nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("arrival", Double(), nullable=False),
        Column("spacing", Double(), nullable=False),
        Column("burst", Integer(), nullable=False),
        Column("busy_since", Double()),
        PrimaryKeyConstraint("source", "signed_in", name="pk_rate_budget"),
    )
    op.create_table(
        "rate_share",
        Column("source", TEXT, nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("person", TEXT, nullable=False),
        Column("next", Double(), nullable=False),
        PrimaryKeyConstraint("source", "signed_in", "person", name="pk_rate_share"),
    )
    op.create_index("ix_rate_share_next", "rate_share", ["next"])
    op.create_table(
        "api_answer",
        Column("minute", NUMBER, autoincrement=False, nullable=False),
        Column("source", TEXT, nullable=False),
        Column("signed_in", Boolean(), nullable=False),
        Column("status", Integer(), autoincrement=False, nullable=False),
        Column("count", NUMBER, nullable=False),
        PrimaryKeyConstraint("minute", "source", "signed_in", "status", name="pk_api_answer"),
    )
