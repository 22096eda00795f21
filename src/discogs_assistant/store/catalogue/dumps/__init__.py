"""The monthly dumps of Discogs on disk: read-only files that any number of processes read."""
