"""The made-up world's artists and labels."""

from __future__ import annotations

from discogs_sandbox.world.entities import Artist, Label
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENE_ODDS, SCENES
from discogs_sandbox.world.seeded_random import SeededRandom

VARIOUS = Artist(194, "Various", 0, None, 0.0, 0, (), False)
"""Discogs' own number for "Various"."""

_STUDIO_SHARE = 0.15


def make_artists(seed: int, count: int) -> tuple[Artist, ...]:
    """`count` artists; the last 15 % of them only produce, play and remix for the others."""
    namer, rng = Namer(seed, "artist names"), SeededRandom(seed, "artists")
    performers = max(1, count - round(count * _STUDIO_SHARE))
    return tuple(_artist(index, index >= performers, namer, rng) for index in range(count))


def _artist(index: int, studio: bool, namer: Namer, rng: SeededRandom) -> Artist:
    scene = _scene(index, rng)
    kind = SCENES[scene]
    return Artist(
        id=3_000 + index * 17 + rng.between(0, 16),
        name=namer.person() if studio else namer.band(),
        scene=scene,
        second=kind.near if rng.chance(0.2) else None,
        fame=(1 + index % 60) ** -0.9 * (0.5 + rng.number()),
        first_year=rng.between(kind.years[0], kind.years[1] - 5),
        styles=tuple(rng.sample(kind.styles, 2)),
        studio=studio,
    )


def make_labels(seed: int, count: int) -> tuple[Label, ...]:
    """`count` labels, each of one scene or two."""
    namer, rng = Namer(seed, "label names"), SeededRandom(seed, "labels")
    return tuple(_label(index, namer, rng) for index in range(count))


def _label(index: int, namer: Namer, rng: SeededRandom) -> Label:
    scene = _scene(index, rng)
    name = namer.label()
    code = "".join(char for char in name if char.isascii() and char.isalpha())[: rng.between(2, 4)].upper()
    return Label(
        id=500 + index * 23 + rng.between(0, 22),
        name=name,
        code=code,
        scenes=(scene, SCENES[scene].near) if rng.chance(0.3) else (scene,),
        fame=(1 + index % 20) ** -0.7,
    )


def _scene(index: int, rng: SeededRandom) -> int:
    """Each scene gets one first; the rest are drawn by the scenes' weights."""
    if index < len(SCENES):
        return index
    return rng.weighted(SCENE_ODDS)
