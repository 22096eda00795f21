"""How long the best carts of a market take, what memory, and how far the first version fell short."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.figures import Figure
from bench.first_version import heuristic_carts, needs_knapsack
from bench.made_up_market import SCORES, linear_shipping, market, stepped_shipping
from discogs_assistant.engine.carts.best_carts import CartAnswer, best_carts
from discogs_assistant.engine.carts.copies import Copies
from discogs_assistant.engine.carts.rules import Rules

SELLERS, LISTINGS, RELEASES = 5_000, 39_000, 3_000
BUDGETS = (50, 100, 300, 1000)
REPEATS = 7
FRESH = """
import json, time
from bench.carts import LISTINGS, RELEASES, SELLERS
from bench.made_up_market import market
copies = market(SELLERS, LISTINGS, RELEASES, "recommended")
began = time.perf_counter()
from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.pipelines.files.peak_memory import peak_mb
best_carts(copies, Rules(10_000))
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "megabytes": peak_mb()}))
"""


def measure() -> list[Figure]:
    """Figures of markets with the seed of `made_up_market`; each time the median of several."""
    markets = {scores: market(SELLERS, LISTINGS, RELEASES, scores) for scores in SCORES}
    copies = markets["recommended"]
    fresh = _fresh()
    return [
        Figure("listings", len(copies), "", "about 39,000"),
        *_by_budget(markets),
        Figure("top 20 of 100.00 first in a fresh process", fresh["seconds"], "s", "2 s or less"),
        Figure("peak memory of that process", fresh["megabytes"], "MB"),
        *_ten_times(copies),
        *_first_version(copies),
    ]


def _by_budget(markets: dict[str, Copies]) -> list[Figure]:
    linear, stepped = linear_shipping(SELLERS), stepped_shipping(SELLERS)
    figures = []
    for scores, copies in markets.items():
        for budget in BUDGETS:
            rules = Rules(100 * budget)
            for words, tariffs, target in (
                ("", None, "25 ms or less"),
                (", linear shipping", linear, "40 ms or less"),
                (", shipping in steps of items, grams or value", stepped, ""),
            ):
                milliseconds, answer = timed(lambda: best_carts(copies, rules, tariffs))  # noqa: B023
                name = f"top 20, scores {scores}, budget {budget}{words}{proven(answer)}"
                figures.append(Figure(name, milliseconds, "ms", target))
    return figures


def _ten_times(copies: Copies) -> list[Figure]:
    """The same with ten times the sellers, listings and records."""
    large = market(10 * SELLERS, 10 * LISTINGS, 10 * RELEASES, "recommended")
    figures = []
    for budget in BUDGETS:
        small_time, _ = timed(lambda: best_carts(copies, Rules(100 * budget)))  # noqa: B023
        large_time, answer = timed(lambda: best_carts(large, Rules(100 * budget)))  # noqa: B023
        name = f"top 20 of {len(large):,} listings, budget {budget}{proven(answer)}"
        figures += [
            Figure(name, large_time, "ms"),
            Figure(f"growth of time at budget {budget}", large_time / small_time, "times"),
        ]
    return figures


def _first_version(copies: Copies, budget: int = 5_000) -> list[Figure]:
    """The first version's heuristic against the proven best cart of each seller."""
    began = time.perf_counter()
    heuristic = heuristic_carts(copies, budget)
    seconds = time.perf_counter() - began
    best = {
        cart.seller: cart.objective_micro
        for cart in best_carts(copies, Rules(budget), top=SELLERS).carts
        if cart.proof == "optimal"
    }
    needed = needs_knapsack(copies, budget) & best.keys()
    losses = [1 - heuristic[seller] / best[seller] for seller in needed if heuristic[seller] < best[seller]]
    return [
        Figure("first version, budget 50", seconds, "s"),
        Figure("sellers that it searches", len(needed), ""),
        Figure("of those it misses the best cart of", 100 * len(losses) / len(needed), "%"),
        Figure("mean loss there", 100 * statistics.fmean(losses), "%"),
        Figure("largest loss", 100 * max(losses), "%"),
    ]


def _fresh() -> dict[str, Any]:
    """Seconds and memory of the first carts of a new process, once kernels are on disk."""
    printed = subprocess.run([sys.executable, "-c", FRESH], check=True, capture_output=True, text=True)
    figures: dict[str, Any] = json.loads(printed.stdout)
    return figures


def timed(ask: Callable[[], CartAnswer]) -> tuple[float, CartAnswer]:
    """Median milliseconds of several calls after one, and the answer."""
    answer, times = ask(), []
    for _ in range(REPEATS):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times), answer


def proven(answer: CartAnswer) -> str:
    """What to say of an answer that is not proven."""
    return "" if answer.optimal else f" (within {100 * answer.gap:.2g} %)"
