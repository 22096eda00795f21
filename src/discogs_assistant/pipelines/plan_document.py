"""Plans over several sellers as a part of the document of carts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from discogs_assistant.engine.plan_rules import Question
from discogs_assistant.engine.plans import Parcel, Plan
from discogs_assistant.engine.proof import Proof
from discogs_assistant.pipelines.cart_lines import Told
from discogs_assistant.pipelines.plan_search import Plans


def plans_json(plans: Plans, told: Told) -> dict[str, Any]:
    """The answers in the form of cli.md's `plan`, the curve, the wants, and each copy's line by its id."""
    listing = told.choice.copies.listing
    return {
        **{question.value: _plan_json(plans, told, plans.answers.get(question)) for question in Question},
        "curve": [_plan_json(plans, told, plan) for plan in plans.curve],
        "wants": _wants_json(plans),
        "lines": {str(int(listing[row])): told.line(row) for row in sorted(plans.rows)},
        "posted": plans.posted,
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
    rows = [int(plans.at[row]) for row in parcel.rows]
    copies = told.choice.copies
    return {
        "seller": copies.sellers[parcel.seller],
        "listing_ids": [int(copies.listing[row]) for row in rows],
        "quantities": list(parcel.quantities),
        "items": sum(parcel.quantities),
        "merchandise_minor": parcel.merchandise_minor,
        "shipping_minor": parcel.shipping_minor,
        "total_minor": parcel.total_minor,
        **told.parcel(parcel.seller, rows, plans.posted),
    }


def _wants_json(plans: Plans) -> list[dict[str, Any]]:
    """Each want's place in the cheapest plan, what it does to that plan's total, and its price to be bought.

    That is the price at which it would be in the most for the budget, of a want that this leaves out.
    """
    cheapest = plans.answers.get(Question.CHEAPEST)
    if cheapest is None:
        return []
    state = dict.fromkeys(cheapest.covered, "covered") | dict.fromkeys(cheapest.unavailable, "unavailable")
    state |= {row: "left_out" if plans.reachable[row] else "unknown_shipping" for row in cheapest.left_out}
    costs = {one.want: one for one in plans.marginals}
    return [
        {
            "release_id": int(plans.wants.release[row]),
            "must": bool(plans.wants.must[row]),
            "state": state[row],
            "adds_minor": costs[row].adds_minor if row in costs else None,
            "saves_minor": costs[row].saves_minor if row in costs else None,
            "enters_at_minor": plans.entries.get(row),
        }
        for row in sorted(state)
    ]


def _releases(plans: Plans, rows: Sequence[int]) -> list[int]:
    return [int(plans.wants.release[row]) for row in rows]
