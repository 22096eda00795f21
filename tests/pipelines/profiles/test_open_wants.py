"""What of a wantlist is still to be bought, and put into carts and plans."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.recommendations.records import record
from tests.pipelines.carts.market_files import searched
from tests.pipelines.installation import Installation

from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.profile import Want
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.carts.shop import shop
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.profiles.open_wants import open_wants
from discogs_assistant.pipelines.recommendations import feedback
from discogs_assistant.store.catalogue import releases
from discogs_assistant.store.profiles import items, staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged

USER = UserName("digger")
ROCK = ("Rock",)
FIRST, SECOND = record(1, master=50, genres=ROCK), record(2, master=50, genres=ROCK)
ALONE, OTHER = record(3, genres=ROCK), record(4, master=60, genres=ROCK)


@pytest.fixture
def installation_with_wants(installation: Installation) -> Installation:
    """Somebody who wants one of two pressings, a record that has no others, and one of another work."""
    db, now, run = installation.ctx.db, installation.clock.now(), installation.open(RunKind.SYNC, USER).id
    wants = [Want(release, added=now) for release in (FIRST, ALONE, OTHER)]
    releases.save_releases(db, [SECOND], now)
    staging.stage_wants(db, installation.owner, run, wants, now)
    apply_staged(db, installation.owner, USER, run, WHOLE, WHOLE, origin="api", now=now)
    return installation


def still(installation: Installation, **more: Any) -> set[int]:
    return {int(id) for id in open_wants(installation.ctx, installation.owner, USER, **more)}


def buy(installation: Installation, *records: Release) -> None:
    feedback.bought(installation.ctx, installation.owner, USER, [record.id for record in records])


def test_all_that_is_wanted_is_open_at_first(installation_with_wants: Installation) -> None:
    assert still(installation_with_wants) == still(installation_with_wants, any_pressing=True) == {1, 3, 4}


def test_where_any_pressing_will_do_the_bought_one_does(installation_with_wants: Installation) -> None:
    buy(installation_with_wants, SECOND)
    assert still(installation_with_wants, any_pressing=True) == {3, 4}
    assert still(installation_with_wants) == {1, 3, 4}, "this very pressing is still to be had"
    feedback.not_bought(installation_with_wants.ctx, installation_with_wants.owner, USER, [SECOND.id])
    assert still(installation_with_wants, any_pressing=True) == {1, 3, 4}


def test_what_was_bought_is_done_in_any_case(installation_with_wants: Installation) -> None:
    buy(installation_with_wants, FIRST, ALONE)
    assert still(installation_with_wants) == still(installation_with_wants, any_pressing=True) == {4}


def test_a_bought_record_of_which_nothing_is_known_does_for_no_other(
    installation_with_wants: Installation,
) -> None:
    feedback.bought(installation_with_wants.ctx, installation_with_wants.owner, USER, [ReleaseId(999)])
    assert still(installation_with_wants, any_pressing=True) == {1, 3, 4}


@pytest.mark.parametrize("any_pressing", [False, True])
def test_what_is_hidden_is_not_asked_for_in_any_pressing_until_it_is_shown_again(
    installation_with_wants: Installation, any_pressing: bool
) -> None:
    for hidden, left in ((FIRST, {3, 4}), (SECOND, {3, 4}), (ALONE, {1, 4})):
        feedback.say(
            installation_with_wants.ctx.db,
            installation_with_wants.owner,
            USER,
            hidden.id,
            "hide",
            installation_with_wants.ctx.clock.now(),
        )
        assert still(installation_with_wants, any_pressing=any_pressing) == left
        feedback.say(
            installation_with_wants.ctx.db,
            installation_with_wants.owner,
            USER,
            hidden.id,
            "unhide",
            installation_with_wants.ctx.clock.now(),
        )
        assert still(installation_with_wants, any_pressing=any_pressing) == {1, 3, 4}


def test_what_is_hidden_of_one_person_is_open_to_another(installation_with_wants: Installation) -> None:
    feedback.say(
        installation_with_wants.ctx.db,
        installation_with_wants.owner,
        UserName("other"),
        FIRST.id,
        "hide",
        installation_with_wants.ctx.clock.now(),
    )
    assert still(installation_with_wants) == {1, 3, 4}


@pytest.fixture
def with_listings(synced_installation: Installation) -> Installation:
    """An installation that knows the collector, with four favourite sellers."""
    favourites.add_many(
        synced_installation.ctx.db,
        synced_installation.owner,
        [seller.name for seller in synced_installation.world.sellers[:4]],
    )
    return synced_installation


def candidates(installation: Installation, **options: Any) -> set[ReleaseId]:
    """The releases that carts and plans are looked for in."""
    asked = {"budget": "500", "currency": "EUR", "ratio": 1, **options}
    run = installation.open(RunKind.SHOP, installation.demo(), **asked)
    installation.carry_out(shop, run)
    return set(searched(installation, run).choice.candidates)


def test_no_pressing_is_offered_of_a_want_that_was_bought_in_another_one(with_listings: Installation) -> None:
    wants = items.wanted(with_listings.ctx.db, with_listings.owner, with_listings.demo())
    before = candidates(with_listings, any_pressing=True)
    master = {id: with_listings.world.releases[id].master for id in before}
    want, another = next(
        (want, id)
        for want in sorted(wants & before)
        for id in sorted(before - wants)
        if master[want] is not None and master[want] == master[id]
    )
    feedback.bought(with_listings.ctx, with_listings.owner, with_listings.demo(), [another])
    after = candidates(with_listings, any_pressing=True)
    assert after
    assert not {id for id in after if master.get(id) == master[want]}
    assert want in candidates(with_listings)


def test_a_hidden_want_is_neither_in_carts_nor_in_plans_unless_it_must_be(
    with_listings: Installation,
) -> None:
    want = min(
        items.wanted(with_listings.ctx.db, with_listings.owner, with_listings.demo())
        & candidates(with_listings)
    )
    feedback.say(
        with_listings.ctx.db,
        with_listings.owner,
        with_listings.demo(),
        want,
        "hide",
        with_listings.ctx.clock.now(),
    )
    assert want not in candidates(with_listings)
    assert want in candidates(with_listings, must=[want])
    feedback.say(
        with_listings.ctx.db,
        with_listings.owner,
        with_listings.demo(),
        want,
        "unhide",
        with_listings.ctx.clock.now(),
    )
    assert want in candidates(with_listings)
