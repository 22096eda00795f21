"""Changing the key that seals tokens, while the instance goes on."""

from __future__ import annotations

import structlog

from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import sealed_values


def rotate(ctx: Context) -> int:
    """Seal every sealed value with the newest key; how many were not yet."""
    sealed = sealed_values.seal_anew(ctx.db, ctx.vault)
    structlog.get_logger().info("sealed anew", values=sealed)
    return sealed
