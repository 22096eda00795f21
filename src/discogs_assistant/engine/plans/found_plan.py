"""A plan as the copies taken from each offer, with its exact total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.plans.problem import PlanProblem


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one seller sends: `rows` of the copies by ascending listing id, `quantities` of each.

    `seller` is an index into the copies' sellers; money in minor units.
    """

    seller: int
    rows: tuple[int, ...]
    quantities: tuple[int, ...]
    merchandise_minor: int
    shipping_minor: int

    @property
    def total_minor(self) -> int:
        """Merchandise and shipping."""
        return self.merchandise_minor + self.shipping_minor


@dataclass(frozen=True, slots=True)
class FoundPlan:
    """Parcels by seller, and the rows of the wants that they cover."""

    parcels: tuple[Parcel, ...]
    covered: frozenset[int]
    total_minor: int
    score_micro: int


NOTHING_BOUGHT = FoundPlan((), frozenset(), 0, 0)


def found_plan(problem: PlanProblem, taken: Ints) -> FoundPlan | None:
    """What `taken` (n,) copies of each offer make; None where a parcel is not sent, or a want not whole."""
    bought = np.flatnonzero(taken)
    if not len(bought):
        return NOTHING_BOUGHT
    if not _whole(problem, taken):
        return None
    shops, first = np.unique(problem.shop[bought], return_index=True)
    parcels = []
    for shop, offers in zip(shops.tolist(), np.split(bought, first[1:]), strict=True):
        seller = int(problem.shops[shop])
        made = parcel(problem, seller, problem.row[offers], taken[offers])
        if made is None:
            return None
        parcels.append(made)
    wants = np.unique(problem.want[bought])
    return FoundPlan(
        tuple(parcels),
        frozenset(problem.wanted[wants].tolist()),
        sum(parcel.total_minor for parcel in parcels),
        sum(problem.score[wants].tolist()),
    )


def _whole(problem: PlanProblem, taken: Ints) -> bool:
    """Whether no more copies are taken than there are, all of a want or none, and one want of a group."""
    counts = np.bincount(problem.want, taken, len(problem.need))
    groups = np.bincount(problem.group[counts > 0])
    every = (counts == problem.need) | (counts == 0)
    return bool(every.all() and (taken >= 0).all() and (taken <= problem.most).all() and groups.max() == 1)


def parcel(problem: PlanProblem, seller: int, rows: Ints, counts: Ints) -> Parcel | None:
    """The parcel of `counts` copies of each of `rows`; None where the seller does not send it."""
    copies = problem.copies
    order = np.argsort(copies.listing[rows])
    listed, quantities = rows[order].tolist(), counts[order].tolist()
    shipping = problem.extra
    tariff = None if problem.tariffs is None else problem.tariffs[seller]
    if tariff is not None:
        size = copies.parcel(listed, quantities)
        quote = tariff.quote(size)
        if quote is None or size.worth < tariff.min_order:
            return None
        shipping += quote.minor
    prices = copies.price[listed].tolist()
    merchandise = sum(price * count for price, count in zip(prices, quantities, strict=True))
    return Parcel(seller, tuple(listed), tuple(quantities), merchandise, shipping)
