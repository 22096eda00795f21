"""Plans over several sellers for all that a person wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np

from discogs_assistant.engine.carts.copies import Copies, Ints
from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.marginals import Marginal, entries, marginals
from discogs_assistant.engine.plans.rules import Passed, PlanRules, Question, Wants, never
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.cart import Candidate
from discogs_assistant.model.criteria import CartCriteria
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.pipelines.carts.candidates import CartRequest, EligibleCopies, choose_wants
from discogs_assistant.pipelines.carts.market import Market

_PATIENCE = timedelta(seconds=10)
"""For each of the three questions, and for what each want costs."""
_CURVE = _ENTRIES = timedelta(seconds=5)
"""For the curve, and for the prices at which wants that are left out would come in."""
_IN_ORDER = (Question.CHEAPEST, Question.FEWEST, Question.MOST)


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
    unknown_shipping: Mapping[int, Sequence[str]]
    answers: Mapping[Question, Plan] = field(default_factory=dict)
    curve: Sequence[Plan] = ()
    marginals: Sequence[Marginal] = ()
    entries: Mapping[int, int] = field(default_factory=dict)
    problem: str | None = None

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


def search_plans(
    market: Market, request: CartRequest, clock: Callable[[], datetime], stopped: Passed = never
) -> Iterator[Plans]:
    """The plans by what `market` knows, as they come; nothing where nothing is wanted.

    First the cheapest, the fewest parcels and the most for the budget, each by itself; then the curve, what
    each want costs, and when those that are left out would come in. Each has a time limit of its own, and
    ends at once where the search is `stopped`. Minimum orders always hold. Where no shipping counts, parcels
    ship for nothing.
    """
    planned = wants_for_sale(market, request)
    if planned is None:
        return
    choice, wants, copies = planned.choice, planned.wants, planned.copies
    tariffs: Sequence[Tariff | None] = market.tariffs if choice.with_shipping else market.free
    problem = _Problem(copies, wants, tariffs, request.criteria.budget.minor, clock, stopped)
    plans = Plans(wants, choice, _unknown_shipping(copies, planned.of, tariffs))
    for question in _IN_ORDER:
        plans = problem.answered(plans, question)
        yield plans
    if (cheapest := plans.answers.get(Question.CHEAPEST)) is not None:
        for points in problem.curve(cheapest):
            plans = replace(plans, curve=points)
            yield plans
        plans = replace(plans, marginals=problem.marginals(cheapest))
        yield plans
    if (most := plans.answers.get(Question.MOST)) is not None:
        yield replace(plans, entries=problem.entries(most))


@dataclass(frozen=True, slots=True)
class WantsForSale:
    """All that a plan may buy: `copies` of the `wants`, as rows of `choice`; `of` (n,) the want of each."""

    choice: EligibleCopies
    wants: Wants
    copies: Copies
    of: Ints


def wants_for_sale(market: Market, request: CartRequest) -> WantsForSale | None:
    """What plans are made of; None where nothing is wanted."""
    choice = choose_wants(market, request)
    wants, want_of = _wants(list(choice.candidates.values()), request.criteria)
    if not len(wants):
        return None
    of = np.array([want_of[release] for release in choice.copies.release.tolist()], dtype=np.int64)
    copies = replace(choice.copies, release=wants.release[of], group=wants.group[of])
    return WantsForSale(choice, wants, copies, of)


@dataclass(frozen=True)
class _Problem:
    """What plans are made of: the copies of the wants, the sellers' tariffs, and the budget."""

    copies: Copies
    wants: Wants
    tariffs: Sequence[Tariff | None]
    budget: int
    clock: Callable[[], datetime]
    stopped: Passed

    def answered(self, plans: Plans, question: Question) -> Plans:
        """The plans with the answer to one question more, or with why there is none."""
        rules = self._rules(question)
        try:
            found = best_plan(self.copies, self.wants, rules, self.tariffs, deadline=self._within(_PATIENCE))
        except BadInputError as error:
            return replace(plans, problem=plans.problem or error.sentence)
        return replace(plans, answers={**plans.answers, question: found})

    def curve(self, cheapest: Plan) -> Iterator[Sequence[Plan]]:
        """The cheapest plans of at most 1, 2, … sellers: all at once, then better and better proven."""
        rules, within = self._rules(Question.CHEAPEST), self._within(_CURVE)
        return curve(self.copies, self.wants, rules, self.tariffs, cheapest=cheapest, deadline=within)

    def marginals(self, cheapest: Plan) -> Sequence[Marginal]:
        """What each want does to the cheapest plan."""
        rules, within = self._rules(Question.CHEAPEST), self._within(_PATIENCE)
        return marginals(self.copies, self.wants, rules, self.tariffs, cheapest, deadline=within)

    def entries(self, most: Plan) -> Mapping[int, int]:
        """When each want that is left out would be in the plan with most for the budget."""
        rules, within = self._rules(Question.MOST), self._within(_ENTRIES)
        return entries(self.copies, self.wants, rules, self.tariffs, most, deadline=within)

    def _rules(self, question: Question) -> PlanRules:
        return PlanRules(question, self.budget if question is Question.MOST else None)

    def _within(self, patience: timedelta) -> Passed:
        ends = self.clock() + patience
        return lambda: self.stopped() or self.clock() >= ends


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
