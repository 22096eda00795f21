"""Plans over several sellers as a part of the document of carts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from discogs_assistant.engine.plan_rules import Question
from discogs_assistant.engine.plans import Parcel, Plan
from discogs_assistant.engine.proof import Proof
from discogs_assistant.model.ids import ReleaseId
from discogs_assistant.model.release import MarketStats
from discogs_assistant.pipelines.cart_lines import Told, floor_json
from discogs_assistant.pipelines.cart_market import Market
from discogs_assistant.pipelines.plan_search import Plans


@dataclass(frozen=True, slots=True)
class PlanPart:
    """What plans put into the document; `moments` is when each price in them was told."""

    plans: dict[str, Any] | None = None
    releases: Mapping[str, Any] = field(default_factory=dict)
    moments: Sequence[datetime] = ()


def plan_part(plans: Plans, told: Told) -> PlanPart:
    """The part of these plans; `told` is of their choice."""
    return PlanPart(_plans_json(plans, told), _releases_json(plans, told), _moments(plans, told))


def _plans_json(plans: Plans, told: Told) -> dict[str, Any]:
    """The answers in the form of cli.md's `plan`, the curve, the wants, and each copy's line by its id."""
    listing = told.choice.copies.listing
    return {
        **{question.value: _plan_json(plans, told, plans.answers.get(question)) for question in Question},
        "curve": [_plan_json(plans, told, plan) for plan in plans.curve],
        "wants": _wants_json(plans, told.market),
        "lines": {str(int(listing[row])): told.line(row) for row in sorted(plans.rows)},
        "posted": plans.choice.posted,
        "problem": plans.problem,
    }


def _plan_json(plans: Plans, told: Told, plan: Plan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    bound = "bound_micro" if plan.question is Question.MOST else "bound_minor"
    return {
        "answer": plan.question.value,
        "currency": str(told.market.rates.target),
        "orders": [_order_json(plans, told, parcel) for parcel in plan.parcels],
        "parcels": len(plan.parcels),
        "total_minor": plan.total_minor,
        "score_sum_micro": plan.score_micro,
        "wanted": len(np.unique(plans.wants.group)),
        "covered": len(plan.covered),
        "unavailable": _releases(plans, plan.unavailable),
        "left_out": _releases(plans, plan.left_out),
        "proof": {
            "status": "optimal" if plan.proof is Proof.OPTIMAL else "within",
            bound: plan.bound,
            "gap": plan.gap,
        },
    }


def _order_json(plans: Plans, told: Told, parcel: Parcel) -> dict[str, Any]:
    rows = parcel.rows
    copies = told.choice.copies
    return {
        "seller": copies.sellers[parcel.seller],
        "listing_ids": [int(copies.listing[row]) for row in rows],
        "quantities": list(parcel.quantities),
        "items": sum(parcel.quantities),
        "merchandise_minor": parcel.merchandise_minor,
        "shipping_minor": parcel.shipping_minor,
        "total_minor": parcel.total_minor,
        **told.parcel(parcel.seller, rows, plans.choice.posted),
    }


def _releases_json(plans: Plans, told: Told) -> dict[str, Any]:
    bought = {int(plans.choice.copies.release[row]) for row in plans.rows}
    return told.releases(bought | set(plans.wants.release.tolist()))


def _moments(plans: Plans, told: Told) -> list[datetime]:
    cheapest = plans.answers.get(Question.CHEAPEST)
    floors = _floors(plans, told.market, cheapest.unavailable if cheapest else ())
    return [*(one.as_of for one in told.listings.values()), *(one.as_of for one in floors.values())]


def _floors(plans: Plans, market: Market, rows: Iterable[int]) -> dict[int, MarketStats]:
    """By row of the wants, where Discogs told a lowest price."""
    known = {row: market.floors.get(ReleaseId(int(plans.wants.release[row]))) for row in rows}
    return {row: floor for row, floor in known.items() if floor is not None and floor.lowest is not None}


def _wants_json(plans: Plans, market: Market) -> list[dict[str, Any]]:
    """Each want's place in the cheapest plan, what it does to that plan's total, and its price to be bought.

    That is the price at which it would be in the most for the budget, of a want that this leaves out. `floor`
    is Discogs' lowest price of what nobody sells, `sellers` are those of what has unknown postage alone.
    """
    cheapest = plans.answers.get(Question.CHEAPEST)
    if cheapest is None:
        return []
    state = dict.fromkeys(cheapest.covered, "covered") | dict.fromkeys(cheapest.unavailable, "unavailable")
    state |= {row: "unknown_shipping" if row in plans.unposted else "left_out" for row in cheapest.left_out}
    costs = {one.want: one for one in plans.marginals}
    floors = _floors(plans, market, cheapest.unavailable)
    return [
        {
            "release_id": int(plans.wants.release[row]),
            "must": bool(plans.wants.must[row]),
            "state": state[row],
            "adds_minor": costs[row].adds_minor if row in costs else None,
            "saves_minor": costs[row].saves_minor if row in costs else None,
            "enters_at_minor": plans.entries.get(row),
            "floor": floor_json(floors[row]) if row in floors else None,
            "sellers": list(plans.unposted.get(row, ())),
        }
        for row in sorted(state)
    ]


def _releases(plans: Plans, rows: Sequence[int]) -> list[int]:
    return [int(plans.wants.release[row]) for row in rows]
