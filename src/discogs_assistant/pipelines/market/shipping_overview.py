"""What is known of all sellers' postage to the person's country, beside what they typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.shipping import Confidence
from discogs_assistant.pipelines.market.shipping_costs import postages
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.market import sellers, shipping_policies

_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class KnownPostage:
    """A seller's postage for one record and for three, in minor units of the person's currency, and why."""

    seller: Seller
    confidence: Confidence
    one_minor: int | None
    three_minor: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The sellers of whom nothing was typed in, by name; `told_at` is when the oldest postage was told."""

    sellers: tuple[KnownPostage, ...]
    told_at: datetime | None


def overview(ctx: Context, owner: OwnerId, home: Home) -> Overview:
    """All sellers met within the age limit."""
    now = ctx.clock.now()
    names = sellers.seller_names(ctx.db, owner, ctx.fresh_since())
    met = sellers.sellers(ctx.db, owner, names)
    rates = rate_table(ctx.db, home.currency, now.date())
    known = {name: met.get(name, Seller(name)) for name in names}
    found, told_at = postages(ctx, owner, known, home.country, rates)
    typed = {one.seller for one in shipping_policies.policies(ctx.db, owner)}
    rows = []
    for name in sorted(known.keys() - typed):
        postage = found[name]
        one, three = (postage.tariff.cost(x) if postage.tariff else None for x in (1, _SEVERAL))
        basis = postage.basis(_SEVERAL)
        rows.append(KnownPostage(known[name], postage.one.confidence, one, three, basis.sentence))
    return Overview(tuple(rows), min(told_at, default=None))
