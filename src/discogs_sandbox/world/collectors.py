"""The made-up world's collectors, with the copies and wants that follow from their tastes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world.entities import Account, Item, Release, Want
from discogs_sandbox.world.grades import GRADES
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENE_ODDS, SCENES
from discogs_sandbox.world.seeded_random import Odds, SeededRandom
from discogs_sandbox.world.tastes import TasteMap

END = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""The world's time before any change."""

_COUNTRIES: tuple[tuple[str, str], ...] = (
    ("United States", "USD"), ("Germany", "EUR"), ("United Kingdom", "GBP"),
    ("France", "EUR"), ("Canada", "CAD"), ("Japan", "JPY"), ("Australia", "AUD"),
)  # fmt: skip
_FOLDERS = ("Jazz shelf", "7 inch", "To sell", "Loaned", "Новые")
_NOTES = ("Bought in Berlin", "gift", "needs cleaning & a new sleeve", "signed")
_WANTS_SEVERAL = 0.2
_MOST_OTHERS = 6
_MEDIA = GRADES[4:]
_SLEEVES = GRADES[3:]


def make_collectors(seed: int, count: int, tastes: TasteMap) -> list[Account]:
    """`count` accounts; the first is public and of medium size, some of the others are private."""
    namer = Namer(seed, "user names")
    return [_collector(seed, index, namer.user(), tastes) for index in range(count)]


def _collector(seed: int, index: int, name: str, tastes: TasteMap) -> Account:
    rng = SeededRandom(seed, "collector", index)
    mix = _mixture(rng)
    country, currency = rng.pick(_COUNTRIES)
    folders = tuple(enumerate(rng.sample(_FOLDERS, rng.between(0, 3)), start=4_000_000 + index * 10))
    account = Account(
        id=70_000 + index * 7,
        name=name,
        country=country,
        currency=currency,
        registered=END - timedelta(days=rng.between(4000, 7000)),
        folders=((0, "All"), (1, "Uncategorized"), *folders),
        private_collection=index > 0 and rng.chance(0.05),
        private_wantlist=index > 0 and rng.chance(0.05),
    )
    owned, wanted = _sizes(index, len(tastes.works), rng)
    weights = tastes.weights(mix, rng)
    drawn = rng.weighted_sample(weights, owned + wanted)
    account.items = _items(index, drawn[:owned], account, tastes, rng)
    account.wants = _wants(drawn[owned:], wanted, tastes, rng)
    return account


def _mixture(rng: SeededRandom) -> NDArray[np.float64]:
    """One to three scenes; the first has the largest share, the second is often a related one."""
    first = rng.weighted(SCENE_ODDS)
    mix = np.zeros(len(SCENES))
    mix[first] = 1.0
    if rng.chance(0.7):
        mix[SCENES[first].near if rng.chance(0.6) else rng.between(0, len(SCENES) - 1)] += 0.5
    if rng.chance(0.35):
        mix[rng.between(0, len(SCENES) - 1)] += 0.3
    return np.asarray(mix / mix.sum())


def _sizes(index: int, works: int, rng: SeededRandom) -> tuple[int, int]:
    """20 to 400 copies, 5 to 80 wants; less where the world is small."""
    owned = 140 if index == 0 else min(400, 20 + int(90 * abs(rng.normal())) + rng.between(0, 60))
    wanted = 40 if index == 0 else min(80, 5 + int(28 * abs(rng.normal())))
    return min(owned, works // 3), min(wanted, works // 6)


def _items(
    index: int, drawn: list[int], account: Account, tastes: TasteMap, rng: SeededRandom
) -> tuple[Item, ...]:
    vinyl = rng.chance(0.7)
    chosen = []
    for work in rng.sample(drawn, len(drawn)):
        release = _pressing(tastes.pressings[work], vinyl, rng)
        chosen.append(release)
        if rng.chance(0.03):
            duplicate = release if rng.chance(0.5) else _pressing(tastes.pressings[work], vinyl, rng)
            chosen.append(duplicate)
    dates = _dates(len(chosen), rng)
    return tuple(
        _item(900_000_000 + index * 10_000 + number * 3, release, when, account, rng)
        for number, (release, when) in enumerate(zip(chosen, dates, strict=True))
    )


def _item(instance: int, release: Release, when: datetime, account: Account, rng: SeededRandom) -> Item:
    graded = rng.chance(0.6)
    return Item(
        instance=instance,
        release=release.id,
        folder=rng.pick(account.folders[1:])[0],
        rating=rng.between(3, 5) if rng.chance(0.25) else 0,
        added=when,
        media=rng.pick(_MEDIA) if graded else None,
        sleeve=rng.pick(_SLEEVES) if graded and rng.chance(0.9) else None,
        notes=rng.pick(_NOTES) if rng.chance(0.08) else "",
    )


def _wants(drawn: list[int], count: int, tastes: TasteMap, rng: SeededRandom) -> tuple[Want, ...]:
    """`count` releases of the works drawn, several of one work where it has more than one."""
    chosen: dict[int, None] = {}
    for work in drawn:
        chosen |= dict.fromkeys(release.id for release in _wanted(tastes.pressings[work], rng))
    chosen = dict.fromkeys(list(chosen)[:count])
    dates = _dates(len(chosen), rng)
    notes = ("only with insert", "any pressing & any grade", "")
    return tuple(
        Want(release, rng.between(1, 5) if rng.chance(0.1) else 0, when, rng.pick(notes))
        for release, when in zip(chosen, dates, strict=True)
    )


def _wanted(pressings: list[Release], rng: SeededRandom) -> list[Release]:
    """One pressing of a work; some collectors add all that would do, since a want is of one pressing."""
    first = _pressing(pressings, True, rng)
    if len(pressings) == 1 or not rng.chance(_WANTS_SEVERAL):
        return [first]
    others = [release for release in pressings if release is not first]
    return [first, *rng.sample(others, rng.between(1, _MOST_OTHERS))]


def _pressing(pressings: list[Release], vinyl: bool, rng: SeededRandom) -> Release:
    if len(pressings) == 1:
        return pressings[0]
    return rng.weighted(Odds((r, r.share * (3.0 if r.vinyl is vinyl else 1.0)) for r in pressings))


def _dates(count: int, rng: SeededRandom) -> list[datetime]:
    """Ascending over ten years; one of 20 falls into the same second as the one before."""
    offsets = sorted(rng.between(60, 10 * 365 * 86_400) for _ in range(count))
    for index in range(1, count):
        if rng.chance(0.05):
            offsets[index] = offsets[index - 1]
    return sorted(END - timedelta(seconds=offset) for offset in offsets)
