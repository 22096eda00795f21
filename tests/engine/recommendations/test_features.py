"""What a record is made of, as numbers."""

from __future__ import annotations

import pytest
from tests.engine.recommendations.records import record

from discogs_assistant.engine.recommendations.features import Feature, feature_of, roles, stated


def named(space_kind: str, *names: str) -> set[Feature]:
    return {Feature(space_kind, name.casefold(), name) for name in names}


def test_a_releases_features_are_its_people_labels_styles_and_makes() -> None:
    release = record(
        1, "Ann (3)", label="Blue", styles=("Dub",), genres=("Reggae",), year=1978, country="UK",
        formats=("Vinyl", "LP"), credits=(("Dee", "Producer, Mixed By [Dub]"),),
    )  # fmt: skip
    assert set(stated([release]).features) == {
        Feature("artist", "ann (3)", "Ann"),
        Feature("credit", "dee", "Dee", "Producer"),
        Feature("credit", "dee", "Dee", "Mixed By"),
        *named("label", "Blue"), *named("style", "Dub"), *named("genre", "Reggae"),
        *named("decade", "1970s"), *named("country", "UK"), *named("format", "Vinyl", "LP"),
    }  # fmt: skip


def test_those_that_stand_for_nobody_are_no_features() -> None:
    assert stated([record(1, "Various", label="Not On Label")]).features == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, []),
        ("Written-By, Producer [Additional, Live]", ["Written-By", "Producer"]),
        ("Artwork [Design [Front]]", ["Artwork"]),
    ],
)
def test_a_role_is_read_without_its_details(text: str | None, expected: list[str]) -> None:
    assert roles(text) == expected


def test_two_spellings_of_a_name_are_one_feature() -> None:
    found = stated([record(1, "ann"), record(2, "Ann"), record(3, " ANN ")])
    assert [feature.name for feature in found.features] == ["ANN"]


def test_pressings_of_a_master_are_one_item_with_all_their_features() -> None:
    found = stated(
        [record(1, "Ann", master=7, label="Blue"), record(2, "Ann", master=7, label="Red"),
         record(3, "Bo", label="Blue"), record(4, "Ann", label="Red")]
    )  # fmt: skip
    assert found.items == [-4, -3, 7]
    cells = zip(found.item.tolist(), found.feature.tolist(), found.times.tolist(), strict=True)
    assert {found.features[feature].key: count for item, feature, count in cells if item == 2} == {
        "ann": 1, "blue": 1, "red": 1,
    }  # fmt: skip


def test_nothing_known_states_nothing() -> None:
    assert stated([]).items == []
    assert len(stated([]).item) == 0
    assert stated([record(1)]).items == [-1]
    assert len(stated([record(1)]).item) == 0


def test_a_feature_is_read_back_from_its_text() -> None:
    feature = Feature("credit", "d\té\ud800", "D\té\ud800", "Bass, 6-String")
    assert feature_of(feature.text) == feature
    assert feature.text.encode()
