"""What is known of one seller's shipping, and what a person does about it: read again, enter, remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from discogs_assistant.config import PolicyReading
from discogs_assistant.engine.shipping.estimates import worth_in
from discogs_assistant.errors import BadInputError, NotFoundError, PrivateError, SignInNeededError
from discogs_assistant.model.country import country_code
from discogs_assistant.model.ids import OwnerId, UserName, parse_user_name, printable
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, parse_decimal
from discogs_assistant.model.shipping import (
    Band,
    Order,
    ShippingMethod,
    ShippingSource,
    ShippingUnit,
    parse_order_number,
)
from discogs_assistant.pipelines.market import seller_policies
from discogs_assistant.pipelines.market.shipping_costs import shipping_of
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.exchange_rates import rate_table
from discogs_assistant.pipelines.runtime.results.fields import Moment, OnlyIfKnown
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.files.policies import read_policies
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listings, own_orders, seller_shipping, sellers, shipping_policies
from discogs_assistant.store.schema import SHARED_OWNER

_MOST_RECORDS = 10_000
_LARGEST_COST = 10**6
_ENTER_ORDER = "Enter what you paid instead, with --seller, --records, --paid and --currency."


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRange:
    """Parcels up to `up_to`, without an end where it is null, cost `cost_minor` to send.

    `up_to` counts records, grams, or minor units of the currency. `at_least` is there where the range does
    not begin where the one before ends, `per_unit`, a decimal, where each further unit costs more.
    """

    up_to: int | None
    cost_minor: int
    at_least: OnlyIfKnown = None
    per_unit: Annotated[str | None, Field(exclude_if=lambda value: value is None)] = None


@dataclass(frozen=True, slots=True)
class KnownMethod:
    """One way to send a parcel, with its ranges ascending."""

    name: str
    unit: ShippingUnit
    ranges: tuple[KnownRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShipping:
    """What is known of a seller's shipping to a country; without a `source`, nothing.

    Amounts are in minor units of `currency`. Where a source has no methods, nothing is sent there.
    """

    seller: str
    to: str
    source: ShippingSource | None = None
    currency: Currency | None = None
    methods: tuple[KnownMethod, ...] = ()
    free_from_minor: int | None = None
    min_order_minor: int | None = None
    reported_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingRefreshed:
    """Of how many of the sellers policies are known now, and what is missing."""

    sellers: int
    known: int
    partial: tuple[str, ...]


def known_shipping(ctx: Context, owner: OwnerId, seller: str, to: str) -> tuple[KnownShipping, str]:
    """What is known, and a sentence on where it comes from; `to` is an ISO code or an English name."""
    name, destination = parse_user_name(seller, field="seller"), country_code(to, field="to")
    known = sellers.sellers(ctx.db, owner, [name]).get(name) or Seller(name)
    rates = rate_table(ctx.db, accounts.preferences(ctx.db, owner).currency, ctx.clock.now().date())
    found = shipping_of(ctx, owner, {name: known}, destination, rates)[0][name]
    policy, sentence = found.policy, found.basis(1).sentence
    if policy is None:
        return KnownShipping(seller=name, to=destination), sentence
    least = Money(found.min_order, found.worth)
    return KnownShipping(
        seller=name,
        to=destination,
        source=policy.source,
        currency=policy.currency,
        methods=tuple(_method(method, policy.currency) for method in policy.methods),
        free_from_minor=None
        if policy.free_from is None
        else Money.of(policy.free_from, policy.currency).minor,
        min_order_minor=worth_in(least, policy.currency, rates) if least.minor else None,
        reported_at=policy.reported_at,
    ), sentence


def refresh(ctx: Context, owner: OwnerId, names: Sequence[str], *, agree: bool) -> ShippingRefreshed:
    """Read the policies of sellers from Discogs, known or not; with `agree` the person agrees to that.

    `NotFoundError` where Discogs knows none of the sellers.
    """
    wanted = list(dict.fromkeys(parse_user_name(name, field="seller") for name in names))
    _check_consent(ctx, owner, agree=agree)
    gone = []
    for name in wanted:
        # A client for each: at a page it is patient for a few seconds only.
        client = ctx.sources.discogs(owner, None)
        try:
            seller_shipping.save_report(ctx.db, client.shipping(name, _number(ctx, owner, client, name)))
        except NotFoundError as error:
            gone.append(error)
    if len(gone) == len(wanted):
        raise gone[0]
    unknown = seller_policies.unknown_sentence(ctx, wanted)
    problems = [error.sentence for error in gone]
    known = [name for name in wanted if (found := seller_shipping.report(ctx.db, name)) and not found.problem]
    return ShippingRefreshed(
        sellers=len(wanted), known=len(known), partial=tuple(filter(None, (unknown, *problems)))
    )


def enter_file(ctx: Context, owner: OwnerId, data: bytes, name: str) -> int:
    """Store the policies of a file as entered by the person; returns how many."""
    found = read_policies(data, name)
    now = ctx.clock.now()
    for policy in found:
        shipping_policies.save_policy(ctx.db, owner, policy, now)
    return len(found)


def check_buyer(ctx: Context, owner: OwnerId, user: str | None) -> None:
    """`BadInputError` for another name than the person's own: orders are read with their token."""
    own = accounts.preferences(ctx.db, owner).user
    if user is not None and own is not None and parse_user_name(user).casefold() != own.casefold():
        raise BadInputError(
            f"Orders are read with the token of “{printable(own)}”.", "Leave --user out.", field="user"
        )


