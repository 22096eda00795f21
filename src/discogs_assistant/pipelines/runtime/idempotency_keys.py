"""The key that equal requests share: the options, and the state of everything that the answer depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from discogs_assistant.model.freshness import ORDERS_COUNT_FOR
from discogs_assistant.model.ids import OwnerId, UserName
from discogs_assistant.model.run import Run, RunKind
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.registry import Basis
from discogs_assistant.store.accounts import accounts, discogs_tokens
from discogs_assistant.store.market import (
    listings,
    own_orders,
    seller_shipping,
    sellers,
    shipping_policies,
)
from discogs_assistant.store.operations import run_upkeep
from discogs_assistant.store.profiles import profiles
from discogs_assistant.store.recommendations import feedback
from discogs_assistant.store.runs import results

_SETTLED = "settled key"


def key_of(
    ctx: Context, owner: OwnerId, kind: RunKind, user: UserName, criteria: Mapping[str, object]
) -> str:
    """A hash of the criteria and of the state of all that the answer depends on."""
    return _hashed(_parts(ctx, owner, kind, user, criteria))


def settle_key(ctx: Context, run: Run) -> None:
    """Give a run the key of the profile that it has just read itself.

    Without it the run's own sync would make the next equal request look like another one.
    """
    parts = _parts(ctx, run.owner, run.kind, UserName(run.user), run.criteria)
    results.save_work(ctx.db, run.id, _SETTLED, parts)
    run_upkeep.rekey(ctx.db, run.id, _hashed(parts))


def settle_market(ctx: Context, run: Run) -> None:
    """As `settle_key`, of the market that the run has just read.

    The rest is unchanged: a favourite added while the market was read was not read.
    """
    settled = results.work(ctx.db, run.id, _SETTLED)
    parts = settled or _parts(ctx, run.owner, run.kind, UserName(run.user), run.criteria)
    read = {"market": _market(ctx, run.owner), "policies": _policies(ctx)}
    run_upkeep.rekey(ctx.db, run.id, _hashed({name: read.get(name, part) for name, part in parts.items()}))


def _parts(
    ctx: Context, owner: OwnerId, kind: RunKind, user: UserName, criteria: Mapping[str, object]
) -> dict[str, object]:
    parts: dict[str, object] = {"kind": kind.value, "user": user, "criteria": criteria}
    depends_on = ctx.kinds[kind].depends_on
    if Basis.PERSON in depends_on:
        parts |= _person(ctx, owner, user)
    if Basis.MARKET in depends_on:
        dump = ctx.catalogue.serving()
        parts |= {"market": _market(ctx, owner), "dump": dump.imported_at if dump else None}
    if Basis.SHIPPING in depends_on:
        parts |= {"shipping": _shipping(ctx, owner), "policies": _policies(ctx)}
    return parts


def _hashed(parts: Mapping[str, object]) -> str:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _person(ctx: Context, owner: OwnerId, user: UserName) -> dict[str, object]:
    """The profile, the feedback, the favourite sellers, and what Discogs may be asked for them.

    Who may ask with another token sees other lists; without one, none that are private.
    """
    state, own_feedback = profiles.profile(ctx.db, owner, user), feedback.feedback(ctx.db, owner, user)
    of_settings = bool(ctx.settings.discogs_token.get_secret_value())
    return {
        "profile": state.version if state else 0,
        "feedback": [sorted(own_feedback.loved), sorted(own_feedback.hidden), sorted(own_feedback.bought)],
        "favourites": sellers.favourites(ctx.db, owner),
        "token": [discogs_tokens.token_kind(ctx.db, owner), of_settings],
    }


def _market(ctx: Context, owner: OwnerId) -> list[Any]:
    """What is for sale: candidates come from there, and the pressing that is shown."""
    number, oldest = listings.version(ctx.db, owner, ctx.fresh_since())
    return [number, _moment(oldest)]


def _shipping(ctx: Context, owner: OwnerId) -> list[Any]:
    """The person's country, what they entered or paid for shipping, and whether policies may be read."""
    policies = shipping_policies.policies(ctx.db, owner)
    typed = [[policy.seller, policy.ships_to, _moment(policy.reported_at)] for policy in policies]
    orders = own_orders.orders(ctx.db, owner, ctx.clock.now() - ORDERS_COUNT_FOR)
    paid = [[order.number, _moment(order.reported_at)] for order in orders]
    reading = [ctx.settings.shipping_policies, accounts.shipping_consent(ctx.db, owner)]
    return [accounts.preferences(ctx.db, owner).country, typed, paid, reading]


def _policies(ctx: Context) -> list[Any]:
    """What Discogs reported of sellers' shipping."""
    return [_moment(at) for at in seller_shipping.version(ctx.db, ctx.fresh_since())]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
