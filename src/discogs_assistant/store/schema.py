"""Every table of the instance, by its name; rows of personal data carry their `owner`."""

from __future__ import annotations

from discogs_assistant.store.columns import metadata
from discogs_assistant.store.schema_people import (
    account,
    collection_item,
    event,
    favourite,
    folder,
    profile,
    shipping_policy,
    staged_item,
    staged_want,
    sync_change,
    token,
    want,
)
from discogs_assistant.store.schema_records import (
    SHARED_OWNER,
    discography,
    inventory,
    listing,
    price_floor,
    release,
    release_image,
    release_words,
    seller,
)
from discogs_assistant.store.schema_runs import (
    exchange_rate,
    lease,
    rate_budget,
    result,
    run,
    run_interest,
    run_log,
    run_work,
)

__all__ = [
    "SHARED_OWNER",
    "account",
    "collection_item",
    "discography",
    "event",
    "exchange_rate",
    "favourite",
    "folder",
    "inventory",
    "lease",
    "listing",
    "metadata",
    "price_floor",
    "profile",
    "rate_budget",
    "release",
    "release_image",
    "release_words",
    "result",
    "run",
    "run_interest",
    "run_log",
    "run_work",
    "seller",
    "shipping_policy",
    "staged_item",
    "staged_want",
    "sync_change",
    "token",
    "want",
]
