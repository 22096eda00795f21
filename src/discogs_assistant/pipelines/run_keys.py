"""The key that equal requests share: what was asked, of which profile, market and feedback."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.context import Context
from discogs_assistant.store import accounts, events, market, profiles, run_upkeep, shipping_policies


def key_of(ctx: Context, owner: OwnerId, kind: RunKind, user: UserName, criteria: dict[str, Any]) -> str:
    """A hash of the criteria and of the state of all that the answer depends on."""
    parts: dict[str, Any] = {"kind": kind.value, "user": user, "criteria": criteria}
    if kind in {RunKind.RECOMMEND, RunKind.SHOP}:
        state = profiles.profile(ctx.db, owner, user)
        liked = events.feedback(ctx.db, owner, user)
        parts["profile"] = state.version if state else 0
        parts["feedback"] = [sorted(liked.loved), sorted(liked.hidden), sorted(liked.bought)]
    if kind is RunKind.SHOP or criteria.get("max_price") or criteria.get("min_media"):
        parts["market"] = _market_version(ctx, owner)
    if kind is RunKind.SHOP:
        parts["postage"] = _postage_version(ctx, owner)
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def settle_key(ctx: Context, run: Run) -> None:
    """Give a run the key of the profile and market that it has just read itself.

    Without it the run's own sync would make the next equal request look like another one.
    """
    key = key_of(ctx, run.owner, run.kind, UserName(run.user), run.criteria)
    run_upkeep.rekey(ctx.db, run.id, key)


def _market_version(ctx: Context, owner: OwnerId) -> list[Any]:
    known = market.summary(ctx.db, owner, ctx.clock.now() - ctx.settings.max_data_age)
    return [known.listings, known.sellers, known.newest.isoformat() if known.newest else None]


def _postage_version(ctx: Context, owner: OwnerId) -> list[Any]:
    kept = shipping_policies.policies(ctx.db, owner)
    typed = [[one.seller, one.ships_to, one.as_of.isoformat() if one.as_of else None] for one in kept]
    return [accounts.preferences(ctx.db, owner).country, typed]
