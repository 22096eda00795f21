"""Hides the prices of finished carts once they are older than Discogs' terms let them be shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

EXPIRED = "The prices have expired: run it anew to see what the records cost now."
_LINE = ("price", "price_minor", "ratio_to_lowest", "shipping", "allow_offers", "media", "sleeve", "comments")
_CART = ("merchandise_minor", "shipping_minor", "total_minor", "left_minor", "min_order", "why")
_SELLER = ("rating", "ratings", "min_order", "shipping_text")


def prices_expired(document: dict[str, Any], now: datetime, max_age: timedelta) -> bool:
    """True where the oldest price of a carts document (without any: the document) is older than `max_age`."""
    told = document["prices_as_of"] or document["made_at"]
    return now - datetime.fromisoformat(told) > max_age


def shown_carts(document: dict[str, Any], now: datetime, max_age: timedelta) -> dict[str, Any]:
    """The document with `prices_expired`; past the age, ids, titles and reasons are all that stays.

    So it is with what is missing: `lasting` says it without prices.
    """
    if not prices_expired(document, now, max_age):
        return {**document, "prices_expired": False}
    return {
        **document,
        "prices_expired": True,
        "carts": [_without_prices(cart) for cart in document["carts"]],
        "named": [{**named, "cart": _without_prices(named["cart"])} for named in document["named"]],
        "unknown_shipping": {
            **document["unknown_shipping"],
            "carts": [_without_prices(cart) for cart in document["unknown_shipping"]["carts"]],
        },
        "plans": None,
        "elsewhere": [],
        "sellers": {name: _blank(seller, _SELLER) for name, seller in document["sellers"].items()},
        "partial": [*document.get("lasting", ()), EXPIRED],
    }


def shown_check(document: dict[str, Any], now: datetime, max_age: timedelta) -> dict[str, Any]:
    """As `shown_carts`, for a cart that was checked; what copies cost before is as old as that search."""
    shown, then = shown_carts(document, now, max_age), document.get("was_as_of")
    old = then is None or now - datetime.fromisoformat(then) > max_age
    hidden = ("was",) * old + ("now",) * shown["prices_expired"]
    return {**shown, "checked": [_blank(line, hidden) for line in document["checked"]]}


def _without_prices(cart: dict[str, Any]) -> dict[str, Any]:
    unknown = {
        "status": "unknown",
        "minor": None,
        "currency": None,
        "sentence": EXPIRED,
        "text": None,
        "in_budget": False,
    }
    lines = [_blank(line, _LINE) for line in cart["lines"]]
    return {**_blank(cart, _CART), "shipping": unknown, "lines": lines, "left_out": []}


def _blank(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: None if name in names else value for name, value in row.items()}
