"""The short use cases: uploaded files, favourites, feedback."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.pipelines.installation import Installation
from tests.uploads import add_market_files

from discogs_assistant.errors import BadInputError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.market.refresh import market_status
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.pipelines.runtime.results.counts import MarketResult
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.market import listings, sellers
from discogs_assistant.store.recommendations import feedback as stored_feedback

GOOD = b"listing_id,seller,release_id,price,currency,media\n1,shop,10,12.50,EUR,VG+\n2,other,11,5.00,USD,NM\n"
BAD = b"listing_id,seller,release_id,price,currency\n3,shop,12,-4,EUR\n"
EXPORT = b"listing_id,release_id,status,price,media_condition\n7,12,For Sale,9.50,Mint (M)\n"


def since(installation: Installation) -> datetime:
    return installation.clock.now() - timedelta(hours=6)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_uploaded_listings_are_seen_by_their_owner_alone(installation: Installation) -> None:
    document = add_market_files(installation.ctx, installation.owner, [("L.csv", GOOD)])
    assert document == MarketResult(listings=2, sellers=2, releases=2, partial=())
    stranger = accounts.add_account(installation.ctx.db, "stranger", installation.clock.now())
    assert (
        len(listings.listings_of(installation.ctx.db, installation.owner, "shop", since(installation))) == 1
    )
    assert listings.listings_of(installation.ctx.db, stranger, "shop", since(installation)) == []
    assert market_status(installation.ctx, installation.owner).origins == {"file": 2}
    assert market_status(installation.ctx, stranger).listings == 0


def test_a_bad_file_beside_a_good_one_is_a_sentence(installation: Installation) -> None:
    document = add_market_files(installation.ctx, installation.owner, [("bad.csv", BAD), ("L.csv", GOOD)])
    assert document.listings == 2
    assert any("bad.csv" in sentence for sentence in document.partial)


def test_only_bad_files_are_refused_and_change_nothing(installation: Installation) -> None:
    with pytest.raises(BadInputError, match="bad"):
        add_market_files(installation.ctx, installation.owner, [("bad.csv", BAD)])
    with pytest.raises(BadInputError):
        add_market_files(installation.ctx, installation.owner, [])
    assert market_status(installation.ctx, installation.owner).listings == 0


def test_a_zip_is_read_as_its_files(installation: Installation) -> None:
    document = add_market_files(installation.ctx, installation.owner, [("all.zip", zipped(a=GOOD, b=GOOD))])
    assert document.listings == 2


def test_an_exported_inventory_needs_its_seller_and_currency(installation: Installation) -> None:
    with pytest.raises(BadInputError) as caught:
        add_market_files(installation.ctx, installation.owner, [("inventory.csv", EXPORT)])
    assert caught.value.field == "seller"
    with pytest.raises(BadInputError) as caught:
        add_market_files(installation.ctx, installation.owner, [("inventory.csv", EXPORT)], seller="shop")
    assert caught.value.field == "currency"
    document = add_market_files(
        installation.ctx,
        installation.owner,
        [("i.csv", EXPORT)],
        seller="shop",
        currency="gbp",
        ships_from="Japan",
    )
    assert document.listings == 1
    assert (
        listings.listings_of(installation.ctx.db, installation.owner, "shop", since(installation))[
            0
        ].ships_from
        == "JP"
    )


@pytest.mark.real
def test_real_saved_pages_are_read_together(installation: Installation, real: Path) -> None:
    pages = sorted((real / "pages").glob("*.html"))
    document = add_market_files(
        installation.ctx, installation.owner, [(page.name, page.read_bytes()) for page in pages]
    )
    assert document.listings > 20
    assert document.sellers > 10


def test_favourites_are_added_together_or_not_at_all(installation: Installation) -> None:
    favourites.add_many(installation.ctx.db, installation.owner, ["b", "a", "a"])
    with pytest.raises(BadInputError):
        favourites.add_many(installation.ctx.db, installation.owner, ["c", "no/name"])
    assert sellers.favourites(installation.ctx.db, installation.owner) == ["a", "b"]
    favourites.remove(installation.ctx.db, installation.owner, "a")
    favourites.remove(installation.ctx.db, installation.owner, "never there")
    assert sellers.favourites(installation.ctx.db, installation.owner) == ["b"]
    with pytest.raises(BadInputError, match="room"):
        favourites.add_many(
            installation.ctx.db, installation.owner, [f"s{n}" for n in range(favourites.MOST)]
        )


def test_love_and_hide_can_be_undone_and_the_last_word_counts(installation: Installation) -> None:
    user, release = UserName("digger"), ReleaseId(1)

    def now() -> tuple[bool, bool]:
        given = stored_feedback.feedback(installation.ctx.db, installation.owner, user)
        return release in given.loved, release in given.hidden

    feedback.say(installation.ctx.db, installation.owner, user, release, "hide", installation.ctx.clock.now())
    assert now() == (False, True)
    feedback.say(installation.ctx.db, installation.owner, user, release, "love", installation.ctx.clock.now())
    assert now() == (True, False)
    feedback.say(
        installation.ctx.db, installation.owner, user, release, "unlove", installation.ctx.clock.now()
    )
    feedback.say(
        installation.ctx.db, installation.owner, user, release, "unhide", installation.ctx.clock.now()
    )
    feedback.say(installation.ctx.db, installation.owner, user, release, "open", installation.ctx.clock.now())
    feedback.seen(installation.ctx, installation.owner, user, [release])
    assert now() == (False, False)


def test_a_page_seen_twice_a_day_counts_once_and_the_next_day_again(installation: Installation) -> None:
    user, release = UserName("digger"), ReleaseId(1)
    to_the_small_hours = 25 - installation.clock.now().hour
    for hours in (to_the_small_hours, 1, 24):
        installation.clock.sleep(hours * 3600)
        feedback.seen(installation.ctx, installation.owner, user, [release, release])
    assert stored_feedback.passed_over(installation.ctx.db, installation.owner, user) == {release: 2}
