"""Which source of a seller's shipping counts, and what each says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.shipping.quotes import shipping as shipping_of_parcel
from tests.pipelines.installation import Installation
from tests.store.fakes import make_listing

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.listing import Seller
from discogs_assistant.model.money import Currency, Money, RateTable
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.shipping import (
    ANYWHERE,
    Band,
    Order,
    OrderNumber,
    ShippingMethod,
    ShippingPolicy,
    ShippingReport,
    ShippingSource,
    ShippingUnit,
)
from discogs_assistant.pipelines.accounts import accounts
from discogs_assistant.pipelines.market.shipping_costs import SellerShipping, shipping_of
from discogs_assistant.pipelines.market.shipping_policies import type_in
from discogs_assistant.pipelines.runtime.options.types import Home
from discogs_assistant.store.market import listings, own_orders, seller_shipping
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)
RATES = RateTable(
    date(2026, 11, 24), "test", Currency.EUR, {Currency.EUR: Decimal(1), Currency.USD: Decimal("0.9")}
)
SHOP = Seller("shop", 8, ships_from="DE", min_order=Money(1500, Currency.EUR))
OTHER = Seller("other", 9, ships_from="DE")


def band(low: int, high: int | None, cost: str) -> Band:
    return Band(Decimal(low), None if high is None else Decimal(high), Decimal(cost), Decimal(0))


BY_WEIGHT = ShippingMethod("Parcel", ShippingUnit.GRAMS, (band(1, 999, "5"), band(1000, None, "9")))


class Known:
    """What is known of the shop, added by a test."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.db, self.owner = installation.ctx.db, installation.owner
        listings.save_listings(self.db, EVERYBODY, [], [SHOP, OTHER])

    def entered(self, first: str, further: str, seller: str = "shop") -> None:
        raw = {"seller": seller, "first": first, "further": further}
        type_in(self.db, self.owner, raw, Home(Currency.EUR, "DE"), self.installation.clock.now())

    def fetched(self, *policies: ShippingPolicy) -> None:
        report = ShippingReport("shop", 8, self.installation.clock.now(), policies)
        seller_shipping.save_report(self.db, report)

    def stated(self, minor: int | None, *, blocked: bool | None = None) -> None:
        shipping = None if minor is None else Money(minor, Currency.EUR)
        listing = make_listing(1, seller="shop", as_of=self.installation.clock.now())
        offered = replace(listing, shipping=shipping, shipping_blocked=blocked)
        listings.save_listings(self.db, EVERYBODY, [offered], [])

    def ordered(self, items: int, minor: int, *, days: int = 10, currency: Currency = Currency.EUR) -> None:
        now = self.installation.clock.now()
        paid = Money(minor, currency)
        order = Order(OrderNumber(f"8-{items}"), "shop", items, paid, now - timedelta(days=days), now)
        own_orders.save_order(self.db, self.owner, order)

    def shipping(self, destination: str | None = "DE") -> SellerShipping:
        found, _ = shipping_of(self.installation.ctx, self.owner, {"shop": SHOP}, destination, RATES)
        return found["shop"]

    def source(self, destination: str | None = "DE") -> ShippingSource | None:
        return self.shipping(destination).single.source


@pytest.fixture
def known(installation: Installation) -> Known:
    return Known(installation)


def policy(ships_to: str, *methods: ShippingMethod, **changes: Any) -> ShippingPolicy:
    found = ShippingPolicy("shop", ships_to, methods, Currency.USD, ShippingSource.POLICY)
    return replace(found, **changes)


def test_the_best_source_that_says_something_counts(known: Known) -> None:
    seen = [known.source()]
    known.entered("7", "1", seller="other")
    seen.append(known.source())
    known.ordered(1, 800)
    seen.append(known.shipping().basis(1).source)
    known.stated(600)
    seen.append(known.source())
    known.fetched(policy("DE", BY_WEIGHT))
    seen.append(known.source())
    known.entered("5", "1")
    seen.append(known.source())
    assert seen == [None, "estimate", "order", "listing", "policy", "entered"]


