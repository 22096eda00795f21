"""Compiles the engines' loops in separate processes before anybody needs them."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from discogs_assistant.engine import warm_up
from discogs_assistant.engine.compiler import loops_folder
from discogs_assistant.engine.compiler_cache import alone
from discogs_assistant.pipelines.runtime.preparation import Part, Preparation

_WORK = {Part.LISTS: warm_up.warm_lists, Part.CARTS: warm_up.warm_carts, Part.PLANS: warm_up.warm_plans}
_HALVES = ((Part.LISTS, Part.PLANS), (Part.CARTS,))
"""About half of the work each; lists are asked for first."""
_DONE = "compiled"


def compile_loops(preparation: Preparation | None = None) -> None:
    """Compile what is not on disk, then load it; a second process waits for each part.

    The compiler takes 100 MB and never frees them, so a server leaves it to child processes: `preparation`
    records for its runs which parts are ready.
    """
    progress = preparation or Preparation()
    try:
        with ThreadPoolExecutor(len(_HALVES)) as both:
            list(both.map(lambda half: _prepare(half, progress), _HALVES))
    finally:
        progress.ready(*Part)


def _prepare(parts: tuple[Part, ...], progress: Preparation) -> None:
    for part in parts:
        with suppress(OSError), alone(folder := loops_folder() / part):
            if not (folder / _DONE).exists() and _compile(part):
                (folder / _DONE).touch()
        _WORK[part]()
        progress.ready(part)


def _compile(part: Part) -> bool:
    words = [sys.executable, "-m", __spec__.name, part]
    return subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603 - our own


if __name__ == "__main__":
    for part in sys.argv[1:]:
        _WORK[Part(part)]()
    if not sys.argv[1:]:
        compile_loops()
