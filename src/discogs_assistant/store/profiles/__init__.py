"""Profiles: collections, wantlists, staging."""
