"""Releases and discographies known from the API, and the monthly dumps."""
