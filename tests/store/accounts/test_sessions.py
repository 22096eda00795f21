"""Sessions, tokens of programs, attempts to sign in and accounts of those who did, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from tests.store.fakes import NOW

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.credentials import OAuthToken
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.store.accounts import accounts, api_tokens, sessions, sign_ins
from discogs_assistant.store.accounts.sessions import Lifetime
from discogs_assistant.store.accounts.sign_ins import Attempt
from discogs_assistant.store.accounts.vault import Vault
from discogs_assistant.store.database import Database

LASTS = Lifetime(timedelta(days=30), timedelta(days=7))
ID, OTHER = b"\x00\xff" * 16, b"\x01" * 32


def test_a_session_has_an_owner_until_it_ends(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    sessions.open_session(db, ID, owner, NOW, LASTS)
    sessions.open_session(db, OTHER, stranger, NOW, LASTS)
    found = sessions.signed_in(db, OTHER, NOW, LASTS)
    assert found is not None
    assert (found.owner, found.name, found.chosen.user, found.note_use) == (
        stranger,
        "stranger",
        "stranger",
        False,
    )
    sessions.end_session(db, ID)
    assert sessions.signed_in(db, ID, NOW, LASTS) is None
    assert sessions.signed_in(db, OTHER, NOW, LASTS) is not None


def test_a_use_is_noted_every_few_minutes_and_keeps_a_session(db: Database, owner: OwnerId) -> None:
    sessions.open_session(db, ID, owner, NOW, LASTS)
    notes = [
        found.note_use
        if (found := sessions.signed_in(db, ID, NOW + timedelta(minutes=after), LASTS))
        else None
        for after in (0, 4, 5)
    ]
    assert notes == [False, False, True]
    sessions.note_use(db, ID, NOW + timedelta(days=6))
    assert sessions.signed_in(db, ID, NOW + timedelta(days=12), LASTS) is not None
    assert sessions.signed_in(db, ID, NOW + timedelta(days=13), LASTS) is None


def test_a_shorter_setting_holds_for_sessions_that_are_there(db: Database, owner: OwnerId) -> None:
    sessions.open_session(db, ID, owner, NOW, LASTS)
    shorter = Lifetime(timedelta(hours=1), LASTS.idle)
    assert sessions.signed_in(db, ID, NOW + timedelta(hours=2), shorter) is None


def test_all_sessions_of_a_person_end_at_once(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    for number in range(3):
        sessions.open_session(db, bytes([number]) * 32, owner, NOW, LASTS)
    sessions.open_session(db, ID, stranger, NOW, LASTS)
    assert sessions.count_sessions(db, owner, NOW, LASTS) == 3
    assert sessions.end_sessions(db, owner) == 3
    assert sessions.count_sessions(db, stranger, NOW, LASTS) == 1


def test_what_ended_by_itself_is_removed(db: Database, owner: OwnerId) -> None:
    sessions.open_session(db, ID, owner, NOW, LASTS)
    sessions.open_session(db, OTHER, owner, NOW + timedelta(days=5), LASTS)
    later = NOW + timedelta(days=8)
    sessions.forget_ended(db, later, LASTS)
    assert sessions.end_sessions(db, owner) == 1


def test_a_session_without_an_account_cannot_be_opened(db: Database) -> None:
    with pytest.raises(NotFoundError):
        sessions.open_session(db, ID, OwnerId(12345), NOW, LASTS)


def test_a_program_s_token_is_its_person_s_and_named_once(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    assert api_tokens.add_token(db, ID, owner, "shelf", NOW)
    assert not api_tokens.add_token(db, OTHER, owner, "shelf", NOW)
    assert api_tokens.add_token(db, OTHER, stranger, "shelf", NOW)
    assert api_tokens.bearer(db, ID, "feed", NOW) is None
    found = api_tokens.bearer(db, ID, "api", NOW)
    assert found is not None
    assert (found.owner, found.note_use) == (owner, True)
    api_tokens.note_use(db, ID, NOW)
    assert [token.used_at for token in api_tokens.tokens_of(db, owner)] == [NOW]
    assert [api_tokens.withdraw_token(db, owner, "shelf") for _ in range(2)] == [True, False]
    assert api_tokens.bearer(db, ID, "api", NOW) is None
    assert api_tokens.count_tokens(db, stranger) == 1


def test_what_opens_the_feed_opens_nothing_else(db: Database, owner: OwnerId) -> None:
    assert api_tokens.add_token(db, ID, owner, "reader", NOW, "feed")
    assert api_tokens.bearer(db, ID, "api", NOW) is None
    found = api_tokens.bearer(db, ID, "feed", NOW)
    assert found is not None
    assert found.owner == owner
    assert [token.opens for token in api_tokens.tokens_of(db, owner)] == ["feed"]


BEFORE = NOW - timedelta(minutes=10)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path, "key")


@pytest.fixture
def attempt(db: Database, vault: Vault) -> Attempt:
    """An attempt to sign in that a browser has begun."""
    begun = Attempt(ID, OTHER, OAuthToken("public", "secret"), "/shop")
    sign_ins.keep(db, vault, begun, NOW)
    return begun


def test_an_attempt_is_found_by_its_browser_in_time(db: Database, vault: Vault, attempt: Attempt) -> None:
    assert sign_ins.find(db, vault, ID, ID, BEFORE) is None
    assert sign_ins.find(db, vault, ID, OTHER, NOW) is None
    assert sign_ins.find(db, vault, ID, OTHER, BEFORE) == attempt
    sign_ins.end(db, ID, ID)
    assert sign_ins.find(db, vault, ID, OTHER, BEFORE) == attempt
    sign_ins.end(db, ID, OTHER)
    assert sign_ins.find(db, vault, ID, OTHER, BEFORE) is None


def test_of_simultaneous_claims_of_an_attempt_one_succeeds(db: Database, attempt: Attempt) -> None:
    starts = Barrier(6)

    def claim(_: int) -> bool:
        starts.wait()
        return sign_ins.claim(db, attempt.state, attempt.browser, NOW, BEFORE)

    with ThreadPoolExecutor(6) as claiming:
        assert sorted(claiming.map(claim, range(6))) == [False] * 5 + [True]


def test_a_claim_ends_when_it_is_released_or_stale_and_never_once_it_opened_a_session(
    db: Database, vault: Vault, attempt: Attempt
) -> None:
    def claim(stale: datetime = BEFORE) -> bool:
        return sign_ins.claim(db, ID, OTHER, NOW, stale)

    assert not sign_ins.claim(db, ID, ID, NOW, BEFORE), "another browser's"
    assert (claim(), claim(), claim(NOW), claim()) == (True, False, True, False)
    sign_ins.release(db, ID, OTHER)
    assert claim()
    sign_ins.complete(db, ID, OTHER, b"session", asks=True)
    done = replace(attempt, claimed_at=NOW, session=b"session", asks=True)
    assert not claim(NOW)
    assert sign_ins.find(db, vault, ID, OTHER, BEFORE) == done
    assert sign_ins.opened_session(db, vault, ID, b"session", BEFORE) == done
    assert sign_ins.opened_session(db, vault, ID, b"another", BEFORE) is None
    assert sign_ins.opened_session(db, vault, OTHER, b"session", BEFORE) is None


def test_an_account_is_identified_by_discogs_id_and_not_by_name(db: Database) -> None:
    first, new = accounts.sign_in(db, 1, UserName("digger"), NOW)
    assert new
    assert accounts.sign_in(db, 1, UserName("digger"), NOW) == (first, False)
    sessions.open_session(db, ID, first, NOW, LASTS)
    second, new = accounts.sign_in(db, 2, UserName("Digger"), NOW)
    assert (new, second != first) == (True, True)
    assert sessions.signed_in(db, ID, NOW, LASTS) is None
    assert accounts.preferences(db, first).user is None
    assert accounts.sign_in(db, 1, UserName("renamed"), NOW) == (first, False)
    assert accounts.accounts_of(db, UserName("Renamed")) == [first]


def test_the_account_of_local_mode_belongs_to_no_signed_in_person(db: Database, owner: OwnerId) -> None:
    accounts.set_preferences(db, owner, Preferences(user=UserName("digger")))
    person, _ = accounts.sign_in(db, 1, UserName("Digger"), NOW)
    assert accounts.accounts_of(db, UserName("DIGGER"), signed_in=True) == [person]
    assert accounts.accounts_of(db, UserName("DIGGER")) == [owner, person]
    assert accounts.accounts_of(db, None, signed_in=True) == [person]
