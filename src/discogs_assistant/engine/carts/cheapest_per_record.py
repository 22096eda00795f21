"""The carts of the lowest total per record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts import solutions
from discogs_assistant.engine.carts.brackets import cost_of
from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.exact_sums import within_reach
from discogs_assistant.engine.carts.inventory import inventory_of, of_sellers
from discogs_assistant.engine.carts.kernels.lowest_means import lowest_means
from discogs_assistant.engine.carts.kernels.options import DIV, LEAST, MOST_ROWS, OFF, ROWS, SELLER
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.search import NODE_LIMIT, Search
from discogs_assistant.engine.carts.solutions import variants
from discogs_assistant.engine.carts.subproblems import CHEAPEST, Layout, Mode, chunk_of, lay_out
from discogs_assistant.engine.shipping.tariffs import Tariff

Floats = NDArray[np.float64]
Tariffs = Sequence[Tariff | None] | None

_NEARLY = 1 + 1e-9
_BEAM = 100
_MOST_ROOM = 2**54
"""For sums of what costs are below a mean: above it the bounds would be coarse."""
_FIRST_SELLERS = 300


@dataclass(frozen=True, slots=True)
class _Batch:
    """Subproblems of a search, with `items` and `total` of the lowest mean of each; no items: no cart."""

    search: Search
    subproblems: Ints
    layout: Layout
    items: Ints
    total: Ints

    @property
    def means(self) -> Floats:
        """The means, about; without end where there is no cart."""
        return np.where(self.items > 0, self.total.astype(np.float64) / np.maximum(self.items, 1), np.inf)

    @property
    def limited(self) -> Mask:
        """Whether any sum of a subproblem has limits."""
        return np.asarray((self.subproblems[:, ROWS::3][:, :MOST_ROWS] >= 0).any(axis=1), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class _Subproblem:
    """Subproblem `at` of `subproblems` with the lowest mean that its carts may have: `total` for `items`.

    One of them has it unless sums have limits (`limited`).
    """

    search: Search
    subproblems: Ints
    layout: Layout
    at: int
    items: int
    total: int

    @property
    def seller(self) -> int:
        """Whose subproblem it is."""
        return int(self.subproblems[self.at, SELLER])

    @property
    def limited(self) -> bool:
        """Whether a sum has limits."""
        return bool((self.subproblems[self.at, ROWS::3][:MOST_ROWS] >= 0).any())

    @property
    def rough(self) -> float:
        """The mean, about."""
        return self.total / self.items

    @property
    def mean(self) -> Fraction:
        """The total per record."""
        return Fraction(self.total, self.items)


def cheapest_sizes(
    copies: Copies, rules: Rules, tariffs: Tariffs
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Items, total, and the sellers in question, for each size that may have the lowest mean.

    As shipping is never below 0, a seller without a copy for that mean or less has no such cart: the sellers
    of the cheapest copies are looked at first.
    """
    least = np.full(len(copies.sellers), np.iinfo(np.int64).max)
    np.minimum.at(least, copies.seller, copies.price)
    first = np.isin(copies.seller, np.argsort(least, kind="stable")[:_FIRST_SELLERS])
    reached = next(_sizes_of_lowest(copies.take(first), rules, tariffs), None)
    if reached is not None:
        copies = copies.take(least[copies.seller] * reached[0] <= reached[1])
    yield from _sizes_of_lowest(copies, rules, tariffs)


