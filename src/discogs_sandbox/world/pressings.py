"""The made-up world's pressings: formats, countries, catalogue numbers, and the masters above them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from discogs_sandbox.world.entities import Format, Label, Master, Release, Work
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import Dice, Odds
from discogs_sandbox.world.works import LAST_YEAR

_COUNTRIES = Odds((
    ("US", 5), ("UK", 4), ("Germany", 3), ("France", 1.5), ("Netherlands", 1.2), ("Japan", 1.5),
    ("Italy", 1), ("Europe", 2), ("Canada", 1), ("Australia", 0.6), ("Sweden", 0.6), ("Brazil", 0.8),
))  # fmt: skip
_GRAMS = {"LP": 230, '12"': 180, '7"': 60, '10"': 140}
_SIZES = Odds((("LP", 6.0), ('12"', 2.0), ('7"', 1.5), ('10"', 0.3)))
_COLOURS = ("Green", "Clear, Gatefold", "Black", "Red Marbled", "180 g", "OBI")
_SINGLE_SHARE = 0.09
_STEP = 37


@dataclass(frozen=True, slots=True)
class Pressings:
    """All releases and masters, by id."""

    releases: dict[int, Release]
    masters: dict[int, Master]


class PressingMaker:
    """Presses works: one main pressing each, and more of the famous ones."""

    def __init__(self, seed: int, labels: tuple[Label, ...]) -> None:
        self._dice = Dice(seed, "pressings")
        self._labels = labels

    def make(self, works: tuple[Work, ...], releases: int, masters: int) -> Pressings:
        """`releases` pressings; the first `masters` works have a master, the others one pressing only."""
        plan = list(range(len(works)))
        fame = np.array([work.fame for work in works[:masters]])
        plan += self._dice.draw_again(fame**0.8, releases - len(works))
        made: dict[int, Release] = {}
        pressed: dict[int, list[int]] = {}
        for number, place in enumerate(plan):
            identifier = 1_000_000 + number * _STEP + self._dice.between(0, _STEP - 1)
            made[identifier] = self._press(identifier, place, works[place], place < masters, place in pressed)
            pressed.setdefault(place, []).append(identifier)
        tops = {
            _master_id(place): Master(_master_id(place), place, tuple(pressed[place]))
            for place in range(masters)
        }
        return Pressings(made, tops)

    def _press(self, identifier: int, place: int, work: Work, has_master: bool, again: bool) -> Release:
        dice = self._dice
        formats = self._formats(work, again)
        year = work.year if not again or not work.year else min(LAST_YEAR, work.year + dice.between(0, 30))
        share = (0.25 if again else 1.0) * (0.3 + dice.number())
        have = max(1, round(900 * work.fame * share * (0.4 + dice.number())))
        rarity = math.exp(dice.normal(-0.6, 0.9))
        return Release(
            id=identifier,
            work=place,
            master=_master_id(place) if has_master else None,
            labels=self._label_lines(work),
            formats=formats,
            country=dice.weighted(_COUNTRIES),
            year=year,
            barcode=f"{dice.between(10**11, 10**12 - 1)}" if year > 1984 and dice.chance(0.7) else "",
            grams=_grams(formats),
            share=share,
            has_image=dice.chance(0.95),
            blocked=dice.chance(0.002),
            have=have,
            want=round(have * rarity),
            worth=_worth(formats, rarity, dice),
        )

    def _label_lines(self, work: Work) -> tuple[tuple[Label, str], ...]:
        dice = self._dice
        number = "none" if dice.chance(0.03) else f"{work.label.code} {dice.between(1, 999):03d}"
        lines = [(work.label, number)]
        if dice.chance(0.05):
            lines.append((work.label, number.replace(" ", "")))
        if dice.chance(0.06):
            lines.append((dice.pick(self._labels), f"X-{dice.between(100, 9999)}"))
        return tuple(lines)

    def _formats(self, work: Work, again: bool) -> tuple[Format, ...]:
        dice = self._dice
        text = dice.pick(_COLOURS) if dice.chance(0.15) else ""
        if not dice.chance(SCENES[work.scene].vinyl):
            name = "CD" if work.year == 0 or work.year > 1983 else "Cassette"
            words = ("Album", *(("Reissue", "Remastered") if again else ())) if dice.chance(0.9) else ()
            return (Format(name, 2 if dice.chance(0.08) else 1, words, text),)
        size = dice.weighted(_SIZES)
        words = (size, *_kind(size, dice), *(("Reissue",) if again else ()))
        if dice.chance(0.1):
            words = (*words, "Limited Edition")
        vinyl = Format("Vinyl", 2 if size == "LP" and dice.chance(0.2) else 1, words, text)
        bonus = (Format("CD", 1, ("Album",), ""),) if dice.chance(0.02) else ()
        return (vinyl, *bonus)


def _kind(size: str, dice: Dice) -> tuple[str, ...]:
    if size == "LP":
        return ("Album", "Stereo") if dice.chance(0.3) else ("Album",)
    if size == '7"':
        return ("45 RPM", "Single")
    return ("33 ⅓ RPM", "EP") if dice.chance(0.5) else ("45 RPM", "Single")


def _grams(formats: tuple[Format, ...]) -> int:
    return sum(_GRAMS.get((f.descriptions or ("",))[0], 100) * f.quantity for f in formats)


def _worth(formats: tuple[Format, ...], rarity: float, dice: Dice) -> float:
    """What a very good plus copy costs in dollars: log-normal, dearer where many want it."""
    floor = {"Vinyl": 14.0, "CD": 7.0, "Cassette": 8.0}[formats[0].name]
    size = 0.5 if '7"' in formats[0].descriptions else 1.0
    return float(floor * size * formats[0].quantity ** 0.6 * rarity**0.45 * math.exp(dice.normal(0, 0.55)))


def masterless(releases: int) -> int:
    """How many of `releases` have no master."""
    return round(releases * _SINGLE_SHARE)


def _master_id(place: int) -> int:
    return 200_000 + place * 11
