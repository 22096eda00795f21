"""Sellers' shipping policies as a person types them in, looks at them, and forgets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.country import country_name
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.shipping import ANYWHERE, Band, ShippingPolicy, ShippingUnit
from discogs_assistant.pipelines import postage_words
from discogs_assistant.pipelines.context import Context
from discogs_assistant.pipelines.exchange import rate_table
from discogs_assistant.pipelines.policy_options import parse_policy
from discogs_assistant.pipelines.postage import postages
from discogs_assistant.pipelines.runtime.option_types import Home
from discogs_assistant.store import sellers, shipping_policies


def type_in(ctx: Context, owner: OwnerId, raw: Mapping[str, object], home: Home) -> ShippingPolicy:
    """Keep what a person says of a seller's postage, see `parse_policy`."""
    policy = parse_policy(raw, home)
    shipping_policies.save_policy(ctx.db, owner, policy, ctx.clock.now())
    return policy


def policies(ctx: Context, owner: OwnerId) -> list[dict[str, Any]]:
    """The person's policies as plain JSON, by seller and destination."""
    return [_json(policy) for policy in shipping_policies.policies(ctx.db, owner)]


def forget(ctx: Context, owner: OwnerId, seller: str, ships_to: str) -> None:
    """Remove a policy; `NotFoundError` where there is none."""
    if not shipping_policies.forget_policy(ctx.db, owner, seller, ships_to):
        raise NotFoundError("There is no such postage.", "It may be forgotten already.")


def policy_form(ctx: Context, owner: OwnerId, seller: str, home: Home) -> dict[str, Any]:
    """What the form of a seller's postage begins with, for the person's own country.

    `policy` is what was typed in, or None; `min_order` what is known of the seller, as the form's text;
    `said` the seller's own words; `now` what a first record costs by all that is known, and why.
    """
    name = parse_user_name(seller, field="seller")
    known = sellers.sellers(ctx.db, owner, [name]).get(name) or Seller(name)
    kept = {one.ships_to: one for one in shipping_policies.policies(ctx.db, owner) if one.seller == name}
    policy = kept.get(home.country or ANYWHERE) or kept.get(ANYWHERE)
    currency = known.min_order.currency if known.min_order else home.currency
    return {
        "seller": name,
        "ships_to": home.country or ANYWHERE,
        "currency": str(policy.currency if policy else currency),
        "min_order": str(known.min_order.decimal) if known.min_order and known.min_order.minor else None,
        "said": known.shipping_text,
        "policy": _json(policy) if policy else None,
        "now": _now(ctx, owner, known, home, ctx.clock.now().date()),
    }


def _now(ctx: Context, owner: OwnerId, known: Seller, home: Home, day: date) -> dict[str, Any]:
    rates = rate_table(ctx.db, home.currency, day)
    found = postages(ctx, owner, {known.name: known}, home.country, rates)[0][known.name]
    return {
        "status": found.one.confidence.value,
        "minor": found.tariff.cost(1) if found.tariff and found.tariff.unit is ShippingUnit.ITEMS else None,
        "currency": str(home.currency),
        "sentence": found.one.sentence,
    }


def _json(policy: ShippingPolicy) -> dict[str, Any]:
    simple = policy.bands[0] if _is_simple(policy) else None
    return {
        "seller": policy.seller,
        "ships_to": policy.ships_to,
        "country": "all countries" if policy.ships_to == ANYWHERE else country_name(policy.ships_to),
        "currency": str(policy.currency),
        "unit": policy.unit.value,
        "bands": [_band_json(band) for band in policy.bands],
        "first": None if simple is None else str(simple.cost),
        "further": None if simple is None else str(simple.per_unit),
        "min_order": None if policy.min_order is None else str(policy.min_order),
        "as_of": policy.as_of.isoformat() if policy.as_of else None,
        "sentence": postage_words.typed(policy),
    }


def _band_json(band: Band) -> dict[str, Any]:
    high = None if band.high is None else str(band.high)
    return {"from": str(band.low), "to": high, "cost": str(band.cost), "per_unit": str(band.per_unit)}


def _is_simple(policy: ShippingPolicy) -> bool:
    only = policy.bands[0]
    return (
        policy.unit is ShippingUnit.ITEMS and len(policy.bands) == 1 and only.low == 1 and only.high is None
    )
