"""Compiling before anybody waits: in two processes where nothing is on disk, else only loading."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from discogs_assistant.bootstrap import warming


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
    monkeypatch.setattr(f"{warming.__name__}.warm.warm_up", partial(done.append, "loaded"))
    return done


def test_a_new_installation_compiles_in_two_processes_and_then_loads_all(done: list[str]) -> None:
    warming.compile_loops()
    assert done == ["carts", "rest", "waited", "waited", "loaded"]


def test_what_is_on_disk_is_only_loaded(done: list[str], tmp_path: Path) -> None:
    (tmp_path / "loops" / "some").mkdir(parents=True)
    (tmp_path / "loops" / "some" / "search-1.py311.nbi").touch()
    warming.compile_loops()
    assert done == ["loaded"]
