"""The named answers: over all allowed carts of one seller each, the one that is best by another measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from discogs_assistant.engine.carts.cheapest_per_record import cheapest_sizes
from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.exact_sums import LARGEST_OBJECTIVE
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.solutions import FoundCart, cart_of, find, highest_sum
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.grade import UNGRADED

BEST_SCORE = "best_score"
MOST_RECORDS = "most_records"
CHEAPEST = "cheapest"
BEST_QUALITY = "best_quality"
CLOSEST_TO_HOME = "closest_to_home"
BEST_BARGAINS = "best_bargains"

Tariffs = Sequence[Tariff | None] | None


def named_answers(
    copies: Copies,
    rules: Rules,
    tariffs: Tariffs,
    near: Mask,
    *,
    usual: Mask | None = None,
    saved: Ints | None = None,
    best: FoundCart | None = None,
) -> dict[str, FoundCart]:
    """The answers that exist, by name; `near` (n,) marks the copies that ship from the person's country.

    `usual` (n,) marks those that the cheapest cart and the most records may be made of, all without it;
    `saved` (n,) is how far each copy is below its usual price, in minor units, never negative. `best` is the
    first of `best_carts`, where that is known already.
    """
    ordinary = np.ones(len(copies), dtype=np.bool_) if usual is None else usual
    asked: dict[str, Callable[[], FoundCart | None]] = {
        BEST_SCORE: lambda: best or best_score(copies, rules, tariffs),
        MOST_RECORDS: lambda: _among(copies, ordinary, most_records, rules, tariffs),
        CHEAPEST: lambda: _among(copies, ordinary, cheapest, rules, tariffs),
        BEST_BARGAINS: lambda: None if saved is None else best_bargains(copies, saved, rules, tariffs),
        BEST_QUALITY: lambda: best_quality(copies, rules, tariffs),
        CLOSEST_TO_HOME: lambda: _of(copies, near, rules, tariffs),
    }
    found = {name: ask() for name, ask in asked.items()}
    return {name: cart for name, cart in found.items() if cart is not None}


def best_score(
    copies: Copies, rules: Rules, tariffs: Tariffs, *, side: Ints | None = None
) -> FoundCart | None:
    """The best by items × sum of scores; the sum of `side` (n,) over it is not negative."""
    found = find(copies, rules, tariffs, top=1, side=side)
    if not found.best:
        return None
    seller = min(found.best, key=lambda seller: (*found.best[seller].order, seller))
    return cart_of(copies, tariffs, seller, found.best[seller], found.bounds[seller])


def most_records(copies: Copies, rules: Rules, tariffs: Tariffs) -> FoundCart | None:
    """The most records; of those the best score, then the lowest total."""
    counted = best_score(replace(copies, score=np.ones(len(copies), dtype=np.int64)), rules, tariffs)
    if counted is None:
        return None
    return best_score(copies, replace(rules, min_items=len(counted.rows)), tariffs)


def cheapest(copies: Copies, rules: Rules, tariffs: Tariffs) -> FoundCart | None:
    """The lowest total per record; of those the best score, then the lowest total.

    A cart of at least as many items for no more money than one of the lowest mean has that mean as well.
    """
    carts = (
        _of(
            copies,
            np.isin(copies.seller, sellers),
            replace(rules, budget_minor=total, min_items=items),
            tariffs,
        )
        for items, total, sellers in cheapest_sizes(copies, rules, tariffs)
    )
    return min((cart for cart in carts if cart is not None), key=lambda cart: cart.order, default=None)


def best_quality(copies: Copies, rules: Rules, tariffs: Tariffs) -> FoundCart | None:
    """The highest mean grade of graded copies; of those carts the best score, then the lowest total.

    After Dinkelbach (1967): no cart's grades sum to more than its items × the highest mean, so that the mean
    of the cart that comes farthest above the mean so far is the next, until none comes above it.
    """
    rows = np.flatnonzero(copies.media > UNGRADED)
    if not len(rows):
        return None
    graded = copies.take(rows)
    highest = int(graded.media.max())
    if (cart := _of(copies, copies.media == highest, rules, tariffs)) is not None:
        return cart
    mean, reached = Fraction(highest), -1
    while reached:
        best = highest_sum(graded, _above(graded, mean), rules, tariffs)
        if best is None:
            return None
        reached, chosen = best
        if reached:
            mean = Fraction(int(graded.media[list(chosen)].sum()), len(chosen))
    return _in_all(rows, best_score(graded, rules, tariffs, side=_above(graded, mean)))


def best_bargains(copies: Copies, saved: Ints, rules: Rules, tariffs: Tariffs) -> FoundCart | None:
    """The highest sum of what is `saved` (n,); of those the highest sum of scores. None where nothing is.

    Scores do not count where savings and scores together are too large to add up exactly; nor is there an
    answer where savings alone are.
    """
    weight = sum(copies.score.tolist()) + 1
    both = [save * weight + score for save, score in zip(saved.tolist(), copies.score.tolist(), strict=True)]
    amounts = next((found for found in (both, saved.tolist()) if _adds_up(copies, found)), None)
    if not saved.any() or amounts is None:
        return None
    found = highest_sum(copies, np.array(amounts, dtype=np.int64), rules, tariffs)
    if found is None or not saved[list(found[1])].sum():
        return None
    chosen = np.array(sorted(found[1]))
    whole = replace(rules, min_items=len(chosen))
    return _in_all(chosen, best_score(copies.take(chosen), whole, tariffs))


def _adds_up(copies: Copies, amounts: Sequence[int]) -> bool:
    """Whether the search may add up such amounts over any seller's copies."""
    most = int(np.bincount(copies.seller).max(initial=0))
    return most**2 * max(amounts, default=0) <= LARGEST_OBJECTIVE


def _above(copies: Copies, mean: Fraction) -> Ints:
    """How far each copy's grade is above `mean`, in units of its denominator."""
    return copies.media * mean.denominator - mean.numerator


def _among(
    copies: Copies,
    chosen: Mask,
    answer: Callable[[Copies, Rules, Tariffs], FoundCart | None],
    rules: Rules,
    tariffs: Tariffs,
) -> FoundCart | None:
    """The answer over some of the copies, in rows of all."""
    rows = np.flatnonzero(chosen)
    return _in_all(rows, answer(copies.take(rows), rules, tariffs))


def _of(copies: Copies, chosen: Mask, rules: Rules, tariffs: Tariffs) -> FoundCart | None:
    """The best by score of some of the copies, in rows of all."""
    return _among(copies, chosen, best_score, rules, tariffs)


def _in_all(rows: Ints, cart: FoundCart | None) -> FoundCart | None:
    return None if cart is None else replace(cart, rows=tuple(rows[list(cart.rows)].tolist()))
