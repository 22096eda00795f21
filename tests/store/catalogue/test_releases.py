"""The catalogue of releases and covers."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.store.fakes import HOUR, NOW, make_release

from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, ReleaseId
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release, Track
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.catalogue.release_documents import from_document, to_document
from discogs_assistant.store.database import Database

SEVEN = ReleaseId(7)
word = st.text(max_size=8)
words = st.lists(word, max_size=3).map(tuple)
number = st.integers(1, 10**12)
credit = st.builds(
    ArtistCredit,
    number.map(ArtistId),
    word,
    anv=st.none() | word,
    join=st.none() | word,
    role=st.none() | word,
    tracks=st.none() | word,
)
label = st.builds(LabelCredit, number.map(LabelId), word, st.none() | word)
format = st.builds(Format, word, st.integers(1, 9), words, st.none() | word)
whole_releases = st.builds(
    Release,
    id=number.map(ReleaseId),
    title=word,
    master_id=st.none() | number.map(MasterId),
    year=st.none() | st.integers(0, 2030),
    country=st.none() | word,
    artists=st.lists(credit, max_size=3).map(tuple),
    labels=st.lists(st.builds(LabelCredit, number.map(LabelId), word, st.none() | word), max_size=2).map(
        tuple
    ),
    formats=st.lists(st.builds(Format, word, st.integers(1, 9), words, st.none() | word), max_size=2).map(
        tuple
    ),
    genres=words,
    styles=words,
    credits=st.lists(credit, max_size=2).map(tuple),
    tracks=st.lists(st.builds(Track, st.none() | word, word, st.none() | word), max_size=3).map(tuple),
    identifiers=st.lists(st.tuples(word, word), max_size=2).map(tuple),
    notes=st.none() | word,
    grams=st.none() | st.integers(0, 5000),
    complete=st.booleans(),
)


@given(whole_releases)
def test_a_release_survives_its_document(release: Release) -> None:
    assert from_document(to_document(release)) == release


def test_known_releases_come_back_and_unknown_ones_are_left_out(db: Database) -> None:
    releases.save_releases(db, [make_release(7), make_release(8)], NOW)
    assert releases.releases(db, [SEVEN, ReleaseId(9)]) == {7: make_release(7)}
    assert releases.releases(db, []) == {}


def test_more_complete_data_is_not_overwritten(db: Database) -> None:
    complete, row, stub = make_release(7, complete=True), make_release(7), make_release(7, styles=())
    for reported, kept in [(stub, stub), (row, row), (stub, row), (complete, complete), (row, complete)]:
        releases.save_releases(db, [reported], NOW)
        assert releases.releases(db, [SEVEN]) == {7: kept}


def test_of_equally_full_sources_the_later_counts(db: Database) -> None:
    renamed = replace(make_release(7), title="Another")
    releases.save_releases(db, [make_release(7)], NOW)
    releases.save_releases(db, [renamed], NOW + HOUR)
    assert releases.releases(db, [SEVEN]) == {7: renamed}


def test_the_fullest_of_one_batch_counts(db: Database) -> None:
    complete = make_release(7, complete=True)
    releases.save_releases(db, [make_release(7), complete, make_release(7, styles=())], NOW)
    assert releases.releases(db, [SEVEN]) == {7: complete}


def test_images_are_given_for_their_age_only(db: Database) -> None:
    pictured = replace(
        make_release(7), thumb="https://i.discogs.com/7.jpg", cover="https://i.discogs.com/b.jpg"
    )
    releases.save_releases(db, [pictured, make_release(8)], NOW)
    assert releases.images(db, [SEVEN, ReleaseId(8)], NOW - HOUR) == {7: "https://i.discogs.com/7.jpg"}
    assert releases.images(db, [SEVEN], NOW + HOUR) == {}
    assert releases.releases(db, [SEVEN])[SEVEN].thumb is None


def test_a_source_without_images_leaves_them(db: Database) -> None:
    releases.save_releases(db, [replace(make_release(7), thumb="https://i.discogs.com/7.jpg")], NOW)
    releases.save_releases(db, [make_release(7, complete=True)], NOW + HOUR)
    assert releases.images(db, [SEVEN], NOW) == {7: "https://i.discogs.com/7.jpg"}


def test_old_images_are_forgotten(db: Database) -> None:
    releases.save_releases(db, [replace(make_release(7), thumb="https://i.discogs.com/7.jpg")], NOW)
    assert releases.forget_images(db, NOW) == 0
    assert releases.forget_images(db, NOW + HOUR) == 1
    assert releases.images(db, [SEVEN], NOW - HOUR) == {}


def test_the_pressings_of_a_master_are_found(db: Database) -> None:
    twin = replace(make_release(9), master_id=MasterId(4))
    releases.save_releases(db, [twin, make_release(7), make_release(8)], NOW)
    assert releases.pressings(db, [MasterId(4), MasterId(5)]) == {4: [7, 9]}


def test_more_ids_than_a_statement_takes_parameters_can_be_asked(db: Database) -> None:
    releases.save_releases(db, [make_release(id) for id in range(1, 1001)], NOW)
    assert len(releases.releases(db, [ReleaseId(id) for id in range(1, 70_001)])) == 1000
