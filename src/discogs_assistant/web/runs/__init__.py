"""Pages of runs: progress, events, results."""
