"""What each seller's parcels to the person cost, if known, by the best source that says something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from discogs_assistant.engine.shipping.estimates import (
    USUAL_GRAMS,
    Guess,
    Region,
    UsualShipping,
    by_items,
    by_orders,
    guesses,
    region,
    usual_shipping,
    worth_in,
)
from discogs_assistant.engine.shipping.tariffs import ParcelSize, Tariff, added_to, tariff
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    Confidence,
    Order,
    ShippingMethod,
    ShippingPolicy,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.pipelines.market import shipping_sentences
from discogs_assistant.pipelines.market.shipping_sources import (
    ShippingSources,
    Stated,
    read_sources,
)
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.market import sellers


@dataclass(frozen=True, slots=True)
class Basis:
    """How sure a shipping cost is, a sentence that says where it comes from, and its source."""

    confidence: Confidence
    sentence: str
    source: ShippingSource | None


_REPORTED = frozenset({ShippingSource.POLICY, ShippingSource.LISTING})
UNKNOWN = Basis(Confidence.UNKNOWN, shipping_sentences.UNKNOWN, None)


@dataclass(frozen=True, slots=True)
class SellerShipping:
    """A seller's tariff, None where shipping is not known; `min_order` in minor units of `worth`.

    `single` is the basis of one record, `several` of more, except for the numbers of records of `exact`.
    `policy` is what the chosen source says, in its own currency.
    """

    tariff: Tariff | None
    worth: Currency
    min_order: int
    single: Basis
    several: Basis
    policy: ShippingPolicy | None = None
    exact: Mapping[int, Basis] = field(default_factory=dict)

    @property
    def reported_at(self) -> datetime | None:
        """When Discogs reported what it is based on; None where that is the person's own."""
        if self.policy is None or self.policy.source not in _REPORTED:
            return None
        return self.policy.reported_at

    def basis(self, items: int) -> Basis:
        """What the shipping of so many records is based on."""
        return self.exact.get(items) or (self.single if items == 1 else self.several)


def with_open_order(shipping: SellerShipping, records: int) -> SellerShipping:
    """The same for what joins an open order of so many usual records: only what they add is counted."""
    if shipping.tariff is None or not records:
        return shipping
    order = ParcelSize(records, records * USUAL_GRAMS, 0)
    sentence = shipping_sentences.open_order(records)

    def joined(basis: Basis) -> Basis:
        return replace(basis, sentence=basis.sentence + sentence)

    return replace(
        shipping,
        tariff=added_to(shipping.tariff, order),
        min_order=0,
        single=joined(shipping.single),
        several=joined(shipping.several),
        exact={},
    )


def shipping_of(
    ctx: Context, owner: OwnerId, known: Mapping[str, Seller], destination: str | None, rates: RateTable
) -> tuple[dict[str, SellerShipping], list[datetime]]:
    """The shipping of all sellers in `known` to a country (ISO code); costs in the currency of `rates`.

    Also returns when what it is based on was reported.
    """
    book = _Book.open(ctx, owner, known, destination, rates)
    found = {name: book.shipping(seller) for name, seller in known.items()}
    return found, list(book.sources.reported_at)


