"""How much the score of a recommendation falls that was shown on many days and never picked up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import Release

FREE_DAYS = 3
STEP = 0.02
MOST = 0.2


def decay_factor(days: int) -> float:
    """What a score is multiplied by: from the fourth day on 2 % less a day, never less than 80 %."""
    return 1.0 - min(MOST, STEP * max(0, days - FREE_DAYS))


def exposure_decay(releases: Iterable[Release], passed_over: Mapping[ReleaseId, int]) -> dict[int, float]:
    """The factor of each item (Release.item_key) of which a pressing was passed over on so many days."""
    factors: dict[int, float] = {}
    for release in releases:
        if release.id in passed_over:
            factor = decay_factor(passed_over[release.id])
            factors[release.item_key] = min(factor, factors.get(release.item_key, 1.0))
    return factors
