"""What Discogs' JSON looks like."""
