"""Carts as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discogs_assistant.model.money import Currency, Money
from discogs_assistant.web import record_words, words


def cart_text(document: Mapping[str, Any], cart: Mapping[str, Any], to_cart: Mapping[int, str]) -> str:
    """A cart as plain text to paste into a message; `to_cart` links listings into Discogs' cart."""
    lines = [f"{words.count(cart['items'], 'record')} from {cart['seller']}"]
    for line in cart["lines"]:
        release = document["releases"][str(line["release_id"])]
        grades = "/".join(grade for grade in (line["media"], line["sleeve"]) if grade)
        price = line["price"] and Money(line["price"]["minor"], Currency(line["price"]["currency"]))
        record = f"{record_words.artists(release)} – {release['title']}"
        lines.append(" · ".join(str(one) for one in (record, release["catno"], grades, price) if one))
        lines.append(f"  {to_cart[line['listing_id']]}")
    if cart["total_minor"] is not None:
        lines.append(_sum_in_text(cart, Currency(document["currency"])))
    return "\n".join(lines) + "\n"


def _sum_in_text(cart: Mapping[str, Any], currency: Currency) -> str:
    postage = cart["shipping"]
    together = f"Together {Money(cart['total_minor'], currency)}"
    if postage["minor"] is None:
        return f"{together}, without postage"
    price = f"{Money(postage['minor'], currency)} postage ({postage['status']})"
    return f"{together}, with {price}" if postage["in_budget"] else f"{together}, and {price}"
