"""Named answers over more sellers than are looked at first."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from tests.checker.cart_oracle import Offer
from tests.engine.carts.columns import copies_of
from tests.engine.shipping.quotes import shipping

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.carts.named_answers import cheapest, named_answers
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


def test_bargains_of_a_large_shop_are_found_without_the_scores_that_do_not_add_up() -> None:
    """1,000 copies that save up to 500.00, each worth a million: more than 64 bits with the scores."""
    offers = [Offer(n, "shop", n, n, 100 + n, 100 + n, 10**6) for n in range(1, 1001)]
    copies = copies_of(offers)
    saved = np.where(copies.listing == 700, 50_000, np.where(copies.listing == 3, 10, 0))
    none = np.zeros(len(copies), dtype=np.bool_)
    found = named_answers(copies, Rules(budget_minor=900), None, none, saved=saved)
    assert copies.listing[list(found["best_bargains"].rows)].tolist() == [700]


def test_savings_too_large_to_add_up_are_no_bargains_and_end_nothing() -> None:
    copies = copies_of([Offer(n, "shop", n, n, 100, 100, 10**6) for n in range(1, 1001)])
    saved = np.full(len(copies), 10**13)
    none = np.zeros(len(copies), dtype=np.bool_)
    found = named_answers(copies, Rules(budget_minor=900), None, none, saved=saved)
    assert "best_bargains" not in found
    assert "best_score" in found
