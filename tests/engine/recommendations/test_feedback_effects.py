"""How one love or hide moved a list, against the list ranked again without it."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest
from tests.engine.recommendations.learned import learned_from
from tests.engine.recommendations.records import record

from discogs_assistant.engine.recommendations.feedback_effects import Listed, Movement, Movements
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.taste import Taste

STYLES = (("House",), ("Dub",), ("Jazz",))
RECORDS = [record(n, f"Artist {n % 5}", styles=STYLES[n % 3], label=f"Label {n % 4}") for n in range(1, 40)]
OWN = tuple(RECORDS[:9])
LOVED, HIDDEN = RECORDS[10], RECORDS[12]
TASTE = Taste(owned=OWN, loved=(LOVED,), hidden=(HIDDEN,))
LIST = [Listed(record.id, record.item_key, record.styles) for record in RECORDS[9:] if record is not HIDDEN]


@pytest.fixture(scope="module")
def learned() -> Learned:
    return learned_from(Taste(owned=OWN), RECORDS)


@pytest.fixture(scope="module")
def movements(learned: Learned) -> Movements:
    return Movements(learned, TASTE, LIST)


def places(learned: Learned, taste: Taste) -> dict[int, int]:
    """Where each record stands, the loved one left out."""
    scores = learned.scores(taste, [entry.item for entry in LIST])
    order = sorted(LIST, key=lambda entry: (-scores.of(entry.item), entry.release))
    shown = [int(entry.release) for entry in order if entry.item != LOVED.item_key]
    return {id: place for place, id in enumerate(shown, 1)}


def test_a_love_lifts_its_style_and_a_hide_lowers_its_own() -> None:
    pure = [record(n, f"{STYLES[n % 3][0]} {n % 2}", styles=STYLES[n % 3]) for n in range(1, 40)]
    taste = Taste(owned=tuple(pure[:9]), loved=(pure[10],), hidden=(pure[12],))
    movements = Movements(
        learned_from(Taste(owned=tuple(pure[:9])), pure),
        taste,
        [
            Listed(release.id, release.item_key, release.styles)
            for release in pure[9:]
            if release is not pure[12]
        ],
    )
    assert movements.of(pure[10].item_key).risen_styles[0].name == pure[10].styles[0]
    assert movements.of(pure[12].item_key).fallen_styles[0].name == pure[12].styles[0]


def test_places_are_those_of_the_list_sorted_with_and_without(learned: Learned, movements: Movements) -> None:
    before, after = places(learned, replace(TASTE, loved=())), places(learned, TASTE)
    moved = movements.of(LOVED.item_key)
    assert moved.risen
    assert moved.fallen
    for entry in (*moved.risen, *moved.fallen):
        assert (entry.before, entry.after) == (before[entry.release], after[entry.release])


def test_a_style_stands_where_its_records_stand_on_the_mean(learned: Learned, movements: Movements) -> None:
    before, after = places(learned, replace(TASTE, loved=())), places(learned, TASTE)
    moved = movements.of(LOVED.item_key)
    assert moved.risen_styles or moved.fallen_styles
    for style in (*moved.risen_styles, *moved.fallen_styles):
        some = [listed.release for listed in LIST if style.name in listed.styles and listed.release in after]
        assert style.records == len(some)
        assert style.before == pytest.approx(mean(before[id] for id in some))
        assert style.after == pytest.approx(mean(after[id] for id in some))


def test_what_rose_furthest_comes_first_and_the_record_itself_is_left_out(movements: Movements) -> None:
    moved = movements.of(LOVED.item_key)
    climbs = [record.rise for record in moved.risen]
    assert climbs == sorted(climbs, reverse=True)
    assert climbs[-1] > 0
    assert LOVED.id not in {recommended.release for recommended in (*moved.risen, *moved.fallen)}


def test_a_style_with_few_records_on_the_list_is_not_named(learned: Learned) -> None:
    few = [release for release in LIST if "House" not in release.styles] + [
        release for release in LIST if "House" in release.styles
    ][:2]
    moved = Movements(learned, TASTE, few).of(LOVED.item_key)
    assert "House" not in {style.name for style in (*moved.risen_styles, *moved.fallen_styles)}


def test_loving_what_is_owned_moves_nothing(learned: Learned) -> None:
    assert Movements(learned, replace(TASTE, loved=OWN[:1]), LIST).of(OWN[0].item_key) == Movement()


def test_what_the_model_has_not_learned_moves_nothing_yet(learned: Learned) -> None:
    strange = record(77, "Nobody", styles=("Polka",))
    movements = Movements(learned, replace(TASTE, loved=(strange,)), LIST)
    assert not movements.knows(strange.item_key)
    assert movements.of(strange.item_key) == Movement()


def test_an_empty_list_does_not_move(learned: Learned) -> None:
    assert Movements(learned, TASTE, []).of(LOVED.item_key) == Movement()


def test_listed_records_that_the_model_has_not_learned_are_left_out(learned: Learned) -> None:
    strange = record(77, "Nobody", styles=("Polka",))
    longer = [Listed(strange.id, strange.item_key, strange.styles), *LIST]
    assert Movements(learned, TASTE, longer).of(LOVED.item_key) == Movements(learned, TASTE, LIST).of(
        LOVED.item_key
    )
