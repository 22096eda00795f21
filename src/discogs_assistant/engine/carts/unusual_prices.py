"""Copies whose price is far from what other copies of the same record cost: mistakes, jokes and rarities."""

from __future__ import annotations

import numpy as np

from discogs_assistant.engine.carts.copies import Ints, Mask

CHEAP, USUAL, DEAR = -1, 0, 1
SAME_CONDITION = 3, 4
"""At least so many other copies in the same condition, and how many times their median is far from it."""
ANY_CONDITION = 5, 8
"""The same for copies in any condition, where those in the same one are too few."""


def unusual_prices(release: Ints, media: Ints, price: Ints) -> Ints:
    """(n,) DEAR, CHEAP or USUAL, by the median of the *other* copies, in minor units of one currency.

    A copy is dear from the stated multiple of that median on, and cheap up to its inverse; with too few
    others nothing is said of it.
    """
    found = np.full(len(price), USUAL, dtype=np.int64)
    alike, alike_known = _judged(np.column_stack([release, media]), price, *SAME_CONDITION)
    anyhow, anyhow_known = _judged(release[:, None], price, *ANY_CONDITION)
    found[anyhow_known] = anyhow[anyhow_known]
    found[alike_known] = alike[alike_known]
    return found


def _judged(group: Ints, price: Ints, others: int, far: int) -> tuple[Ints, Mask]:
    """(n,) the judgement of each copy among its group (n, columns), and whether it has enough others."""
    if not len(price):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
    order = np.lexsort((price, *group.T[::-1]))
    fresh = np.any(np.diff(group[order], axis=0) != 0, axis=1)
    start = np.concatenate([[0], np.flatnonzero(fresh) + 1])
    size = np.diff(np.append(start, len(price)))
    first, count = np.repeat(start, size), np.repeat(size, size)
    place, rest = np.arange(len(price)) - first, count - 1
    ordered = price[order]

    def other(middle: Ints) -> Ints:
        """The price at `middle` among the others of each copy's group, in ascending order."""
        at = first + np.clip(middle + (middle >= place), 0, count - 1)
        return np.asarray(ordered[at])

    # Twice the median, so that the mean of two in the middle stays whole.
    twice = other((rest - 1) // 2) + other(rest // 2)
    judged = np.where(2 * ordered >= far * twice, DEAR, np.where(2 * far * ordered <= twice, CHEAP, USUAL))
    found, known = np.empty_like(judged), np.empty(len(price), dtype=np.bool_)
    found[order], known[order] = judged, rest >= others
    return found, known
