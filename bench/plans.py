"""How long plans over several sellers take, on made-up markets and on public instances."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.figures import Figure
from bench.made_up_market import even_market, linear_shipping, market, stepped_shipping
from bench.shop_instances import read_instance
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.plans.best_plan import Plan, best_plan
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.rules import PlanRules, Question, Wants
from discogs_assistant.engine.shipping.estimates import free
from discogs_assistant.engine.shipping.tariffs import Tariff
from discogs_assistant.pipelines.files.peak_memory import peak_mb

INSTANCES = Path(__file__).parents[2] / "shared" / "real" / "carts" / "ishop-u"
SIZES = ((2_000, 5_000, 39_000, "under 1 s, proven"), (10_000, 20_000, 160_000, "under 5 s, proven"))

CURVE, CURVE_WITHIN = (1_000, 40, 8_000), 5
"""Wants, sellers and listings of the curve's market, and the seconds that it gets."""

LONGEST = 60
"""Seconds, after which the best plan found is measured: what the command gives it."""


def measure() -> list[Figure]:
    """Figures of markets with the seed of `made_up_market`, each plan made once."""
    figures = []
    for wants, sellers, listings, target in SIZES:
        figures += _of_market(wants, sellers, listings, target)
    figures += [*_curve("free shipping", linear=False), *_curve("linear shipping", linear=True)]
    return [*figures, *_instances(), Figure("peak memory of all these", peak_mb(), "MB")]


def _of_market(wants: int, sellers: int, listings: int, target: str) -> list[Figure]:
    copies = market(sellers, listings, wants, "recommended")
    wanted = wants_of(copies)
    size = f"{len(wanted):,} wants × {sellers:,} sellers, {len(copies):,} listings"
    linear = linear_shipping(sellers)
    figures, budget = [], 10**5
    for question in Question:
        rules = PlanRules(question, budget if question is Question.MOST else None)
        figures.append(_figure(f"{question}, {size}", copies, wanted, rules, linear, target))
    rules = PlanRules(Question.CHEAPEST)
    words = f"cheapest, shipping in steps, {size}"
    return [*figures, _figure(words, copies, wanted, rules, stepped_shipping(sellers), "")]


def _figure(
    name: str, copies: Copies, wants: Wants, rules: PlanRules, tariffs: Sequence[Tariff | None], target: str
) -> Figure:
    began = time.perf_counter()
    plan = best_plan(copies, wants, rules, tariffs, deadline=lambda: time.perf_counter() - began >= LONGEST)
    return Figure(f"{name}{proven(plan)}", time.perf_counter() - began, "s", target)


def _curve(shipping: str, *, linear: bool) -> list[Figure]:
    """How far the curve of few sellers with much of what is wanted gets in `CURVE_WITHIN` seconds."""
    wants, sellers, listings = CURVE
    copies = even_market(sellers, listings, wants)
    tariffs: Sequence[Tariff | None] = linear_shipping(sellers) if linear else [free(0)] * sellers
    wanted, rules, began = wants_of(copies), PlanRules(), time.perf_counter()
    pictures = curve(
        copies, wanted, rules, tariffs, deadline=lambda: time.perf_counter() - began >= CURVE_WITHIN
    )
    shown = [(time.perf_counter() - began, points) for points in pictures]
    (first, _), (seconds, points) = shown[0], shown[-1]
    words = f"the curve of {len(wanted):,} wants and {sellers} sellers, {shipping}"
    gap = max(point.gap for point in points)
    return [
        Figure(f"{words}: all points at first", first, "s", "under 5 s"),
        Figure(f"{words}: in all", seconds, "s", "under 6 s"),
        Figure(f"{words}: points", len(points), "", str(len(points[-1].parcels))),
        Figure(f"{words}: of those proven", sum(not point.gap for point in points), ""),
        Figure(f"{words}: within 1 %", sum(point.gap < 0.01 for point in points), ""),
        Figure(f"{words}: largest gap", 100 * gap, "%"),
    ]


def wants_of(copies: Copies) -> Wants:
    """A want of each release for sale, with the score that its copies carry."""
    release, first = np.unique(copies.release, return_index=True)
    return Wants(
        release=release,
        score=copies.score[first],
        required=np.zeros(len(release), dtype=np.bool_),
        copies=np.ones(len(release), dtype=np.int64),
        group=release,
    )


def _instances() -> list[Figure]:
    """The public instances of the Internet shopping problem, where they lie beside the project."""
    files = sorted(INSTANCES.glob("*.csv"))
    if not files:
        return [Figure("public instances: skipped, their folder is missing", 0, "")]
    problems = [read_instance(file) for file in files]
    began = time.perf_counter()
    plans = [best_plan(p.copies, p.wants, PlanRules(Question.CHEAPEST), p.tariffs) for p in problems]
    seconds = time.perf_counter() - began
    whole = sum(
        plan.proof == "optimal" and len(plan.covered) == len(p.wants)
        for plan, p in zip(plans, problems, strict=True)
    )
    return [
        Figure("public instances", len(files), "", "30"),
        Figure("of those covered whole and proven", whole, "", "30"),
        Figure("all of them together", seconds, "s", "under 10 s"),
    ]


def proven(plan: Plan) -> str:
    """What to say of a plan that is not proven."""
    return "" if plan.proof == "optimal" else f" (within {100 * plan.gap:.2g} %)"
