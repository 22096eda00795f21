"""What may go into a cart, and what is known about its price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.money import Money

MICRO = 1_000_000
"""Scores are integers of a millionth inside the engines."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that may go into a cart: `score_micro` in millionths.

    Releases of one `group` exclude each other; `origin` is "wanted" or "recommended"; `reason` a sentence
    for the person.
    """

    release_id: ReleaseId
    score_micro: int
    origin: str
    group: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """The known prices of a release, in the budget's currency."""

    lowest: Money | None
    median: Money | None
    copies: int

    def ratio(self, price: Money) -> Decimal | None:
        """`price` over the lowest known, to two decimals."""
        if self.lowest is None or self.lowest.minor == 0:
            return None
        return (Decimal(price.minor) / self.lowest.minor).quantize(Decimal("0.01"))
