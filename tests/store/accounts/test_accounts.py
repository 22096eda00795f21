"""Accounts, preferences and consent."""

from __future__ import annotations

from tests.store.accounts.exports import delete_whole
from tests.store.fakes import HOUR, NOW, make_run

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.money import Currency
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import runs


def give_profile(db: Database, owner: OwnerId, user: str) -> None:
    run = runs.open_run(db, make_run(owner, user=user, key=user), reuse_since=None)[0]
    apply_staged(db, owner, UserName(user), run.id, WHOLE, WHOLE, origin="api", now=NOW)


def test_the_local_account_is_made_once(db: Database) -> None:
    first = accounts.local_account(db, NOW)
    assert accounts.local_account(db, NOW + HOUR) == first


def test_the_local_person_is_found_once_the_account_is_made(db: Database) -> None:
    assert accounts.local_person(db) is None
    owner = accounts.local_account(db, NOW)
    assert accounts.local_person(db) == (owner, Preferences())


def test_an_account_of_the_same_name_is_the_same(db: Database, owner: OwnerId) -> None:
    first = accounts.add_account(db, "digger", NOW)
    assert accounts.add_account(db, "digger", NOW + HOUR) == first
    assert first != owner


def test_a_deleted_account_s_number_is_never_given_again(db: Database, owner: OwnerId) -> None:
    gone = accounts.add_account(db, "digger", NOW)
    delete_whole(db, gone)
    assert accounts.add_account(db, "crate", NOW) not in {gone, owner}


def test_preferences_are_kept_as_they_were_chosen(db: Database, owner: OwnerId) -> None:
    chosen = Preferences(
        user=UserName("digger"),
        currency=Currency.JPY,
        country="JP",
        min_media=Grade.VERY_GOOD_PLUS,
        min_sleeve=SleeveGrade.GENERIC,
    )
    accounts.set_preferences(db, owner, chosen)
    assert accounts.preferences(db, owner) == chosen


def test_a_new_account_has_the_default_preferences(db: Database, owner: OwnerId) -> None:
    assert accounts.preferences(db, owner) == Preferences()


def test_an_account_starts_without_consent(db: Database, owner: OwnerId) -> None:
    assert not accounts.consent(db, owner)
    accounts.set_consent(db, owner, True)
    assert accounts.consent(db, owner)


def test_consent_covers_the_person_s_own_profile_alone(db: Database, owner: OwnerId) -> None:
    accounts.set_preferences(db, owner, Preferences(user=UserName("me")))
    for user in ("me", "a-friend"):
        give_profile(db, owner, user)
    assert accounts.own_profiles(db, consenting=True) == []
    accounts.set_consent(db, owner, True)
    assert accounts.own_profiles(db, consenting=True) == [(owner, "me")]


def test_a_named_account_consents_for_its_own_name(db: Database) -> None:
    collector = accounts.add_account(db, "collector", NOW)
    accounts.set_consent(db, collector, True)
    give_profile(db, collector, "collector")
    assert accounts.own_profiles(db, consenting=True) == [(collector, "collector")]
    accounts.set_consent(db, collector, False)
    assert accounts.own_profiles(db, consenting=True) == []
