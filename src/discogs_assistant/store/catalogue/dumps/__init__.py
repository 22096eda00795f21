"""The months of Discogs' dumps on disk: read-only files that any number of processes read."""
