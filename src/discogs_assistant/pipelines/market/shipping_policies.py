"""Sellers' shipping policies as a person enters them, looks at them, and removes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from discogs_assistant.engine.shipping.estimates import usual_cost
from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.country import country_name
from discogs_assistant.model.ids import OwnerId, parse_user_name
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency
from discogs_assistant.model.shipping import ANYWHERE, Band, Confidence, ShippingPolicy, ShippingUnit
from discogs_assistant.pipelines.market import shipping_sentences
from discogs_assistant.pipelines.market.shipping_costs import shipping_of
from discogs_assistant.pipelines.market.shipping_options import parse_policy
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import sellers, shipping_policies


def type_in(
    db: Database, owner: OwnerId, raw: Mapping[str, object], home: Home, now: datetime
) -> ShippingPolicy:
    """Save what a person says about a seller's shipping, see `parse_policy`."""
    policy = parse_policy(raw, home)
    shipping_policies.save_policy(db, owner, policy, now)
    return policy


@dataclass(frozen=True, slots=True)
class EnteredPolicy:
    """A policy that a person entered."""

    policy: ShippingPolicy

    @property
    def country(self) -> str:
        """Where it holds, in words."""
        anywhere = self.policy.ships_to == ANYWHERE
        return "all countries" if anywhere else country_name(self.policy.ships_to)

    @property
    def simple(self) -> Band | None:
        """The only band of a policy by records that begins at the first and has no end."""
        methods = self.policy.methods
        bands = [band for method in methods if method.unit is ShippingUnit.ITEMS for band in method.bands]
        plain = len(methods) == len(bands) == 1 and self.policy.free_from is None
        return bands[0] if plain and bands[0].low == 1 and bands[0].high is None else None

    @property
    def sentence(self) -> str:
        """Where it comes from."""
        return shipping_sentences.typed(self.policy)


@dataclass(frozen=True, slots=True)
class FirstRecord:
    """What one record costs to send by all that is known, in minor units, and why."""

    status: Confidence
    minor: int | None
    currency: Currency
    sentence: str


@dataclass(frozen=True, slots=True)
class PolicyForm:
    """What the form of a seller's shipping begins with, for the person's own country.

    `policy` is what was entered, `min_order` what is known of the seller, `seller_text` the seller's terms.
    """

    seller: str
    ships_to: str
    currency: Currency
    min_order: Decimal | None
    seller_text: str | None
    policy: EnteredPolicy | None
    now: FirstRecord


def policies(db: Database, owner: OwnerId) -> list[EnteredPolicy]:
    """The person's policies by seller and destination."""
    return [EnteredPolicy(policy) for policy in shipping_policies.policies(db, owner)]


def forget(db: Database, owner: OwnerId, seller: str, ships_to: str) -> None:
    """Remove a policy; `NotFoundError` where there is none."""
    if not shipping_policies.forget_policy(db, owner, seller, ships_to):
        raise NotFoundError("There is no such shipping policy.", "It may have been removed already.")


def policy_form(ctx: Context, owner: OwnerId, seller: str, home: Home) -> PolicyForm:
    """The form of a seller's shipping; `BadInputError` for an invalid name."""
    name = parse_user_name(seller, field="seller")
    known = sellers.sellers(ctx.db, owner, [name]).get(name) or Seller(name)
    by_country = {
        policy.ships_to: policy
        for policy in shipping_policies.policies(ctx.db, owner)
        if policy.seller == name
    }
    policy = by_country.get(home.country or ANYWHERE) or by_country.get(ANYWHERE)
    currency = known.min_order.currency if known.min_order else home.currency
    return PolicyForm(
        seller=name,
        ships_to=home.country or ANYWHERE,
        currency=policy.currency if policy else currency,
        min_order=known.min_order.decimal if known.min_order and known.min_order.minor else None,
        seller_text=known.shipping_text,
        policy=EnteredPolicy(policy) if policy else None,
        now=_now(ctx, owner, known, home, ctx.clock.now().date()),
    )


def _now(ctx: Context, owner: OwnerId, known: Seller, home: Home, day: date) -> FirstRecord:
    rates = rate_table(ctx.db, home.currency, day)
    found = shipping_of(ctx, owner, {known.name: known}, home.country, rates)[0][known.name]
    methods = found.tariff.methods if found.tariff else ()
    by_records = found.tariff and all(method.unit is ShippingUnit.ITEMS for method in methods)
    return FirstRecord(
        status=found.single.confidence,
        minor=usual_cost(found.tariff, 1) if found.tariff and by_records else None,
        currency=home.currency,
        sentence=found.single.sentence,
    )
