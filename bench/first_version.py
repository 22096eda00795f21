"""The heuristic of the product's first version, plainly: a 0/1 knapsack of scores for each seller.

The first version valued a cart by quantity² × mean score, took a seller's whole stock where it fits the
budget, and else filled the budget by 0/1 knapsack: the most of the sum of scores, not of the cart's value.
"""

from __future__ import annotations

from collections.abc import Sequence

from discogs_assistant.engine.carts.copies import Copies

Item = tuple[int, int]
"""Price in minor units and score in millionths."""


def heuristic_carts(copies: Copies, budget: int) -> dict[int, int]:
    """items × sum of scores of each seller's cart, by the seller's index; one copy of each release."""
    return {seller: _objective(_cart(stock, budget)) for seller, stock in _stocks(copies).items()}


def needs_knapsack(copies: Copies, budget: int) -> set[int]:
    """The sellers whose whole stock does not fit the budget."""
    return {seller for seller, stock in _stocks(copies).items() if sum(price for price, _ in stock) > budget}


def _stocks(copies: Copies) -> dict[int, list[Item]]:
    """The cheapest copy of each release, by seller."""
    cheapest: dict[tuple[int, int], Item] = {}
    columns = zip(
        copies.seller.tolist(),
        copies.release.tolist(),
        copies.price.tolist(),
        copies.score.tolist(),
        strict=True,
    )
    for seller, release, price, score in columns:
        cheapest[seller, release] = min(cheapest.get((seller, release), (price, score)), (price, score))
    stocks: dict[int, list[Item]] = {}
    for (seller, _), item in cheapest.items():
        stocks.setdefault(seller, []).append(item)
    return stocks


def _cart(stock: list[Item], budget: int) -> list[Item]:
    return stock if sum(price for price, _ in stock) <= budget else _knapsack(stock, budget)


def _knapsack(stock: Sequence[Item], budget: int) -> list[Item]:
    """The items of the highest sum of scores within the budget, by the textbook's table."""
    best = [0] * (budget + 1)
    taken: list[bytearray] = []
    for price, score in stock:
        row = bytearray(budget + 1)
        for spent in range(budget, price - 1, -1):
            if best[spent - price] + score > best[spent]:
                best[spent] = best[spent - price] + score
                row[spent] = 1
        taken.append(row)
    chosen, spent = [], budget
    for (price, score), row in zip(reversed(stock), reversed(taken), strict=True):
        if row[spent]:
            chosen.append((price, score))
            spent -= price
    return chosen


def _objective(cart: Sequence[Item]) -> int:
    return len(cart) * sum(score for _, score in cart)
