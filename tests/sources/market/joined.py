"""The batches of a file as one, as most tests look at them."""

from __future__ import annotations

from collections.abc import Iterable

from discogs_assistant.model.market import MarketBatch


def joined(batches: Iterable[MarketBatch]) -> MarketBatch:
    """The batches' copies, sellers and problems together."""
    found = list(batches)
    return MarketBatch(
        tuple(one for batch in found for one in batch.listings),
        tuple(one for batch in found for one in batch.sellers),
        tuple(one for batch in found for one in batch.problems),
    )
