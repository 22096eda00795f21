"""Profiles from the files that Discogs exports."""
