"""Results without the prices that have become too old to be shown; `model/freshness.py` has the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.carts.plans_result import PlansResult
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
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.results.finished import Result

EXPIRED = "The prices have expired. Run it again to see what the records cost now."
_NOT_SHOWN = ParcelShipping(
    status=Confidence.UNKNOWN,
    source=None,
    minor=None,
    currency=None,
    method=None,
    sentence=EXPIRED,
    text=None,
    in_budget=False,
)
_Found = TypeVar("_Found", CartsResult, CheckResult)


def shown_result(ctx: Context, owner: OwnerId, run_id: RunId) -> Result:
    """As `runs.result`, without expired prices."""
    return shown(runs.result(ctx, owner, run_id), ctx.fresh_since())


def shown(result: Result, since: datetime) -> Result:
    """The result as it may be shown; unchanged while its prices are from `since` or later."""
    if isinstance(result, CheckResult):
        return shown_check(result, since)
    if isinstance(result, PlansResult):
        return shown_plans(result, since)
    return shown_carts(result, since) if isinstance(result, CartsResult) else result


def prices_expired(result: SearchResult | PlansResult, since: datetime) -> bool:
    """True where the oldest price of a search (without any: the search) is from before `since`."""
    return result.oldest_price < since


def shown_carts(result: _Found, since: datetime) -> _Found:
    """The result while its prices are from `since` or later; after that, ids, titles and reasons are left.

    `since` is the moment of `Freshness.since`. `lasting` says what is missing without prices.
    """
    if not prices_expired(result, since):
        return result
    return replace(
        result,
        prices_expired=True,
        carts=tuple(map(_without_prices, result.carts)),
        named=tuple(replace(answer, cart=_without_prices(answer.cart)) for answer in result.named),
        unknown_shipping=replace(
            result.unknown_shipping, carts=tuple(map(_without_prices, result.unknown_shipping.carts))
        ),
        elsewhere=(),
        sellers={name: _without_terms(seller) for name, seller in result.sellers.items()},
        partial=(*result.lasting, EXPIRED),
    )


def shown_plans(result: PlansResult, since: datetime) -> PlansResult:
    """As `shown_carts`; of expired plans the records are left, as a plan is nothing without its prices."""
    if not prices_expired(result, since):
        return result
    return replace(
        result,
        prices_expired=True,
        cheapest=None,
        fewest=None,
        most=None,
        curve=(),
        wants=(),
        lines={},
        sellers={},
        partial=(*result.partial, EXPIRED),
        problem=None,
    )


def shown_check(result: CheckResult, since: datetime) -> CheckResult:
    """As `shown_carts`, for a cart that was checked; what copies cost before is as old as that search."""
    shown, then = shown_carts(result, since), result.was_as_of
    old = then is None or then < since
    checked = tuple(_aged(copy, was=old, now=shown.prices_expired) for copy in result.checked)
    return replace(shown, checked=checked)


def _aged(copy: CheckedCopy, *, was: bool, now: bool) -> CheckedCopy:
    return replace(
        copy,
        was=None if was else copy.was,
        now=None if now else copy.now,
        shipping=None if now else copy.shipping,
    )


def _without_prices(cart: Cart) -> Cart:
    return replace(
        cart,
        merchandise_minor=None,
        shipping_minor=None,
        total_minor=None,
        left_minor=None,
        min_order=None,
        to_free_shipping=None,
        charges=None,
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
        usual_minor=None,
        unusual=None,
        shipping=None,
        allow_offers=None,
        media=None,
        sleeve=None,
        comments=None,
    )


def _without_terms(seller: SellerFacts) -> SellerFacts:
    return replace(seller, rating=None, ratings=None, min_order=None, shipping_text=None)
