"""What each seller's parcels cost to send to the person, as far as known: typed in, read, or guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from discogs_assistant.config import Mode
from discogs_assistant.engine.shipping.estimates import (
    Guess,
    Postage,
    Region,
    by_items,
    guesses,
    region,
    usual_postage,
    worth_in,
)
from discogs_assistant.engine.shipping.tariffs import Tariff, tariff
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.shipping import ANYWHERE, Confidence, ShippingPolicy, ShippingUnit
from discogs_assistant.pipelines.market import shipping_sentences
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import sellers, shipping_policies
from discogs_assistant.store.market.shipping_policies import ReportedShipping


@dataclass(frozen=True, slots=True)
class Basis:
    """How sure a cost of postage is, and where it comes from in a sentence."""

    confidence: Confidence
    sentence: str


UNKNOWN = Basis(Confidence.UNKNOWN, shipping_sentences.UNKNOWN)


@dataclass(frozen=True, slots=True)
class SellerPostage:
    """A seller's tariff, None where postage is not known; `min_order` in minor units of `worth`.

    `one` is the basis of a single record, `several` of more.
    """

    tariff: Tariff | None
    worth: Currency
    min_order: int
    one: Basis
    several: Basis

    def basis(self, items: int) -> Basis:
        """What the postage of so many records rests on."""
        return self.one if items == 1 else self.several


@dataclass(frozen=True, slots=True)
class _Read:
    """What a seller's copies tell: the dearest postage in the budget's currency, of how many copies."""

    first: int
    copies: int
    alike: bool


def postages(
    ctx: Context, owner: OwnerId, known: Mapping[str, Seller], destination: str | None, rates: RateTable
) -> tuple[dict[str, SellerPostage], list[datetime]]:
    """The postage of all sellers in `known` to a country (ISO code); costs in the currency of `rates`.

    With it the moments at which copies told what it rests on.
    """
    book = _Book.open(ctx, owner, known, destination, rates)
    return {name: book.postage(seller) for name, seller in known.items()}, list(book.told_at)


@dataclass(frozen=True)
class _Book:
    """All that is known of postage to one destination."""

    destination: str | None
    rates: RateTable
    typed: Mapping[str, ShippingPolicy]
    read: Mapping[str, _Read]
    guessed: Mapping[Region, Guess]
    told_at: Sequence[datetime]

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
        told = _told(ctx, owner, destination)
        read = _read(told, rates)
        beside = sellers.sellers(ctx.db, owner, (typed.keys() | read.keys()) - known.keys())
        everybody = {**beside, **known}
        usual = {name: Postage(one.first, None) for name, one in read.items()}
        for name, policy in typed.items():
            usual.pop(name, None)
            found = usual_postage(tariff(policy, rates))
            if found is not None:
                usual[name] = found
        found_in = {name: _region(everybody.get(name), destination) for name in usual}
        guessed = guesses(usual, found_in.get)
        return cls(destination, rates, typed, read, guessed, [one.as_of for one in told])

    def postage(self, seller: Seller) -> SellerPostage:
        """What was typed in of one seller counts first, then what copies tell, then a guess."""
        policy = self.typed.get(seller.name)
        worth, min_order = self._min_order(seller, policy)
        if policy is not None:
            basis = Basis(Confidence.KNOWN, shipping_sentences.typed(policy))
            priced = replace(tariff(policy, self.rates), min_order=min_order)
            return SellerPostage(priced, worth, min_order, basis, basis)
        place = _region(seller, self.destination)
        guess = None if place is None else self.guessed.get(place)
        read = self.read.get(seller.name)
        where = "" if place is None else shipping_sentences.sellers_of(place, self.destination or "")
        if read is not None:
            priced, one, several = _as_read(read, guess, where)
        elif guess is not None:
            priced, one = _as_guessed(guess, where)
            several = one
        else:
            return SellerPostage(None, worth, min_order, UNKNOWN, UNKNOWN)
        return SellerPostage(replace(priced, min_order=min_order), worth, min_order, one, several)

    def _min_order(self, seller: Seller, policy: ShippingPolicy | None) -> tuple[Currency, int]:
        """What was typed in, else what is known of the seller; 0 where there is none."""
        if policy is not None and policy.min_order is not None:
            return policy.currency, Money.of(policy.min_order, policy.currency).minor
        told = seller.min_order
        if told is not None and not _has_rate(told.currency, self.rates):
            told = None
        if policy is not None and policy.unit is ShippingUnit.VALUE:
            return policy.currency, 0 if told is None else worth_in(told, policy.currency, self.rates)
        return (self.rates.target, 0) if told is None else (told.currency, told.minor)


def _as_read(read: _Read, guess: Guess | None, where: str) -> tuple[Tariff, Basis, Basis]:
    further = _further(read.first, guess)
    told = shipping_sentences.read(read.copies, alike=read.alike)
    one = Basis(Confidence.KNOWN if read.alike else Confidence.ESTIMATED, told)
    more = shipping_sentences.further(guess.of_further if guess else 0, where)
    several = Basis(Confidence.ESTIMATED, f"{told} {more}")
    return by_items(read.first, further, Confidence.ESTIMATED), one, several


def _as_guessed(guess: Guess, where: str) -> tuple[Tariff, Basis]:
    sentence = shipping_sentences.guessed(guess.of_first, guess.of_further, where)
    priced = by_items(guess.first, _further(guess.first, guess), Confidence.ESTIMATED)
    return priced, Basis(Confidence.ESTIMATED, sentence)


def _further(first: int, guess: Guess | None) -> int:
    """Where nothing is known of further records each is counted like the first: rarely is one dearer."""
    return first if guess is None or guess.further is None else min(first, guess.further)


def _typed(
    kept: Iterable[ShippingPolicy], destination: str | None, rates: RateTable
) -> dict[str, ShippingPolicy]:
    """The policies for a destination; one for all countries counts where there is no other."""
    usable = [one for one in kept if _has_rate(one.currency, rates)]
    everywhere = {one.seller: one for one in usable if one.ships_to == ANYWHERE}
    return everywhere | {one.seller: one for one in usable if one.ships_to == destination}


def _told(ctx: Context, owner: OwnerId, destination: str | None) -> list[ReportedShipping]:
    """What copies tell the person; nothing where parcels go elsewhere than to their own country.

    Where one person alone uses the instance, what the API told was told to them.
    """
    home = accounts.preferences(ctx.db, owner).country
    if home is not None and destination != home:
        return []
    since = ctx.fresh_since()
    return shipping_policies.reported_shipping(ctx.db, owner, since, shared=ctx.settings.mode is Mode.LOCAL)


def _read(told: Iterable[ReportedShipping], rates: RateTable) -> dict[str, _Read]:
    """By seller; copies that differ are counted with the dearest, so that no budget is broken."""
    costs: dict[str, list[int]] = {}
    for one in told:
        if _has_rate(one.shipping.currency, rates):
            costs.setdefault(one.seller, []).append(rates.convert(one.shipping).minor)
    return {name: _Read(max(found), len(found), len(set(found)) == 1) for name, found in costs.items()}


def _has_rate(currency: Currency, rates: RateTable) -> bool:
    return currency is rates.target or currency in rates.values


def _region(seller: Seller | None, destination: str | None) -> Region | None:
    if seller is None or destination is None:
        return None
    return region(seller.ships_from, destination)
