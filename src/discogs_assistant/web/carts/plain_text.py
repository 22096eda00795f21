"""Carts as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from discogs_assistant.model.ids import ListingId
from discogs_assistant.model.money import Money
from discogs_assistant.pipelines.carts.result import Cart, CartsResult, ParcelShipping
from discogs_assistant.pipelines.runtime.results.releases import first_catno
from discogs_assistant.web import formatting, release_text


def cart_text(document: CartsResult, cart: Cart, to_cart: Mapping[ListingId, str]) -> str:
    """A cart as plain text to paste into a message; `to_cart` links listings into Discogs' cart."""
    lines = [f"{formatting.count(cart.items, 'record')} from {cart.seller}"]
    for line in cart.lines:
        release = document.releases[line.release_id]
        grades = "/".join(grade for grade in (line.media, line.sleeve) if grade)
        record = f"{release_text.artists(release)} – {release.title}"
        facts = (record, first_catno(release), grades, line.price)
        lines.append(" · ".join(str(one) for one in facts if one))
        lines.append(f"  {to_cart[line.listing_id]}")
    if cart.total_minor is not None:
        lines.append(_sum_in_text(cart.shipping, Money(cart.total_minor, document.currency)))
    return "\n".join(lines) + "\n"


def _sum_in_text(shipping: ParcelShipping, total: Money) -> str:
    together = f"Together {total}"
    if shipping.minor is None:
        return f"{together}, without postage"
    price = f"{Money(shipping.minor, total.currency)} postage ({shipping.status})"
    return f"{together}, with {price}" if shipping.in_budget else f"{together}, and {price}"
