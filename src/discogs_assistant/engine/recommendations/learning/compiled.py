"""How the recommender's inner loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from discogs_assistant.engine.compiler import kernel

# Sums may be taken in another order, so that the processor adds eight at once; nothing else is relaxed.
_FREEDOM = {"reassoc", "contract", "nsz"}


def loop(function: Callable[..., Any]) -> Any:
    """A `kernel` whose sums may be taken in any order."""
    return kernel(function, fastmath=_FREEDOM)
