"""The use case `plan`: the best plan over several sellers of what is in files, as the document printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.proof_status import Proof, percent
from discogs_assistant.engine.plans.best_plan import Parcel, Plan, best_plan
from discogs_assistant.engine.plans.rules import PlanRules, Question, Wants
from discogs_assistant.errors import BadInputError
from discogs_assistant.model.money import Currency
from discogs_assistant.model.ports import Clock
from discogs_assistant.pipelines.carts.plan_document import plan_proof
from discogs_assistant.pipelines.carts.plans_result import PlanProof
from discogs_assistant.pipelines.files.currency import RatesOf
from discogs_assistant.pipelines.files.market import read_market
from discogs_assistant.pipelines.files.options import PlanFileOptions
from discogs_assistant.pipelines.runtime.results.fields import RatesIfNeeded
from discogs_assistant.sources.files import file_bytes
from discogs_assistant.sources.files.scores import WantRows, read_wants


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOfFiles:
    """What is bought from one seller."""

    seller: str
    listing_ids: tuple[int, ...]
    quantities: tuple[int, ...]
    items: int
    merchandise_minor: int
    shipping_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOfFiles:
    """The document of cli.md's `plan`; `rates` where one currency is not enough."""

    answer: Question
    currency: Currency
    orders: tuple[OrderOfFiles, ...]
    total_minor: int
    score_sum_micro: int
    wanted: int
    covered: int
    unavailable: tuple[int, ...]
    left_out: tuple[int, ...]
    proof: PlanProof
    rates: RatesIfNeeded
    partial: tuple[str, ...]
    load_ms: float
    solve_ms: float


def plan_on_files(raw: Mapping[str, Any], clock: Clock, rates_of: RatesOf) -> PlanOfFiles:
    """The best plan over several sellers.

    `raw` holds the files as paths, the `answer` and the options of `PlanFileOptions`. The deadline counts
    from now. `BadInputError`
    for what is wrong with options or files, and where required releases cannot be had.
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
    return PlanOfFiles(
        answer=question,
        currency=options.currency,
        orders=tuple(_order(parcel, market.copies) for parcel in plan.parcels),
        total_minor=plan.total_minor,
        score_sum_micro=plan.score_micro,
        wanted=len(set(rows.group.tolist())),
        covered=len(plan.covered),
        unavailable=_releases(rows, plan.unavailable),
        left_out=_releases(rows, plan.left_out),
        proof=plan_proof(plan),
        rates=market.rates,
        partial=(*market.partial, *_unproven(plan)),
        load_ms=round((loaded - began) / timedelta(milliseconds=1), 1),
        solve_ms=round((solved - loaded) / timedelta(milliseconds=1), 1),
    )


def _order(parcel: Parcel, copies: Copies) -> OrderOfFiles:
    return OrderOfFiles(
        seller=copies.sellers[parcel.seller],
        listing_ids=tuple(copies.listing[list(parcel.rows)].tolist()),
        quantities=tuple(parcel.quantities),
        items=sum(parcel.quantities),
        merchandise_minor=parcel.merchandise_minor,
        shipping_minor=parcel.shipping_minor,
        total_minor=parcel.total_minor,
    )


def _releases(rows: WantRows, chosen: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(rows.release[list(chosen)].tolist()))


def _unproven(plan: Plan) -> list[str]:
    if plan.proof is Proof.OPTIMAL:
        return []
    return [f"This plan is not proven: another may be up to {percent(plan.gap)} better."]
