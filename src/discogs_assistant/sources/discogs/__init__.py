"""Discogs' web API: client, rate, sign-in and wire formats."""
