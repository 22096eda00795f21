"""Wants and copies as the problem of a plan, the same whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.kernels.options import LARGEST_SUM
from discogs_assistant.engine.plans.bands import bands_of, free_bands
from discogs_assistant.engine.plans.problem import ANY_LOAD, PlanProblem, count_groups, sums_by
from discogs_assistant.engine.plans.rules import Wants
from discogs_assistant.engine.shipping.tariffs import Tariff
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
    weight = terms.weight(copies, row)
    most = np.minimum(
        np.minimum(copies.quantity[row], need[want]), terms.last[seller] // np.maximum(weight, 1)
    )
    most = _no_better_left(seller, want, most, need, terms.kinds(copies, row))
    kept = _sent(seller, want, most, weight, copies.worth[row], need, terms)
    _refuse_unmet(wants, order[np.unique(want[kept])])
    problem = _numbered(copies, wants, tariffs, terms, order, row, want, weight, np.where(kept, most, 0))
    _require_exact_sums(problem)
    return problem


@dataclass(frozen=True, slots=True)
class _Terms:
    """Of each seller of the copies: does it send, unit, lowest and highest load, minimum order."""

    sends: Mask
    unit: Ints
    first: Ints
    last: Ints
    floor: Ints

    @staticmethod
    def of(copies: Copies, tariffs: Sequence[Tariff | None] | None) -> _Terms:
        if tariffs is None:
            zeros = np.zeros(len(copies.sellers), dtype=np.int64)
            return _Terms(np.ones(len(zeros), dtype=np.bool_), zeros, zeros, zeros + ANY_LOAD, zeros)
        terms = [_NEVER if tariff is None else _terms(tariff) for tariff in tariffs]
        columns = np.array(terms, dtype=np.int64).reshape(-1, 5).T
        return _Terms(columns[0].astype(np.bool_), *columns[1:])

    def weight(self, copies: Copies, row: Ints) -> Ints:
        """What a copy adds to its parcel's load."""
        unit = self.unit[copies.seller[row]]
        return np.choose(unit, [np.ones_like(row), copies.grams[row], copies.worth[row]])

    def kinds(self, copies: Copies, row: Ints) -> Ints:
        """(2, n) what else than the price makes a copy differ from another of the same release and seller."""
        seller = copies.seller[row]
        grams = np.where(self.unit[seller] == _UNITS[ShippingUnit.GRAMS], copies.grams[row], 0)
        valued = (self.unit[seller] == _UNITS[ShippingUnit.VALUE]) | (self.floor[seller] > 0)
        return np.stack([grams, np.where(valued, copies.worth[row], 0)])


_NEVER = (0, 0, 0, 0, 0)
_UNITS = {ShippingUnit.ITEMS: 0, ShippingUnit.GRAMS: 1, ShippingUnit.VALUE: 2}


def _terms(tariff: Tariff) -> tuple[int, int, int, int, int]:
    if not tariff.methods or not tariff.methods[0].steps:
        return _NEVER
    method = tariff.methods[0]
    last = method.steps[-1].high
    first = method.steps[0].low
    return 1, _UNITS[method.unit], first, ANY_LOAD if last is None else last, tariff.min_order


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


def _sent(seller: Ints, want: Ints, most: Ints, weight: Ints, worth: Ints, need: Ints, terms: _Terms) -> Mask:
    """(n,) True for offers of wants that can be filled by sellers who send at least their whole stock."""
    kept = most > 0
    while True:
        load = sums_by(seller[kept], weight[kept], most[kept], len(terms.first))
        value = sums_by(seller[kept], worth[kept], most[kept], len(terms.first))
        offered = sums_by(want[kept], np.ones_like(most[kept]), most[kept], len(need))
        sent = (load >= terms.first) & (value >= terms.floor)
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
    weight: Ints,
    most: Ints,
) -> PlanProblem:
    """The offers left, with wants and shops renumbered."""
    left = most > 0
    row, weight, most = row[left], weight[left], most[left]
    wanted, want = np.unique(want[left], return_inverse=True)
    shops, shop = np.unique(copies.seller[row], return_inverse=True)
    wanted = order[wanted]
    loads = sums_by(shop, weight, most, len(shops))
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
        bands=free_bands(loads)
        if tariffs is None
        else bands_of([tariffs[s].methods[0] for s in shops], loads, exact=True),
        row=row,
        shop=shop,
        want=want,
        price=copies.price[row],
        weight=weight,
        worth=copies.worth[row],
        most=most,
        start=np.searchsorted(shop, np.arange(len(shops) + 1)),
    )
