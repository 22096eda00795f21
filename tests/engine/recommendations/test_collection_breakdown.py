"""What a collection is made of, counted so that nobody in particular never leads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.engine.recommendations.records import drawn, record

from discogs_assistant.engine.recommendations.collection_breakdown import (
    by_country,
    by_decade,
    by_label,
    by_style,
    year_of,
)
from discogs_assistant.model.release import Release


def counts(records: list[Release]) -> dict[str, int]:
    return {part.name: part.records for part in by_style(records).parts}


def test_a_record_counts_once_for_each_of_its_styles() -> None:
    records = [record(1, styles=("Dub", "House", "Dub")), record(2, styles=("House",)), record(3)]
    found = by_style(records)
    assert [(part.name, part.records) for part in found.parts] == [("House", 2), ("Dub", 1)]
    assert (found.known, found.without) == (2, 0)


@given(st.lists(st.integers(1, 20).flatmap(drawn), max_size=12))
def test_each_style_counts_the_records_that_name_it(records: list[Release]) -> None:
    names = {style for record in records for style in record.styles}
    assert counts(records) == {name: sum(name in record.styles for record in records) for name in names}
    assert list(counts(records).values()) == sorted(counts(records).values(), reverse=True)


def test_records_on_no_label_are_counted_apart() -> None:
    labels = ("Not On Label", "Not On Label (Ann Self-released)", "not on label", "Blue", "blue ", "")
    found = by_label([record(number, label=label) for number, label in enumerate(labels, 1)])
    assert [(part.name, part.records) for part in found.parts] == [("Blue", 2)]
    assert (found.known, found.without) == (2, 3)
    assert found.parts[0].id == record(4, label="Blue").labels[0].id


def test_decades_stand_in_their_order_and_none_between_is_left_out() -> None:
    found = by_decade([record(1, year=1959), record(2, year=1984), record(3, year=1980), record(4, year=0)])
    assert [(part.name, part.records) for part in found.parts] == [
        ("1950s", 1),
        ("1960s", 0),
        ("1970s", 0),
        ("1980s", 2),
    ]
    assert found.known == 3


def test_a_year_of_zero_and_a_slip_of_the_pen_are_unknown() -> None:
    years = (None, 0, 19, 1859, 1860, 2026, 2100, 19850)
    assert [year_of(record(1, year=year)) for year in years] == [None] * 4 + [1860, 2026] + [None] * 2


def test_countries_of_which_nothing_is_known_are_not_counted() -> None:
    found = by_country([record(1, country="Japan"), record(2), record(3, country="Japan")])
    assert [(part.name, part.records) for part in found.parts] == [("Japan", 2)]
    assert found.known == 2


def test_an_empty_collection_has_an_empty_breakdown() -> None:
    assert all(not count([]).parts for count in (by_style, by_country, by_label, by_decade))
