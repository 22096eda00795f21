"""A plan as the copies taken from each offer, with its exact total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from discogs_assistant.engine.carts.copies import Ints
from discogs_assistant.engine.carts.kernels.options import LARGEST_SUM
from discogs_assistant.engine.plans.problem import PlanProblem, measured_in_all
from discogs_assistant.engine.shipping.tariffs import ParcelSize


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
    bought = bought[np.lexsort((problem.copies.listing[problem.row[bought]], problem.shop[bought]))]
    parcels = parcels_of(problem, problem.shops[problem.shop[bought]], problem.row[bought], taken[bought])
    if parcels is None:
        return None
    wants = np.unique(problem.want[bought])
    return FoundPlan(
        parcels,
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


def parcels_of(problem: PlanProblem, seller: Ints, row: Ints, count: Ints) -> tuple[Parcel, ...] | None:
    """The parcels of `count` (n,) copies of each `row` (n,) of `seller` (n,), by seller, then listing id.

    None where a seller does not send theirs.
    """
    first = np.flatnonzero(np.append(True, seller[1:] != seller[:-1]))
    merchandise, items, grams, worth = (
        np.add.reduceat(_exact(each, count), first).tolist()
        for each in (problem.copies.price[row], *measured_in_all(problem.copies, row))
    )
    rows, counts, ends = row.tolist(), count.tolist(), [*first.tolist(), len(row)]
    parcels = []
    for place, number in enumerate(seller[first].tolist()):
        shipping = problem.extra
        tariff = None if problem.tariffs is None else problem.tariffs[number]
        if tariff is not None:
            quote = tariff.quote(ParcelSize(items[place], grams[place], worth[place]))
            if quote is None or worth[place] < tariff.min_order:
                return None
            shipping += quote.minor
        own = slice(ends[place], ends[place + 1])
        parcels.append(Parcel(number, tuple(rows[own]), tuple(counts[own]), merchandise[place], shipping))
    return tuple(parcels)


def _exact(each: Ints, count: Ints) -> NDArray[Any]:
    """(n,) each × count, as Python's integers where a sum might not fit in 64 bits."""
    if float(np.abs(each.astype(np.float64)) @ count) < LARGEST_SUM:
        return each * count
    return each.astype(object) * count
