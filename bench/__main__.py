"""`python -m bench [NAME…]`: all benchmarks, or those named."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bench import (
    capacity,
    carts,
    catalogue,
    catalogue_join,
    fresh_clone,
    main_job,
    market,
    online,
    pages,
    plans,
    recommender,
    requests,
    sync_rate,
    uploads,
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
    "market": ("Large markets, of which few copies match", market.measure),
    "capacity": ("What one person costs, and how many there is room for", capacity.measure),
    "uploads": ("Large uploads and imports, and the others meanwhile", uploads.measure),
    "sync": ("Use of the allowed rate", sync_rate.measure),
    "requests": ("10,000 requests from four processes, 60 in any second", requests.measure),
    "window": ("Five minutes in the true window of 60 per 60 s", requests.measure_true_window),
    "online": ("200 people online for 30 minutes", online.measure),
    "syncs": ("The same of one process that syncs", sync_rate.measure_true_window),
    "faults": ("The same with faults", sync_rate.measure_true_window_with_faults),
}
SLOW = {"market", "uploads", "requests", "window", "online", "syncs", "faults"}


def main() -> int:
    """Run what the arguments name; without any, all but the slow ones. 1 where a promise is broken."""
    names = sys.argv[1:] or [name for name in BENCHMARKS if name not in SLOW]
    print(machine())
    missed = False
    for name in names:
        title, measure = BENCHMARKS[name]
        figures = measure()
        print_figures(title, figures)
        missed = missed or any(figure.missed for figure in figures)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
