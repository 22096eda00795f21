"""Compiling before anybody waits: each part by a process of its own where it is not on disk, else loaded."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from tests.pipelines.fakes import InlineFlow

from discogs_assistant.bootstrap import kernel_cache
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.runtime.preparation import Part, Preparation

LOADED = {f"loaded {part}" for part in Part}


@pytest.fixture
def status() -> list[int]:
    """With which status a compiling process ends."""
    return [0]


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: list[int]) -> list[str]:
    done: list[str] = []

    def compiled(words: list[str], **_: Any) -> CompletedProcess[bytes]:
        done.append(f"compiled {words[-1]}")
        return CompletedProcess(words, status[0])

    monkeypatch.setattr(f"{kernel_cache.__name__}.loops_folder", lambda: tmp_path / "loops")
    monkeypatch.setattr(f"{kernel_cache.__name__}.subprocess.run", compiled)
    work = {part: partial(done.append, f"loaded {part}") for part in Part}
    monkeypatch.setattr(f"{kernel_cache.__name__}._WORK", work)
    return done


def test_a_new_installation_compiles_each_part_apart_and_loads_it_at_once(done: list[str]) -> None:
    kernel_cache.compile_loops()
    assert set(done) == LOADED | {f"compiled {part}" for part in Part}
    rest = [kernel for kernel in done if "carts" not in kernel]
    assert rest == ["compiled lists", "loaded lists", "compiled plans", "loaded plans"]


def test_what_is_on_disk_is_only_loaded(done: list[str]) -> None:
    kernel_cache.compile_loops()
    done.clear()
    kernel_cache.compile_loops()
    assert sorted(done) == sorted(LOADED)


def test_what_could_not_be_compiled_is_tried_again(done: list[str], status: list[int]) -> None:
    status[0] = 1
    kernel_cache.compile_loops()
    status[0] = 0
    done.clear()
    kernel_cache.compile_loops()
    assert "compiled lists" in done


def test_runs_go_on_when_their_part_is_loaded_and_also_when_none_can_be(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    preparation = Preparation()
    preparation.begin()
    flow = InlineFlow(RunId("r"))

    def none_left() -> None:
        preparation.wait(flow, Part.LISTS)
        raise MemoryError

    monkeypatch.setitem(kernel_cache._WORK, Part.PLANS, none_left)
    with pytest.raises(MemoryError):
        kernel_cache.compile_loops(preparation)
    preparation.wait(flow, *Part)
