"""Pages of recommendations and taste."""
