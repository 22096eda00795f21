"""What each source says of sellers' shipping to one destination, before one of them is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from discogs_assistant.config import Mode
from discogs_assistant.model.freshness import ORDERS_COUNT_FOR
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.money import Money, RateTable
from discogs_assistant.model.shipping import ANYWHERE, Order, ShippingPolicy
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import own_orders, seller_shipping, shipping_policies
from discogs_assistant.store.market.shipping_policies import ReportedShipping


@dataclass(frozen=True, slots=True)
class Stated:
    """What a seller's copies state: the highest shipping of one record, by how many copies, alike or not."""

    first: Money
    copies: int
    alike: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class ShippingSources:
    """By seller's name: policies `entered` and `fetched` from Discogs, what copies state, own orders.

    `blocked` sellers' copies say that they are not sent to the person. The newest order of a seller comes
    first. All currencies have a rate. `reported_at` are the moments of what Discogs reported.
    """

    entered: Mapping[str, ShippingPolicy]
    fetched: Mapping[str, ShippingPolicy]
    stated: Mapping[str, Stated]
    blocked: frozenset[str]
    ordered: Mapping[str, Sequence[Order]]
    reported_at: Sequence[datetime]


def read_sources(ctx: Context, owner: OwnerId, destination: str | None, rates: RateTable) -> ShippingSources:
    """All that is known of any seller's shipping to a country (ISO code); five statements.

    What copies state and orders have cost applies to the person's own country alone.
    """
    since = ctx.fresh_since()
    home = accounts.preferences(ctx.db, owner).country
    at_home = home is None or destination == home
    # Where only one person uses the instance, the answers of the API are theirs.
    shared = ctx.settings.mode is Mode.LOCAL
    reported = shipping_policies.reported_shipping(ctx.db, owner, since, shared=shared) if at_home else []
    orders = own_orders.orders(ctx.db, owner, ctx.clock.now() - ORDERS_COUNT_FOR) if at_home else []
    fetched = {} if destination is None else seller_shipping.policies_to(ctx.db, destination, since)
    usable = {name: policy for name, policy in fetched.items() if rates.has_rate(policy.currency)}
    moments = [copy.as_of for copy in reported]
    moments += [policy.reported_at for policy in usable.values() if policy.reported_at is not None]
    return ShippingSources(
        entered=_entered(shipping_policies.policies(ctx.db, owner), destination, rates),
        fetched=usable,
        stated=_stated(reported, rates),
        blocked=frozenset(copy.seller for copy in reported if copy.blocked),
        ordered=_ordered(orders, rates),
        reported_at=moments,
    )


def _entered(
    policies: Iterable[ShippingPolicy], destination: str | None, rates: RateTable
) -> dict[str, ShippingPolicy]:
    """The policies for a destination; one for all countries counts where there is no other."""
    usable = [policy for policy in policies if rates.has_rate(policy.currency)]
    everywhere = {policy.seller: policy for policy in usable if policy.ships_to == ANYWHERE}
    return everywhere | {policy.seller: policy for policy in usable if policy.ships_to == destination}


def _stated(reported: Iterable[ReportedShipping], rates: RateTable) -> dict[str, Stated]:
    """By seller; if copies differ, the highest counts, so that no budget is exceeded."""
    copies: dict[str, list[ReportedShipping]] = {}
    for copy in reported:
        if copy.shipping is not None and rates.has_rate(copy.shipping.currency):
            copies.setdefault(copy.seller, []).append(copy)
    return {name: _highest(found, rates) for name, found in copies.items()}


def _highest(copies: Sequence[ReportedShipping], rates: RateTable) -> Stated:
    costs = {copy.shipping: rates.convert(copy.shipping).minor for copy in copies if copy.shipping}
    highest = max(costs, key=lambda shipping: (costs[shipping], shipping))
    oldest = min(copy.as_of for copy in copies)
    return Stated(highest, len(copies), len(set(costs.values())) == 1, oldest)


def _ordered(orders: Iterable[Order], rates: RateTable) -> dict[str, list[Order]]:
    """By seller, the newest of each number of records."""
    found: dict[str, dict[int, Order]] = {}
    for order in orders:
        if rates.has_rate(order.shipping.currency):
            found.setdefault(order.seller, {}).setdefault(order.items, order)
    return {seller: list(by_count.values()) for seller, by_count in found.items()}
