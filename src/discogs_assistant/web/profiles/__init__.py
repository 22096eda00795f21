"""Pages of a collector's records."""
