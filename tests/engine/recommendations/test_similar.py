"""What is most like one record: never what is known, exact in its reasons, and truly like it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from random import Random
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.recommendations.collectors import releases
from tests.engine.recommendations.learned import learned_from
from tests.engine.recommendations.records import drawn, record, tastes
from tests.engine.recommendations.test_scoring import COLLECTORS

from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.similar import NEAR, Neighbourhood
from discogs_assistant.engine.recommendations.taste import Taste, artist_keys, label_keys
from discogs_assistant.engine.recommendations.training_data import content_alone, training_data
from discogs_assistant.model.release import Release
from discogs_sandbox.world.world import World

TOP = 10
ALL_ELSE = {"others", "collectors"}


@settings(max_examples=15, deadline=None)
@given(tastes(), drawn(20), st.one_of(st.just([]), COLLECTORS))
def test_nothing_known_is_like_it_and_every_share_is_a_part_of_the_score(
    taste_and_candidates: tuple[Taste, list[Release]], about: Release, collectors: list[dict[int, float]]
) -> None:
    taste, candidates = taste_and_candidates
    learned = learned_from(taste, [*candidates, about], collectors)
    found = Neighbourhood(learned, taste, [*candidates, about]).like(about, 50)
    itself = Taste(owned=(about,))
    for recommended in found:
        assert not taste.owns(recommended.release)
        assert not taste.hides(recommended.release)
        assert not itself.owns(recommended.release)
        named = [reason.share for reason in recommended.reasons if reason.kind not in ALL_ELSE]
        assert named == sorted(named, reverse=True)
        assert all(share > 0 for share in named)
        assert sum(reason.share for reason in recommended.reasons) == pytest.approx(1.0)
    assert [recommended.rank for recommended in found] == list(range(1, len(found) + 1))
    assert [recommended.score for recommended in found] == sorted(
        (recommended.score for recommended in found), reverse=True
    )
    assert not found or found[0].score == 1.0


@settings(max_examples=15, deadline=None)
@given(tastes(), drawn(20), COLLECTORS)
def test_the_score_is_the_stated_sum_of_likeness_and_taste(
    taste_and_candidates: tuple[Taste, list[Release]], about: Release, collectors: list[dict[int, float]]
) -> None:
    taste, candidates = taste_and_candidates
    itself = Taste(owned=(about,))
    if any(itself.owns(release) for release in (*taste.known, *taste.hidden)):
        return
    learned = learned_from(taste, [*candidates, about], collectors)
    found = Neighbourhood(learned, taste, candidates).like(about, 50)
    left = [
        release
        for release in (*taste.wanted, *candidates)
        if not (taste.owns(release) or taste.hides(release))
    ]
    items = {release.item_key for release in left if not itself.owns(release)}
    near, mine = learned.scores(itself, items), learned.scores(taste, {release.item_key for release in left})
    sums = {item: NEAR * near.of(item) + (1 - NEAR) * mine.of(item) for item in items if near.of(item) > 0}
    best = max(sums.values(), default=1.0)
    assert {recommended.release.item_key for recommended in found} == {
        item for item, value in sums.items() if value > 0
    }
    for recommended in found:
        assert recommended.score == pytest.approx(sums[recommended.release.item_key] / best)


def test_the_taste_decides_between_two_that_are_equally_like_it() -> None:
    taste = Taste(owned=(record(1, "Bo", styles=("House",)), record(2, "Bo", styles=("House",))))
    about, pressing, other = (
        record(10, "Ann", styles=("Dub",)),
        record(11, "Ann", styles=("Techno",)),
        record(12, "Ann", styles=("House",)),
    )
    records = [about, pressing, other, record(13, "Cy", styles=("Techno",))]
    found = Neighbourhood(learned_from(taste, records), taste, records).like(about, 5)
    assert [int(recommended.release.id) for recommended in found[:2]] == [12, 11]


def test_what_has_nothing_of_it_is_not_like_it_however_well_it_fits_the_taste() -> None:
    taste = Taste(owned=(record(1, "Bo", styles=("House",)),))
    about, stranger = record(10, "Ann", styles=("Dub",)), record(11, "Bo", styles=("House",))
    records = [about, stranger, record(12, "Ann", styles=("Dub",))]
    learned = Learned("content", content_alone(training_data((), [*taste.known, *records])))
    found = Neighbourhood(learned, taste, records).like(about, 5)
    assert [int(recommended.release.id) for recommended in found] == [12]


def test_the_reasons_name_what_both_share_and_whose_record_it_is_like() -> None:
    taste = Taste(owned=(record(1, "Bo", styles=("Dub",)),))
    about, like = record(10, "Ann", title="Blue Room", label="Red"), record(11, "Ann", label="Red")
    records = [about, like, record(12, "Cy", label="Blue")]
    (found,) = Neighbourhood(learned_from(taste, records), taste, records).like(about, 1)
    texts = [reason.text for reason in found.reasons]
    assert "Ann is on it, as on “Blue Room” by Ann." in texts
    assert "On Red, like “Blue Room” by Ann." in texts


def test_an_owned_record_counts_once_and_is_not_named_as_owned() -> None:
    about = record(10, "Ann", title="Blue Room", styles=("Dub",))
    taste = Taste(owned=(about, record(1, "Bo", styles=("Dub",))))
    records = [record(11, "Ann", styles=("Dub",)), record(12, "Cy", styles=("House",))]
    (found,) = Neighbourhood(learned_from(taste, records), taste, records).like(about, 1)
    assert about.id not in {reason.release_id for reason in found.reasons}


@cache
def made_up() -> tuple[Learned, Taste, list[Release]]:
    """A collector of a small made-up world, with all of its records for candidates."""
    world = World.generate(3, releases=600, users=30, sellers=2, listings=10)
    known = releases(world, credits=True)
    owned = tuple(known[item.release] for item in world.collectors[0].items)
    people = [
        {known[item.release].item_key: 2.0 for item in collector.items} for collector in world.collectors
    ]
    taste = Taste(owned=owned)
    return learned_from(taste, list(known.values()), people), taste, list(known.values())


def shared(about: Release, others: Iterable[Release]) -> float:
    """How many artists, labels and styles each of the others shares with the record, on the average."""

    def marks(release: Release) -> set[tuple[str, str]]:
        kinds = (
            ("artist", artist_keys([release])),
            ("label", label_keys([release])),
            ("style", release.styles),
        )
        return {(kind, name) for kind, names in kinds for name in names}

    return mean(len(marks(about) & marks(other)) for other in others)


def test_the_nearest_share_artists_labels_and_styles_more_than_random_ones_do() -> None:
    learned, taste, records = made_up()
    dice = Random(5)
    left = [record for record in records if not taste.owns(record)]
    ratios = []
    for about in dice.sample(records, 12):
        nearest = [
            recommended.release for recommended in Neighbourhood(learned, taste, records).like(about, TOP)
        ]
        assert len(nearest) == TOP
        ratios.append((shared(about, nearest), shared(about, dice.sample(left, 100))))
    assert sum(near > 2 * anyone for near, anyone in ratios) >= 11
    assert mean(near for near, _ in ratios) > 4 * mean(anyone for _, anyone in ratios)


def test_lists_of_different_records_differ() -> None:
    learned, taste, records = made_up()
    first, second = (
        {recommended.release.id for recommended in Neighbourhood(learned, taste, records).like(about, TOP)}
        for about in (records[0], records[-1])
    )
    assert len(first & second) < TOP / 2
