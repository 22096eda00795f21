"""What carts may be made of: the candidates of a person, and their copies that meet the criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from discogs_assistant.engine.carts.candidates import (
    DrawnCandidates,
    choose_candidates,
    rules_for,
    wants_to_plan,
)
from discogs_assistant.engine.carts.copies import Copies, Ints, Mask
from discogs_assistant.engine.carts.eligibility import eligible
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.carts.unusual_prices import USUAL
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.model.cart import Candidate
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.pipelines.carts.market import Market


@dataclass(frozen=True, slots=True)
class CartRequest:
    """Whose carts are searched, and by which criteria; wants are drawn by `day`."""

    user: UserName
    criteria: CartCriteria
    day: date


@dataclass(frozen=True, slots=True)
class EligibleCopies:
    """What may be bought: `copies`, in the market's `rows`, that meet all criteria.

    `read` counts all copies read, `excluded` the candidates' copies by the criterion that they fail,
    `too_dear` the candidates that usually cost more than the budget. `tariffs` by seller limit the carts;
    they hold shipping where it is within the budget and any is known (`with_shipping`), else minimum orders
    at most. `others` are the tariffs of sellers whose shipping is not known, where that of some is.
    """

    candidates: Mapping[ReleaseId, Candidate]
    rows: Ints
    copies: Copies
    read: int
    excluded: Mapping[str, int]
    too_dear: int
    rules: Rules
    with_shipping: bool
    tariffs: Sequence[Tariff | None] | None
    others: Sequence[Tariff | None] | None

    def tariff(self, seller: int) -> Tariff | None:
        """The tariff that limits a seller's carts."""
        known = None if self.tariffs is None else self.tariffs[seller]
        return known if known is not None or self.others is None else self.others[seller]


def choose(market: Market, request: CartRequest, seller: str | None = None) -> EligibleCopies:
    """The candidates of carts, and their copies that meet the criteria."""
    drawn = choose_candidates(market.pool, request.criteria, request.user, request.day)
    return _copies_of(market, request.criteria, drawn, _of_seller(market, seller))


def choose_wants(market: Market, request: CartRequest) -> EligibleCopies:
    """As `choose`, for plans: all wants and required releases, drawn or not, at any usual price."""
    drawn = DrawnCandidates(wants_of(market, request), too_dear=0)
    return _copies_of(market, request.criteria, drawn, usual(market, request.criteria))


def usual(market: Market, criteria: CartCriteria) -> Mask:
    """(n,) copies at a usual price, and those of required records; all where the criteria ask for them."""
    if criteria.unusual_prices:
        return np.ones(len(market.copies), dtype=bool)
    required = np.isin(market.copies.release, np.array(sorted(criteria.must), dtype=np.int64))
    return np.asarray((market.unusual == USUAL) | required)


def wants_of(market: Market, request: CartRequest) -> tuple[Candidate, ...]:
    """All wants and required releases."""
    return wants_to_plan(market.pool, request.criteria, request.user, request.day)


def _copies_of(
    market: Market, criteria: CartCriteria, drawn: DrawnCandidates, looked_at: Mask
) -> EligibleCopies:
    wanted = [
        candidate
        for candidate in drawn.candidates
        if candidate.release_id not in criteria.exclude_releases and _loved(candidate, criteria)
    ]
    score, group = _scores(market, wanted)
    asked = (score >= 0) & looked_at
    rows = np.flatnonzero(asked & market.priced)
    passed, excluded = eligible(market.columns.take(rows), criteria.listing)
    unpriced = int(np.count_nonzero(asked & ~market.priced))
    rows = rows[passed]
    copies = replace(market.copies.take(rows), score=score[rows], group=group[rows])
    with_shipping, tariffs, others = _tariffs(market, copies, criteria)
    return EligibleCopies(
        candidates={want.release_id: want for want in wanted},
        rows=rows,
        copies=copies,
        read=int(np.count_nonzero(looked_at)),
        excluded=dict(sorted((excluded | ({"currency": unpriced} if unpriced else {})).items())),
        too_dear=drawn.too_dear,
        rules=rules_for(criteria, wanted),
        with_shipping=with_shipping,
        tariffs=tariffs,
        others=others,
    )


def _loved(candidate: Candidate, criteria: CartCriteria) -> bool:
    """Whether a candidate scores high enough, or is required."""
    enough = candidate.score_micro >= criteria.min_love * 10**6
    return enough or candidate.release_id in criteria.must


def _of_seller(market: Market, seller: str | None) -> Mask:
    """(n,) the copies that are looked at."""
    if seller is None:
        return np.ones(len(market.copies), dtype=bool)
    return np.array([name == seller for name in market.copies.sellers], dtype=bool)[market.copies.seller]


def _scores(market: Market, candidates: Sequence[Candidate]) -> tuple[Ints, Ints]:
    """(n,) each copy's score, -1 where it is of no candidate, and its group.

    A candidate without a group is a group of its own: its negated release id (groups are never negative).
    """
    at = {release: place for place, release in enumerate(market.offered.tolist())}
    score, group = np.full(len(at), -1, dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    for candidate in candidates:
        place = at.get(int(candidate.release_id))
        if place is not None:
            score[place] = candidate.score_micro
            group[place] = -int(candidate.release_id) if candidate.group is None else candidate.group
    return score[market.place], group[market.place]


def _tariffs(
    market: Market, copies: Copies, criteria: CartCriteria
) -> tuple[bool, Sequence[Tariff | None] | None, Sequence[Tariff | None] | None]:
    """Whether shipping counts, the tariffs to search by, and those of the separately listed sellers."""
    offering = set(np.flatnonzero(np.bincount(copies.seller)).tolist())
    with_shipping = {seller for seller in offering if market.tariffs[seller] is not None}
    if not criteria.include_shipping or not with_shipping:
        return False, market.free if criteria.min_orders else None, None
    if with_shipping == offering:
        return True, market.tariffs, None
    pairs = zip(market.tariffs, market.free, strict=True)
    return True, market.tariffs, [None if tariff is not None else free for tariff, free in pairs]
