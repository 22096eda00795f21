"""Each seller's copies side by side, and which of them are required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.kernels.options import by_seller
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.ids import ReleaseId

GRAMS, WORTH, SIDE = range(3)
"""Columns whose sums can have limits; SIDE is only there where a caller gives one."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """`rows` in order of their seller, whose copies are `first[seller]` to `first[seller + 1]`.

    `required` (n,) marks the copies of required groups; `able` (sellers,) the sellers that have one of
    each; `columns` (2 or 3, n) hold what sums are limited of.
    """

    copies: Copies
    first: Ints
    rows: Ints
    required: Ints
    able: Mask
    columns: Ints

    @property
    def counts(self) -> Ints:
        """How many copies each seller has."""
        return np.diff(self.first)

    def of(self, seller: int) -> Ints:
        """The rows of a seller's copies."""
        return self.rows[self.first[seller] : self.first[seller + 1]]


def inventory_of(
    copies: Copies,
    required_sets: Sequence[frozenset[ReleaseId]],
    *,
    keep: Mask | None = None,
    side: Ints | None = None,
) -> Inventory:
    """The copies (of `keep`) by seller; of required groups, only those that will do.

    The releases of a set of `required_sets` belong to one group.
    """
    kept = np.ones(len(copies), dtype=np.bool_) if keep is None else keep.copy()
    required = np.zeros(len(copies), dtype=np.int64)
    able = np.ones(len(copies.sellers), dtype=np.bool_)
    for releases in required_sets:
        fits = kept & np.isin(copies.release, np.array(sorted(releases), dtype=np.int64))
        needed = _same_pair(copies.seller, copies.group, fits)
        required[needed] = 1
        kept &= fits | ~needed
        able &= np.bincount(copies.seller[fits], minlength=len(able)) > 0
    for releases in required_sets:
        fits = kept & np.isin(copies.release, np.array(sorted(releases), dtype=np.int64))
        able &= np.bincount(copies.seller[fits], minlength=len(able)) > 0
    places = np.flatnonzero(kept)
    first, order = by_seller(copies.seller[places], len(copies.sellers))
    columns = [copies.grams, copies.worth] + ([] if side is None else [side])
    return Inventory(copies, first, places[order], required, able, np.stack(columns))


def of_sellers(
    copies: Copies, tariffs: Sequence[Tariff | None] | None, sellers: Sequence[int]
) -> tuple[Copies, Sequence[Tariff | None] | None, Ints]:
    """The copies and tariffs of `sellers` (ascending) alone, counted from 0, and the rows where they were."""
    place = np.full(len(copies.sellers), -1)
    place[list(sellers)] = np.arange(len(sellers))
    rows = np.flatnonzero(place[copies.seller] >= 0)
    own = copies.take(rows)
    names = tuple(copies.sellers[seller] for seller in sellers)
    own = replace(own, sellers=names, seller=place[own.seller])
    return own, None if tariffs is None else [tariffs[seller] for seller in sellers], rows


def _same_pair(seller: Ints, group: Ints, marked: Mask) -> Mask:
    """The copies of a seller and group of which one is marked."""
    of_marked = np.bincount(seller[marked], minlength=int(seller.max(initial=-1)) + 1) > 0
    near = np.flatnonzero(of_marked[seller] & np.isin(group, np.unique(group[marked])))
    _, place = np.unique(np.stack([seller[near], group[near]]), axis=1, return_inverse=True)
    found = np.zeros(len(seller), dtype=np.bool_)
    found[near] = np.isin(place, place[marked[near]])
    return found
