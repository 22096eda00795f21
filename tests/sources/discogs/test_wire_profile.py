"""Users, collections and wantlists from Discogs' JSON."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sources.discogs.fakes import page_of

from discogs_assistant.errors import UnexpectedAnswerError
from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.money import Currency
from discogs_assistant.model.profile import CollectionItem
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_lists import read_page
from discogs_assistant.sources.discogs.wire_profile import (
    read_collection_item,
    read_folders,
    read_note_fields,
    read_user,
    read_want,
)

BASIC: dict[str, Any] = {
    "id": 11,
    "title": "First",
    "master_id": 0,
    "year": 0,
    "thumb": "",
    "cover_image": "https://st.test/images/spacer.gif",
    "formats": [
        {"name": "Vinyl", "qty": "2", "descriptions": ["LP"], "text": "Green"},
        {"name": "CD", "qty": ""},
    ],
    "artists": [{"id": 5, "name": "Ana (2)", "anv": "Ana", "join": "&", "role": "", "tracks": ""}],
    "labels": [{"id": 6, "name": "North", "catno": "", "entity_type": "1", "entity_type_name": "Label"}],
    "a key of the future": {"x": [1]},
}
ITEM: dict[str, Any] = {"id": 11, "instance_id": 99, "rating": 4, "basic_information": BASIC, "folder_id": 3}


def item(**changes: Any) -> CollectionItem:
    return read_collection_item(Fields({**ITEM, **changes}, ""), {3: "Jazz"})


def test_zeros_and_blanks_mean_nothing_there() -> None:
    release = item().release
    assert (release.master_id, release.year, release.thumb, release.cover) == (None, None, None, None)
    assert release.artists[0].role is None
    assert release.labels[0].catno is None
    assert not release.complete


def test_quantities_are_numbers_even_if_missing() -> None:
    assert [form.quantity for form in item().release.formats] == [2, 1]


@pytest.mark.parametrize(("typed", "quantity"), [("3", 3), (4, 4), ("many", 1), ("-1", 1), ("9" * 30, 1)])
def test_odd_quantities_count_as_one(typed: Any, quantity: int) -> None:
    basic = {**BASIC, "formats": [{"name": "CD", "qty": typed}]}
    assert item(basic_information=basic).release.formats[0].quantity == quantity


def test_a_copy_has_its_folder_by_name_and_its_rating() -> None:
    assert (item().folder_id, item().folder, item().rating, item().instance_id) == (3, "Jazz", 4, 99)


def test_grades_are_read_from_the_first_two_note_fields() -> None:
    copy = item(
        notes=[
            {"field_id": 1, "value": "Near Mint (NM or M-)"},
            {"field_id": 2, "value": "Generic"},
            {"field_id": 3, "value": "bought in Porto"},
        ]
    )
    assert (copy.media, copy.sleeve) == (Grade.NEAR_MINT, SleeveGrade.GENERIC)
    assert copy.notes == (("Notes", "bought in Porto"),)


def test_a_note_that_is_no_grade_stays_a_note() -> None:
    copy = item(notes=[{"field_id": 1, "value": "worn"}, {"field_id": 4, "value": ""}])
    assert copy.media is None
    assert copy.notes == (("Media Condition", "worn"),)


def test_own_note_fields_have_the_names_of_their_owner() -> None:
    fields = read_note_fields(
        Fields({"fields": [{"id": 7, "name": "Media Condition"}, {"id": 8, "name": "Paid"}]}, "")
    )
    notes = {"notes": [{"field_id": 7, "value": "VG+"}, {"field_id": 8, "value": "3 €"}]}
    copy = read_collection_item(Fields(ITEM | notes, ""), {}, fields)
    assert copy.media is Grade.VERY_GOOD_PLUS
    assert copy.notes == (("Paid", "3 €"),)


def test_several_copies_of_one_release_stay_apart() -> None:
    rows = [ITEM, {**ITEM, "instance_id": 100}]
    page = read_page(Fields(page_of("releases", rows), ""), "releases", lambda f: read_collection_item(f, {}))
    assert [(copy.instance_id, copy.release.id) for copy in page.items] == [(99, 11), (100, 11)]


def test_an_entry_that_cannot_be_read_is_reported_and_the_others_are_kept() -> None:
    rows = [ITEM, {"id": 12}, "x", {**ITEM, "instance_id": 100}]
    page = read_page(Fields(page_of("releases", rows), ""), "releases", lambda f: read_collection_item(f, {}))
    assert len(page.items) == 2
    assert page.unread == 2
    assert "releases[1].instance_id is missing" in page.problems[0]
    assert "releases[2] is not an object" in page.problems[1]


def test_a_want_has_its_notes() -> None:
    want = read_want(Fields({"id": 11, "rating": 2, "notes": "the 1975 one", "basic_information": BASIC}, ""))
    assert (want.release_id, want.rating, want.notes, want.added) == (11, 2, "the 1975 one", None)


def test_a_count_that_is_absent_belongs_to_a_private_list() -> None:
    user = read_user(Fields({"username": "ana", "id": 3, "num_wantlist": 0}, ""))
    assert (user.collection, user.wantlist) == (None, 0)


def test_a_user_is_read_whole() -> None:
    user = read_user(
        Fields(
            {
                "username": "Ana",
                "id": 3,
                "num_collection": 12,
                "num_wantlist": 4,
                "num_for_sale": 5,
                "curr_abbr": "JPY",
                "seller_rating": 99.5,
                "seller_num_ratings": 20,
                "location": "Kyoto",
                "registered": "2010-01-02T03:04:05-07:00",
            },
            "",
        )
    )
    assert (user.name, user.collection, user.for_sale, user.currency) == ("Ana", 12, 5, Currency.JPY)
    assert (user.seller_rating, user.seller_ratings, user.location) == (99.5, 20, "Kyoto")
    assert user.registered is not None


def test_an_unrated_seller_has_no_rating() -> None:
    user = read_user(Fields({"username": "ana", "seller_rating": 0.0, "seller_num_ratings": 0}, ""))
    assert (user.seller_rating, user.seller_ratings) == (None, 0)


def test_folders_have_names_and_counts() -> None:
    folders = read_folders(Fields({"folders": [{"id": 0, "name": "All", "count": 12}]}, ""))
    assert [(folder.id, folder.name, folder.count) for folder in folders] == [(0, "All", 12)]


@pytest.mark.parametrize(
    "pagination", [{}, {"page": 1}, {"page": 1, "pages": 1, "per_page": 0, "items": 1}, []]
)
def test_a_page_without_usable_pagination_is_wrong(pagination: Any) -> None:
    with pytest.raises(UnexpectedAnswerError, match="pagination"):
        read_page(Fields({"pagination": pagination, "wants": []}, ""), "wants", read_want)
