"""How long learning and ranking take as collectors, items and the catalogue grow."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from functools import partial

from bench.figures import Figure, percentile
from bench.made_up_collections import catalogue, collections
from discogs_assistant.engine.recommendations.learning.interactions import Floats, Interactions, Ints
from discogs_assistant.engine.recommendations.learning.item_features import no_features
from discogs_assistant.engine.recommendations.learning.model import Model
from discogs_assistant.engine.recommendations.learning.training import fit_model
from discogs_assistant.pipelines.files.peak_memory import forget_peak, peak_mb

# The promises are for these; fewer for a look at a change, 0 for none.
USERS = int(os.environ.get("BENCH_COLLECTORS", "50000"))
MASTERS = int(os.environ.get("BENCH_MASTERS", "2500000"))
_ITEMS_A_USER = 4
_LONE = 20
_TIMES, _TOGETHER, _TOP = 60, 64, 100


def measure() -> list[Figure]:
    """Figures at a quarter, at half and at the whole size, then of a catalogue with 20 collectors."""
    sizes = [USERS // 4, USERS // 2, USERS] if USERS else []
    return [figure for users in sizes for figure in _of_size(users)] + (_month() if MASTERS else [])


def _of_size(users: int) -> list[Figure]:
    items = users * _ITEMS_A_USER
    data = collections(users, items)
    size = f"{users:,} users × {items:,} items, {data.weights.nnz / 1e6:.1f} million interactions"
    whole = users == USERS
    model, figures = _learnt(size, data, lambda: fit_model(data, no_features(items), 0), whole)
    return [*figures, *_ranking(size, model, data, whole)]


def _learnt(
    size: str, data: Interactions, fit: Callable[[], Model], whole: bool
) -> tuple[Model, list[Figure]]:
    forget_peak()
    began = time.perf_counter()
    model = fit()
    seconds = time.perf_counter() - began
    return model, [
        Figure(f"learning, {size}", seconds, "s", "under 300 s" if whole else ""),
        Figure(f"peak memory, {size}", peak_mb(), "MB", "under 6,000 MB" if whole else ""),
    ]


def _ranking(size: str, model: Model, data: Interactions, whole: bool) -> list[Figure]:
    people = [data.of(user) for user in range(_TIMES + _TOGETHER)]
    model.top(model.fold_in(*people[0]), _TOP)
    folding = [_milliseconds(partial(_folded, model, *person)) for person in people[:_TIMES]]
    alone = [_milliseconds(partial(_ranked, model, [person])) for person in people[:_TIMES]]
    together = min(_milliseconds(partial(_ranked, model, people[_TIMES:])) for _ in range(3)) / _TOGETHER
    limits = ("under 1 ms", "under 10 ms", "under 3 ms") if whole else ("", "", "")
    return [
        Figure(f"folding in, median, {size}", percentile(folding, 0.5), "ms", limits[0]),
        Figure(f"folding in and top 100, median, {size}", percentile(alone, 0.5), "ms", limits[1]),
        Figure(f"the same, 64 people together, each, {size}", together, "ms", limits[2]),
    ]


def _folded(model: Model, items: Ints, weights: Floats) -> Floats:
    return model.fold_in(items, weights).folded.vector


def _ranked(model: Model, people: Sequence[tuple[Ints, Floats]]) -> None:
    if len(people) == 1:
        model.top(model.fold_in(*people[0]), _TOP)
    else:
        list(model.top_of([model.fold_in(*person) for person in people], _TOP))


def _month() -> list[Figure]:
    features = catalogue(MASTERS)
    data = collections(_LONE, MASTERS)
    size = f"{MASTERS:,} masters with features, {_LONE} collectors"
    model, figures = _learnt(size, data, lambda: fit_model(data, features, 0), False)
    times = [_milliseconds(partial(_with_reasons, model, data, 0)) for _ in range(10)]
    return [
        figures[0],
        Figure(f"peak memory, {size}", peak_mb(), "MB", "under 12,000 MB"),
        Figure("top 100 with reasons, median", percentile(times, 0.5), "ms", "under 100 ms"),
    ]


def _with_reasons(model: Model, data: Interactions, user: int) -> None:
    taste = model.fold_in(*data.of(user))
    items, _ = model.top(taste, _TOP)
    for item in items.tolist():
        model.because(taste, item)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
