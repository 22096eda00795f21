"""Compiling the engines' loops before anybody waits for them, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

from discogs_assistant.engine import warm
from discogs_assistant.engine.kernels import loops_folder
from discogs_assistant.engine.kernels.disk import alone

_PARTS = {"carts": (warm.warm_carts,), "rest": (warm.warm_lists, warm.warm_plans)}


def compile_loops() -> None:
    """Compile what is not on disk, then load all; a second process waits here meanwhile, and then loads.

    The compiler takes 100 MB and never gives them back, so a server leaves it to others.
    """
    folder = loops_folder()
    with suppress(OSError), alone(folder):
        if not any(folder.rglob("*.nbi")):  # the index of a compiled loop
            _compile_apart()
    warm.warm_up()


def _compile_apart() -> None:
    """About half of the work in each of two processes."""
    words = [sys.executable, "-m", "discogs_assistant.bootstrap.warming"]
    for process in [
        subprocess.Popen([*words, part], stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
        for part in _PARTS
    ]:
        process.wait()


if __name__ == "__main__":
    for part in sys.argv[1:]:
        for compile_part in _PARTS[part]:
            compile_part()
    if not sys.argv[1:]:
        compile_loops()
