"""The plans over several sellers as a typed document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import numpy as np

from discogs_assistant.engine.carts.proof_status import Proof
from discogs_assistant.engine.plans.best_plan import Parcel, Plan
from discogs_assistant.engine.plans.rules import Question
from discogs_assistant.model.ids import ListingId, ReleaseId, RunId
from discogs_assistant.model.release import Release
from discogs_assistant.pipelines.carts.candidates import CartRequest
from discogs_assistant.pipelines.carts.lines import ShownCopies, shown_copies
from discogs_assistant.pipelines.carts.market import Market
from discogs_assistant.pipelines.carts.plan_search import Plans
from discogs_assistant.pipelines.carts.plans_result import (
    PlannedOrder,
    PlannedWant,
    PlanProof,
    PlansResult,
    PurchasePlan,
)
from discogs_assistant.pipelines.carts.result import PriceFloor
from discogs_assistant.pipelines.runtime.context import Context

_State = Literal["covered", "left_out", "unknown_shipping", "unavailable"]


def plans_document(
    ctx: Context,
    carts_run: RunId,
    market: Market,
    request: CartRequest,
    plans: Plans,
    partial: Sequence[str],
) -> PlansResult:
    """The document of the plans found so far; `partial` says what the carts lacked.

    `MarketChangedError` where a copy has changed meanwhile.
    """
    copies = shown_copies(ctx, market, plans.choice, request.criteria, plans.rows)
    answers = {question: _plan(plans, copies, plan) for question, plan in plans.answers.items()}
    listing = copies.choice.copies.listing
    return PlansResult(
        user=request.user,
        carts_run=carts_run,
        made_at=ctx.clock.now(),
        prices_as_of=min(_moments(plans, copies), default=None),
        criteria=request.criteria,
        budget_minor=request.criteria.budget.minor,
        currency=request.criteria.budget.currency,
        with_shipping=plans.choice.with_shipping,
        cheapest=answers.get(Question.CHEAPEST),
        fewest=answers.get(Question.FEWEST),
        most=answers.get(Question.MOST),
        curve=tuple(_plan(plans, copies, plan) for plan in plans.curve),
        wants=tuple(_wants(plans, market)),
        lines={ListingId(int(listing[row])): copies.line(row) for row in sorted(plans.rows)},
        sellers=copies.sellers(plans.sellers),
        releases=_releases_of(plans, copies),
        rates=market.rates,
        problem=plans.problem,
        partial=tuple(partial),
    )


def _plan(plans: Plans, copies: ShownCopies, plan: Plan) -> PurchasePlan:
    return PurchasePlan(
        answer=plan.question.value,
        currency=copies.market.rates.target,
        orders=tuple(_order(plans, copies, parcel) for parcel in plan.parcels),
        parcels=len(plan.parcels),
        total_minor=plan.total_minor,
        score_sum_micro=plan.score_micro,
        wanted=len(np.unique(plans.wants.group)),
        covered=len(plan.covered),
        unavailable=_releases(plans, plan.unavailable),
        left_out=_releases(plans, plan.left_out),
        proof=plan_proof(plan),
    )


def plan_proof(plan: Plan) -> PlanProof:
    """How sure a plan is; its bound in the measure of its question."""
    most = plan.question is Question.MOST
    return PlanProof(
        status="optimal" if plan.proof is Proof.OPTIMAL else "within",
        bound_minor=None if most else plan.bound,
        bound_micro=plan.bound if most else None,
        gap=plan.gap,
    )


def _order(plans: Plans, copies: ShownCopies, parcel: Parcel) -> PlannedOrder:
    seller, rows, chosen = parcel.seller, parcel.rows, copies.choice.copies
    return PlannedOrder(
        seller=chosen.sellers[seller],
        listing_ids=tuple(ListingId(int(chosen.listing[row])) for row in rows),
        quantities=tuple(parcel.quantities),
        items=sum(parcel.quantities),
        merchandise_minor=parcel.merchandise_minor,
        shipping_minor=parcel.shipping_minor,
        total_minor=parcel.total_minor,
        shipping=copies.shipping(seller, rows, plans.choice.with_shipping, parcel.quantities),
        min_order=copies.min_order(seller, rows, parcel.quantities),
        charges=copies.charges(seller, parcel.merchandise_minor, parcel.shipping_minor),
        customs=copies.customs(seller, rows),
    )


def _releases_of(plans: Plans, copies: ShownCopies) -> dict[ReleaseId, Release]:
    bought = {int(plans.choice.copies.release[row]) for row in plans.rows}
    return copies.releases(bought | set(plans.wants.release.tolist()))


def _moments(plans: Plans, copies: ShownCopies) -> list[datetime]:
    cheapest = plans.answers.get(Question.CHEAPEST)
    floors = _floors(plans, copies.market, cheapest.unavailable if cheapest else ())
    return [
        *copies.moments(plans.sellers),
        *(floor.as_of for floor in floors.values()),
    ]


def _floors(plans: Plans, market: Market, rows: Iterable[int]) -> dict[int, PriceFloor]:
    """By row of the wants, where Discogs reported a lowest price."""
    floors = {row: market.floors.get(ReleaseId(int(plans.wants.release[row]))) for row in rows}
    known = {row: PriceFloor.of(floor) for row, floor in floors.items()}
    return {row: floor for row, floor in known.items() if floor is not None}


def _wants(plans: Plans, market: Market) -> list[PlannedWant]:
    """Each want's place in the cheapest plan, and when it would be in the most for the budget."""
    cheapest = plans.answers.get(Question.CHEAPEST)
    if cheapest is None:
        return []
    state: dict[int, _State] = {row: "covered" for row in cheapest.covered}
    state |= {row: "unavailable" for row in cheapest.unavailable}
    state |= {
        row: "unknown_shipping" if row in plans.unknown_shipping else "left_out" for row in cheapest.left_out
    }
    costs = {marginal.want: marginal for marginal in plans.marginals}
    floors = _floors(plans, market, cheapest.unavailable)
    return [
        PlannedWant(
            release_id=ReleaseId(int(plans.wants.release[row])),
            must=bool(plans.wants.required[row]),
            state=state[row],
            adds_minor=costs[row].adds_minor if row in costs else None,
            saves_minor=costs[row].saves_minor if row in costs else None,
            enters_at_minor=plans.entries.get(row),
            floor=floors.get(row),
            sellers=tuple(plans.unknown_shipping.get(row, ())),
        )
        for row in sorted(state)
    ]


def _releases(plans: Plans, rows: Sequence[int]) -> tuple[ReleaseId, ...]:
    return tuple(ReleaseId(int(plans.wants.release[row])) for row in rows)
