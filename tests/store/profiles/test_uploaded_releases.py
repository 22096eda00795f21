"""What a person's own file named is theirs: nobody else sees it, finds it or writes over it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.store.fakes import NOW, make_item, make_want
from tests.store.profiles.test_profiles import USER, sync

from discogs_assistant.model.ids import MasterId, OwnerId, ReleaseId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.release_documents import fullness
from discogs_assistant.store.catalogue.release_search import find_known
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import items
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.schema.records import NAMED

NINE = ReleaseId(9)


def named(title: str) -> Release:
    return Release(NINE, title)


def upload(db: Database, owner: OwnerId, title: str) -> None:
    """A file that names record 9 so, as owned and as wanted."""
    item, want = replace(make_item(1), release=named(title)), replace(make_want(9), release=named(title))
    sync(db, owner, [item], [want], origin="files")


@pytest.fixture
def both(db: Database, owner: OwnerId, stranger: OwnerId) -> Database:
    """Two people whose files name one record, each so as they like."""
    upload(db, owner, "Mine")
    upload(db, stranger, "Invented")
    return db


def test_two_people_who_name_a_record_each_read_their_own_name(
    both: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    for whose, title in ((owner, "Mine"), (stranger, "Invented")):
        assert [copy.release.title for copy in items.collection(both, whose, USER)] == [title]
        assert [want.release.title for want in items.wantlist(both, whose, USER)] == [title]
        assert [release.title for release in releases.releases(both, [NINE], whose).values()] == [title]
    assert releases.releases(both, [NINE]) == {}


def test_each_finds_what_they_named_and_nothing_else(
    both: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    mine, invented = Question(words="mine"), Question(words="invented")
    assert [find_known(both, mine, 9, asker) for asker in (owner, stranger, None)] == [[9], [], []]
    assert [find_known(both, invented, 9, asker) for asker in (owner, stranger, None)] == [[], [9], []]


def test_a_record_that_somebody_loves_tells_them_nothing_of_another_s_file(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    upload(db, owner, "Mine")
    feedback.record(db, stranger, USER, NINE, "loved", NOW)
    assert [release.title for release in read_taste(db, stranger, USER).loved] == ["Release 9"]
    feedback.record(db, owner, USER, NINE, "loved", NOW)
    assert [release.title for release in read_taste(db, owner, USER).loved] == ["Mine"]


def test_a_later_file_takes_the_place_of_an_earlier_one(db: Database, owner: OwnerId) -> None:
    upload(db, owner, "Mine")
    upload(db, owner, "Corrected")
    assert [copy.release.title for copy in items.collection(db, owner, USER)] == ["Corrected"]


def test_a_release_on_no_list_any_more_is_not_found(db: Database, owner: OwnerId) -> None:
    upload(db, owner, "Mine")
    sync(db, owner)
    assert find_known(db, Question(words="mine"), 9, owner) == []


def test_what_discogs_tells_stands_for_everybody(both: Database, owner: OwnerId, stranger: OwnerId) -> None:
    reported = replace(named("Reported"), master_id=MasterId(4))
    assert fullness(reported) == NAMED
    releases.save_releases(both, [reported], NOW)
    upload(both, stranger, "Invented again")
    for whose in (owner, stranger):
        assert [copy.release.title for copy in items.collection(both, whose, USER)] == ["Reported"]
        assert releases.releases(both, [NINE], whose) == {NINE: reported}
        assert find_known(both, Question(words="reported"), 9, whose) == [9]
        assert find_known(both, Question(words="mine"), 9, whose) == []
    assert releases.pressings(both, [MasterId(4)]) == {4: [9]}
