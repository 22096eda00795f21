"""Carts of a run as `shop` prints them."""

from __future__ import annotations

from typing import Any

from discogs_assistant.cli.output import money_of, print_table, say


def show_carts(document: dict[str, Any]) -> None:
    """The carts as a table, and plans over several sellers."""
    apart = document["unknown_shipping"]["carts"]
    if not document["carts"] and not apart:
        say("No cart fits. Add more sellers (market refresh, market add), or loosen the criteria.")
    _cart_table("Carts", document["carts"], document)
    if apart:
        _cart_table("Shipping unknown, and not in the total", apart, document)
    plans = document["plans"] or {}
    rows = [
        (
            name,
            plan["parcels"],
            f"{plan['covered']} of {plan['wanted']}",
            money_of(plan["total_minor"], document),
        )
        for name in ("cheapest", "most", "fewest")
        if (plan := plans.get(name))
    ]
    if rows:
        print_table("Plans over several sellers", ("plan", "parcels", "wants", "total"), rows)


def _cart_table(title: str, carts: list[dict[str, Any]], document: dict[str, Any]) -> None:
    rows = [
        (
            cart["rank"],
            cart["seller"],
            cart["items"],
            money_of(cart["total_minor"], document),
            cart["shipping"]["status"],
            cart["proof"],
            cart["why"],
        )
        for cart in carts
    ]
    print_table(title, ("#", "seller", "records", "total", "shipping", "proof", "why"), rows)
