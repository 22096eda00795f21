"""Loads what a process of the product loads once: those that live for seconds did little besides."""

from __future__ import annotations

import alembic.command
from tests.chaos import storm_worker, worker

from discogs_assistant.bootstrap import wiring
from discogs_assistant.engine import warm_up

for load in (warm_up.warm_lists, warm_up.warm_carts, warm_up.warm_plans):
    load()

__all__ = ["alembic", "storm_worker", "wiring", "worker"]
