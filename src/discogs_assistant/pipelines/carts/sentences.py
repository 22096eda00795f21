"""The sentences on a cart's card: why it is here, and what customs may add."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from discogs_assistant.engine.carts.best_carts import FoundCart
from discogs_assistant.model.country import country_name, customs_area
from discogs_assistant.model.money import Currency, Money

NAMED_WHY = {
    "best_score": "The best of all carts: many records, and those that you would love most.",
    "most_records": "The most records for your budget.",
    "cheapest": "The lowest price per record.",
    "best_quality": "The best condition.",
    "best_bargains": "The most saved, beside what its records usually cost.",
    "closest_to_home": "The best cart from your own country.",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A cart's place in its list, of which the best is worth `best_micro`; `rivals` are the others in it.

    `why` stands in for a sentence that compares it.
    """

    rank: int | None
    best_micro: int
    rivals: str
    why: str | None = None


def why_sentence(cart: FoundCart, wanted: int, currency: Currency, place: Comparison) -> str:
    """What is in the cart, and how it compares with the best of the list."""
    count = len(cart.rows)
    cost = (
        f"{_records(count)} ({_shares(wanted, count - wanted)}) for {Money(cart.merchandise_minor, currency)}"
    )
    if cart.shipping_minor:
        cost += f" and {Money(cart.shipping_minor, currency)} shipping"
    if place.rank == 1:
        return f"{cost}: worth more than the cart of {place.rivals}."
    if place.best_micro == 0:
        return f"{cost}."
    return f"{cost}; worth {100 * cart.objective_micro // place.best_micro} % of the best cart."


def estimated_weight_sentence(grams: int, below: int | None, above: int | None, currency: Currency) -> str:
    """What a parcel of other weights would cost, where its own is estimated; begins with a blank."""
    costs = [
        f"one range {word} {Money(minor, currency)}"
        for word, minor in (("lighter", below), ("heavier", above))
        if minor is not None
    ]
    beside = f"; a parcel would cost {' and '.join(costs)}" if costs else ""
    return f" The weight is estimated: {grams:,} g of records{beside}."


def customs_sentence(countries: Iterable[str | None], destination: str | None) -> str | None:
    """A warning where a parcel crosses a customs border on its way to `destination`."""
    if destination is None:
        return None
    abroad = sorted({c for c in countries if c and customs_area(c) != customs_area(destination)})
    if not abroad:
        return None
    where = " and ".join(country_name(code) for code in abroad)
    return (
        f"It is sent from {where} to {country_name(destination)}, across a customs border: "
        "VAT, duty and a handling fee may come on top."
    )


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _shares(wanted: int, recommended: int) -> str:
    parts = [f"{wanted} wanted"] if wanted else []
    return ", ".join(parts + ([f"{recommended} recommended"] if recommended else []))
