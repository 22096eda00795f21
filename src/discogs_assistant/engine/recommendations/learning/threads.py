"""Blocks of rows shared among a few threads: what each block gives depends on no other."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_BLOCKS = 64
_FEWEST = 64
"""Rows of a block: fewer take less time than handing them to a thread."""


def over_blocks(rows: int, work: Callable[[int, int], object]) -> None:
    """`work(first, last)` over all rows, in blocks, on as many threads as there are processors to use."""
    size = max(_FEWEST, -(-rows // _BLOCKS))
    blocks = [(first, min(rows, first + size)) for first in range(0, rows, size)]
    if len(blocks) == 1:
        work(*blocks[0])
        return
    with ThreadPoolExecutor(processors()) as threads:
        for done in [threads.submit(work, *block) for block in blocks]:
            done.result()


def processors() -> int:
    """How many this process may use; `OMP_NUM_THREADS` lowers it, as it does for other numeric parts."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(allowed, int(asked))) if asked.isdecimal() and int(asked) else allowed
