"""The use case `plan`: the best plan over several sellers of what is in files, as the document printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from discogs_assistant.engine.copies import Copies
from discogs_assistant.engine.plan_rules import PlanRules, Question, Wants
from discogs_assistant.engine.plans import Parcel, Plan, best_plan
from discogs_assistant.engine.proof import Proof, percent
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.file_exchange import RatesOf
from discogs_assistant.pipelines.file_market import read_market
from discogs_assistant.pipelines.file_options import PlanFileOptions
from discogs_assistant.sources.cart_files import file_bytes
from discogs_assistant.sources.cart_files.scores import WantRows, read_wants


def plan_on_files(raw: Mapping[str, Any], clock: Clock, rates_of: RatesOf) -> dict[str, Any]:
    """The document of cli.md's `plan`.

    `raw` holds the files as paths, the `answer` and the options of `PlanFileOptions`. The deadline counts
    from now. `BadInputError`
    for what is wrong with options or files, and where musts cannot be met.
    """
    began = clock.now()
    options = PlanFileOptions.of(raw)
    budget = options.budget
    question = Question(raw["answer"])
    if question is Question.MOST and budget is None:
        raise BadInputError("--answer most needs --budget.", "Say what you want to spend, such as 100.00.")
    rules = PlanRules(
        question=question,
        budget_minor=None if budget is None else budget.minor,
        max_sellers=options.max_sellers,
        premium=Fraction(options.premium),
    )
    path: Path = raw["wants"]
    rows = read_wants(file_bytes(path), str(path))
    market = read_market(raw, rows, options, rates_of)
    loaded = clock.now()
    end = began + timedelta(seconds=float(options.deadline))
    plan = best_plan(
        market.copies,
        Wants(rows.release, rows.score, rows.must.astype(bool), rows.copies, rows.group),
        rules,
        market.tariffs,
        deadline=lambda: clock.now() >= end,
    )
    solved = clock.now()
    return {
        "answer": str(question),
        "currency": str(options.currency),
        "orders": [_order_json(parcel, market.copies) for parcel in plan.parcels],
        "total_minor": plan.total_minor,
        "score_sum_micro": plan.score_micro,
        "wanted": len(set(rows.group.tolist())),
        "covered": len(plan.covered),
        "unavailable": _releases(rows, plan.unavailable),
        "left_out": _releases(rows, plan.left_out),
        "proof": _proof_json(plan),
        **market.rates_json,
        "partial": [*market.partial, *_unproven(plan)],
        "load_ms": round((loaded - began) / timedelta(milliseconds=1), 1),
        "solve_ms": round((solved - loaded) / timedelta(milliseconds=1), 1),
    }


def _order_json(parcel: Parcel, copies: Copies) -> dict[str, Any]:
    return {
        "seller": copies.sellers[parcel.seller],
        "listing_ids": copies.listing[list(parcel.rows)].tolist(),
        "quantities": list(parcel.quantities),
        "items": sum(parcel.quantities),
        "merchandise_minor": parcel.merchandise_minor,
        "shipping_minor": parcel.shipping_minor,
        "total_minor": parcel.total_minor,
    }


def _proof_json(plan: Plan) -> dict[str, Any]:
    measure = "bound_micro" if plan.question is Question.MOST else "bound_minor"
    return {"status": str(plan.proof), measure: plan.bound, "gap": plan.gap}


def _releases(rows: WantRows, chosen: Sequence[int]) -> list[int]:
    return sorted(rows.release[list(chosen)].tolist())


def _unproven(plan: Plan) -> list[str]:
    if plan.proof is Proof.OPTIMAL:
        return []
    return [f"This plan is not proven: another may be better by {percent(plan.gap)} at most."]
