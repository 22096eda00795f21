"""Releases for sale are found by the names on their copies, without a look at the other copies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.store.fakes import NOW, make_listing

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listed_names, listings
from discogs_assistant.store.market.listed_names import artist_number, label_number
from discogs_assistant.store.schema import SHARED_OWNER

SHARED = OwnerId(SHARED_OWNER)
MOST = 100


def named(db: Database, owner: OwnerId, *names: int, most: int = MOST) -> list[int]:
    """The releases of which a copy names any of these."""
    return sorted(listed_names.releases_named(db, owner, names, most)[1].tolist())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Can", "can"),
        ("A, B & C", "B"),
        ("A, B & C", "A, B & C"),
        ("A / B", "A"),
        ("A feat. B", "B"),
        ("Name (6) Featuring B", "name (6)"),
        ("Earth, Wind & Fire", "Earth, Wind & Fire"),
    ],
)
def test_an_artist_is_found_alone_and_among_others(
    db: Database, owner: OwnerId, text: str, name: str
) -> None:
    listings.save_listings(db, SHARED, [make_listing(1, 7, artist=text), make_listing(2, 8, artist="X")], [])
    assert named(db, owner, artist_number(name)) == [7]


def test_a_label_is_no_artist_of_its_name(db: Database, owner: OwnerId) -> None:
    copies = [make_listing(1, 7, artist="Brain"), make_listing(2, 8, label="Brain")]
    listings.save_listings(db, SHARED, copies, [])
    assert named(db, owner, label_number(" BRAIN")) == [8]
    assert named(db, owner, artist_number("brain")) == [7]


def test_what_others_uploaded_is_not_seen(db: Database, owner: OwnerId, stranger: OwnerId) -> None:
    listings.save_listings(db, stranger, [make_listing(1, 7, artist="Can")], [])
    assert named(db, owner, artist_number("Can")) == []
    assert named(db, stranger, artist_number("Can")) == [7]


def test_no_more_rows_are_read_than_were_asked_for(db: Database, owner: OwnerId) -> None:
    listings.save_listings(db, SHARED, [make_listing(id, id, artist="Can") for id in range(1, 30)], [])
    assert len(named(db, owner, artist_number("Can"), most=10)) == 10


def test_names_go_with_the_last_copy_of_their_release(db: Database, owner: OwnerId) -> None:
    old = NOW - timedelta(hours=9)
    copies = [
        make_listing(1, 7, artist="Can", as_of=old),
        make_listing(2, 8, artist="Can", as_of=old),
        make_listing(3, 8, artist="Can"),
    ]
    listings.save_listings(db, SHARED, copies, [])
    listings.delete_older(db, NOW - timedelta(hours=6))
    assert named(db, owner, artist_number("Can")) == [8]


def test_one_copy_stands_for_each_release_that_is_for_sale(db: Database, owner: OwnerId) -> None:
    old = NOW - timedelta(hours=9)
    copies = [
        make_listing(1, 7),
        make_listing(2, 7),
        make_listing(3, 8, status="Sold"),
        make_listing(4, 9, as_of=old),
        make_listing(5, 10),
    ]
    listings.save_listings(db, SHARED, copies, [])
    since = NOW - timedelta(hours=6)
    found = listings.copy_of_each(db, owner, [7, 8, 9], since=since)  # type: ignore[list-item]
    assert [copy.id for copy in found] == [1]
    known = listings.releases_for_sale(db, owner, [7, 8, 9, 10], since=since)  # type: ignore[list-item]
    assert known == {7, 10}
