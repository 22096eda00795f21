"""The known shipping of all sellers to the person's country, beside what they entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.engine.shipping.estimates import usual_cost
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.market.shipping_costs import shipping_of
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.market import sellers, shipping_policies

_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class UsualCosts:
    """A seller's shipping for one record and for three, in minor units of the person's currency, and why."""

    seller: Seller
    confidence: Confidence
    one_minor: int | None
    three_minor: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The sellers without an entered policy, by name; `reported_at` is when the oldest shipping was read."""

    sellers: tuple[UsualCosts, ...]
    reported_at: datetime | None


def overview(ctx: Context, owner: OwnerId, home: Home) -> Overview:
    """All sellers met within the age limit."""
    now = ctx.clock.now()
    names = sellers.seller_names(ctx.db, owner, ctx.fresh_since())
    met = sellers.sellers(ctx.db, owner, names)
    rates = rate_table(ctx.db, home.currency, now.date())
    known = {name: met.get(name, Seller(name)) for name in names}
    found, reported_at = shipping_of(ctx, owner, known, home.country, rates)
    typed = {policy.seller for policy in shipping_policies.policies(ctx.db, owner)}
    rows = []
    for name in sorted(known.keys() - typed):
        shipping = found[name]
        single, three = (
            usual_cost(shipping.tariff, records) if shipping.tariff else None for records in (1, _SEVERAL)
        )
        basis = shipping.basis(_SEVERAL)
        rows.append(UsualCosts(known[name], shipping.single.confidence, single, three, basis.sentence))
    return Overview(tuple(rows), min(reported_at, default=None))
