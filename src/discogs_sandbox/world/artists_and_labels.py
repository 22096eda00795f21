"""The made-up world's artists, studio people and labels."""

from __future__ import annotations

from discogs_sandbox.world.entities import Artist, Label
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENE_ODDS, SCENES
from discogs_sandbox.world.seeded_random import Dice

VARIOUS = Artist(194, "Various", 0, None, 0.0, 0, (), False)
"""Discogs' own number for "Various"."""

_STUDIO_SHARE = 0.15


def make_artists(seed: int, count: int) -> tuple[Artist, ...]:
    """`count` artists; the last 15 % of them only produce, play and remix for the others."""
    namer, dice = Namer(seed, "artist names"), Dice(seed, "artists")
    performers = max(1, count - round(count * _STUDIO_SHARE))
    return tuple(_artist(place, place >= performers, namer, dice) for place in range(count))


def _artist(place: int, studio: bool, namer: Namer, dice: Dice) -> Artist:
    scene = _scene(place, dice)
    kind = SCENES[scene]
    return Artist(
        id=3_000 + place * 17 + dice.between(0, 16),
        name=namer.person() if studio else namer.band(),
        scene=scene,
        second=kind.near if dice.chance(0.2) else None,
        fame=(1 + place % 60) ** -0.9 * (0.5 + dice.number()),
        first_year=dice.between(kind.years[0], kind.years[1] - 5),
        styles=tuple(dice.several(kind.styles, 2)),
        studio=studio,
    )


def make_labels(seed: int, count: int) -> tuple[Label, ...]:
    """`count` labels, each at home in one scene or two."""
    namer, dice = Namer(seed, "label names"), Dice(seed, "labels")
    return tuple(_label(place, namer, dice) for place in range(count))


def _label(place: int, namer: Namer, dice: Dice) -> Label:
    scene = _scene(place, dice)
    name = namer.label()
    code = "".join(char for char in name if char.isascii() and char.isalpha())[: dice.between(2, 4)].upper()
    return Label(
        id=500 + place * 23 + dice.between(0, 22),
        name=name,
        code=code,
        scenes=(scene, SCENES[scene].near) if dice.chance(0.3) else (scene,),
        fame=(1 + place % 20) ** -0.7,
    )


def _scene(place: int, dice: Dice) -> int:
    """Each scene gets somebody first, the rest go by the scenes' weights."""
    if place < len(SCENES):
        return place
    return dice.weighted(SCENE_ODDS)
