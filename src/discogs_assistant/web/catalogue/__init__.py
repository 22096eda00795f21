"""Pages of releases, masters, artists, labels and search."""
