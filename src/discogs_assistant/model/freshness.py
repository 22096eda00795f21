"""The clock of Discogs' terms: how old prices, listings and pictures may be when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TERMS_AGE = timedelta(hours=6)
"""Discogs' API terms of use: restricted data is shown for at most six hours."""

ORDERS_COUNT_FOR = timedelta(days=90)
"""How old an own order may be for its parcel to say what another one costs."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Restricted data is shown up to an age of `max_age`, that age included."""

    max_age: timedelta = TERMS_AGE

    @property
    def exceeds_terms(self) -> bool:
        """True where data is shown for longer than Discogs' terms allow."""
        return self.max_age > TERMS_AGE

    def since(self, now: datetime) -> datetime:
        """When data must have been reported at the earliest to be shown at `now`."""
        return now - self.max_age

    def ends(self, reported_at: datetime) -> datetime:
        """The last moment at which data that was reported then is shown."""
        return reported_at + self.max_age