def read_order(ctx: Context, owner: OwnerId, number: str) -> Order:
    """Read an own order from Discogs, store what its parcel cost, and count its records as bought."""
    wanted = parse_order_number(number)
    client = ctx.sources.discogs(owner, None)
    if not client.signed_in:
        raise SignInNeededError("Discogs shows an order only to its buyer's token.", _ENTER_ORDER)
    try:
        order = client.order(wanted)
    except (PrivateError, NotFoundError) as error:
        raise type(error)(f"Discogs does not show order {wanted} with your token.", _ENTER_ORDER) from error
    own_orders.save_order(ctx.db, owner, order)
    user = accounts.preferences(ctx.db, owner).user
    if user is not None:
        feedback.bought(ctx, owner, user, order.releases)
    return order


def enter_order(
    ctx: Context, owner: OwnerId, number: str, *, seller: str, records: int, paid: str, currency: str
) -> Order:
    """Store what a person says that the parcel of an order cost; it counts as ordered now."""
    now, of = ctx.clock.now(), Currency.parse(currency, field="currency")
    cost = parse_decimal(paid, what="What was paid", field="paid")
    if not 0 <= cost <= _LARGEST_COST or cost != round(cost, of.decimals):
        raise BadInputError(f"{printable(paid)} is not an amount in {of}.", field="paid")
    if not 1 <= records <= _MOST_RECORDS:
        raise BadInputError(f"An order holds 1 to {_MOST_RECORDS:,} records.", field="records")
    name = parse_user_name(seller, field="seller")
    order = Order(parse_order_number(number), name, records, Money.of(cost, of), now, now)
    own_orders.save_order(ctx.db, owner, order)
    return order


def remove(ctx: Context, owner: OwnerId, seller: str) -> tuple[int, int]:
    """Remove what the person entered of a seller: how many policies and orders there were.

    `NotFoundError` where there was nothing.
    """
    name = parse_user_name(seller, field="seller")
    policies = shipping_policies.forget_policies(ctx.db, owner, name)
    orders = own_orders.forget_orders(ctx.db, owner, name)
    if not policies and not orders:
        raise NotFoundError(f"You have entered nothing about the shipping of “{printable(name)}”.")
    return policies, orders


def _check_consent(ctx: Context, owner: OwnerId, *, agree: bool) -> None:
    if agree:
        seller_policies.set_consent(ctx, owner, True)
    if seller_policies.may_ask(ctx, owner):
        return
    if ctx.settings.shipping_policies is PolicyReading.OFF:
        raise BadInputError("The setting SHIPPING_POLICIES is off.", "Set it to ask or on.")
    raise BadInputError(seller_policies.CONSENT, "Give --agree once if you agree to it.", field="agree")


def _number(ctx: Context, owner: OwnerId, client: DiscogsClient, name: UserName) -> int:
    """Discogs' number of a seller: the known one, else that of the profile, which is stored."""
    known = sellers.sellers(ctx.db, owner, [name]).get(name)
    if known is not None and known.id is not None:
        return known.id
    profile = client.user(name)
    if profile.id is None:
        raise NotFoundError(f"Discogs gives no number of the seller “{printable(name)}”.")
    listings.save_listings(ctx.db, OwnerId(SHARED_OWNER), [], [Seller(name, profile.id)])
    return profile.id


def _method(method: ShippingMethod, currency: Currency) -> KnownMethod:
    scale = 10**currency.decimals if method.unit is ShippingUnit.VALUE else 1
    ends = [Decimal(0), *(band.high for band in method.bands)]
    ranges = [_range(band, end, scale, currency) for band, end in zip(method.bands, ends, strict=False)]
    return KnownMethod(method.name, method.unit, tuple(ranges))


def _range(band: Band, before: Decimal | None, scale: int, currency: Currency) -> KnownRange:
    """`before` is where the range before ends."""
    follows = before is not None and band.low * scale <= before * scale + 1
    return KnownRange(
        up_to=None if band.high is None else int(band.high * scale),
        cost_minor=Money.of(band.cost, currency).minor,
        at_least=None if follows else int(band.low * scale),
        per_unit=str(band.per_unit) if band.per_unit else None,
    )
