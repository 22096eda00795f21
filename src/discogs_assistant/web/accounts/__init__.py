"""Pages of signing in and API tokens."""
