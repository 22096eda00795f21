"""Discogs' lists of what artists and labels released, page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.store.fakes import NOW

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Discography
from discogs_assistant.store.catalogue import discographies
from discogs_assistant.store.catalogue.discographies import NOTHING_READ
from discogs_assistant.store.database import Database

DAY = timedelta(days=1)
A = Discography("release", 2, "A", None, None, "Remix", None, label="L", format="LP")
B = Discography("master", 3, "B", ReleaseId(7), "Artist", "Main", 1999)
C = Discography("release", 4, "C", None, None, "Main", 2001)


def test_pages_come_back_in_the_order_of_the_list_without_images(db: Database) -> None:
    pictured = [replace(entry, thumb="https://i.discogs.com/x.jpg") for entry in (B, A)]
    discographies.save_page(db, "artist", 1, 1, 2, pictured, NOW - DAY)
    discographies.save_page(db, "artist", 1, 2, 2, [C], NOW)
    assert discographies.entries(db, "artist", [1]) == {1: [B, A, C]}
    assert discographies.entries_with_age(db, "artist", [1]) == {1: ([B, A, C], NOW)}
    assert discographies.entries(db, "label", [1]) == {}


def test_several_lists_are_read_at_once_each_in_its_order(db: Database) -> None:
    discographies.save_page(db, "artist", 2, 1, 2, [A], NOW)
    discographies.save_page(db, "artist", 1, 1, 1, [B], NOW - DAY)
    discographies.save_page(db, "artist", 2, 2, 2, [C], NOW - DAY)
    discographies.save_page(db, "label", 2, 1, 1, [B], NOW)
    assert discographies.entries(db, "artist", [2, 1, 3]) == {1: [B], 2: [A, C]}
    assert discographies.entries_with_age(db, "artist", [2]) == {2: ([A, C], NOW)}


def test_it_is_known_how_many_pages_were_read_of_how_many(db: Database) -> None:
    discographies.save_page(db, "artist", 1, 1, 7, [A], NOW - 40 * DAY)
    discographies.save_page(db, "artist", 1, 2, 8, [B], NOW)
    discographies.save_page(db, "artist", 2, 1, 1, [], NOW)
    read = discographies.pages_read(db, "artist", [1, 2, 3])
    assert set(read) == {1, 2}
    assert (set(read[1].read), read[1].pages, read[1].unread) == ({1, 2}, 8, 6)
    assert read[1].due(NOW - 30 * DAY) == [1, 3, 4, 5, 6, 7, 8]
    assert (read[2].due(NOW - 30 * DAY), read[2].due(NOW + DAY)) == ([], [1])
    assert NOTHING_READ.due(NOW) == [1]


def test_a_page_read_again_takes_the_place_of_what_it_was(db: Database) -> None:
    discographies.save_page(db, "artist", 1, 1, 1, [A], NOW)
    discographies.save_page(db, "artist", 1, 1, 1, [B], NOW + DAY)
    discographies.save_page(db, "artist", 1, 1, 1, [C], NOW - DAY)
    assert discographies.entries(db, "artist", [1]) == {1: [B]}


def test_pages_that_a_list_no_longer_has_are_gone(db: Database) -> None:
    for page, entry in enumerate((A, B, C), 1):
        discographies.save_page(db, "label", 1, page, 3, [entry], NOW)
    discographies.save_page(db, "label", 1, 1, 2, [A], NOW + DAY)
    discographies.save_page(db, "label", 1, 2, 1, [], NOW + DAY)
    assert discographies.entries(db, "label", [1]) == {1: [A]}
    assert discographies.pages_read(db, "label", [1])[1].unread == 0
