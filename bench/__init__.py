"""Measured figures; `make bench` prints them in one table."""
