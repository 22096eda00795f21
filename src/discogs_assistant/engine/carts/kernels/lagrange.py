"""Lagrange multipliers that bound the carts of a subproblem from above, sought in floating point.

For any μ, λ ≥ 0 and ν every allowed cart of q items and score sum S has
S + μ·q ≤ λ·cap + Σ ν·limit + Σ over groups of max(0, s + μ − λ·c − Σ ν·x) =: Λ, so that q·S ≤ q·(Λ − μ·q),
which is (μ·q + S)² / 4μ of carts.md where q is not limited; and S ≤ q × the best score. Whatever is found
here, bounds.py rounds it and computes the bound in integers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from discogs_assistant.engine.carts.kernels.arrays import highest, lessened, lowest
from discogs_assistant.engine.compiler import kernel

_ITERATIONS, _FEW_ITERATIONS = 12, 5
_PRICE_ITERATIONS = 60
_ROW_ITERATIONS = 12


@kernel
def _weigh(mu: float, price: float, worth: Any, cost: Any, start: Any, is_required: Any) -> Any:
    """Sum of worth, items and cost of the options of most value."""
    total, items, paid = 0.0, 0, 0.0
    if len(cost) == len(is_required):
        for option in range(len(cost)):
            if worth[option] + mu - price * cost[option] > 0.0 or is_required[option]:
                total += worth[option]
                items += 1
                paid += cost[option]
        return total, items, paid
    for at in range(len(is_required)):
        best, pick = 0.0, -1
        for option in range(start[at], start[at + 1]):
            value = worth[option] + mu - price * cost[option]
            if value > best or (pick < 0 and is_required[at]):
                best, pick = value, option
        if pick >= 0:
            total += worth[pick]
            items += 1
            paid += cost[pick]
    return total, items, paid


@kernel
def _reached(cart: Any, worth: Any, cost: Any, start: Any, is_required: Any, amounts: Any) -> float:
    """The sum of `amounts` in a relaxed cart: μ, λ and the share of its dearer side."""
    total = 0.0
    for price, share in ((cart[1] * 0.9999999999, cart[2]), (cart[1] * 1.0000000001, 1.0 - cart[2])):
        for at in range(len(is_required)):
            best, pick = 0.0, -1
            for option in range(start[at], start[at + 1]):
                value = worth[option] + cart[0] - price * cost[option]
                if value > best or (pick < 0 and is_required[at]):
                    best, pick = value, option
            total += share * float(amounts[pick]) if pick >= 0 else 0.0
    return total


@kernel
def _steepest(mu: float, worth: Any, cost: Any, start: Any, is_required: Any) -> float:
    """A price at which no option is worth it but those that cost less than nothing, and required options are
    the cheapest."""
    highest = 0.0
    for at in range(len(is_required)):
        cheapest = start[at]
        for option in range(start[at], start[at + 1]):
            gain, more = worth[option] + mu, cost[option]
            if is_required[at]:
                gain, more = worth[option] - worth[cheapest], cost[option] - cost[cheapest]
            if more != 0.0 and gain / more > highest:
                highest = gain / more
    return highest * 1.000001 + 1e-9


@kernel
def _price(mu: float, cap: float, guess: float, worth: Any, cost: Any, start: Any, is_required: Any) -> Any:
    """The λ of the least bound for `mu`, the share of its dearer side, and both sides' worth, items and cost.

    The bound is convex and made of lines, one for each choice of options: where the lines of a choice that is
    too dear and of one that is affordable cross is the next λ. `guess` (0: none) is where to begin.
    """
    low, high, price, step = -1.0, np.inf, guess, 1.01
    left = right = (0.0, 0, 0.0)
    for _ in range(_PRICE_ITERATIONS):
        middle = _weigh(mu, price, worth, cost, start, is_required)
        if middle[2] > cap:
            same = low >= 0.0 and middle[2] == left[2]
            low, left = price, middle
        else:
            same = high < np.inf and middle[2] == right[2]
            high, right = price, middle
            if price == 0.0:
                return 0.0, 0.0, right, right
        if low >= 0.0 and high < np.inf:
            if same:
                break
            price = (left[0] - right[0] + mu * (left[1] - right[1])) / (left[2] - right[2])
        elif low >= 0.0:
            price = (
                price * step if price > 0.0 and step < 2.0 else _steepest(mu, worth, cost, start, is_required)
            )
            step = step * step
        else:
            price = price / step if step < 2.0 else 0.0
            step = step * step
    share = (cap - right[2]) / (left[2] - right[2]) if left[2] > right[2] else 0.0
    return price, share, left, right


@kernel
def _top(total: float, mu: float, best_score: float, least: int, most: int, linear: bool) -> Any:
    """The number of items between `least` and `most` at which the bound is reached, and the bound."""
    if linear:
        items = float(least) if mu >= 0.0 else float(most)
        return items, total - mu * items
    items = float(most) if mu <= 0.0 else min(max(total / (2.0 * mu), float(least)), float(most))
    return items, min(items * (total - mu * items), best_score * most * most)


@kernel
def _between(low: float, high: float, largest: float, share: float) -> float:
    """A point in a range; far beyond its one end where the other is not known."""
    if low == -np.inf:
        return 2.0 * high - 3.0 * max(abs(high), largest)
    if high == np.inf:
        return 2.0 * low + 3.0 * max(abs(low), largest)
    return low + (high - low) * share


@kernel
def _items_worth(
    worth: Any, cost: Any, start: Any, is_required: Any, cap: float, extra: float, least: int, most: int,
    linear: bool, best_score: float, mu: float, guess: float, enough: float, iterations: int,
) -> Any:  # fmt: skip
    """The μ of the least bound: the fixed point of score / items, kept between the slopes' signs.

    Returns bound, μ and λ; and the μ, λ and share of the dearer side of two relaxed carts, one of too few
    items and one of too many, and the share of the latter that makes up the relaxed cart of the least bound.
    """
    low, high = -np.inf, np.inf
    best = (np.inf, mu, 0.0)
    few, many = (mu, 0.0, 0.0, -1.0), (mu, 0.0, 0.0, -1.0)
    at = 0.0
    largest = max(1.0, highest(worth), -lowest(worth))
    for attempt in range(iterations):
        price, share, left, right = _price(mu, cap, guess, worth, cost, start, is_required)
        guess = price
        items = right[1] + share * (left[1] - right[1])
        total = price * cap + extra + right[0] + mu * right[1] - price * right[2]
        at, bound = _top(total, mu, best_score, least, most, linear)
        if linear and mu == 0.0:
            at = min(max(items, float(least)), float(most))
        gain = best[0] - bound
        if gain > 0.0:
            best = (bound, mu, price)
        met = abs(items - at) < 1e-6
        side = (mu, price, share, items)
        low, few = (max(low, mu), side) if items < at or met else (low, few)
        high, many = (min(high, mu), side) if items >= at or met else (high, many)
        if bound < enough or met or (attempt > 2 and abs(gain) < 1e-7 * abs(bound)):
            break
        mu = total / items - mu if items > 0.0 and not linear else low
        if not low < mu < high:
            share = (
                (at - few[3]) / (many[3] - few[3])
                if linear and attempt % 2 == 0 and many[3] > few[3]
                else 0.5
            )
            mu = _between(low, high, largest, share)
    if few[3] < 0.0:
        few = many
    if many[3] < 0.0:
        many = few
    mix = min(1.0, max(0.0, (at - few[3]) / (many[3] - few[3]))) if many[3] > few[3] else 0.0
    return best[0], best[1], best[2], few[:3], many[:3], mix


@kernel
def _lagrange_multipliers(
    cost: Any, score: Any, sums: Any, low: Any, high: Any, start: Any, is_required: Any, cap: int, least: int,
    most: int, linear: bool, enough: float, mu: float, guess: float,
) -> Any:  # fmt: skip
    """μ, λ and ν (rows,) of the best bound met, from `mu` and the λ `guess` on (both 0: from nothing)."""
    nu = np.zeros(len(low))
    worth, paid = np.empty(len(cost)), np.empty(len(cost))
    for option in range(len(cost)):
        worth[option], paid[option] = float(score[option]), float(cost[option])
    if mu == 0.0 and guess == 0.0 and not linear:
        mu = max(0.0, worth.sum() / len(worth))
    best = _items_worth(
        worth, paid, start, is_required, float(cap), 0.0, least, most, linear, float(highest(score)), mu,
        guess, enough, np.int64(_ITERATIONS),
    )  # fmt: skip
    for row in range(len(low)):
        if best[0] >= enough:
            best = _row_worth(
                row, nu, best, score, sums, low, high, worth, paid, start, is_required, float(cap), least,
                most, linear, enough,
            )  # fmt: skip
    return best[1], best[2], nu


@kernel
def _row_worth(
    row: int, nu: Any, best: Any, score: Any, sums: Any, low: Any, high: Any, worth: Any, cost: Any,
    start: Any, is_required: Any, cap: float, least: int, most: int, linear: bool, enough: float,
) -> Any:  # fmt: skip
    """Halve the range of the ν of `row` that keeps its sum within limits; the best bound met stays in
    `nu`."""
    below, above, step = -np.inf, np.inf, 0.0
    for option in range(len(cost)):
        if sums[row, option] != 0:
            step = max(step, abs(float(score[option])) / abs(float(sums[row, option])))
    tried, found = nu[row], best
    for _ in range(_ROW_ITERATIONS):
        reached = (1.0 - found[5]) * _reached(found[3], worth, cost, start, is_required, sums[row])
        reached += found[5] * _reached(found[4], worth, cost, start, is_required, sums[row])
        if reached > float(high[row]) or (reached >= float(low[row]) and tried < 0.0):
            below = tried
        elif reached < float(low[row]) or tried > 0.0:
            above = tried
        else:
            break
        tried = _between(below, above, 0.1 * step / 3.0, 0.5)
        before, nu[row] = nu[row], tried
        extra = _without_sums(nu, score, sums, low, high, worth)
        found = _items_worth(
            worth, cost, start, is_required, cap, extra, least, most, linear, float(highest(score)), best[1],
            best[2], enough, _FEW_ITERATIONS,
        )  # fmt: skip
        if found[0] < best[0]:
            best = found
        else:
            nu[row] = before
        if best[0] < enough:
            break
    return best


@kernel
def _without_sums(nu: Any, score: Any, sums: Any, low: Any, high: Any, worth: Any) -> float:
    """Write the scores less ν × the limited sums into `worth`; what the limits are worth by ν."""
    extra = 0.0
    for row in range(len(nu)):
        if nu[row] != 0.0:
            extra += nu[row] * float(high[row] if nu[row] > 0.0 else low[row])
    for option in range(len(score)):
        worth[option] = float(score[option])
        for row in range(len(nu)):
            worth[option] -= nu[row] * float(sums[row, option])
    return extra


@kernel
def _gcd_of(numbers: Any) -> Any:
    """The greatest common divisor, at least 1."""
    found = np.int64(0)
    for number in numbers:
        other = abs(number)
        while other != 0:
            found, other = other, found % other
        if found == 1:
            break
    return max(found, 1)


@kernel
def lagrange_multipliers(
    option_at: Any, group_at: Any, most: Any, cost: Any, score: Any, sums: Any, begin: Any, is_required: Any,
    cap: Any, least: Any, amount: Any, low: Any, high: Any, linear: bool, enough: Any, near: Any,
) -> Any:  # fmt: skip
    """Of every subproblem the divisor of its scores (subproblems,), and for scores divided by it μ, λ and ν
    (subproblems, 5).

    They are sought from the μ and λ of `near` (subproblems, 2; zeros: from nothing) on, until a bound is
    below `enough`.
    """
    found = np.zeros((len(most), 2 + sums.shape[0]))
    unit = np.ones(len(most), score.dtype)
    for at in range(len(most)):
        if most[at] < 0:
            continue
        o, end, g, g_end = option_at[at], option_at[at + 1], group_at[at], group_at[at + 1]
        unit[at] = _gcd_of(score[o:end])
        mu, price, nu = _lagrange_multipliers(
            cost[o:end], lessened(score[o:end], 0, unit[at]), sums[: amount[at], o:end],
            low[at, : amount[at]], high[at, : amount[at]], lessened(begin[g : g_end + 1], o, 1),
            is_required[g:g_end], cap[at], least[at], most[at], linear, enough / unit[at], near[at, 0],
            near[at, 1],
        )  # fmt: skip
        found[at, 0], found[at, 1] = mu, price
        found[at, 2 : 2 + len(nu)] = nu
    return unit, found
