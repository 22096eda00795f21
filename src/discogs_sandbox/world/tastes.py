"""The made-up world's collectors: mixed tastes, and the copies and wants that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world.entities import Account, Item, Release, Want, Work
from discogs_sandbox.world.grades import GRADES
from discogs_sandbox.world.names import Namer
from discogs_sandbox.world.scenes import SCENE_ODDS, SCENES
from discogs_sandbox.world.seeded_random import Dice, Odds

END = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""The world's last moment before anybody changes it."""

HOMES: tuple[tuple[str, str], ...] = (
    ("United States", "USD"), ("Germany", "EUR"), ("United Kingdom", "GBP"),
    ("France", "EUR"), ("Canada", "CAD"), ("Japan", "JPY"), ("Australia", "AUD"),
)  # fmt: skip
_FOLDERS = ("Jazz shelf", "7 inch", "To sell", "Loaned", "Новые")
_NOTES = ("Bought in Berlin", "gift", "needs cleaning & a new sleeve", "signed")
_MEDIA = GRADES[4:]
_SLEEVES = GRADES[3:]
_FAVOURITE = 4.0
_HOME_LABEL = 2.5


class TasteMap:
    """The works as the collectors' tastes see them: scenes, artists, labels, years, fame."""

    def __init__(self, works: Sequence[Work], releases: Sequence[Release]) -> None:
        self.works = works
        self.scenes = _scene_matrix(works)
        self.fame = np.array([work.fame for work in works]) ** 0.75
        self.years = np.array([work.year or 1990 for work in works], dtype=np.float64)
        self._by_artist = _places(works, lambda work: [c.artist.id for c in (*work.artists, *work.credits)])
        self._by_label = _places(works, lambda work: [work.label.id])
        self.pressings = _pressings(works, releases)
        self.sellable = _pressings(works, [release for release in releases if not release.blocked])

    def weights(self, mix: NDArray[np.float64], dice: Dice) -> NDArray[np.float64]:
        """How much a new collector with this mixture of scenes wants each work, shape (works,)."""
        drawn = self.fame * (self.scenes @ mix) * self._era(dice)
        weights = drawn + 0.12 * self.fame
        places = dict.fromkeys(dice.draw_again(drawn, dice.between(5, 16)))
        leaders = [self.works[place] for place in places]
        for work in leaders:
            weights[self._by_artist[work.artists[0].artist.id]] *= _FAVOURITE
            if dice.chance(0.35):
                weights[self._by_label[work.label.id]] *= _HOME_LABEL
        return weights

    def _era(self, dice: Dice) -> NDArray[np.float64]:
        centre = dice.between(1965, 2020)
        return np.asarray(0.3 + np.exp(-(((self.years - centre) / 16.0) ** 2)))


def make_collectors(seed: int, count: int, tastes: TasteMap) -> list[Account]:
    """`count` accounts; the first is public and of middling size, some of the others are private."""
    namer = Namer(seed, "user names")
    return [_collector(seed, place, namer.user(), tastes) for place in range(count)]


def _collector(seed: int, place: int, name: str, tastes: TasteMap) -> Account:
    dice = Dice(seed, "collector", place)
    mix = _mixture(dice)
    country, currency = dice.pick(HOMES)
    folders = tuple(enumerate(dice.several(_FOLDERS, dice.between(0, 3)), start=4_000_000 + place * 10))
    account = Account(
        id=70_000 + place * 7,
        name=name,
        country=country,
        currency=currency,
        registered=END - timedelta(days=dice.between(4000, 7000)),
        folders=((0, "All"), (1, "Uncategorized"), *folders),
        private_collection=place > 0 and dice.chance(0.05),
        private_wantlist=place > 0 and dice.chance(0.05),
    )
    owned, wanted = _sizes(place, len(tastes.works), dice)
    weights = tastes.weights(mix, dice)
    drawn = dice.draw(weights, owned + wanted)
    account.items = _items(place, drawn[:owned], account, tastes, dice)
    account.wants = _wants(drawn[owned:], tastes, dice)
    return account


