"""Parcels that the made-up collectors have bought, at what their sellers charge for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from discogs_sandbox.world.collectors import END
from discogs_sandbox.world.entities import Account, Listing, Order, Release
from discogs_sandbox.world.prices import Price
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.sellers import offer

Shipping = Callable[[Account, str, Sequence[Listing]], Price | None]
"""What a seller charges for sending copies to a country in one parcel; None where nothing is sent there."""

_FIRST_COPY = 1_600_000_000
_MOST_ORDERS, _MOST_COPIES = 4, 6
_SELLERS_TRIED = 5


def make_orders(
    seed: int,
    buyers: Sequence[Account],
    sellers: Sequence[Account],
    owned: Callable[[Account], list[Release]],
    shipping: Shipping,
) -> dict[str, Order]:
    """By number: up to four orders of each collector, of records that they have; half of them are recent."""
    orders = [
        order
        for index, buyer in enumerate(buyers)
        for order in _orders_of(
            SeededRandom(seed, "orders", index), index, buyer, sellers, owned(buyer), shipping
        )
    ]
    return {order.number: order for order in orders}


def _orders_of(
    rng: SeededRandom,
    index: int,
    buyer: Account,
    sellers: Sequence[Account],
    owned: Sequence[Release],
    shipping: Shipping,
) -> Iterator[Order]:
    for count in range(index * _MOST_ORDERS, index * _MOST_ORDERS + rng.between(1, _MOST_ORDERS)):
        bought = rng.sample(owned, rng.between(1, _MOST_COPIES))
        days = rng.between(3, 80 if rng.chance(0.5) else 700)
        created = END - timedelta(days=days, seconds=rng.between(0, 86_399))
        for seller in rng.sample(sellers, _SELLERS_TRIED):
            copies = tuple(
                replace(
                    offer(_FIRST_COPY + _MOST_COPIES * count + place, seller, release, rng), status="Sold"
                )
                for place, release in enumerate(bought)
            )
            price = shipping(seller, buyer.country, copies)
            if price is not None:
                yield Order(f"{seller.id}-{count + 1}", buyer.name, seller.name, copies, price, created)
                break
