"""Hours that pass: copies are sold, listed and repriced, always the same ones for a seed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.sandbox.sandbox_client import small_world

from discogs_sandbox.world.ageing import Changes, pass_hours
from discogs_sandbox.world.collectors import END
from discogs_sandbox.world.prices import decimals
from discogs_sandbox.world.world import World


@pytest.fixture(scope="module")
def young() -> World:
    return small_world(14)


@pytest.fixture(scope="module")
def aged() -> tuple[World, Changes]:
    """The same world seven hours later, and what has changed."""
    world = small_world(14)
    return world, pass_hours(world, 7)


def test_seven_times_one_hour_are_the_same_as_seven_hours(aged: tuple[World, Changes]) -> None:
    world = small_world(14)
    for _ in range(7):
        pass_hours(world, 1)
    assert world.listings == aged[0].listings
    assert world.now == aged[0].now == END + timedelta(hours=7)


def test_no_hours_change_nothing(young: World) -> None:
    world = small_world(14)
    assert pass_hours(world, 0) == Changes()
    assert (world.listings, world.now) == (young.listings, young.now)


@pytest.mark.parametrize("hours", [-1, 1001])
def test_hours_that_cannot_pass_are_refused(hours: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 1000"):
        pass_hours(small_world(14), hours)


def test_about_a_tenth_of_the_copies_changes_in_seven_hours(
    young: World, aged: tuple[World, Changes]
) -> None:
    changes = aged[1]
    share = (changes.sold + changes.withdrawn + changes.repriced + changes.listed) / len(young.listings)
    assert 0.07 < share < 0.14
    assert min(changes.sold, changes.repriced, changes.listed) > 20


def test_the_changes_are_those_that_were_counted(young: World, aged: tuple[World, Changes]) -> None:
    world, changes = aged
    new = world.listings.keys() - young.listings.keys()
    sold = [number for number, listing in world.listings.items() if listing.status == "Sold"]
    moved = [
        number
        for number in young.listings.keys() & world.listings.keys()
        if young.listings[number].price != world.listings[number].price
    ]
    assert len(new) == changes.listed
    assert len(sold) == changes.sold
    assert len(young.listings.keys() - world.listings.keys()) == changes.withdrawn
    assert 0.8 * changes.repriced < len(moved) <= changes.repriced


def test_new_copies_were_listed_within_the_hours(young: World, aged: tuple[World, Changes]) -> None:
    world = aged[0]
    new = [listing for number, listing in world.listings.items() if number not in young.listings]
    assert new
    assert all(young.now <= listing.posted <= world.now for listing in new)
    assert all(listing.id in world.accounts[listing.seller].listings for listing in new)
    assert all(listing.id in world.copies[listing.release] for listing in new)


def test_changed_prices_stay_in_their_currency_above_nothing(
    young: World, aged: tuple[World, Changes]
) -> None:
    world = aged[0]
    both = young.listings.keys() & world.listings.keys()
    assert {young.listings[n].price.currency == world.listings[n].price.currency for n in both} == {True}
    assert min(world.listings[n].price.amount for n in both) > 0
    exponents = {
        (-int(world.listings[n].price.amount.as_tuple().exponent), world.listings[n].price.currency)
        for n in both
    }
    assert {digits <= decimals(currency) for digits, currency in exponents} == {True}


def test_most_changed_prices_fall(young: World, aged: tuple[World, Changes]) -> None:
    both = young.listings.keys() & aged[0].listings.keys()
    pairs = [(young.listings[n].price.amount, aged[0].listings[n].price.amount) for n in both]
    fallen, risen = sum(new < old for old, new in pairs), sum(new > old for old, new in pairs)
    assert fallen > risen > 0
