"""Results of runs as `recommend` and `shop` print them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from discogs_assistant.cli.output import amount, print_table, say

if TYPE_CHECKING:
    from discogs_assistant.model.recommendation import Recommendation, RecommendationResult
    from discogs_assistant.pipelines.carts.result import Cart, CartsResult


def show_carts(result: CartsResult) -> None:
    """The carts as a table, and plans over several sellers."""
    unknown = result.unknown_shipping.carts
    if not result.carts and not unknown:
        say("No cart fits. Add more sellers (market refresh, market add), or loosen the criteria.")
    _cart_table("Carts", result.carts, result.currency)
    if unknown:
        _cart_table("Shipping unknown, not in the total", unknown, result.currency)
    rows = [
        (name, plan.parcels, f"{plan.covered} of {plan.wanted}", amount(plan.total_minor, result.currency))
        for name, plan in (result.plans.answers.items() if result.plans else ())
    ]
    if rows:
        print_table("Plans over several sellers", ("plan", "parcels", "wants", "total"), rows)


def _cart_table(title: str, carts: Sequence[Cart], currency: str) -> None:
    rows = [
        (
            cart.rank,
            cart.seller,
            cart.items,
            amount(cart.total_minor, currency),
            cart.shipping.status,
            cart.proof,
            cart.why,
        )
        for cart in carts
    ]
    print_table(title, ("#", "seller", "records", "total", "shipping", "proof", "why"), rows)


def show_recommendations(result: RecommendationResult) -> None:
    """The list as a table, with the strongest reason of each record."""
    from discogs_assistant.pipelines.runtime.results.releases import artist_names

    rows = [
        (
            item.rank,
            ", ".join(artist_names(item.release)),
            item.release.title,
            f"{item.score:.3f}",
            _because(item),
        )
        for item in result.recommendations
    ]
    print_table(f"For {result.user}", ("#", "artist", "title", "score", "why"), rows)


def _because(recommendation: Recommendation) -> str:
    return recommendation.reasons[0].text if recommendation.reasons else ""
