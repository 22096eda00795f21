"""Plans over several sellers for all that a person wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.marginals import Marginal, entries, marginals
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.cart import Candidate
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.carts.candidates import CartRequest, EligibleCopies, choose_wants
from discogs_assistant.pipelines.carts.market import Market

_PATIENCE = timedelta(seconds=10)
"""For each of the three questions, for the curve, for what each want costs, and for when it would come in."""


@dataclass(frozen=True)
class Plans:
    """The answers by question; `wants` is (w,), `choice` the copies of them that plans know.

    `curve` are the cheapest plans of at most 1, 2, … sellers, `marginals` what each want does to the cheapest
    of all, `entries` by want the price a copy at which it would be in the most for the budget, where that
    leaves it out. `problem` says why there is no plan. `unknown_shipping` are the sellers of each want that
    only sellers with unknown shipping have.
    """

    wants: Wants
    choice: EligibleCopies
    answers: Mapping[Question, Plan]
    curve: Sequence[Plan]
    marginals: Sequence[Marginal]
    entries: Mapping[int, int]
    problem: str | None
    unknown_shipping: Mapping[int, Sequence[str]]

    @property
    def all(self) -> list[Plan]:
        """Every plan that is shown."""
        return [*self.answers.values(), *self.curve]

    @property
    def rows(self) -> set[int]:
        """The places in the choice of all copies that are shown."""
        return {int(row) for plan in self.all for parcel in plan.parcels for row in parcel.rows}

    @property
    def sellers(self) -> set[int]:
        """All sellers that are shown."""
        return {parcel.seller for plan in self.all for parcel in plan.parcels}


def search_plans(market: Market, request: CartRequest, clock: Callable[[], datetime]) -> Plans | None:
    """The plans by what `market` knows; None where nothing is wanted. Minimum orders always hold.

    Where no shipping counts, parcels ship for nothing.
    """
    choice, criteria = choose_wants(market, request), request.criteria
    wants, want_of = _wants(list(choice.candidates.values()), criteria)
    if not len(wants):
        return None
    of = np.array([want_of[release] for release in choice.copies.release.tolist()], dtype=np.int64)
    copies = replace(choice.copies, release=wants.release[of], group=wants.group[of])
    tariffs: Sequence[Tariff | None] = market.tariffs if choice.with_shipping else market.free

    def rules(question: Question) -> PlanRules:
        return PlanRules(question, criteria.budget.minor if question is Question.MOST else None)

    answers: dict[Question, Plan] = {}
    problem = None
    for question in Question:
        try:
            answers[question] = best_plan(copies, wants, rules(question), tariffs, deadline=_within(clock))
        except BadInputError as error:
            problem = problem or error.sentence
    points: Sequence[Plan] = ()
    costs: Sequence[Marginal] = ()
    if (cheapest := answers.get(Question.CHEAPEST)) is not None:
        plain = rules(Question.CHEAPEST)
        points = curve(copies, wants, plain, tariffs, deadline=_within(clock))
        costs = marginals(copies, wants, plain, tariffs, cheapest, deadline=_within(clock))
    prices: Mapping[int, int] = {}
    if (most := answers.get(Question.MOST)) is not None:
        prices = entries(copies, wants, rules(Question.MOST), tariffs, most, deadline=_within(clock))
    return Plans(
        wants, choice, answers, points, costs, prices, problem, _unknown_shipping(copies, of, tariffs)
    )


def _within(clock: Callable[[], datetime]) -> Passed:
    ends = clock() + _PATIENCE
    return lambda: clock() >= ends


def _wants(candidates: Sequence[Candidate], criteria: CartCriteria) -> tuple[Wants, Mapping[int, int]]:
    """One want for each candidate, of a group one; and the want that each release is a copy of.

    Any pressing of a group stands for the want, which has the lowest release's id.
    """
    groups: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(
            -int(candidate.release_id) if candidate.group is None else candidate.group, []
        ).append(candidate)
    members = sorted(groups.values(), key=lambda group: min(want.release_id for want in group))
    release = np.array([min(int(want.release_id) for want in group) for group in members], dtype=np.int64)
    wants = Wants(
        release=release,
        score=np.array([group[0].score_micro for group in members], dtype=np.int64),
        required=np.array([_must(group, criteria.must) for group in members], dtype=bool),
        copies=np.ones(len(members), dtype=np.int64),
        group=release,
    )
    return wants, {int(want.release_id): place for place, group in enumerate(members) for want in group}


def _unknown_shipping(
    copies: Copies, of: Ints, tariffs: Sequence[Tariff | None]
) -> Mapping[int, Sequence[str]]:
    """The sellers of each want for which no shipping is known; `of` (n,) is what each copy is of."""
    holders: dict[int, set[int]] = {}
    for want, seller in zip(of.tolist(), copies.seller.tolist(), strict=True):
        holders.setdefault(want, set()).add(seller)
    return {
        want: sorted(copies.sellers[seller] for seller in found)
        for want, found in holders.items()
        if all(tariffs[seller] is None for seller in found)
    }


def _must(group: Sequence[Candidate], must: frozenset[ReleaseId]) -> bool:
    return any(want.release_id in must for want in group)
