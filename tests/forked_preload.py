"""Loads what a process of the product loads once: those that live for seconds did little besides."""

from __future__ import annotations

import alembic.command
from tests.chaos import storm_worker, worker

from discogs_assistant.bootstrap import wiring
from discogs_assistant.engine import warm

for load in (warm.warm_lists, warm.warm_carts, warm.warm_plans):
    load()

__all__ = ["alembic", "storm_worker", "wiring", "worker"]
