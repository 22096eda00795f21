"""What a tariff says of a parcel, as one number."""

from __future__ import annotations

from discogs_assistant.engine.shipping.tariffs import ParcelSize, Tariff


def shipping(tariff: Tariff, *, items: int = 0, grams: int = 0, worth: int = 0) -> int | None:
    """Minor units of the budget's currency; None where no method carries the parcel."""
    quote = tariff.quote(ParcelSize(items, grams, worth))
    return None if quote is None else quote.minor
