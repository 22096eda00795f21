"""What a person may buy, and the market of it in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pipelines.installation import Installation
from tests.store.fakes import make_listing

from discogs_assistant.model.grade import UNGRADED, Grade, SleeveGrade
from discogs_assistant.model.ids import ArtistId, LabelId, MasterId, OwnerId, ReleaseId, UserName
from discogs_assistant.model.listing import Listing, Seller
from discogs_assistant.model.money import Currency, Money
from discogs_assistant.model.recommendation import Reason, Recommendation
from discogs_assistant.model.release import ArtistCredit, Format, LabelCredit, Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.interest import Interest
from discogs_assistant.pipelines.carts.market import Market, MarketChangedError, read_market
from discogs_assistant.pipelines.carts.shop import criteria_of
from discogs_assistant.pipelines.runtime.results.documents import dumps, loads
from discogs_assistant.store.catalogue import releases as stored_releases
from discogs_assistant.store.market import listings as stored_listings
from discogs_assistant.store.schema import SHARED_OWNER

EVERYBODY = OwnerId(SHARED_OWNER)
INTEREST = Interest((), {ReleaseId(1): 0.5, ReleaseId(2): 0.25})

releases = st.builds(
    Release,
    st.integers(1, 10**9).map(ReleaseId),
    st.text(max_size=8),
    master_id=st.none() | st.integers(1, 10**9).map(MasterId),
    year=st.none() | st.integers(1900, 2030),
    artists=st.lists(
        st.builds(ArtistCredit, st.integers(-9, 9).map(ArtistId), st.text(max_size=5)), max_size=2
    ).map(tuple),
    labels=st.lists(
        st.builds(
            LabelCredit, st.integers(1, 9).map(LabelId), st.text(max_size=5), st.none() | st.just("C 1")
        ),
        max_size=2,
    ).map(tuple),
    formats=st.lists(st.builds(Format, st.just("Vinyl"), st.integers(1, 3)), max_size=1).map(tuple),
    genres=st.just(("Rock",)),
)
scores = st.floats(1e-9, 1e3, allow_nan=False)


@given(
    st.lists(st.tuples(releases, scores, st.text(max_size=9)), max_size=4),
    st.dictionaries(st.integers(1, 99).map(ReleaseId), scores, max_size=4),
)
def test_what_a_person_may_buy_reads_back_the_same_from_json(
    found: list[tuple[Release, float, str]], wanted: dict[ReleaseId, float]
) -> None:
    recommended = tuple(
        Recommendation(rank, release, score, (Reason("kept", text, 1.0),), False, False)
        for rank, (release, score, text) in enumerate(found, 1)
    )
    interest = Interest(recommended, wanted)
    assert loads(Interest, json.loads(json.dumps(dumps(interest.short)))) == interest.short


def read(installation: Installation, *listings: Listing, sellers: tuple[Seller, ...] = ()) -> Market:
    stored_listings.save_listings(installation.ctx.db, EVERYBODY, listings, sellers)
    run = installation.open(RunKind.SHOP, "me", budget=50, currency="EUR")
    return read_market(installation.ctx, installation.owner, UserName("me"), criteria_of(run), INTEREST)


def on_sale(installation: Installation, id: int, release: int = 1) -> Listing:
    return make_listing(id, release, as_of=installation.clock.now())


def test_columns_hold_what_is_known_and_mark_what_is_not(installation: Installation) -> None:
    full = replace(
        on_sale(installation, 1),
        media=Grade.MINT,
        sleeve=SleeveGrade.NO_COVER,
        ships_from="FR",
        format="2xLP, Album",
        quantity=3,
        price=Money(1000, Currency.EUR),
    )
    sellers = (Seller("seller-1", rating=Decimal("99.85"), ratings=7, ships_from="DE"),)
    found = read(installation, full, replace(on_sale(installation, 2), seller="bare"), sellers=sellers)
    columns, copies = found.columns, found.copies
    assert copies.listing.tolist() == [1, 2]
    assert copies.sellers == ("bare", "seller-1")
    assert columns.rating.tolist() == [99_850_000, -1]
    assert columns.ratings.tolist() == [7, -1]
    french, unknown = columns.country.tolist()
    assert columns.countries[french] == "FR"
    assert unknown == -1
    assert copies.media.tolist() == [Grade.MINT, UNGRADED]
    assert copies.sleeve.tolist() == [SleeveGrade.NO_COVER, UNGRADED]
    assert copies.grams.tolist() == [460, 230]
    assert copies.quantity.tolist() == [3, 1]


def test_a_copy_weighs_what_it_or_its_release_says(installation: Installation) -> None:
    stored_releases.save_releases(
        installation.ctx.db, [Release(ReleaseId(2), "Heavy", grams=700)], installation.clock.now()
    )
    weighed = replace(on_sale(installation, 1), grams=180)
    assert read(installation, weighed, on_sale(installation, 2, 2)).copies.grams.tolist() == [180, 700]


def test_nobody_buys_from_themselves(installation: Installation) -> None:
    own = replace(on_sale(installation, 1), seller="ME")
    assert read(installation, own, on_sale(installation, 2)).copies.listing.tolist() == [2]


def test_a_copy_that_moved_since_is_noticed(installation: Installation) -> None:
    found = read(installation, on_sale(installation, 1), on_sale(installation, 2))
    assert set(found.listings(installation.ctx, [0])) == {0}
    dearer = [replace(on_sale(installation, id), price=Money(99_00, Currency.EUR)) for id in (1, 2)]
    stored_listings.save_listings(installation.ctx.db, EVERYBODY, dearer, [])
    assert set(found.listings(installation.ctx, [0])) == {0}, "what was looked at stays"
    with pytest.raises(MarketChangedError):
        found.listings(installation.ctx, [1])


def test_a_copy_that_was_read_again_and_is_the_same_has_not_moved(installation: Installation) -> None:
    found = read(installation, on_sale(installation, 1), on_sale(installation, 2))
    installation.clock.sleep(60)
    stored_listings.save_listings(
        installation.ctx.db, EVERYBODY, [on_sale(installation, 1), on_sale(installation, 2)], []
    )
    assert set(found.listings(installation.ctx, [0, 1])) == {0, 1}


def test_a_market_serves_until_its_oldest_copy_may_not_be_shown_any_more(installation: Installation) -> None:
    run = installation.open(RunKind.SHOP, "me", budget=50, currency="EUR")
    read_at = installation.clock.now()
    found = read(
        installation,
        on_sale(installation, 1),
        replace(on_sale(installation, 2), as_of=read_at - timedelta(hours=2)),
    )
    limit = read_at + timedelta(hours=4)
    assert found.fresh_until == limit
    assert found.serves(criteria_of(run), limit)
    assert not found.serves(criteria_of(run), limit + timedelta(seconds=1))
    asked = replace(criteria_of(run), must=frozenset({ReleaseId(1)}))
    assert found.serves(asked, read_at)
    assert not found.serves(replace(asked, must=frozenset({ReleaseId(9)})), read_at)
