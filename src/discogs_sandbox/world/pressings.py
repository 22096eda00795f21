"""The made-up world's pressings: formats, countries, catalogue numbers, and their masters."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world.entities import Format, Label, Master, Release, Work
from discogs_sandbox.world.scenes import SCENES
from discogs_sandbox.world.seeded_random import Odds, SeededRandom
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
_MOST_PRESSINGS = 40
_MOST_SHARE = 12
"""The most famous master has at most one of so many reissues, so that small worlds keep their variety."""


@dataclass(frozen=True, slots=True)
class Pressings:
    """All releases and masters, by id."""

    releases: dict[int, Release]
    masters: dict[int, Master]


class PressingMaker:
    """Makes one main pressing of each work, and more of the famous ones."""

    def __init__(self, seed: int, labels: tuple[Label, ...]) -> None:
        self._rng = SeededRandom(seed, "pressings")
        self._labels = labels

    def make(self, works: tuple[Work, ...], releases: int, masters: int) -> Pressings:
        """`releases` pressings; the first `masters` works have a master, the others one pressing only."""
        plan = list(range(len(works)))
        fame = np.array([work.fame for work in works[:masters]])
        reissues = reissue_counts(fame, releases - len(works), self._rng)
        plan += self._rng.shuffled([index for index, count in enumerate(reissues) for _ in range(count)])
        releases_by_id: dict[int, Release] = {}
        pressed: dict[int, list[int]] = {}
        for number, index in enumerate(plan):
            identifier = 1_000_000 + number * _STEP + self._rng.between(0, _STEP - 1)
            releases_by_id[identifier] = self._press(
                identifier, index, works[index], index < masters, index in pressed
            )
            pressed.setdefault(index, []).append(identifier)
        masters_by_id = {
            _master_id(index): Master(_master_id(index), index, tuple(pressed[index]))
            for index in range(masters)
        }
        return Pressings(releases_by_id, masters_by_id)

    def _press(self, identifier: int, index: int, work: Work, has_master: bool, reissue: bool) -> Release:
        rng = self._rng
        formats = self._formats(work, reissue)
        year = work.year if not reissue or not work.year else min(LAST_YEAR, work.year + rng.between(0, 30))
        share = (0.25 if reissue else 1.0) * (0.3 + rng.number())
        have = max(1, round(900 * work.fame * share * (0.4 + rng.number())))
        rarity = math.exp(rng.normal(-0.6, 0.9))
        return Release(
            id=identifier,
            work=index,
            master=_master_id(index) if has_master else None,
            labels=self._label_credits(work),
            formats=formats,
            country=rng.weighted(_COUNTRIES),
            year=year,
            barcode=f"{rng.between(10**11, 10**12 - 1)}" if year > 1984 and rng.chance(0.7) else "",
            grams=_grams(formats),
            share=share,
            has_image=rng.chance(0.95),
            blocked=rng.chance(0.002),
            have=have,
            want=round(have * rarity),
            worth=_worth(formats, rarity, rng),
        )

    def _label_credits(self, work: Work) -> tuple[tuple[Label, str], ...]:
        rng = self._rng
        number = "none" if rng.chance(0.03) else f"{work.label.code} {rng.between(1, 999):03d}"
        credits = [(work.label, number)]
        if rng.chance(0.05):
            credits.append((work.label, number.replace(" ", "")))
        if rng.chance(0.06):
            credits.append((rng.pick(self._labels), f"X-{rng.between(100, 9999)}"))
        return tuple(credits)

    def _formats(self, work: Work, reissue: bool) -> tuple[Format, ...]:
        rng = self._rng
        text = rng.pick(_COLOURS) if rng.chance(0.15) else ""
        if not rng.chance(SCENES[work.scene].vinyl):
            name = "CD" if work.year == 0 or work.year > 1983 else "Cassette"
            words = ("Album", *(("Reissue", "Remastered") if reissue else ())) if rng.chance(0.9) else ()
            return (Format(name, 2 if rng.chance(0.08) else 1, words, text),)
        size = rng.weighted(_SIZES)
        words = (size, *_kind(size, rng), *(("Reissue",) if reissue else ()))
        if rng.chance(0.1):
            words = (*words, "Limited Edition")
        vinyl = Format("Vinyl", 2 if size == "LP" and rng.chance(0.2) else 1, words, text)
        bonus = (Format("CD", 1, ("Album",), ""),) if rng.chance(0.02) else ()
        return (vinyl, *bonus)


def reissue_counts(fame: NDArray[np.float64], total: int, rng: SeededRandom) -> list[int]:
    """How many further pressings each master has: a power law by rank of fame that adds up to `total`.

    The most famous master has 40 pressings in a world that is large enough, most have one to three.
    """
    if total <= 0:
        return [0] * len(fame)
    most = max(min(_MOST_PRESSINGS - 1, total // _MOST_SHARE), -(-total // len(fame)))
    ranks = np.empty(len(fame))
    ranks[np.argsort(-fame, kind="stable")] = np.arange(1, len(fame) + 1)
    expected = most * ranks ** -_exponent(len(fame), total / most)
    counts = np.floor(expected)
    parts = np.where(counts < most, expected - counts + 1e-9, 0.0)
    for index in rng.weighted_sample(parts, max(0, total - int(counts.sum()))):
        counts[index] += 1
    return [int(count) for count in counts]


def _exponent(ranks: int, total: float) -> float:
    """The exponent with which `ranks` powers, from 1 down, add up to `total`; found by bisection."""
    low, high = 0.0, 8.0
    places = np.arange(1, ranks + 1, dtype=np.float64)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if float((places**-middle).sum()) > total else (low, middle)
    return high


def _kind(size: str, rng: SeededRandom) -> tuple[str, ...]:
    if size == "LP":
        return ("Album", "Stereo") if rng.chance(0.3) else ("Album",)
    if size == '7"':
        return ("45 RPM", "Single")
    return ("33 ⅓ RPM", "EP") if rng.chance(0.5) else ("45 RPM", "Single")


def _grams(formats: tuple[Format, ...]) -> int:
    return sum(_GRAMS.get((f.descriptions or ("",))[0], 100) * f.quantity for f in formats)


def _worth(formats: tuple[Format, ...], rarity: float, rng: SeededRandom) -> float:
    """What a very good plus copy costs in dollars: log-normal, higher where many want it."""
    floor = {"Vinyl": 14.0, "CD": 7.0, "Cassette": 8.0}[formats[0].name]
    size = 0.5 if '7"' in formats[0].descriptions else 1.0
    return float(floor * size * formats[0].quantity ** 0.6 * rarity**0.45 * math.exp(rng.normal(0, 0.55)))


def count_without_master(releases: int) -> int:
    """How many of `releases` have no master."""
    return round(releases * _SINGLE_SHARE)


def _master_id(index: int) -> int:
    return 200_000 + index * 11
