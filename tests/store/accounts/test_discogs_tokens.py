"""Tokens and the vault that seals them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.forked import FORKED
from tests.store.processes import open_and_seal

from discogs_assistant.errors import StorageError
from discogs_assistant.model.credentials import OAuthToken, PersonalToken
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store import schema
from discogs_assistant.store.accounts import discogs_tokens
from discogs_assistant.store.accounts.vault import KEY_FILE, Vault
from discogs_assistant.store.database import Database

SECRET = "qWeRtYuIoPaSdFgH"


def test_a_token_is_sealed_in_the_database_and_comes_back(
    db: Database, owner: OwnerId, tmp_path: Path
) -> None:
    vault = Vault.open(tmp_path, "")
    discogs_tokens.save_token(db, vault, owner, PersonalToken("first"))
    discogs_tokens.save_token(db, vault, owner, PersonalToken(SECRET))
    assert discogs_tokens.token(db, vault, owner) == PersonalToken(SECRET)
    with db.read() as connection:
        sealed = connection.execute(select(schema.token.c.sealed)).scalar_one()
    assert SECRET.encode() not in sealed


def test_a_row_says_what_kind_of_token_it_is_and_whose(db: Database, owner: OwnerId, tmp_path: Path) -> None:
    vault = Vault.open(tmp_path, "")
    allowed = OAuthToken("public half", SECRET, UserName("digger"))
    discogs_tokens.save_token(db, vault, owner, allowed)
    assert discogs_tokens.token(db, vault, owner) == allowed
    assert discogs_tokens.user_of(db, owner) == "digger"
    assert discogs_tokens.token_kind(db, owner) == ("oauth", "digger")
    with db.read() as connection:
        row = connection.execute(select(schema.token)).one()
    assert (row.kind, row.user_name) == ("oauth", "digger")
    assert SECRET.encode() not in row.sealed
    assert SECRET not in repr(allowed) + repr(PersonalToken(SECRET))


def test_a_token_is_seen_by_its_owner_alone(
    db: Database, owner: OwnerId, stranger: OwnerId, tmp_path: Path
) -> None:
    vault = Vault.open(tmp_path, "")
    discogs_tokens.save_token(db, vault, owner, PersonalToken(SECRET))
    assert discogs_tokens.token(db, vault, stranger) is None
    assert discogs_tokens.token_kind(db, stranger) is None


def test_a_forgotten_token_is_gone(db: Database, owner: OwnerId, tmp_path: Path) -> None:
    vault = Vault.open(tmp_path, "")
    discogs_tokens.save_token(db, vault, owner, PersonalToken(SECRET))
    discogs_tokens.forget_token(db, owner)
    assert discogs_tokens.token(db, vault, owner) is None


def test_the_key_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    Vault.open(tmp_path / "data", "")
    path = tmp_path / "data" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [child.name for child in path.parent.iterdir()] == [KEY_FILE]


def test_a_key_of_one_s_own_needs_no_file(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path, "my own secret").seal(SECRET)
    assert Vault.open(tmp_path, "my own secret").unseal(sealed) == SECRET
    assert not list(tmp_path.iterdir())


def test_another_key_is_reported_in_a_sentence(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path, "one").seal(SECRET)
    with pytest.raises(StorageError, match="another key"):
        Vault.open(tmp_path, "two").unseal(sealed)


def test_an_empty_key_file_is_never_used(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("")
    with pytest.raises(StorageError, match="empty"):
        Vault.open(tmp_path, "")


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with FORKED.Pool(4) as pool:
        sealed = pool.map(open_and_seal, [tmp_path] * 8)
    vault = Vault.open(tmp_path, "")
    assert {vault.unseal(token) for token in sealed} == {"secret"}
