"""The names that a printed line of artists may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discogs_assistant.model.ids import ArtistId
from discogs_assistant.model.release import ArtistCredit, artists_as_printed, names_within

NAMES = st.lists(st.text("abcdeé ", min_size=1, max_size=8).map(str.strip).filter(bool), max_size=4)
JOINS = st.sampled_from([",", "&", "/", "feat.", "Featuring", "Vs.", "And", "With", "+", "x"])


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Ann", {"Ann"}),
        ("38 Ann, Bo (6)", {"38 Ann, Bo (6)", "38 Ann", "Bo (6)"}),
        ("A & B", {"A & B", "A", "B"}),
        ("A / B", {"A / B", "A", "B"}),
        ("A feat. B", {"A feat. B", "A", "B"}),
        ("A, B & C", {"A, B & C", "A, B", "B & C", "A", "B", "C"}),
        ("Featuring", {"Featuring"}),
        ("Sand And", {"Sand And"}),
        ("AC/DC", {"AC/DC"}),
        ("", {""}),
    ],
)
def test_a_line_holds_itself_and_every_run_of_names(printed: str, names: set[str]) -> None:
    assert set(names_within(printed)) == names
    assert names_within(printed)[0] == printed


def test_a_line_of_very_many_artists_is_one_name() -> None:
    printed = ", ".join(f"Artist {number}" for number in range(40))
    assert names_within(printed) == (printed,)


@given(NAMES, st.lists(JOINS, min_size=4, max_size=4))
def test_every_credited_name_is_within_the_printed_line(names: list[str], joins: list[str]) -> None:
    credits = tuple(
        ArtistCredit(ArtistId(number + 1), name, join=join)
        for number, (name, join) in enumerate(zip(names, joins, strict=False))
    )
    assert set(names) - {""} <= set(names_within(artists_as_printed(credits)))
