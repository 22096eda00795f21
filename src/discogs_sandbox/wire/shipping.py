"""Sellers' shipping policies, and orders, as Discogs writes them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from discogs_sandbox.wire.fields import API, SITE, Json, artists_text, format_text, timestamp
from discogs_sandbox.wire.users import user_url
from discogs_sandbox.world.entities import Account, Listing, Order
from discogs_sandbox.world.shipping import PolicyAnswer, ShippingMethod, ShippingPolicy
from discogs_sandbox.world.world import World


def policies(seller: Account, shown: Sequence[ShippingPolicy], answer: PolicyAnswer) -> Json:
    """The policies `shown` of a seller, or what `answer` makes of them."""
    assert seller.shop is not None
    listed = [] if answer is PolicyAnswer.EMPTY else [_policy(policy, answer) for policy in shown]
    currency = {} if answer is PolicyAnswer.NO_CURRENCY else {"currency": seller.shop.currency}
    return {
        "seller_uid": seller.id,
        **currency,
        "policies": {"items": listed} if answer is PolicyAnswer.NO_LIST else listed,
    }


def order(found: Order, world: World) -> Json:
    """An order as its buyer and its seller see it."""
    seller, buyer = world.accounts[found.seller], world.accounts[found.buyer]
    path = f"{API}/marketplace/orders/{found.number}"
    merchandise = sum((copy.price.amount for copy in found.copies), Decimal(0))
    currency = found.shipping.currency
    return {
        "id": found.number,
        "resource_url": path,
        "messages_url": f"{path}/messages",
        "uri": f"{SITE}/sell/order/{found.number}",
        "status": "Shipped",
        "next_status": [],
        "fee": _value(Decimal(0), currency),
        "created": timestamp(found.created),
        "last_activity": timestamp(found.created),
        "items": [_item(copy, world) for copy in found.copies],
        "shipping": {**_value(found.shipping.amount, currency), "method": "Standard"},
        "shipping_address": f"{buyer.name}\n1 Sandbox Street\n{buyer.country}",
        "additional_instructions": "",
        "archived": False,
        "seller": _party(seller),
        "buyer": _party(buyer),
        "total": _value(merchandise + found.shipping.amount, currency),
    }


def _policy(policy: ShippingPolicy, answer: PolicyAnswer) -> Json:
    return {
        "id": policy.id,
        "countries": list(policy.countries),
        "methods": [_method(method, in_text=answer is PolicyAnswer.TEXT_PRICES) for method in policy.methods],
        "free_shipping": policy.free_from is not None,
        "free_shipping_min_order_val": float(policy.free_from) if policy.free_from else None,
    }


def _method(method: ShippingMethod, *, in_text: bool) -> Json:
    """A range without an end has the `max` 0."""
    ranges = [
        {"price": str(part.price) if in_text else float(part.price), "max": part.up_to or 0}
        for part in method.ranges
    ]
    return {"name": method.name, "range_type": method.range_type.value, "ranges": ranges}


def _item(copy: Listing, world: World) -> Json:
    release = world.releases[copy.release]
    work = world.work_of(release)
    description = f"{artists_text(work)} - {work.title} ({format_text(release.formats)})"
    return {
        "id": copy.id,
        "release": {"id": release.id, "description": description},
        "price": _value(copy.price.amount, copy.price.currency),
        "media_condition": copy.media,
        "sleeve_condition": copy.sleeve,
    }


def _party(account: Account) -> Json:
    return {"id": account.id, "username": account.name, "resource_url": user_url(account)}


def _value(amount: Decimal, currency: str) -> Json:
    return {"value": float(amount), "currency": currency}
