"""Price floors: the lowest price of a release, without the seller who asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from discogs_assistant.model.market import Coverage, MarketBatch, ReleaseRequest
from discogs_assistant.sources.discogs.client import ClientOf

MOST_FLOORS = 60
"""A floor says what a record costs, not who sells it: worth few requests beside an inventory page of 100."""


@dataclass(frozen=True, slots=True)
class PriceFloors:
    """The price floor of any release, in one request each."""

    client_of: ClientOf
    answers: ClassVar[type[ReleaseRequest]] = ReleaseRequest

    def covers(self, request: ReleaseRequest) -> Coverage | None:
        """Every release."""
        return Coverage(
            "price floors",
            len(request.releases),
            "Some price floors are missing.",
            request.releases,
            copies=False,
            most=MOST_FLOORS,
        )

    def read(self, request: ReleaseRequest) -> Iterator[MarketBatch]:
        """A batch for each release."""
        client = self.client_of(request.owner, request.run)
        for release in request.releases:
            yield MarketBatch((), (), floors=(client.stats(release, request.currency),))
