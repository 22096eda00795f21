"""Loads what a server loads once in its life: else processes that live for seconds did little besides.

Imported by the process from which the workers of a storm are forked.
"""

from __future__ import annotations

from tests.chaos import storm_worker

from discogs_assistant.engine import warm

for load in (warm.warm_lists, warm.warm_carts, warm.warm_plans):
    load()

__all__ = ["storm_worker"]
