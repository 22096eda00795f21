"""Search the releases that the API reported: tolerance, order, and who finds uploaded releases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.store.fakes import NOW, make_item, make_run

from discogs_assistant.model.ids import ArtistId, LabelId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.model.search_words import one_letter_apart, one_letter_off
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.dumps.query import Question
from discogs_assistant.store.catalogue.release_search import find_known, on_which
from discogs_assistant.store.database import Database
from discogs_assistant.store.profiles import staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import runs


def record(id: int, artist: str, title: str, **more: object) -> Release:
    credit = ArtistCredit(ArtistId(100 + len(artist)), artist, anv=str(more.pop("anv", "")) or None)
    made = Release(ReleaseId(id), title, artists=(credit,))
    return replace(made, **more)  # type: ignore[arg-type]


RECORDS = [
    record(1, "Björk", "Homogenic", year=1997, genres=("Electronic",), styles=("Trip Hop",), country="UK"),
    record(2, "AC/DC", "Back In Black", year=1980),
    record(3, "Mötley Crüe", "Feelgood", labels=(LabelCredit(LabelId(5), "Elektra", "60829-1"),)),
    record(4, "Nirvana", "Rainbow Chaser"),
    record(5, "Nirvana (2)", "Nevermind", identifiers=(("Barcode", "7 20642 44252 1"),)),
    record(6, "Various", "Black Nirvana", formats=(Format("CD", 1, ("Album",)),)),
    record(7, "坂本龍一", "千のナイフ"),
    record(8, "The Persuader", "Stockholm", anv="Jesper"),
]


@pytest.fixture
def known(db: Database) -> Database:
    releases.save_releases(db, RECORDS, NOW)
    return db


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question(words="bjork HOMOGENIC"), [1]),
        (Question(words="homogenik"), [1]),
        (Question(words="persaudre stockholm"), []),
        (Question(words="persauder"), [8]),
        (Question(words="ac/dc"), [2]),
        (Question(artist="motley crue"), [3]),
        (Question(words="elektra"), [3]),
        (Question(catno="608291"), [3]),
        (Question(words="60829-1"), [3]),
        (Question(words="nirvana"), [4, 5, 6]),
        (Question(words="Nirvana (2)"), [5, 4, 6]),
        (Question(artist="nirvana"), [4, 5]),
        (Question(words="black"), [2, 6]),
        (Question(words="never", typing=True), [5]),
        (Question(words="never"), []),
        (Question(words="坂本"), [7]),
        (Question(artist="jesper"), [8]),
        (Question(barcode="720642442521"), [5]),
        (Question(title="black", format="album"), [6]),
        (Question(style="trip-hop", decade=1990), [1]),
        (Question(words="homogenic", country="US"), []),
        (Question(barcode="none"), []),
        (Question(words="%"), []),
        (Question(), []),
    ],
    ids=str,
)
def test_a_question_finds(known: Database, question: Question, found: list[int]) -> None:
    assert find_known(known, question, 10) == found


def test_the_limit_holds(known: Database) -> None:
    assert find_known(known, Question(words="nirvana"), 2) == [4, 5]


def test_a_fuller_answer_keeps_its_words(known: Database) -> None:
    releases.save_releases(known, [record(1, "Björk", "Wrong")], NOW)
    assert find_known(known, Question(words="wrong"), 9) == []
    releases.save_releases(known, [record(1, "Björk", "Renamed", complete=True)], NOW)
    assert find_known(known, Question(words="renamed"), 9) == [1]


def test_main_artists_and_labels_are_found_by_number(known: Database) -> None:
    assert on_which(known, "artist", 100 + len("Björk")) == [1, 2]
    assert on_which(known, "label", 5) == [3]
    assert on_which(known, "label", 0) == []


def test_what_a_file_named_is_found_by_its_owner_alone(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    item = replace(make_item(1), release=record(9, "Me", "My private note"))
    run = runs.open_run(db, make_run(owner), reuse_since=None)[0]
    staging.stage_items(db, owner, run.id, [item], NOW)
    apply_staged(db, owner, UserName("digger"), run.id, WHOLE, WHOLE, origin="files", now=NOW)
    private = Question(words="private")
    assert find_known(db, private, 9, owner) == [9]
    assert find_known(db, private, 9, stranger) == find_known(db, private, 9) == []
    assert on_which(db, "artist", 102) == []
    assert releases.releases_with_age(db, [ReleaseId(9)], owner).keys() == {9}
    assert releases.releases_with_age(db, [ReleaseId(9)], stranger) == {}


def test_what_the_api_names_is_found_by_all(db: Database) -> None:
    releases.save_releases(db, [record(9, "Me", "Reported")], NOW)
    assert find_known(db, Question(words="reported"), 9) == [9]


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", min_size=1, max_size=5))
def test_one_letter_apart_is_what_one_letter_off_makes(word: str, other: str) -> None:
    assert one_letter_apart(word, other) == (other in one_letter_off(word))
