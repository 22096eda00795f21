"""Compiling the engines' loops before anybody waits for them, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from discogs_assistant.engine import warm
from discogs_assistant.engine.kernels import loops_folder
from discogs_assistant.engine.kernels.disk import alone
from discogs_assistant.pipelines.preparation import Part, Preparation

_PARTS = {Part.LISTS: warm.warm_lists, Part.CARTS: warm.warm_carts, Part.PLANS: warm.warm_plans}


def compile_loops(preparation: Preparation | None = None) -> None:
    """Compile what is not on disk, then load all; a second process waits here meanwhile, and then loads.

    The compiler takes 100 MB and never gives them back, so a server leaves it to others: `preparation`
    tells its runs what is ready, lists first.
    """
    told = preparation or Preparation()
    try:
        with suppress(OSError), alone(folder := loops_folder()):
            if not any(folder.rglob("*.nbi")):  # the index of a compiled loop
                _compile_apart(lambda: _load(told, Part.LISTS))
        _load(told, *Part)
    finally:
        told.ready(*Part)


def _load(told: Preparation, *parts: Part) -> None:
    for part in parts:
        _PARTS[part]()
        told.ready(part)


def _compile_apart(lists_are_there: Callable[[], None]) -> None:
    """About half of the work in each of two processes."""
    carts = _begin(Part.CARTS)
    _begin(Part.LISTS).wait()
    lists_are_there()
    for process in (_begin(Part.PLANS), carts):
        process.wait()


def _begin(part: Part) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", __spec__.name, part]
    return subprocess.Popen(words, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program


if __name__ == "__main__":
    for part in sys.argv[1:]:
        _PARTS[Part(part)]()
    if not sys.argv[1:]:
        compile_loops()
