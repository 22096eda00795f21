"""By what weights each collector of a made-up world drew their records: what an oracle knows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from discogs_sandbox.world.collectors import make_collectors
from discogs_sandbox.world.entities import Release, Work
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.tastes import TasteMap
from discogs_sandbox.world.world import World


@dataclass(frozen=True)
class DrawnTaste:
    """`weights`: (works,) how much a collector wants each; `guessed`: the same where no work's fame is known.

    Its artist's fame is, about which a work's own is spread by chance (`sandbox/works.py`).
    """

    weights: NDArray[np.float64]
    guessed: NDArray[np.float64]

    def ranked(self, work_of: Mapping[int, int], given: Collection[int], *, fame_known: bool) -> list[int]:
        """The items of `work_of` that are not `given`, those first that the collector wants most."""
        worth = self.weights if fame_known else self.guessed
        offered = [item for item in sorted(work_of) if item not in given]
        return sorted(offered, key=lambda item: -worth[work_of[item]])


def drawn_tastes(world: World) -> Sequence[DrawnTaste]:
    """Of all collectors of `World.generate`, in their order."""
    remembered = _Remembering(world.works, list(world.releases.values()))
    make_collectors(world.seed, len(world.collectors), remembered)
    artists = np.array([work.artists[0].artist.fame for work in world.works])
    # works.py: a work's fame is that much times a lognormal number; tastes.py takes its power 3/4.
    likely = (0.2 + artists) ** 0.75
    return [DrawnTaste(drawn, drawn / remembered.fame * likely) for drawn in remembered.drawn]


class _Remembering(TasteMap):
    def __init__(self, works: Sequence[Work], releases: Sequence[Release]) -> None:
        super().__init__(works, releases)
        self.drawn: list[NDArray[np.float64]] = []

    def weights(self, mix: NDArray[np.float64], rng: SeededRandom) -> NDArray[np.float64]:
        """See `TasteMap`."""
        found = super().weights(mix, rng)
        self.drawn.append(found)
        return found
