"""Shipping policies that a person entered, and the shipping costs that copies report."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.store.fakes import HOUR, NOW, POLICY, make_listing

from discogs_assistant.model.ids import OwnerId
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.shipping import ANYWHERE
from discogs_assistant.store.database import Database
from discogs_assistant.store.market import listings, shipping_policies
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)


def reported(db: Database, owner: OwnerId, *, shared: bool) -> list[tuple[str, int]]:
    found = shipping_policies.reported_shipping(db, owner, NOW - HOUR, shared=shared)
    return [(policy.seller, policy.shipping.minor if policy.shipping else 0) for policy in found]


def keep(db: Database, owner: OwnerId, id: int, minor: int | None, **changes: object) -> None:
    shipping = None if minor is None else Money(minor, Currency.EUR)
    listing = replace(make_listing(id), shipping=shipping, **changes)  # type: ignore[arg-type]
    listings.save_listings(db, owner, [listing], [])


def test_a_policy_comes_back_as_it_was_kept(db: Database, owner: OwnerId) -> None:
    bare = replace(POLICY, seller="a", ships_to=ANYWHERE, methods=(), free_from=None, min_order=None)
    for policy in (POLICY, bare):
        shipping_policies.save_policy(db, owner, policy, NOW)
    assert shipping_policies.policies(db, owner) == [bare, POLICY]


def test_a_newer_policy_replaces_the_one_of_the_same_destination_alone(db: Database, owner: OwnerId) -> None:
    elsewhere = replace(POLICY, ships_to="US")
    for policy in (POLICY, elsewhere, replace(POLICY, min_order=None)):
        shipping_policies.save_policy(db, owner, policy, NOW + HOUR)
    kept = shipping_policies.policies(db, owner)
    assert [(policy.ships_to, policy.min_order, policy.reported_at) for policy in kept] == [
        ("DE", None, NOW + HOUR),
        ("US", Decimal("15.00"), NOW + HOUR),
    ]


def test_policies_are_seen_and_forgotten_by_their_owner_alone(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    shipping_policies.save_policy(db, owner, POLICY, NOW)
    assert shipping_policies.policies(db, stranger) == []
    assert not shipping_policies.forget_policy(db, stranger, "seller-1", "DE")
    assert not shipping_policies.forget_policy(db, owner, "seller-1", "US")
    assert shipping_policies.forget_policy(db, owner, "seller-1", "DE")
    assert shipping_policies.policies(db, owner) == []


def test_shipping_is_read_from_fresh_copies_for_sale_that_report_it(db: Database, owner: OwnerId) -> None:
    keep(db, owner, 1, 450)
    keep(db, owner, 2, None)
    keep(db, owner, 3, 451, as_of=NOW - 2 * HOUR)
    keep(db, owner, 4, 452, status="Sold")
    assert reported(db, owner, shared=True) == [("seller-1", 450)]


def test_what_was_reported_to_others_counts_only_where_asked_for(
    db: Database, owner: OwnerId, stranger: OwnerId
) -> None:
    keep(db, stranger, 1, 400)
    keep(db, EVERYBODY, 2, 500)
    keep(db, owner, 2, 600, as_of=NOW + HOUR)
    keep(db, EVERYBODY, 3, 700)
    assert reported(db, owner, shared=False) == [("seller-1", 600)]
    assert reported(db, owner, shared=True) == [("seller-1", 600), ("seller-1", 700)]
