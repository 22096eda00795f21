"""A key is changed: what the old one sealed is read meanwhile, and afterwards nothing needs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.fakes import NOW

from discogs_assistant.errors import StorageError
from discogs_assistant.model.credentials import OAuthToken, PersonalToken
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.accounts import discogs_tokens, sign_ins, vault
from discogs_assistant.store.accounts.sign_ins import Attempt
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database


def fill(db: Database, vault: Vault, owner: OwnerId, stranger: OwnerId) -> None:
    """A value in every table that holds sealed ones."""
    discogs_tokens.save_token(db, vault, owner, PersonalToken("pasted"))
    discogs_tokens.save_token(db, vault, stranger, OAuthToken("public", "secret"))
    sign_ins.keep(db, vault, Attempt(b"state", b"browser", OAuthToken("request", "pending"), "/"), NOW)


def test_a_key_is_changed_without_losing_anything(
    db: Database, owner: OwnerId, stranger: OwnerId, tmp_path: Path
) -> None:
    old, new = Vault.open(tmp_path, "old"), Vault.open(tmp_path, "new")
    fill(db, old, owner, stranger)
    both = Vault.open(tmp_path, "new", ["older", "old"])
    assert discogs_tokens.token(db, both, owner) == PersonalToken("pasted")
    with pytest.raises(StorageError, match="PREVIOUS_SECRET_KEYS"):
        discogs_tokens.token(db, new, owner)
    assert vault.reseal(db, both) == 3
    assert discogs_tokens.token(db, new, owner) == PersonalToken("pasted")
    assert discogs_tokens.token(db, new, stranger) == OAuthToken("public", "secret")
    kept = sign_ins.find(db, new, b"state", b"browser", NOW.replace(year=2020))
    assert kept is not None
    assert kept.request == OAuthToken("request", "pending")
    with pytest.raises(StorageError):
        discogs_tokens.token(db, old, owner)


def test_doing_it_again_changes_nothing(
    db: Database, owner: OwnerId, stranger: OwnerId, tmp_path: Path
) -> None:
    fill(db, Vault.open(tmp_path, "old"), owner, stranger)
    both = Vault.open(tmp_path, "new", ["old"])
    assert [vault.reseal(db, both) for _ in range(2)] == [3, 0]


def test_a_value_that_no_key_opens_is_reported_and_left(
    db: Database, owner: OwnerId, stranger: OwnerId, tmp_path: Path
) -> None:
    fill(db, Vault.open(tmp_path, "lost"), owner, stranger)
    with pytest.raises(StorageError, match="another key"):
        vault.reseal(db, Vault.open(tmp_path, "new", ["old"]))
    assert discogs_tokens.token(db, Vault.open(tmp_path, "lost"), owner) == PersonalToken("pasted")
