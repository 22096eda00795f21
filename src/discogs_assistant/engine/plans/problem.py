"""What a plan chooses from: offers of wants by shops, as columns in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.plans.bands import Bands
from discogs_assistant.engine.shipping.tariffs import Tariff

ANY_LOAD = 2**62
"""Above every load there is."""


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """r wants by release, s shops by code point, n offers by shop, want, price and listing.

    Of the wants (r,): `wanted` their rows, `need` copies, `score`, `required`, and `group` counted from 0. Of
    the shops (s,): `shops` their numbers among the copies' sellers, `floor` the minimum order. Of the offers
    (n,): `row` of the copies, `shop` and `want` as counted here, `price`, `weight` and `worth` of a copy, and
    the `most` that a plan may take; those of shop j are start[j] … start[j + 1]. `weight` is in the unit of
    the shop's first band, `worth` in that of `floor`. Each parcel costs `extra` beside its shipping, which
    `bands` include.
    """

    copies: Copies
    tariffs: Sequence[Tariff | None] | None
    wanted: Ints
    need: Ints
    score: Ints
    required: Mask
    group: Ints
    shops: Ints
    floor: Ints
    bands: Bands
    row: Ints
    shop: Ints
    want: Ints
    price: Ints
    weight: Ints
    worth: Ints
    most: Ints
    start: Ints
    extra: int = 0

    @property
    def groups(self) -> int:
        """How many groups have a want that can be had."""
        return int(self.group.max()) + 1 if len(self.group) else 0

    def loads(self) -> Ints:
        """(s,) what each shop's offers weigh together."""
        return sums_by(self.shop, self.weight, self.most, len(self.shops))

    def measured(self) -> Ints:
        """(3, n) items, grams and worth of one copy of each offer."""
        return measured_in_all(self.copies, self.row)

    def totals(self) -> Ints:
        """(3, s) the same of all offers of each shop."""
        return np.stack([sums_by(self.shop, each, self.most, len(self.shops)) for each in self.measured()])

    def dearer(self, extra: int) -> PlanProblem:
        """The same where each parcel costs `extra` more."""
        return replace(self, bands=self.bands.dearer(extra), extra=self.extra + extra)

    def keep(self, offers: Mask) -> tuple[PlanProblem, Ints]:
        """The problem of some of the offers, renumbered; and which wants are left, as numbered here."""
        most = np.where(offers, self.most, 0)
        filled = sums_by(self.want, np.ones_like(most), most, len(self.need)) >= self.need
        offers = offers & filled[self.want]
        wants, want = np.unique(self.want[offers], return_inverse=True)
        shops, shop = np.unique(self.shop[offers], return_inverse=True)
        left = replace(
            self,
            wanted=self.wanted[wants],
            need=self.need[wants],
            score=self.score[wants],
            required=self.required[wants],
            group=count_groups(self.group[wants]),
            shops=self.shops[shops],
            floor=self.floor[shops],
            bands=self.bands.of(shops),
            row=self.row[offers],
            shop=shop,
            want=want,
            price=self.price[offers],
            weight=self.weight[offers],
            worth=self.worth[offers],
            most=self.most[offers],
            start=np.searchsorted(shop, np.arange(len(shops) + 1)),
        )
        return left, wants


def sums_by(places: Ints, each: Ints, count: Ints, size: int) -> Ints:
    """(size,) sums of each × count by place, no more than any load."""
    sums = np.bincount(places, each.astype(np.float64) * count, minlength=size)
    return np.minimum(sums, ANY_LOAD).astype(np.int64)


def measured_in_all(copies: Copies, row: Ints) -> Ints:
    """(3, n) items, grams and worth of a copy in each row."""
    return np.stack([np.ones_like(row), copies.grams[row], copies.worth[row]])


def count_groups(groups: Ints) -> Ints:
    """The same groups, counted from 0 in the order in which they are met."""
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[group]
