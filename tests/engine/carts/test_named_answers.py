"""Named answers over more sellers than are looked at first."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.carts.named_answers import cheapest
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.shipping.estimates import by_items
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.grade import UNGRADED
from discogs_assistant.model.shipping import Confidence

SELLERS, BUDGET = 900, 4000


def market(seed: int) -> tuple[Copies, list[Tariff | None]]:
    """900 sellers of one to four records each, every third without known shipping."""
    dice = np.random.default_rng(seed)
    seller = np.repeat(np.arange(SELLERS), dice.integers(1, 5, SELLERS))
    count = len(seller)
    number = np.arange(count, dtype=np.int64)
    price = dice.integers(200, 3000, count, dtype=np.int64)
    ungraded: Ints = np.full(count, UNGRADED, dtype=np.int64)
    copies = Copies(
        sellers=tuple(f"s{place:04}" for place in range(SELLERS)),
        listing=number + 1,
        seller=seller.astype(np.int64),
        release=number,
        group=number,
        price=price,
        worth=price,
        score=dice.integers(1, 9, count, dtype=np.int64),
        grams=np.full(count, 230, dtype=np.int64),
        quantity=np.ones(count, dtype=np.int64),
        media=ungraded,
        sleeve=ungraded,
    )
    posts = dice.integers(0, 1500, (SELLERS, 2))
    tariffs = [
        by_items(int(first), int(further), Confidence.KNOWN) if place % 3 else None
        for place, (first, further) in enumerate(posts)
    ]
    return copies, tariffs


def lowest_mean(copies: Copies, tariffs: list[Tariff | None], min_items: int) -> Fraction:
    """Of all carts there are, one by one."""
    means = []
    for seller, tariff in enumerate(tariffs):
        rows = np.flatnonzero(copies.seller == seller).tolist() if tariff else []
        for items in range(min_items, len(rows) + 1):
            assert tariff is not None
            for chosen in combinations(rows, items):
                total = int(copies.price[list(chosen)].sum()) + (shipping(tariff, items=items) or 0)
                if total <= BUDGET:
                    means.append(Fraction(total, items))
    return min(means)


@pytest.mark.parametrize("min_items", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_the_lowest_total_per_record_is_found_at_any_seller(seed: int, min_items: int) -> None:
    copies, tariffs = market(seed)
    cart = cheapest(copies, Rules(BUDGET, min_items=min_items), tariffs)
    assert cart is not None
    assert Fraction(cart.total_minor, len(cart.rows)) == lowest_mean(copies, tariffs, min_items)
