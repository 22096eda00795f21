"""`python -m bench.recommender_splits`: the blend beside implicit's ALS on twelve splits of the Last.fm set.

What one split's 300 test users leave open: each seed draws its own test users, and restarts all three.
"""

from __future__ import annotations

import numpy as np

from bench.recommender import above, beside_library
from discogs_assistant.engine.recommendations.learning.interactions import Floats
from discogs_assistant.engine.recommendations.learning.metrics import estimate

_SEEDS = range(12)


def main() -> None:
    """A row for each split, and the means of all."""
    print("| seed | the blend | as it comes | weights 1 and 2 | above the first | above the second |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rows = []
    for seed in _SEEDS:
        found = beside_library(seed)
        rows.append([values.mean() for values in found])
        _show(str(seed), *found)
    ours, plain, first = np.array(rows).T
    _show("all", ours, plain, first)
    gains = estimate(100 * (ours / first - 1))
    print(f"above the second: {gains.mean:.1f} % ± {gains.error:.1f} in the mean of the splits")


def _show(name: str, ours: Floats, plain: Floats, first: Floats) -> None:
    means = " | ".join(f"{values.mean():.4f}" for values in (ours, plain, first))
    print(f"| {name} | {means} | {above(ours, plain):.1f} % | {above(ours, first):.1f} % |", flush=True)


if __name__ == "__main__":
    main()
