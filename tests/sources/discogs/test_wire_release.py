"""Releases, masters, discographies and searches from Discogs' JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_lists import read_discography, read_hit
from discogs_assistant.sources.discogs.wire_release import read_master, read_release, read_release_page

AS_OF = datetime(2026, 11, 24, tzinfo=UTC)


def credit(number: int, role: str) -> dict[str, Any]:
    return {"id": number, "name": f"Person {number}", "anv": "", "join": "", "role": role, "tracks": ""}


RELEASE: dict[str, Any] = {
    "id": 11,
    "title": "First",
    "year": 0,
    "released": "1975-03-00",
    "country": "Japan",
    "artists": [credit(1, "")],
    "labels": [{"id": 6, "name": "North", "catno": "N 1"}],
    "formats": [{"name": "Vinyl", "qty": "1"}],
    "extraartists": [credit(2, "Drums")],
    "tracklist": [
        {"position": "", "type_": "heading", "title": "Suite", "duration": ""},
        {
            "position": "A1",
            "type_": "index",
            "title": "One",
            "duration": "3:10",
            "extraartists": [credit(3, "Bass")],
            "sub_tracks": [{"position": "A1a", "title": "One a", "extraartists": [credit(4, "Harp")]}],
        },
    ],
    "identifiers": [{"type": "Barcode", "value": "4 99"}, {"type": "Matrix", "value": ""}],
    "images": [
        {"type": "secondary", "uri": "https://i.test/2", "uri150": "https://i.test/2s"},
        {"type": "primary", "uri": "https://i.test/1", "uri150": "https://i.test/1s"},
    ],
    "thumb": "",
    "estimated_weight": 230,
    "community": {"have": 10, "want": 4, "rating": {"count": 3, "average": Decimal("4.33")}},
    "lowest_price": Decimal("8.99"),
    "num_for_sale": 2,
    "notes": "A note.",
}


def test_a_release_without_a_master_has_none() -> None:
    assert read_release(Fields(RELEASE, "")).master_id is None


def test_the_year_is_taken_from_the_date_where_it_is_missing() -> None:
    assert read_release(Fields(RELEASE, "")).year == 1975


def test_tracks_are_flat_with_headings_and_sub_tracks_in_order() -> None:
    tracks = read_release(Fields(RELEASE, "")).tracks
    assert [(track.position, track.title) for track in tracks] == [
        (None, "Suite"),
        ("A1", "One"),
        ("A1a", "One a"),
    ]


def test_credits_are_the_releases_and_then_its_tracks() -> None:
    credits = read_release(Fields(RELEASE, "")).credits
    assert [(credit.id, credit.role) for credit in credits] == [(2, "Drums"), (3, "Bass"), (4, "Harp")]


def test_the_primary_picture_is_the_cover() -> None:
    release = read_release(Fields(RELEASE, ""))
    assert (release.cover, release.thumb) == ("https://i.test/1", "https://i.test/1s")


def test_a_release_page_is_complete_with_weight_and_identifiers() -> None:
    release = read_release(Fields(RELEASE, ""))
    assert release.complete
    assert (release.grams, release.country, release.notes) == (230, "Japan", "A note.")
    assert release.identifiers == (("Barcode", "4 99"),)


def test_market_figures_come_with_the_release_in_the_currency_asked_for() -> None:
    page = read_release_page(Fields(RELEASE, ""), AS_OF, "EUR")
    assert page.stats.lowest == Money(899, Currency.EUR)
    assert (page.stats.for_sale, page.stats.blocked) == (2, False)
    assert (page.community.have, page.community.want, page.community.rating) == (10, 4, 4.33)


def test_a_bare_release_has_no_figures() -> None:
    page = read_release_page(Fields({"id": 1, "title": "x"}, ""), AS_OF, "USD")
    assert (page.stats.lowest, page.community.have) == (None, None)


def test_a_master_names_its_main_release() -> None:
    master = read_master(Fields({"id": 3, "title": "First", "main_release": 11, "year": 1975}, ""))
    assert (master.id, master.main_release, master.year) == (3, 11, 1975)


def test_an_artists_line_is_a_master_or_a_release() -> None:
    line = {"id": 3, "title": "First", "type": "master", "main_release": 11, "role": "Main", "artist": "Ana"}
    entry = read_discography(Fields(line, ""))
    assert (entry.kind, entry.id, entry.main_release, entry.role) == ("master", 3, 11, "Main")


def test_a_labels_line_is_a_release_though_it_does_not_say_so() -> None:
    entry = read_discography(Fields({"id": 11, "title": "First", "catno": "N 1", "year": 1975}, ""))
    assert (entry.kind, entry.main_release, entry.catno, entry.year) == ("release", None, "N 1", 1975)


def test_a_version_tells_its_format_and_country() -> None:
    line = {
        "id": 11,
        "title": "First",
        "major_formats": ["Vinyl"],
        "format": "LP, Album",
        "released": "1975",
        "country": "Japan",
    }
    entry = read_discography(Fields(line, ""))
    assert (entry.kind, entry.format, entry.year, entry.country) == (
        "release",
        "Vinyl, LP, Album",
        1975,
        "Japan",
    )


def test_a_hit_keeps_what_can_be_filtered() -> None:
    line = {
        "type": "release",
        "id": 11,
        "master_id": 0,
        "title": "Ana - First",
        "year": "1975",
        "format": ["Vinyl", "LP"],
        "label": ["North"],
        "genre": ["Jazz"],
        "style": ["Modal"],
        "community": {"want": 4, "have": 10},
    }
    hit = read_hit(Fields(line, ""))
    assert (hit.master_id, hit.year, hit.formats, hit.styles) == (None, 1975, ("Vinyl", "LP"), ("Modal",))
    assert (hit.have, hit.want) == (10, 4)


@pytest.mark.parametrize("broken", [{}, {"id": 11}, {"id": "x", "title": "y"}, {"id": 1, "title": 2}])
def test_a_release_without_id_or_title_is_wrong(broken: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedAnswerError):
        read_release(Fields(broken, ""))
