"""An account's export as one object: for tests, whose accounts are small."""

from __future__ import annotations

from typing import Any

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.accounts import account_deletion, personal_data
from discogs_assistant.store.database import Database


def whole_export(db: Database, owner: OwnerId) -> dict[str, list[Any]]:
    """All parts by name."""
    return {name: list(rows) for name, rows in personal_data.export_account(db, owner)}


def delete_whole(db: Database, owner: OwnerId) -> None:
    """Delete the account as its own request does, without a pause."""
    account_deletion.shut_account(db, owner)
    account_deletion.empty_account(db, owner, lambda: None)
