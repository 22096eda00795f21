"""A price is unusual by the other copies of the record in its condition, or in any where those are few."""

from __future__ import annotations

from statistics import median

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.durations import LONG

from discogs_assistant.engine.carts.unusual_prices import CHEAP, DEAR, USUAL, unusual_prices

Copy = tuple[int, int, int]
"""Release, condition, price."""


def judged(*copies: Copy) -> list[int]:
    columns = np.array(copies, dtype=np.int64).reshape(-1, 3).T
    return [int(found) for found in unusual_prices(*columns)]


def by_definition(copies: list[Copy], place: int) -> int:
    release, media, price = copies[place]
    others = copies[:place] + copies[place + 1 :]
    alike = [other[2] for other in others if other[:2] == (release, media)]
    anyhow = [other[2] for other in others if other[0] == release]
    for prices, enough, far in ((alike, 3, 4), (anyhow, 5, 8)):
        if len(prices) >= enough:
            middle = median(prices)
            return DEAR if price >= far * middle else CHEAP if far * price <= middle else USUAL
    return USUAL


copies = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.sampled_from([1, 2, 5, 10, 20, 40, 80, 320])),
    max_size=24,
)


@settings(max_examples=2000 if LONG else 200)
@given(copies)
def test_each_copy_is_judged_by_the_median_of_the_others(found: list[Copy]) -> None:
    assert judged(*found) == [by_definition(found, place) for place in range(len(found))]


def test_four_times_the_median_of_the_others_is_dear_and_a_quarter_of_it_cheap() -> None:
    others = [(1, 6, 1000), (1, 6, 1000), (1, 6, 1000)]
    assert judged(*others, (1, 6, 4000)) == [USUAL, USUAL, USUAL, DEAR]
    assert judged(*others, (1, 6, 3999)) == [USUAL] * 4
    assert judged(*others, (1, 6, 250)) == [USUAL, USUAL, USUAL, CHEAP]


def test_of_a_few_copies_nothing_is_said() -> None:
    assert judged((1, 6, 100), (1, 6, 100), (1, 6, 99_999)) == [USUAL] * 3
    assert judged() == []