@dataclass(frozen=True)
class _Book:
    """All that is known about shipping to one destination; a parcel's `packaging` weighs so many grams."""

    destination: str | None
    packaging: int
    rates: RateTable
    sources: ShippingSources
    guessed: Mapping[Region, Guess]

    @classmethod
    def open(
        cls,
        ctx: Context,
        owner: OwnerId,
        known: Mapping[str, Seller],
        destination: str | None,
        rates: RateTable,
    ) -> _Book:
        """Look everything up, and estimate from it what is not known."""
        sources = read_sources(ctx, owner, destination, rates)
        packaging = ctx.settings.packaging_grams
        usual = _usual(sources, rates, packaging)
        everybody = {**sellers.sellers(ctx.db, owner, usual.keys() - known.keys()), **known}
        found_in = {name: _region(everybody.get(name), destination) for name in usual}
        return cls(destination, packaging, rates, sources, guesses(usual, found_in.get))

    def shipping(self, seller: Seller) -> SellerShipping:
        """The first there is of: entered, the policy, what copies state, own orders, an estimate."""
        entered, fetched = self.sources.entered.get(seller.name), self.sources.fetched.get(seller.name)
        policy = entered or fetched
        worth, min_order = self._min_order(seller, policy)
        found = self._by_policy(policy) if policy is not None else self._by_other_sources(seller)
        priced = None if found.tariff is None else replace(found.tariff, min_order=min_order)
        return replace(found, tariff=priced, worth=worth, min_order=min_order)

    def _by_policy(self, policy: ShippingPolicy) -> SellerShipping:
        basis = Basis(policy.source.confidence, shipping_sentences.policy(policy), policy.source)
        priced = tariff(_of_records(policy, self.packaging), self.rates)
        return SellerShipping(priced, policy.currency, 0, basis, basis, policy)

    def _by_other_sources(self, seller: Seller) -> SellerShipping:
        place = _region(seller, self.destination)
        guess = None if place is None else self.guessed.get(place)
        where = "" if place is None else shipping_sentences.sellers_of(place, self.destination or "")
        stated, orders = self.sources.stated.get(seller.name), self.sources.ordered.get(seller.name)
        if stated is not None:
            return self._as_stated(seller.name, stated, guess, where)
        if seller.name in self.sources.blocked:
            return self._as_blocked(seller.name)
        if orders:
            return self._as_ordered(seller.name, orders, guess, where)
        if guess is not None:
            return self._as_guessed(seller.name, guess, where)
        return SellerShipping(None, self.rates.target, 0, UNKNOWN, UNKNOWN)

    def _as_stated(self, name: str, stated: Stated, guess: Guess | None, where: str) -> SellerShipping:
        first = self.rates.convert(stated.first).minor
        sentence = shipping_sentences.read(stated.copies, alike=stated.alike)
        confidence = Confidence.KNOWN if stated.alike else Confidence.ESTIMATED
        more = shipping_sentences.further(guess.of_further if guess else 0, where)
        return SellerShipping(
            by_items(first, _further(first, guess), Confidence.ESTIMATED),
            self.rates.target,
            0,
            Basis(confidence, sentence, ShippingSource.LISTING),
            Basis(Confidence.ESTIMATED, f"{sentence} {more}", ShippingSource.LISTING),
            self._policy(
                name,
                stated.first.currency,
                ShippingSource.LISTING,
                [_band(1, 1, stated.first)],
                stated.reported_at,
            ),
        )

    def _as_blocked(self, name: str) -> SellerShipping:
        sentence = shipping_sentences.not_sent(self.destination)
        basis = Basis(Confidence.KNOWN, sentence, ShippingSource.LISTING)
        policy = self._policy(name, self.rates.target, ShippingSource.LISTING, [], None)
        return SellerShipping(tariff(policy, self.rates), self.rates.target, 0, basis, basis, policy)

    def _as_ordered(
        self, name: str, orders: Sequence[Order], guess: Guess | None, where: str
    ) -> SellerShipping:
        """A parcel of as many records costs the same; others are estimated, from other sellers if any."""
        costs = {order.items: self.rates.convert(order.shipping).minor for order in orders}
        exact = {
            order.items: Basis(Confidence.ESTIMATED, shipping_sentences.ordered(order), ShippingSource.ORDER)
            for order in orders
        }
        if guess is None:
            priced = by_orders(costs, None)
            other = Basis(
                Confidence.ESTIMATED, shipping_sentences.from_order(orders[0]), ShippingSource.ORDER
            )
        else:
            priced = by_orders(costs, (guess.first, _further(guess.first, guess)))
            sentence = shipping_sentences.guessed(guess.of_first, guess.of_further, where)
            other = Basis(Confidence.ESTIMATED, sentence, ShippingSource.ESTIMATE)
        newest = orders[0]
        alike = sorted(
            (order for order in orders if order.shipping.currency is newest.shipping.currency),
            key=lambda order: order.items,
        )
        bands = [_band(order.items, order.items, order.shipping) for order in alike]
        policy = self._policy(name, newest.shipping.currency, ShippingSource.ORDER, bands, newest.reported_at)
        return SellerShipping(priced, self.rates.target, 0, other, other, policy, exact)

    def _as_guessed(self, name: str, guess: Guess, where: str) -> SellerShipping:
        sentence = shipping_sentences.guessed(guess.of_first, guess.of_further, where)
        basis = Basis(Confidence.ESTIMATED, sentence, ShippingSource.ESTIMATE)
        further = _further(guess.first, guess)
        priced = by_items(guess.first, further, Confidence.ESTIMATED)
        target = self.rates.target
        band = replace(_band(1, None, Money(guess.first, target)), per_unit=Money(further, target).decimal)
        policy = self._policy(name, target, ShippingSource.ESTIMATE, [band], None)
        return SellerShipping(priced, target, 0, basis, basis, policy)

    def _policy(
        self,
        name: str,
        currency: Currency,
        source: ShippingSource,
        bands: Sequence[Band],
        reported_at: datetime | None,
    ) -> ShippingPolicy:
        """What a source says by the number of records; without bands, that nothing is sent."""
        methods = (ShippingMethod("", ShippingUnit.ITEMS, tuple(bands)),) if bands else ()
        ships_to = self.destination or ANYWHERE
        return ShippingPolicy(name, ships_to, methods, currency, source, reported_at=reported_at)

    def _min_order(self, seller: Seller, policy: ShippingPolicy | None) -> tuple[Currency, int]:
        """The entered amount, else the seller's known one; 0 if there is none."""
        if policy is not None and policy.min_order is not None:
            return policy.currency, Money.of(policy.min_order, policy.currency).minor
        known = seller.min_order
        if known is not None and not self.rates.has_rate(known.currency):
            known = None
        if policy is not None and policy.by_value:
            return policy.currency, 0 if known is None else worth_in(known, policy.currency, self.rates)
        return (self.rates.target, 0) if known is None else (known.currency, known.minor)


def _of_records(policy: ShippingPolicy, packaging: int) -> ShippingPolicy:
    """Discogs' ranges of weight hold for parcels; what a person enters is for records."""
    return policy.less_packaging(packaging) if policy.source is ShippingSource.POLICY else policy


def _usual(sources: ShippingSources, rates: RateTable, packaging: int) -> dict[str, UsualShipping]:
    """What usual records cost to send from each seller whose shipping is known, to estimate others from."""
    usual = {
        name: UsualShipping(rates.convert(stated.first).minor, None)
        for name, stated in sources.stated.items()
    }
    for name, policy in {**sources.fetched, **sources.entered}.items():
        usual.pop(name, None)
        found = usual_shipping(tariff(_of_records(policy, packaging), rates))
        if found is not None:
            usual[name] = found
    return usual


def _band(low: int, high: int | None, cost: Money) -> Band:
    return Band(Decimal(low), None if high is None else Decimal(high), cost.decimal, Decimal(0))


def _further(first: int, guess: Guess | None) -> int:
    """Without data, each further record counts like the first: it rarely costs more."""
    return first if guess is None or guess.further is None else min(first, guess.further)


def _region(seller: Seller | None, destination: str | None) -> Region | None:
    if seller is None or destination is None:
        return None
    return region(seller.ships_from, destination)
