"""Copies for sale from the store as columns: what criteria are checked on, and what carts are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.eligibility import ListingColumns
from discogs_assistant.engine.shipping.estimates import usual_grams
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, RateTable
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.market.shipping_costs import SellerShipping
from discogs_assistant.pipelines.recommendations.eligible_listings import converted, ints, listing_columns
from discogs_assistant.store.market.listing_columns import MarketRow


def columns_of(
    rows: Sequence[MarketRow],
    known: Mapping[str, Seller],
    costs: Mapping[str, SellerShipping],
    rates: RateTable,
    grams: Ints,
) -> tuple[ListingColumns, Copies, Mask]:
    """For n rows: what criteria ask for, what carts are made of, and (n,) which prices could be converted.

    `known` and `costs` hold each row's seller, `grams` (n,) what each weighs. Score and group of the copies
    are 0, as are prices without a rate.
    """
    price, worth, priced = _prices(rows, costs, rates)
    listing = listing_columns(rows, known, price)
    copies = Copies(
        sellers=listing.sellers,
        listing=ints(row.id for row in rows),
        seller=listing.seller,
        release=ints(row.release_id for row in rows),
        group=np.zeros(len(rows), dtype=np.int64),
        price=price,
        worth=worth,
        score=np.zeros(len(rows), dtype=np.int64),
        grams=grams,
        quantity=ints(row.quantity for row in rows),
        media=listing.media,
        sleeve=listing.sleeve,
    )
    return listing, copies, priced


def _prices(
    rows: Sequence[MarketRow], costs: Mapping[str, SellerShipping], rates: RateTable
) -> tuple[Ints, Ints, Mask]:
    """Each price in the budget's currency and in that of its seller's policy; copies share most prices."""
    known: dict[tuple[int, str, Currency], tuple[int, int, bool]] = {}
    found = []
    for row in rows:
        key = (row.price_minor, row.currency, costs[row.seller].worth)
        if key not in known:
            known[key] = converted(*key, rates)
        found.append(known[key])
    table = np.array(found, dtype=np.int64).reshape(-1, 3)
    return table[:, 0].copy(), table[:, 1].copy(), table[:, 2].astype(bool)


def weights_of(
    rows: Sequence[MarketRow], releases: Mapping[ReleaseId, Release], item_grams: Mapping[str, int]
) -> tuple[Ints, Mask]:
    """(n,) what each copy weighs in grams: as its seller says, as Discogs says of its release, or as usual.

    The mask is False where it is only the usual weight of the format, by `item_grams`.
    """
    usual: dict[str | None, int] = {}
    grams = np.empty(len(rows), dtype=np.int64)
    reported = np.ones(len(rows), dtype=bool)
    for place, row in enumerate(rows):
        release = releases.get(ReleaseId(row.release_id))
        known = row.grams or (release.grams if release else None)
        if known is None and row.format not in usual:
            usual[row.format] = usual_grams(row.format, item_grams)
        grams[place] = known or usual[row.format]
        reported[place] = known is not None
    return grams, reported