def _sizes_of_lowest(
    copies: Copies, rules: Rules, tariffs: Tariffs
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    subproblems = sorted(
        _subproblems(copies, rules, tariffs),
        key=lambda subproblem: (subproblem.rough, subproblem.seller, subproblem.at),
    )
    free = [subproblem for subproblem in subproblems if not subproblem.limited]
    mean = min(
        (subproblem.mean for subproblem in free if subproblem.rough <= free[0].rough * _NEARLY), default=None
    )
    for subproblem in subproblems:
        if mean is not None and subproblem.rough > mean * _NEARLY:
            break
        if subproblem.limited:
            mean = _lowered(subproblem, copies, rules, tariffs, mean)
    if mean is None:
        return
    near = [
        subproblem
        for subproblem in subproblems
        if subproblem.rough <= mean * _NEARLY and subproblem.mean <= mean
    ]
    sellers = tuple(sorted({subproblem.seller for subproblem in near}))
    for items in sorted(
        {items for subproblem in near for items in _sizes(subproblem, mean, rules.budget_minor)}
    ):
        yield items, int(mean * items), sellers


def _subproblems(copies: Copies, rules: Rules, tariffs: Tariffs) -> Iterator[_Subproblem]:
    """The subproblems that may have the lowest mean: none of a free subproblem is above that of the lowest
    free one."""
    batches = list(_batches(copies, rules, tariffs))
    free = (batch.means[~batch.limited].min(initial=np.inf) for batch in batches)
    most = min(free, default=np.inf) * _NEARLY
    for batch in batches:
        for at in np.flatnonzero((batch.items > 0) & (batch.means <= most)).tolist():
            items, total = int(batch.items[at]), int(batch.total[at])
            yield _Subproblem(batch.search, batch.subproblems, batch.layout, at, items, total)


def _batches(copies: Copies, rules: Rules, tariffs: Tariffs) -> Iterator[_Batch]:
    near = within_reach(copies, rules)
    for variant in variants(copies, rules):
        search = Search(inventory_of(near, variant.required), variant, tariffs, CHEAPEST, top=1)
        subproblems = search.subproblems(np.flatnonzero(search.promise() >= 0))
        layout = lay_out(search.inventory, subproblems, CHEAPEST)
        items, total = lowest_means(
            subproblems,
            layout.option_at,
            layout.group_at,
            layout.most,
            layout.cost,
            layout.sums,
            layout.begin,
            layout.is_required,
        )
        yield _Batch(search, subproblems, layout, items, total)


def _lowered(
    subproblem: _Subproblem, copies: Copies, rules: Rules, tariffs: Tariffs, mean: Fraction | None
) -> Fraction | None:
    """The lowest mean of the subproblem's carts where that is below `mean`, after Dinkelbach (1967).

    A cart below the mean has costs that sum to less than its items × the mean and the shipping's part that
    does not depend on them. Where totals are rounded that need not be enough, and very large numbers leave no
    room for it; then its sizes are tried one by one. Where no mean is known yet, those not far above the
    least possible are tried first: the lower the mean, the fewer partial carts are open.
    """
    own, highest = (
        [int(number) for number in subproblem.subproblems[subproblem.at]],
        Fraction(rules.budget_minor + 1),
    )
    found, tried = mean, min(highest, max(Fraction(1), 2 * subproblem.mean)) if mean is None else mean
    while _has_room(subproblem, tried):
        need = tried.denominator * (own[OFF] - own[DIV] + 1) + own[DIV]
        cart = _above(subproblem, tried, need)
        if cart is None and found is None and tried < highest:
            tried = min(highest, 2 * tried)
        elif cart is None:
            return found
        elif (reached := Fraction(*cart)) >= tried:
            break
        else:
            found = tried = reached
    sizes = _by_size(copies, rules, tariffs, subproblem.seller)
    return min([*sizes, *([] if found is None else [found])], default=None)


def _has_room(subproblem: _Subproblem, mean: Fraction) -> bool:
    """Whether what the subproblem's costs are below `mean` can be added up exactly."""
    costs = subproblem.layout.cost[
        subproblem.layout.option_at[subproblem.at] : subproblem.layout.option_at[subproblem.at + 1]
    ]
    div, off = (
        int(subproblem.subproblems[subproblem.at, DIV]),
        abs(int(subproblem.subproblems[subproblem.at, OFF])),
    )
    largest = mean.numerator * div + mean.denominator * (int(np.abs(costs).max()) + off)
    return largest * len(costs) <= _MOST_ROOM


def _above(subproblem: _Subproblem, mean: Fraction, need: int) -> tuple[int, int] | None:
    """Total and items of the subproblem's cart farthest below `mean`, if its costs are as far below it as
    `need`."""
    subproblems = subproblem.subproblems[subproblem.at : subproblem.at + 1]
    chunk = chunk_of(subproblem.search.inventory, subproblems, Mode(linear=True, mean=mean), need)
    if chunk.layout.most[0] < 0 or chunk.bounded.bound[0] < need:
        return None
    unit, problem = int(chunk.unit[0]), chunk.problem(0)
    floor = max(-(-need // unit) - 1, -int(np.abs(problem.score).sum()) - 1)
    rows, _, paid, _, _ = chunk.search(0, problem, floor, NODE_LIMIT, _BEAM, 0, ties=False)
    return (cost_of(subproblems[0], paid), len(rows)) if rows else None


def _by_size(copies: Copies, rules: Rules, tariffs: Tariffs, seller: int) -> Iterator[Fraction]:
    """The lowest means of a seller's carts of at least one size after another."""
    own, own_tariffs, _ = of_sellers(copies, tariffs, [seller])
    least = rules.min_items
    while best := solutions.cheapest(own, replace(rules, min_items=least), own_tariffs).best:
        least = len(best[0].rows) + 1
        yield Fraction(best[0].total, len(best[0].rows))


def _sizes(subproblem: _Subproblem, mean: Fraction, budget: int) -> list[int]:
    """The numbers of items for which the subproblem may have a cart of that mean, and a total in whole minor
    units."""
    layout, at, own = subproblem.layout, subproblem.at, subproblem.subproblems[subproblem.at]
    begin = layout.begin[layout.group_at[at] : layout.group_at[at + 1]]
    required = layout.is_required[layout.group_at[at] : layout.group_at[at + 1]] > 0
    cheapest = [*layout.cost[begin[required]].tolist(), *sorted(layout.cost[begin[~required]].tolist())]
    found, paid = [], 0
    for items, cost in enumerate(cheapest[: int(layout.most[at])], 1):
        paid += cost
        whole = items % mean.denominator == 0 and items >= max(int(own[LEAST]), int(required.sum()))
        if whole and cost_of(own, paid) <= mean * items <= budget:
            found.append(items)
    return found
