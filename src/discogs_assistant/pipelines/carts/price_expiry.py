"""Hides the prices of finished carts once they are older than Discogs' terms let them be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.result import (
    Cart,
    CartLine,
    CartsResult,
    CheckedCopy,
    CheckResult,
    ParcelShipping,
    SearchResult,
    SellerFacts,
)

EXPIRED = "The prices have expired. Run it again to see what the records cost now."
_NOT_SHOWN = ParcelShipping(
    status=Confidence.UNKNOWN, minor=None, currency=None, sentence=EXPIRED, text=None, in_budget=False
)
_Found = TypeVar("_Found", CartsResult, CheckResult)


def prices_expired(result: SearchResult, now: datetime, max_age: timedelta) -> bool:
    """True where the oldest price of a search (without any: the search) is older than `max_age`."""
    return now - result.oldest_price > max_age


def shown_carts(result: _Found, now: datetime, max_age: timedelta) -> _Found:
    """The result while its prices are young; past the age, ids, titles and reasons are all that stays.

    So it is with what is missing: `lasting` says it without prices.
    """
    if not prices_expired(result, now, max_age):
        return result
    return replace(
        result,
        prices_expired=True,
        carts=tuple(map(_without_prices, result.carts)),
        named=tuple(replace(one, cart=_without_prices(one.cart)) for one in result.named),
        unknown_shipping=replace(
            result.unknown_shipping, carts=tuple(map(_without_prices, result.unknown_shipping.carts))
        ),
        plans=None,
        elsewhere=(),
        sellers={name: _without_terms(seller) for name, seller in result.sellers.items()},
        partial=(*result.lasting, EXPIRED),
    )


def shown_check(result: CheckResult, now: datetime, max_age: timedelta) -> CheckResult:
    """As `shown_carts`, for a cart that was checked; what copies cost before is as old as that search."""
    shown, then = shown_carts(result, now, max_age), result.was_as_of
    old = then is None or now - then > max_age
    checked = tuple(_aged(copy, was=old, now=shown.prices_expired) for copy in result.checked)
    return replace(shown, checked=checked)


def _aged(copy: CheckedCopy, *, was: bool, now: bool) -> CheckedCopy:
    return replace(copy, was=None if was else copy.was, now=None if now else copy.now)


def _without_prices(cart: Cart) -> Cart:
    return replace(
        cart,
        merchandise_minor=None,
        shipping_minor=None,
        total_minor=None,
        left_minor=None,
        min_order=None,
        why=None,
        shipping=_NOT_SHOWN,
        lines=tuple(map(_without_price, cart.lines)),
        left_out=(),
    )


def _without_price(line: CartLine) -> CartLine:
    return replace(
        line,
        price=None,
        price_minor=None,
        ratio_to_lowest=None,
        shipping=None,
        allow_offers=None,
        media=None,
        sleeve=None,
        comments=None,
    )


def _without_terms(seller: SellerFacts) -> SellerFacts:
    return replace(seller, rating=None, ratings=None, min_order=None, shipping_text=None)
