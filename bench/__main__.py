"""`python -m bench [NAME…]`: all benchmarks, or those named."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import (
    carts,
    catalogue,
    catalogue_join,
    fresh_clone,
    main_job,
    pages,
    plans,
    recommender,
    sync_rate,
    what_if,
)
from bench.figures import Figure, machine, print_figures

BENCHMARKS: dict[str, tuple[str, Callable[[], list[Figure]]]] = {
    "first": ("Fresh clone to first page", fresh_clone.measure),
    "main": ("The main job in the sandbox", main_job.measure),
    "carts": ("The best carts of a market of 5,000 sellers", carts.measure),
    "plans": ("Plans over several sellers", plans.measure),
    "what-if": ("What-if moves of a person over the same market", what_if.measure),
    "recommender": ("The recommender: how well, how fast, how large", recommender.measure),
    "catalogue": ("A month of dumps", catalogue.measure),
    "month": ("Recommendations with a month of dumps", catalogue_join.measure),
    "pages": ("CPU time of each page", pages.measure),
    "sync": ("Use of the allowed rate", sync_rate.measure),
    "window": ("Five minutes in the true window of 60 per 60 s", sync_rate.measure_true_window),
    "faults": ("The same with faults", sync_rate.measure_true_window_with_faults),
}
SLOW = {"window", "faults"}


def main() -> None:
    """Run what the arguments name; without any, all but the slow ones."""
    names = sys.argv[1:] or [name for name in BENCHMARKS if name not in SLOW]
    print(machine())
    for name in names:
        title, measure = BENCHMARKS[name]
        print_figures(title, measure())


if __name__ == "__main__":
    main()
