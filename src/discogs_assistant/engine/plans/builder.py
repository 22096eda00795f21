"""Wants and copies as the problem of a plan, the same whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.kernels.options import LARGEST_SUM
from discogs_assistant.engine.plans.bands import GRAMS, ITEMS, UNIT_CODES, VALUE, bands_of, free_bands
from discogs_assistant.engine.plans.problem import (
    ANY_LOAD,
    PlanProblem,
    count_groups,
    measured_in_all,
    sums_by,
)
from discogs_assistant.engine.plans.rules import Wants
from discogs_assistant.engine.shipping.tariffs import Step, Tariff, single_method
from discogs_assistant.errors import BadInputError, SumTooLargeError
from discogs_assistant.model.shipping import ShippingUnit


def short_of(copies: Copies, wants: Wants) -> Mask:
    """(w,) True for wants of which fewer copies are offered than wanted."""
    want = _places(copies.release, wants.release)
    offered = np.zeros(len(wants), dtype=np.int64)
    np.add.at(offered, want[want >= 0], copies.quantity[want >= 0])
    return offered < wants.copies


def build_problem(copies: Copies, wants: Wants, tariffs: Sequence[Tariff | None] | None) -> PlanProblem:
    """What a best plan may buy; `BadInputError` names required releases that cannot be bought.

    `SumTooLargeError` where a total or a score may exceed `LARGEST_SUM`.

    Left away are shops without a tariff or that never send what they have, wants that the others do not fill,
    other wants of a required one's group, and copies of which the same shop has enough that are no worse.
    """
    order = np.argsort(wants.release)
    need = wants.copies[order]
    want = _places(copies.release, wants.release[order])
    terms = _Terms.of(copies, tariffs)
    row = np.flatnonzero((want >= 0) & _without_rivals(wants)[order][want] & terms.sends[copies.seller])
    row = row[np.lexsort((copies.listing[row], copies.price[row], copies.release[row], copies.seller[row]))]
    want, seller = want[row], copies.seller[row]
    measured = measured_in_all(copies, row)
    most = np.minimum(np.minimum(copies.quantity[row], need[want]), terms.sent_at_once(seller, measured))
    most = _no_better_left(seller, want, most, need, terms.kinds(seller, measured))
    kept = _sent(seller, want, most, measured, need, terms)
    _refuse_unmet(wants, order[np.unique(want[kept])])
    problem = _numbered(copies, wants, tariffs, terms, order, row, want, np.where(kept, most, 0))
    _require_exact_sums(problem)
    return problem


_ANY_ITEMS = single_method(ShippingUnit.ITEMS, (Step(0, None, 0, 0, 0),))


@dataclass(frozen=True, slots=True)
class _Terms:
    """Of m sellers of the copies: the lowest and highest load that they send, (3, m) by unit, and more.

    A unit in which nothing is sent has a highest load below 0. `floor` (m,) is the minimum order, and
    `by_worth` (m,) marks sellers to whom it matters what copies are worth.
    """

    first: Ints
    last: Ints
    floor: Ints
    by_worth: Mask

    @staticmethod
    def of(copies: Copies, tariffs: Sequence[Tariff | None] | None) -> _Terms:
        if tariffs is None:
            tariffs = [_ANY_ITEMS] * len(copies.sellers)
        first, last = ([[limit] * len(tariffs) for _ in range(3)] for limit in (ANY_LOAD, -1))
        for seller, tariff in enumerate(tariffs):
            for method in tariff.methods if tariff is not None else ():
                if method.steps:
                    unit, high = UNIT_CODES[method.unit], method.steps[-1].high
                    first[unit][seller] = min(first[unit][seller], method.steps[0].low)
                    last[unit][seller] = max(last[unit][seller], ANY_LOAD if high is None else high)
        floor = np.array([0 if tariff is None else tariff.min_order for tariff in tariffs], dtype=np.int64)
        free = [tariff is not None and tariff.free_from is not None for tariff in tariffs]
        by_worth = (floor > 0) | np.array(free, dtype=np.bool_)
        carried = np.array(last)
        return _Terms(np.array(first), carried, floor, by_worth | (carried[VALUE] >= 0))

    @property
    def sends(self) -> Mask:
        """(m,) True for sellers who send anything."""
        return np.asarray((self.last >= 0).any(axis=0))

    @property
    def units(self) -> list[int]:
        """Those in which somebody sends."""
        return np.flatnonzero((self.last >= 0).any(axis=1)).tolist()

    def sent_at_once(self, seller: Ints, measured: Ints) -> Ints:
        """(n,) how many copies of each offer may go in one parcel."""
        count = np.zeros_like(seller)
        for unit in self.units:
            count = np.maximum(count, self.last[unit, seller] // np.maximum(measured[unit], 1))
        return count

    def kinds(self, seller: Ints, measured: Ints) -> Ints:
        """(2, n) what else than the price makes a copy differ from another of the same release and seller."""
        by_grams = (self.last[GRAMS] >= 0)[seller]
        return np.stack(
            [
                np.where(by_grams, measured[GRAMS], 0),
                np.where(self.by_worth[seller], measured[VALUE], 0),
            ]
        )

    def send_all(self, seller: Ints, measured: Ints, count: Ints) -> Mask:
        """(m,) True for sellers who send something of no less than these copies together."""
        sellers = len(self.floor)
        sent = np.zeros(sellers, dtype=np.bool_)
        for unit in self.units:
            sent |= sums_by(seller, measured[unit], count, sellers) >= self.first[unit]
        return sent & (sums_by(seller, measured[VALUE], count, sellers) >= self.floor)


def _places(releases: Ints, wanted: Ints) -> Ints:
    """The place in `wanted` (w,) of each of `releases` (n,), or −1."""
    if not len(wanted):
        return np.full(len(releases), -1, dtype=np.int64)
    order = np.argsort(wanted)
    places = order[np.minimum(np.searchsorted(wanted, releases, sorter=order), len(wanted) - 1)]
    return np.where(wanted[places] == releases, places, -1)


def _without_rivals(wants: Wants) -> Mask:
    """(w,) True for wants without another required want in their group; two of a group are refused."""
    required = wants.group[wants.required]
    groups, counts = np.unique(required, return_counts=True)
    rivals = wants.required & np.isin(wants.group, groups[counts > 1])
    if rivals.any():
        raise unmet(wants.release[rivals], "exclude each other, as only one of their group is bought")
    return wants.required | ~np.isin(wants.group, required)


def _sent(seller: Ints, want: Ints, most: Ints, measured: Ints, need: Ints, terms: _Terms) -> Mask:
    """(n,) True for offers of wants that can be filled by sellers who send at least their whole stock."""
    kept = most > 0
    while True:
        sent = terms.send_all(seller[kept], measured[:, kept], most[kept])
        offered = sums_by(want[kept], np.ones_like(most[kept]), most[kept], len(need))
        still = kept & sent[seller] & (offered >= need)[want]
        if still.sum() == kept.sum():
            return kept
        kept = still


def _no_better_left(seller: Ints, want: Ints, most: Ints, need: Ints, kinds: Ints) -> Ints:
    """(n,) how many of each offer remain when as many cheaper ones of its kind as are needed go first."""
    order = np.lexsort((np.arange(len(want)), *kinds, want, seller))
    keys = np.stack([seller, want, *kinds])[:, order]
    first = np.ones(len(want), dtype=np.bool_)
    first[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    before = np.cumsum(most[order]) - most[order]
    before -= np.maximum.accumulate(np.where(first, before, 0))
    left = np.empty_like(most)
    left[order] = np.clip(need[want[order]] - before, 0, most[order])
    return left


def _refuse_unmet(wants: Wants, available: Ints) -> None:
    missing = wants.required.copy()
    missing[available] = False
    if missing.any():
        raise unmet(wants.release[missing], "cannot be bought: no seller who ships them offers enough copies")


def _require_exact_sums(problem: PlanProblem) -> None:
    """Refuses wants whose most expensive copies, or whose scores, sum to more than `LARGEST_SUM`."""
    dearest = np.zeros(len(problem.need))
    np.maximum.at(dearest, problem.want, problem.price.astype(np.float64))
    if max(dearest @ problem.need, problem.score.astype(np.float64).sum()) > LARGEST_SUM:
        raise SumTooLargeError(
            "The prices or the scores of these wants are too large to add up exactly.",
            "Want fewer copies, or leave out the listings with the highest prices.",
        )


def unmet(releases: Ints, why: str) -> BadInputError:
    """The error that names required releases that no plan covers."""
    names = ", ".join(str(release) for release in sorted(releases.tolist()))
    noun = "release" if len(releases) == 1 else "releases"
    return BadInputError(
        f"The required {noun} {names} {why}.", "Require fewer releases, or widen the limits.", field="must"
    )


def _numbered(
    copies: Copies,
    wants: Wants,
    tariffs: Sequence[Tariff | None] | None,
    terms: _Terms,
    order: Ints,
    row: Ints,
    want: Ints,
    most: Ints,
) -> PlanProblem:
    """The offers left, with wants and shops renumbered."""
    left = most > 0
    row, most = row[left], most[left]
    wanted, want = np.unique(want[left], return_inverse=True)
    shops, shop = np.unique(copies.seller[row], return_inverse=True)
    wanted, measured = order[wanted], measured_in_all(copies, row)
    totals = np.stack([sums_by(shop, each, most, len(shops)) for each in measured])
    bands = (
        free_bands(totals[ITEMS])
        if tariffs is None
        else bands_of((tariffs[s] for s in shops), totals, exact=True)
    )
    return PlanProblem(
        copies=copies,
        tariffs=tariffs,
        wanted=wanted,
        need=wants.copies[wanted],
        score=wants.score[wanted],
        required=wants.required[wanted],
        group=count_groups(wants.group[wanted]),
        shops=shops,
        floor=terms.floor[shops],
        bands=bands,
        row=row,
        shop=shop,
        want=want,
        price=copies.price[row],
        weight=np.choose(bands.first_unit()[shop], measured),
        worth=measured[VALUE],
        most=most,
        start=np.searchsorted(shop, np.arange(len(shops) + 1)),
    )
