"""What each seller's parcels to the person cost, if known: entered, read, or guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from discogs_assistant.config import Mode
from discogs_assistant.engine.shipping.estimates import (
    Guess,
    Region,
    UsualShipping,
    by_items,
    guesses,
    region,
    usual_shipping,
    worth_in,
)
from discogs_assistant.engine.shipping.tariffs import Tariff, tariff
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import ANYWHERE, Confidence, ShippingPolicy, ShippingSource
from discogs_assistant.pipelines.market import shipping_sentences
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import sellers, shipping_policies
from discogs_assistant.store.market.shipping_policies import ReportedShipping


@dataclass(frozen=True, slots=True)
class Basis:
    """How sure a shipping cost is, and where it comes from, also as a sentence; None where it is unknown."""

    source: ShippingSource | None
    confidence: Confidence
    sentence: str


UNKNOWN = Basis(None, Confidence.UNKNOWN, shipping_sentences.UNKNOWN)


@dataclass(frozen=True, slots=True)
class SellerShipping:
    """A seller's tariff, None where shipping is not known; `min_order` in minor units of `worth`.

    `single` is the basis of one record, `several` of more.
    """

    tariff: Tariff | None
    worth: Currency
    min_order: int
    single: Basis
    several: Basis

    def basis(self, items: int) -> Basis:
        """What the shipping of so many records is based on."""
        return self.single if items == 1 else self.several


@dataclass(frozen=True, slots=True)
class _Read:
    """What a seller's copies say: the highest shipping in the budget's currency, and the number of copies."""

    first: int
    copies: int
    alike: bool


def shipping_of(
    ctx: Context, owner: OwnerId, known: Mapping[str, Seller], destination: str | None, rates: RateTable
) -> tuple[dict[str, SellerShipping], list[datetime]]:
    """The shipping of all sellers in `known` to a country (ISO code); costs in the currency of `rates`.

    Also returns when the copies that it is based on were read.
    """
    book = _Book.open(ctx, owner, known, destination, rates)
    return {name: book.shipping(seller) for name, seller in known.items()}, list(book.reported_at)


@dataclass(frozen=True)
class _Book:
    """All that is known about shipping to one destination."""

    destination: str | None
    rates: RateTable
    typed: Mapping[str, ShippingPolicy]
    read: Mapping[str, _Read]
    guessed: Mapping[Region, Guess]
    reported_at: Sequence[datetime]

    @classmethod
    def open(
        cls,
        ctx: Context,
        owner: OwnerId,
        known: Mapping[str, Seller],
        destination: str | None,
        rates: RateTable,
    ) -> _Book:
        """Look everything up; three statements."""
        typed = _typed(shipping_policies.policies(ctx.db, owner), destination, rates)
        reported = _reported(ctx, owner, destination)
        read = _read(reported, rates)
        beside = sellers.sellers(ctx.db, owner, (typed.keys() | read.keys()) - known.keys())
        everybody = {**beside, **known}
        usual = {name: UsualShipping(entry.first, None) for name, entry in read.items()}
        for name, policy in typed.items():
            usual.pop(name, None)
            found = usual_shipping(tariff(policy, rates))
            if found is not None:
                usual[name] = found
        found_in = {name: _region(everybody.get(name), destination) for name in usual}
        guessed = guesses(usual, found_in.get)
        return cls(destination, rates, typed, read, guessed, [copy.as_of for copy in reported])

    def shipping(self, seller: Seller) -> SellerShipping:
        """What the person entered counts first, then what copies say, then a guess."""
        policy = self.typed.get(seller.name)
        worth, min_order = self._min_order(seller, policy)
        if policy is not None:
            basis = Basis(ShippingSource.ENTERED, Confidence.KNOWN, shipping_sentences.typed(policy))
            priced = replace(tariff(policy, self.rates), min_order=min_order)
            return SellerShipping(priced, worth, min_order, basis, basis)
        place = _region(seller, self.destination)
        guess = None if place is None else self.guessed.get(place)
        read = self.read.get(seller.name)
        where = "" if place is None else shipping_sentences.sellers_of(place, self.destination or "")
        if read is not None:
            priced, single, several = _as_read(read, guess, where)
        elif guess is not None:
            priced, single = _as_guessed(guess, where)
            several = single
        else:
            return SellerShipping(None, worth, min_order, UNKNOWN, UNKNOWN)
        return SellerShipping(replace(priced, min_order=min_order), worth, min_order, single, several)

    def _min_order(self, seller: Seller, policy: ShippingPolicy | None) -> tuple[Currency, int]:
        """The entered amount, else the seller's known one; 0 if there is none."""
        if policy is not None and policy.min_order is not None:
            return policy.currency, Money.of(policy.min_order, policy.currency).minor
        known = seller.min_order
        if known is not None and not _has_rate(known.currency, self.rates):
            known = None
        if policy is not None and policy.by_value:
            return policy.currency, 0 if known is None else worth_in(known, policy.currency, self.rates)
        return (self.rates.target, 0) if known is None else (known.currency, known.minor)


