"""How sure an answer of the cart engines is."""

from __future__ import annotations

from enum import StrEnum
from math import ceil


class Proof(StrEnum):
    """Proven best, within a stated gap of the best, or good without a statement."""

    OPTIMAL = "optimal"
    WITHIN = "within"
    HEURISTIC = "heuristic"


def percent(gap: float) -> str:
    """A gap in words: in hundredths of a percent, rounded up, so that it is never reported too small."""
    return f"{ceil(10_000 * gap) / 10_000:.2%}"