def test_a_policy_of_the_seller_is_known_and_costs_what_it_says(known: Known) -> None:
    known.fetched(policy("DE", BY_WEIGHT, free_from=Decimal(60)), policy(ANYWHERE))
    found = known.shipping()
    assert found.tariff is not None
    assert [shipping_of_parcel(found.tariff, grams=grams) for grams in (749, 750)] == [450, 810]
    assert shipping_of_parcel(found.tariff, grams=1000, worth=6000) == 0
    assert (found.basis(3).confidence, found.basis(3).sentence) == (
        "known",
        "By the seller's policy at Discogs.",
    )
    assert (found.worth, found.min_order, found.tariff.min_order) == (Currency.USD, 1667, 1667)


def test_to_a_country_without_a_policy_nothing_is_sent(known: Known) -> None:
    known.fetched(policy("DE", BY_WEIGHT), policy(ANYWHERE))
    known.stated(600)
    found = known.shipping("US")
    assert found.tariff is not None
    assert shipping_of_parcel(found.tariff, items=1, grams=230) is None
    assert found.single.sentence == "By the policy at Discogs, the seller does not send to United States."


def test_to_a_country_of_which_nothing_is_known_other_sources_count(known: Known) -> None:
    known.fetched(policy("DE", BY_WEIGHT))
    assert known.source("US") is None
    assert known.source(None) is None


def test_policies_count_within_the_age_limit(known: Known) -> None:
    known.fetched(policy("DE", BY_WEIGHT))
    known.installation.clock.moved += timedelta(hours=7)
    assert known.source() is None


def test_others_are_estimated_from_a_sellers_policy(known: Known) -> None:
    known.fetched(policy("DE", BY_WEIGHT))
    found, reported_at = shipping_of(known.installation.ctx, known.owner, {"other": OTHER}, "DE", RATES)
    assert found["other"].tariff is not None
    assert shipping_of_parcel(found["other"].tariff, items=1) == 450
    assert len(reported_at) == 1


def test_a_copy_that_is_not_sent_to_the_person_says_so_of_its_seller(known: Known) -> None:
    known.stated(None, blocked=True)
    known.ordered(2, 900)
    found = known.shipping()
    assert found.tariff is not None
    assert shipping_of_parcel(found.tariff, items=1) is None
    assert found.single.sentence == "Discogs says that the seller does not send to Germany."


def test_an_own_order_is_an_estimate_for_as_many_records_and_others_come_from_elsewhere(known: Known) -> None:
    known.ordered(3, 1000, currency=Currency.USD)
    known.entered("4", "1", seller="other")
    found = known.shipping()
    assert found.tariff is not None
    assert [shipping_of_parcel(found.tariff, items=count) for count in (1, 2, 3, 4)] == [400, 500, 900, 700]
    assert [found.basis(count).source for count in (1, 3, 4)] == ["estimate", "order", "estimate"]
    assert {found.basis(count).confidence for count in (1, 3, 4)} == {"estimated"}
    assert found.basis(3).sentence == "You paid this for 3 records from this seller on 14 November 2026."


def test_without_other_sellers_an_order_is_the_only_measure(known: Known) -> None:
    known.ordered(2, 900)
    found = known.shipping()
    assert found.tariff is not None
    assert [shipping_of_parcel(found.tariff, items=count) for count in (1, 2, 3)] == [900, 900, 1350]
    assert found.basis(3).sentence == (
        "Estimated from your order: 9.00 EUR for 2 records on 14 November 2026."
    )


@pytest.mark.parametrize(("days", "source"), [(89, "order"), (91, None)])
def test_an_order_counts_for_ninety_days(known: Known, days: int, source: str | None) -> None:
    known.ordered(1, 900, days=days)
    assert known.shipping().basis(1).source == source


def test_an_order_counts_for_the_persons_own_country_alone(known: Known) -> None:
    known.ordered(1, 900)
    home = Preferences(currency=Currency.EUR, country="DE")
    accounts.set_preferences(known.installation.ctx, known.owner, home)
    assert [known.shipping(country).basis(1).source for country in ("DE", "US")] == ["order", None]
