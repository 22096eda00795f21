"""Runs, their progress and results, leases, and the API's rate budget."""
