"""The made-up world: its sizes, its special cases, and that a seed always gives the same one."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.server import LARGE
from discogs_sandbox.world.pressings import reissue_counts
from discogs_sandbox.world.prices import convert
from discogs_sandbox.world.seeded_random import SeededRandom
from discogs_sandbox.world.sellers import stock_sizes
from discogs_sandbox.world.world import World

# Of the world that `small_world` makes; a new value here means that a seed no longer gives the same world.
DIGEST = "83d5def38d9a3f99"


@pytest.fixture(scope="module")
def large() -> World:
    return World.generate()


def digest(world: World) -> str:
    """Of what a visitor reads: every list, inventory, policy and order, and one of ten releases."""
    lists = ("collection/folders/0/releases", "wants")
    paths = [
        f"/users/{collector.name}/{part}?per_page=100" for collector in world.collectors for part in lists
    ]
    paths += [f"/users/{seller.name}/inventory?per_page=100" for seller in world.sellers]
    paths += [f"/releases/{number}" for number in list(world.releases)[::10]]
    paths += [f"/v3/marketplace/shipping/policies?seller_id={seller.id}" for seller in world.sellers]
    paths += [f"/marketplace/orders/{number}" for number in world.orders]
    client = visit(open_app(world), world.demo_user)
    return hashlib.sha256("\n".join(client.get(path).text for path in paths).encode()).hexdigest()[:16]


def test_a_seed_gives_the_same_world_on_every_machine(world: World) -> None:
    assert digest(world) == DIGEST


def test_another_seed_gives_another_world(world: World) -> None:
    assert digest(small_world(6)) != digest(world)


def test_the_default_world_has_the_promised_sizes(large: World) -> None:
    assert (len(large.releases), len(large.masters), len(large.labels)) == (3000, 1800, 80)
    assert (len(large.artists), len(large.collectors), len(large.sellers)) == (401, 300, 150)
    assert len(large.listings) == 20_000


def test_sellers_sit_in_twelve_countries_and_price_in_six_currencies(large: World) -> None:
    assert len({seller.country for seller in large.sellers}) == 12
    currencies = {listing.price.currency for listing in large.listings.values()}
    assert len(currencies) == 6
    assert "JPY" in currencies


def test_collections_hold_20_to_400_copies_and_wantlists_5_to_80(large: World) -> None:
    assert {20 <= len(account.items) <= 430 for account in large.collectors} == {True}
    assert {5 <= len(account.wants) <= 80 for account in large.collectors} == {True}


def test_shops_hold_10_to_2000_copies_most_of_them_few(large: World) -> None:
    sizes = sorted(len(seller.listings) for seller in large.sellers)
    assert sizes[0] >= 10
    assert sizes[-1] <= 2000
    assert sizes[len(sizes) // 2] < sum(sizes) / len(sizes) / 2


def test_masters_have_1_to_40_pressings_most_of_them_few(large: World) -> None:
    counts = sorted(len(master.releases) for master in large.masters.values())
    assert (counts[0], counts[-1]) == (1, 40)
    assert sum(count <= 3 for count in counts) > 0.9 * len(counts)
    assert sum(count >= 10 for count in counts) >= 5


def test_the_most_famous_work_has_the_most_pressings(large: World) -> None:
    famous = max(large.masters.values(), key=lambda master: large.works[master.work].fame)
    assert len(famous.releases) == 40


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(0, 2000), st.integers(0, 10**6))
def test_reissues_add_up_and_fall_with_fame(masters: int, total: int, seed: int) -> None:
    fame = SeededRandom("fame", seed).numbers(masters)
    counts = reissue_counts(fame, total, SeededRandom(seed))
    by_fame = [counts[int(index)] for index in np.argsort(-fame, kind="stable")]
    assert sum(counts) == total
    assert all(by_fame[place] + 1 >= count for place in range(masters) for count in by_fame[place:])


def test_a_wantlist_holds_several_pressings_of_one_master(large: World) -> None:
    demo = large.account(large.demo_user)
    masters = Counter(large.releases[want.release].master for want in demo.wants)
    assert max(count for master, count in masters.items() if master) > 1


def test_a_few_copies_are_far_too_dear_and_a_few_cost_cents(large: World) -> None:
    offered = [
        (convert(copy.price, "USD").amount, large.releases[copy.release]) for copy in large.listings.values()
    ]
    dear = sum(float(amount) > 20 * release.worth for amount, release in offered)
    cheap = sum(amount < Decimal("0.30") for amount, _ in offered)
    assert 50 < dear < 250
    assert 30 < cheap < 250


def test_a_large_world_has_sellers_of_50_to_30_000_copies() -> None:
    sizes = stock_sizes(LARGE.sellers, LARGE.listings or 0, LARGE.shops, SeededRandom(1))
    assert (min(sizes), max(sizes), sum(sizes)) == (50, 30_000, LARGE.listings)
    assert sorted(sizes)[len(sizes) // 2] < 200


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 300), st.integers(0, 50_000), st.integers(0, 100), st.integers(100, 5000))
def test_shop_sizes_add_up_within_their_bounds(sellers: int, listings: int, least: int, most: int) -> None:
    sizes = stock_sizes(sellers, listings, (least, most), SeededRandom(2))
    assert (len(sizes), sum(sizes)) == (sellers, listings)
    assert min(sizes) >= min(least, listings // sellers)
    assert max(sizes) <= max(most, -(-2 * listings // sellers))


def test_a_release_may_be_owned_several_times(large: World) -> None:
    counts = Counter((account.name, item.release) for account in large.collectors for item in account.items)
    assert max(counts.values()) > 1


def test_wants_are_not_owned_already(world: World) -> None:
    wanted = {account.name: {want.release for want in account.wants} for account in world.collectors}
    owned = {account.name: {item.release for item in account.items} for account in world.collectors}
    assert sum(map(len, wanted.values())) > 100
    assert {name for name in wanted if wanted[name] & owned[name]} == set()


def test_names_have_numbers_other_scripts_and_other_spellings(large: World) -> None:
    names = [artist.name for artist in large.artists.values()]
    credits = [credit for work in large.works for credit in (*work.artists, *work.credits)]
    assert any(name.endswith(")") and name.rpartition("(")[2][:-1].isdigit() for name in names)
    assert any(not char.isascii() and char.isalpha() for name in names for char in name)
    assert any("&" in name for name in names)
    assert any(credit.anv for credit in credits)
    assert {credit.join for credit in credits} > {"&", "feat.", ",", "/"}
    assert any(credit.artist.name == "Various" for credit in credits)


def test_some_works_have_no_year_and_some_releases_no_master(large: World) -> None:
    assert any(work.year == 0 for work in large.works)
    assert 100 < sum(release.master is None for release in large.releases.values()) < 600


def test_one_title_is_a_script_where_it_is_not_escaped(world: World) -> None:
    assert any("<script>" in work.title for work in world.works)


def test_some_collectors_are_private_and_the_demo_user_is_not(large: World) -> None:
    demo = large.account(large.demo_user)
    assert not demo.private_collection
    assert not demo.private_wantlist
    assert any(account.private_collection for account in large.collectors)
    assert any(account.private_wantlist for account in large.collectors)


def test_a_blocked_release_is_offered_by_nobody(large: World) -> None:
    blocked = [release.id for release in large.releases.values() if release.blocked]
    assert blocked
    assert not [number for number in blocked if large.for_sale(number)]


def test_the_smallest_world_that_can_be_asked_for_is_whole() -> None:
    tiny = World.generate(0, releases=50, users=2, sellers=1)
    assert (len(tiny.releases), len(tiny.collectors), len(tiny.sellers)) == (50, 2, 1)
    assert tiny.account(tiny.demo_user).items


def test_one_seller_may_hold_more_than_the_api_shows() -> None:
    market = World.generate(0, releases=100, users=2, sellers=1, listings=21_000)
    assert len(market.sellers[0].listings) == 21_000