def _mixture(dice: Dice) -> NDArray[np.float64]:
    """One to three scenes, the first of them loudest, the second often next door."""
    first = dice.weighted(SCENE_ODDS)
    mix = np.zeros(len(SCENES))
    mix[first] = 1.0
    if dice.chance(0.7):
        mix[SCENES[first].near if dice.chance(0.6) else dice.between(0, len(SCENES) - 1)] += 0.5
    if dice.chance(0.35):
        mix[dice.between(0, len(SCENES) - 1)] += 0.3
    return np.asarray(mix / mix.sum())


def _sizes(place: int, works: int, dice: Dice) -> tuple[int, int]:
    """20 to 400 copies, 5 to 80 wants; less where the world is small."""
    owned = 140 if place == 0 else min(400, 20 + int(90 * abs(dice.normal())) + dice.between(0, 60))
    wanted = 40 if place == 0 else min(80, 5 + int(28 * abs(dice.normal())))
    return min(owned, works // 3), min(wanted, works // 6)


def _items(place: int, drawn: list[int], account: Account, tastes: TasteMap, dice: Dice) -> tuple[Item, ...]:
    vinyl = dice.chance(0.7)
    chosen = []
    for work in dice.several(drawn, len(drawn)):
        release = _pressing(tastes.pressings[work], vinyl, dice)
        chosen.append(release)
        if dice.chance(0.03):
            twin = release if dice.chance(0.5) else _pressing(tastes.pressings[work], vinyl, dice)
            chosen.append(twin)
    dates = _dates(len(chosen), dice)
    return tuple(
        _item(900_000_000 + place * 10_000 + number * 3, release, when, account, dice)
        for number, (release, when) in enumerate(zip(chosen, dates, strict=True))
    )


def _item(instance: int, release: Release, when: datetime, account: Account, dice: Dice) -> Item:
    graded = dice.chance(0.6)
    return Item(
        instance=instance,
        release=release.id,
        folder=dice.pick(account.folders[1:])[0],
        rating=dice.between(3, 5) if dice.chance(0.25) else 0,
        added=when,
        media=dice.pick(_MEDIA) if graded else None,
        sleeve=dice.pick(_SLEEVES) if graded and dice.chance(0.9) else None,
        notes=dice.pick(_NOTES) if dice.chance(0.08) else "",
    )


def _wants(drawn: list[int], tastes: TasteMap, dice: Dice) -> tuple[Want, ...]:
    chosen = {_pressing(tastes.pressings[work], True, dice).id: None for work in drawn}
    dates = _dates(len(chosen), dice)
    notes = ("only with insert", "any pressing & any grade", "")
    return tuple(
        Want(release, dice.between(1, 5) if dice.chance(0.1) else 0, when, dice.pick(notes))
        for release, when in zip(chosen, dates, strict=True)
    )


def _pressing(pressings: list[Release], vinyl: bool, dice: Dice) -> Release:
    if len(pressings) == 1:
        return pressings[0]
    return dice.weighted(Odds((r, r.share * (3.0 if r.vinyl is vinyl else 1.0)) for r in pressings))


def _dates(count: int, dice: Dice) -> list[datetime]:
    """Ascending over ten years; one of 20 falls into the same second as the one before."""
    offsets = sorted(dice.between(60, 10 * 365 * 86_400) for _ in range(count))
    for place in range(1, count):
        if dice.chance(0.05):
            offsets[place] = offsets[place - 1]
    return sorted(END - timedelta(seconds=offset) for offset in offsets)


def _scene_matrix(works: Sequence[Work]) -> NDArray[np.float64]:
    matrix = np.full((len(works), len(SCENES)), 0.01)
    for place, work in enumerate(works):
        matrix[place, work.scene] = 1.0
        matrix[place, SCENES[work.scene].near] += 0.1
    return matrix


def _places(works: Sequence[Work], keys: Callable[[Work], list[int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, work in enumerate(works):
        for key in dict.fromkeys(keys(work)):
            found.setdefault(key, []).append(place)
    return found


def _pressings(works: Sequence[Work], releases: Sequence[Release]) -> list[list[Release]]:
    found: list[list[Release]] = [[] for _ in works]
    for release in releases:
        found[release.work].append(release)
    return found
