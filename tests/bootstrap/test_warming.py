"""Compiling before anybody waits: in two processes where nothing is on disk, else only loading."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.pipelines.fakes import InlineFlow

from discogs_assistant.bootstrap import warming
from discogs_assistant.model.ids import RunId
from discogs_assistant.pipelines.preparation import Part, Preparation


class Began:
    """A process that only remembers that it was begun."""

    def __init__(self, done: list[str]) -> None:
        self._done = done

    def __call__(self, words: list[str], **_: Any) -> Began:
        self._done.append(words[-1])
        return self

    def wait(self) -> None:
        self._done.append("waited")


@pytest.fixture
def done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(f"{warming.__name__}.loops_folder", lambda: tmp_path / "loops")
    monkeypatch.setattr(f"{warming.__name__}.subprocess.Popen", Began(done))
    loads = {part: partial(done.append, f"loaded {part}") for part in Part}
    monkeypatch.setattr(f"{warming.__name__}._PARTS", loads)
    return done


LOADED = ["loaded lists", "loaded carts", "loaded plans"]


def test_a_new_installation_compiles_in_two_processes_the_lists_loops_first(done: list[str]) -> None:
    warming.compile_loops()
    assert done == ["carts", "lists", "waited", "loaded lists", "plans", "waited", "waited", *LOADED]


def test_what_is_on_disk_is_only_loaded(done: list[str], tmp_path: Path) -> None:
    (tmp_path / "loops" / "some").mkdir(parents=True)
    (tmp_path / "loops" / "some" / "search-1.py311.nbi").touch()
    warming.compile_loops()
    assert done == LOADED


def test_runs_go_on_when_their_part_is_loaded_and_also_when_none_can_be(
    done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    preparation = Preparation()
    preparation.begin()
    flow = InlineFlow(RunId("r"))

    def lists_alone() -> None:
        preparation.wait(flow, Part.LISTS)
        raise MemoryError

    monkeypatch.setitem(warming._PARTS, Part.CARTS, lists_alone)
    with pytest.raises(MemoryError):
        warming.compile_loops(preparation)
    preparation.wait(flow, *Part)