def _as_read(read: _Read, guess: Guess | None, where: str) -> tuple[Tariff, Basis, Basis]:
    further = _further(read.first, guess)
    sentence = shipping_sentences.read(read.copies, alike=read.alike)
    single = Basis(ShippingSource.LISTING, Confidence.KNOWN if read.alike else Confidence.ESTIMATED, sentence)
    more = shipping_sentences.further(guess.of_further if guess else 0, where)
    several = Basis(ShippingSource.LISTING, Confidence.ESTIMATED, f"{sentence} {more}")
    return by_items(read.first, further, Confidence.ESTIMATED), single, several


def _as_guessed(guess: Guess, where: str) -> tuple[Tariff, Basis]:
    sentence = shipping_sentences.guessed(guess.of_first, guess.of_further, where)
    priced = by_items(guess.first, _further(guess.first, guess), Confidence.ESTIMATED)
    return priced, Basis(ShippingSource.ESTIMATE, Confidence.ESTIMATED, sentence)


def _further(first: int, guess: Guess | None) -> int:
    """Without data, each further record counts like the first: it rarely costs more."""
    return first if guess is None or guess.further is None else min(first, guess.further)


def _typed(
    policies: Iterable[ShippingPolicy], destination: str | None, rates: RateTable
) -> dict[str, ShippingPolicy]:
    """The policies for a destination; one for all countries counts where there is no other."""
    usable = [policy for policy in policies if _has_rate(policy.currency, rates)]
    everywhere = {policy.seller: policy for policy in usable if policy.ships_to == ANYWHERE}
    return everywhere | {policy.seller: policy for policy in usable if policy.ships_to == destination}


def _reported(ctx: Context, owner: OwnerId, destination: str | None) -> list[ReportedShipping]:
    """The shipping that copies state to the person; nothing for parcels to another country than their own.

    Where only one person uses the instance, the answers of the API are theirs.
    """
    home = accounts.preferences(ctx.db, owner).country
    if home is not None and destination != home:
        return []
    since = ctx.fresh_since()
    return shipping_policies.reported_shipping(ctx.db, owner, since, shared=ctx.settings.mode is Mode.LOCAL)


def _read(reported: Iterable[ReportedShipping], rates: RateTable) -> dict[str, _Read]:
    """By seller; if copies differ, the highest counts, so that no budget is exceeded."""
    costs: dict[str, list[int]] = {}
    for copy in reported:
        if _has_rate(copy.shipping.currency, rates):
            costs.setdefault(copy.seller, []).append(rates.convert(copy.shipping).minor)
    return {name: _Read(max(found), len(found), len(set(found)) == 1) for name, found in costs.items()}


def _has_rate(currency: Currency, rates: RateTable) -> bool:
    return currency is rates.target or currency in rates.values


def _region(seller: Seller | None, destination: str | None) -> Region | None:
    if seller is None or destination is None:
        return None
    return region(seller.ships_from, destination)
