"""The batches of a file as one, as most tests look at them."""

from __future__ import annotations

from collections.abc import Iterable

from discogs_assistant.model.market import MarketBatch


def joined(batches: Iterable[MarketBatch]) -> MarketBatch:
    """The batches' copies, sellers and problems together."""
    found = list(batches)
    return MarketBatch(
        tuple(listing for batch in found for listing in batch.listings),
        tuple(seller for batch in found for seller in batch.sellers),
        tuple(problem for batch in found for problem in batch.problems),
    )
