"""Hours that pass in the made-up world: the seed decides which copies are sold, listed and repriced."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from discogs_sandbox.world.prices import Price, decimals
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.sellers import stock
from discogs_sandbox.world.world import World

MOST_HOURS = 1000
_SOLD, _WITHDRAWN, _REPRICED, _LISTED = 0.004, 0.0005, 0.006, 0.0045
"""Shares of the copies for sale to which it happens within an hour; in seven about a tenth changes."""
_CHEAPER = 0.75


@dataclass(frozen=True, slots=True)
class Changes:
    """How many copies were sold, withdrawn, repriced and listed."""

    sold: int = 0
    withdrawn: int = 0
    repriced: int = 0
    listed: int = 0


def pass_hours(world: World, hours: int) -> Changes:
    """Move the world's time on, hour by hour: seven times one hour are the same as seven hours.

    `ValueError` for less than none or more than `MOST_HOURS`.
    """
    if not 0 <= hours <= MOST_HOURS:
        raise ValueError(f"hours must be from 0 to {MOST_HOURS}.")
    passed = Changes()
    for _ in range(hours):
        more = _pass_hour(world)
        passed = Changes(
            sold=passed.sold + more.sold,
            withdrawn=passed.withdrawn + more.withdrawn,
            repriced=passed.repriced + more.repriced,
            listed=passed.listed + more.listed,
        )
    return passed


def _pass_hour(world: World) -> Changes:
    world.hours += 1
    end = world.now + timedelta(hours=1)
    rng = SeededRandom(world.seed, "hour", world.hours)
    for_sale = [listing for listing in world.listings.values() if listing.status == "For Sale"]
    sold, withdrawn, repriced, listed = (
        int(len(for_sale) * share + rng.number()) for share in (_SOLD, _WITHDRAWN, _REPRICED, _LISTED)
    )
    met = rng.sample(for_sale, sold + withdrawn + repriced)
    sellers = [rng.pick(for_sale).seller for _ in range(listed)]
    for listing in met[:sold]:
        world.sell(listing.id)
    for listing in met[sold : sold + withdrawn]:
        world.withdraw(listing.id)
    for listing in met[sold + withdrawn :]:
        world.change_price(listing.id, _other_price(listing.price, rng))
    for seller, count in Counter(sellers).items():
        _list(world, seller, count, end, rng)
    # Each change has moved the time by a second; all of them lie within the hour.
    world.now = end
    return Changes(
        sold=len(met[:sold]),
        withdrawn=len(met[sold : sold + withdrawn]),
        repriced=len(met[sold + withdrawn :]),
        listed=listed,
    )


def _list(world: World, name: str, count: int, end: datetime, rng: SeededRandom) -> None:
    """The seller lists so many copies within the hour before `end`."""
    seller = world.accounts[name]
    for listing in stock(rng, seller, count, world.tastes, first_id=0):
        posted = end - timedelta(seconds=rng.between(0, 3599))
        world.add_listing(replace(listing, id=world.next_listing_id(), posted=posted))


def _other_price(price: Price, rng: SeededRandom) -> Decimal:
    """Mostly up to a fifth less, sometimes a fifth more."""
    change = rng.between(1, 20) * (-1 if rng.chance(_CHEAPER) else 1)
    step = Decimal(1).scaleb(-decimals(price.currency))
    return max(step, (price.amount * (100 + change) / 100).quantize(step))
