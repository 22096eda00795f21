"""The criteria of carts in words."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.web import formatting


def asked_words(criteria: CartCriteria) -> list[str]:
    """The criteria that were set, each in a few words."""
    listing, share, budget = criteria.listing, float(criteria.ratio), criteria.budget
    parts = [
        f"{_shortest(budget.decimal)} {budget.currency}",
        "wantlist only"
        if share == 1
        else "recommendations only"
        if share == 0
        else f"{formatting.percent(share)} wantlist",
        listing.min_media and f"record {listing.min_media.short} or better",
        listing.min_sleeve and f"sleeve {listing.min_sleeve.short} or better",
        listing.min_seller_rating is not None and f"rating from {_shortest(listing.min_seller_rating)} %",
        listing.min_seller_ratings and f"{listing.min_seller_ratings} ratings or more",
        criteria.min_items > 1 and f"{criteria.min_items} records or more",
        listing.max_price and f"up to {_shortest(listing.max_price.decimal)} {budget.currency} each",
        ", ".join(sorted(listing.formats)),
        listing.ships_from and _countries(listing.ships_from),
        listing.exclude_sellers and f"without {', '.join(sorted(listing.exclude_sellers))}",
        criteria.must and f"with {formatting.count(len(criteria.must), 'record')} that are required",
        criteria.exclude_releases and f"without {formatting.count(len(criteria.exclude_releases), 'record')}",
        criteria.any_pressing and "any pressing",
        criteria.new_artists and "new artists",
        criteria.new_labels and "new labels",
        not criteria.include_shipping and "shipping on top",
        criteria.min_orders and "minimum orders reached",
        criteria.open_orders and f"joining {formatting.count(len(criteria.open_orders), 'open order')}",
        criteria.destination and f"sent to {formatting.country(criteria.destination)}",
    ]
    return [part for part in parts if part]


def _countries(codes: Collection[str]) -> str:
    if len(codes) > 3:
        return f"from {len(codes)} countries"
    return "from " + ", ".join(formatting.country(code) for code in sorted(codes))


def _shortest(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
