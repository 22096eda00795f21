"""Deleting an account: shut at once, emptied in blocks between which others write, nothing left on disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select
from tests.store.accounts.exports import delete_whole, whole_export
from tests.store.fakes import HOUR, NOW, make_item, make_run

from discogs_assistant.model.credentials import PersonalToken
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.store.accounts import account_deletion, accounts, allowances, discogs_tokens, sessions
from discogs_assistant.store.accounts.account_deletion import empty_account, shut_account, shut_accounts
from discogs_assistant.store.accounts.allowances import Allowance
from discogs_assistant.store.accounts.sessions import Lifetime
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import rate_budget, runs
from discogs_assistant.store.schema import account, allowance, event, rate_share, token

USER = UserName("digger")
NOTE = "bought from uncle Zbigniew at the flea market"
SESSION = b"a hash of a session's id"
LASTS = Lifetime(HOUR, HOUR)
MANY = 3 * account_deletion.BLOCK + 1


class CutOffError(Exception):
    """The process dies between two blocks."""


def add_events(db: Database, owner: OwnerId, count: int) -> None:
    rows = [
        {"owner": owner, "user_name": USER, "release_id": n, "kind": "seen", "at": NOW} for n in range(count)
    ]
    with db.write() as connection:
        connection.execute(insert(event), rows)


def events_of(db: Database, owner: OwnerId) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).where(event.c.owner == owner)).scalar_one()


def sync_with_note(db: Database, owner: OwnerId) -> None:
    run = runs.open_run(db, make_run(owner, user=USER, key=USER), reuse_since=None)[0]
    items = [replace(make_item(n), notes=(("3", f"{NOTE}, {n}"),)) for n in range(1, 300)]
    staging.stage_items(db, owner, run.id, items, NOW)
    apply_staged(db, owner, USER, run.id, WHOLE, WHOLE, origin="api", now=NOW)


def test_no_transaction_removes_more_than_a_block_and_others_write_between(
    db: Database, owner: OwnerId
) -> None:
    add_events(db, owner, MANY)
    left = [MANY]

    def write_elsewhere() -> None:
        accounts.add_account(db, f"somebody {len(left)}", NOW)
        left.append(events_of(db, owner))

    shut_account(db, owner)
    empty_account(db, owner, write_elsewhere)
    assert events_of(db, owner) == 0
    assert len(left) == 4
    assert max(before - after for before, after in pairwise(left)) == account_deletion.BLOCK


def test_a_deletion_that_was_cut_off_has_signed_out_and_is_finished_later(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    add_events(db, owner, MANY)
    add_events(db, stranger, 5)
    sessions.open_session(db, SESSION, owner, NOW, LASTS)
    under_way = runs.open_run(db, make_run(owner, user=USER, key=USER), reuse_since=None)[0]

    def die() -> None:
        if events_of(db, owner) < MANY:
            raise CutOffError

    shut_account(db, owner)
    with pytest.raises(CutOffError):
        empty_account(db, owner, die)
    assert 0 < events_of(db, owner) < MANY
    assert sessions.signed_in(db, SESSION, NOW, LASTS) is None
    assert runs.is_cancelled(db, under_way.id)
    assert shut_accounts(db) == [owner]
    assert accounts.local_account(db, NOW) != owner
    empty_account(db, owner, lambda: None)
    assert shut_accounts(db) == []
    assert not any(whole_export(db, owner).values())
    assert events_of(db, stranger) == 5
    empty_account(db, owner, lambda: None)


def test_a_person_who_signs_in_during_a_deletion_gets_a_new_account(db: Database) -> None:
    gone, _ = accounts.sign_in(db, 42, USER, NOW)
    accounts.set_consent(db, gone, True)
    shut_account(db, gone)
    assert not accounts.consent(db, gone)
    assert accounts.accounts_of(db, USER) == []
    again, new = accounts.sign_in(db, 42, USER, NOW)
    assert new
    assert again != gone
    empty_account(db, gone, lambda: None)
    assert accounts.accounts_of(db, USER) == [again]


def test_with_the_account_go_its_counts_and_its_turns(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    budget = rate_budget.SqlRateBudget(db, "here", 60, 25, 60.0, FixedClock())
    for person in (owner, stranger):
        allowances.take(db, Allowance("start in a day", 300, timedelta(days=1)), str(person), NOW)
        budget.take_turn(person, signed_in=True)
    delete_whole(db, owner)
    with db.read() as connection:
        assert list(connection.scalars(select(allowance.c.subject))) == [str(stranger)]
        assert list(connection.scalars(select(rate_share.c.person))) == [str(stranger)]


class FixedClock:
    """It is always the same moment."""

    now = staticmethod(lambda: NOW)
    sleep = staticmethod(lambda seconds: None)


@pytest.fixture
def on_file(db: Database, tmp_path: Path) -> Callable[[bytes], list[str]]:
    """Which of the database's files hold these bytes; of SQLite alone."""
    if db.dialect != "sqlite":
        pytest.skip("Postgres removes what was deleted by its own vacuum")

    def holding(secret: bytes) -> list[str]:
        return sorted(f.name for f in tmp_path.glob("assistant.db*") if secret in f.read_bytes())

    return holding


def test_nothing_of_a_deleted_account_is_left_in_the_database_s_files(
    db: Database, owner: OwnerId, on_file: Callable[[bytes], list[str]], tmp_path: Path
) -> None:
    vault = Vault.open(tmp_path, "key")
    discogs_tokens.save_token(db, vault, owner, PersonalToken("qWeRtY", USER))
    sync_with_note(db, owner)
    with db.read() as connection:
        sealed = connection.execute(select(token.c.sealed)).scalar_one()
    secrets = [NOTE.encode(), sealed, USER.encode()]
    assert [bool(on_file(secret)) for secret in secrets] == [True, True, True]
    delete_whole(db, owner)
    assert db.checkpoint()
    assert [on_file(secret) for secret in secrets] == [[], [], []]


def test_a_checkpoint_reports_a_blocking_reader_and_waits_only_a_moment(
    db: Database, owner: OwnerId, on_file: Callable[[bytes], list[str]]
) -> None:
    sync_with_note(db, owner)
    with db.read() as connection:
        connection.execute(select(account)).all()
        delete_whole(db, owner)
        assert not db.checkpoint()
        accounts.add_account(db, "a writer", NOW)
    assert db.checkpoint()
    assert on_file(NOTE.encode()) == []
