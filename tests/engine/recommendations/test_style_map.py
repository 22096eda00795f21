"""Styles lie beside those that the model takes for alike, the same at each look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.recommendations.learned import learned_from
from tests.engine.recommendations.records import record

from discogs_assistant.engine.recommendations.learning.interactions import Floats
from discogs_assistant.engine.recommendations.scoring import Learned
from discogs_assistant.engine.recommendations.style_map import MappedStyle, StyleMap, scaled, style_map
from discogs_assistant.engine.recommendations.taste import Taste

OWNED = {"House": 9, "Deep House": 6, "Hard Bop": 5, "Modal": 4}


@pytest.fixture(scope="module")
def learned() -> Learned:
    """Two scenes whose artists share styles: houses and jazz; nothing of "Cool Jazz" is owned."""
    scenes = (("Ann", ("House", "Deep House")), ("Bo", ("Hard Bop", "Modal", "Cool Jazz")))
    records = [
        record(
            100 * scene + number,
            f"{artist} {number % 3}",
            styles=(styles[number % len(styles)], styles[(number + 1) % len(styles)]),
            year=1960 + 30 * (1 - scene),
        )
        for scene, (artist, styles) in enumerate(scenes, 1)
        for number in range(24)
    ]
    rare = [record(900, "Cy", styles=("Polka",)), record(901, "Cy", styles=("Polka",))]
    return learned_from(Taste(owned=tuple(records[::4])), [*records, *rare])


def by_name(found: StyleMap) -> dict[str, MappedStyle]:
    return {style.name: style for style in found.styles}


def mapped(learned: Learned, owned: dict[str, int], most: int = 12) -> StyleMap:
    found = style_map(learned, owned, most)
    assert found is not None
    return found


def test_neighbours_are_of_the_same_scene(learned: Learned) -> None:
    found = by_name(mapped(learned, OWNED))
    assert [style.name for style in found["House"].near] == ["Deep House"]
    assert [style.name for style in found["Modal"].near] == ["Hard Bop"]


def test_the_nearest_style_that_is_not_owned_is_named(learned: Learned) -> None:
    found = by_name(mapped(learned, OWNED))
    assert found["Modal"].beyond is not None
    assert found["Modal"].beyond.name == "Cool Jazz"
    assert found["House"].beyond is None


def test_styles_of_a_scene_lie_together(learned: Learned) -> None:
    place = {name: np.array([style.x, style.y]) for name, style in by_name(mapped(learned, OWNED)).items()}
    within = np.linalg.norm(place["House"] - place["Deep House"])
    across = np.linalg.norm(place["House"] - place["Modal"])
    assert within < 0.5 * across


def test_the_biggest_styles_are_shown_and_those_too_little_known_are_counted(learned: Learned) -> None:
    found = mapped(learned, OWNED | {"Polka": 7, "Yodelling": 1}, 3)
    assert [(style.name, style.records) for style in found.styles] == [
        ("House", 9),
        ("Deep House", 6),
        ("Hard Bop", 5),
    ]
    assert found.unplaced == 2


@pytest.mark.parametrize("owned", [{}, {"House": 4}, {"House": 4, "Polka": 2}])
def test_fewer_than_two_styles_make_no_map(learned: Learned, owned: dict[str, int]) -> None:
    assert style_map(learned, owned, 12) is None


def test_the_map_does_not_depend_on_the_order_of_the_styles(learned: Learned) -> None:
    assert mapped(learned, OWNED) == mapped(learned, dict(reversed(OWNED.items())))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10_000))
def test_what_lies_on_a_plane_keeps_its_distances(count: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    flat = draw.normal(size=(count, 2))
    turned = flat @ np.linalg.qr(draw.normal(size=(7, 7)))[0][:2]
    points, kept = scaled(turned)
    assert kept == pytest.approx(1.0)
    assert distances(points) == pytest.approx(distances(flat), abs=1e-6)
    assert (points[np.abs(points).round(6).argmax(axis=0), [0, 1]] >= -1e-6).all()


def distances(points: Floats) -> Floats:
    return np.asarray(np.linalg.norm(points[:, None] - points[None], axis=2))
