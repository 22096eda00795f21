"""The compiled loops: on disk one process at a time, and all of them after the warm-up."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from numba.core.caching import FunctionCache
from numba.core.registry import CPUDispatcher
from tests.engine.plans.markets import KINDS, plan_market

from discogs_assistant.engine.carts.best_carts import best_carts
from discogs_assistant.engine.carts.named_answers import named_answers
from discogs_assistant.engine.carts.rules import Rules
from discogs_assistant.engine.compiler_cache import SharedCache, alone
from discogs_assistant.engine.plans.best_plan import best_plan
from discogs_assistant.engine.plans.curve import curve
from discogs_assistant.engine.plans.rules import PlanRules, Question
from discogs_assistant.engine.warm_up import warm_carts, warm_lists, warm_plans
from discogs_assistant.model.ids import ReleaseId

HOMES = (
    "carts.bounds",
    *(
        f"carts.kernels.{name}"
        for name in ("options", "lowest_means", "lagrange", "slack", "dynamic_programming", "arrays")
    ),
    *("plans.bounds", "plans.heuristic", "plans.most_groups", "plans.parcel_pricing"),
)


def loop(number: int) -> int:
    return number + 1


def others_may_enter(folder: Path) -> bool:
    with (folder / "compiling.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_loop_is_kept_while_no_other_process_may_keep_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def save(cache: Any, signature: Any, data: Any) -> None:
        seen.append(others_may_enter(Path(cache.cache_path)))

    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(FunctionCache, "save_overload", save)
    cache = SharedCache(loop)  # type: ignore[no-untyped-call]
    cache.save_overload("a signature", "its code")
    assert seen == [False]
    assert others_may_enter(Path(cache.cache_path))


def test_a_loop_is_used_though_it_cannot_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(cache: Any, signature: Any, data: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("numba.config.CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(FunctionCache, "save_overload", save)
    SharedCache(loop).save_overload("a signature", "its code")  # type: ignore[no-untyped-call]


def test_where_there_are_no_locks_loops_are_kept_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: Any, operation: int) -> None:
        raise OSError("Function not implemented")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with alone(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()


def compiled() -> dict[str, set[Any]]:
    """The signatures of each loop that there is code for."""
    modules = [import_module(f"discogs_assistant.engine.{name}") for name in HOMES]
    return {
        f"{module.__name__}.{name}": set(value.signatures)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, CPUDispatcher)
    }


def test_nothing_is_left_to_compile_after_the_warm_up() -> None:
    for warm_part in (warm_lists, warm_carts, warm_plans):
        warm_part()
    warm = compiled()
    assert any(warm.values())
    for seed, kind in enumerate(KINDS):
        market = plan_market(seed, kind, wants=20, sellers=8, listings=100)
        copies = replace(market.copies, score=market.wants.score[market.copies.release])
        near = copies.seller % 2 == 0
        for rules in (Rules(6000), Rules(9000, 2, (frozenset({ReleaseId(3)}),), min_orders=True)):
            best_carts(copies, rules, top=3, per_seller=2)
            best_carts(copies, rules, market.tariffs, top=3, per_seller=2)
            named_answers(copies, rules, None, near)
            named_answers(copies, rules, market.tariffs, near)
        for question in Question:
            best_plan(copies, market.wants, PlanRules(question, 20_000, 4), market.tariffs)
            best_plan(copies, market.wants, PlanRules(question, 20_000), None)
        list(curve(copies, market.wants, PlanRules(), market.tariffs))
    assert compiled() == warm
