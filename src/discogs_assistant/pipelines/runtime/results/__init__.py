"""The results of runs as typed documents: stored, read back and printed."""
