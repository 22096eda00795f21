"""The wantlist at Discogs and here: changed together, or not at all, and a later sync agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.exc import SQLAlchemyError
from tests.pipelines.installation import House, build
from tests.sources.discogs.fakes import API_URL, FakeBudget, FakeClock, Script, said

from discogs_assistant.errors import NotFoundError, PrivateError, UnreachableError
from discogs_assistant.model.ids import ReleaseId, UserName
from discogs_assistant.model.preferences import Preferences
from discogs_assistant.model.profile import Want
from discogs_assistant.model.release import Release
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.profiles import wantlist
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations.taste_reading import read_taste
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.client import DiscogsClient
from discogs_assistant.sources.discogs.interactive_budget import LONGEST, ShortPatience
from discogs_assistant.sources.http import open_http
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import items, profiles, wants
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World, token_of


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation that holds the demo collector's token and profile, in a world of its own."""
    world = World.generate(6, releases=200, users=6, sellers=2, listings=20)
    with SandboxServer(build_app(world, rate=10**6)) as server:
        built = with_token(build(server, tmp_path), world.demo_user)
        built.carry_out(sync_profile, built.open(RunKind.SYNC, built.demo()))
        yield built
        built.ctx.db.close()


def with_token(house: House, name: str) -> House:
    by_token = house.ctx.sources.discogs_by_token
    return house.with_parts(discogs=lambda owner, run: by_token(token_of(name)))


def stranger(house: House) -> ReleaseId:
    """A release that is not wanted."""
    wanted = {want.release for want in house.world.account(house.demo()).wants}
    return next(ReleaseId(id) for id in house.world.releases if id not in wanted)


def at_discogs(house: House) -> list[int]:
    return sorted(want.release for want in house.world.account(house.demo()).wants)


def here(house: House) -> list[int]:
    return sorted(items.wanted(house.ctx.db, house.owner, house.demo()))


def sync(house: House) -> tuple[int, int]:
    """How much a sync adds and removes."""
    result = house.carry_out(sync_profile, house.open(RunKind.SYNC, house.demo()))
    return result["added"], result["removed"]


def test_an_added_record_is_wanted_there_and_here_at_once(house: House) -> None:
    release = stranger(house)
    wantlist.add(house.ctx, house.owner, house.demo(), release)
    assert release in at_discogs(house)
    assert here(house) == at_discogs(house)
    taste = read_taste(house.ctx.db, house.owner, house.demo())
    assert release in {one.id for one in taste.wanted}


def test_a_record_taken_off_is_wanted_nowhere(house: House) -> None:
    release = ReleaseId(at_discogs(house)[0])
    wantlist.drop(house.ctx, house.owner, house.demo(), release)
    assert release not in at_discogs(house)
    assert here(house) == at_discogs(house)


def test_a_later_sync_agrees_and_has_nothing_to_do(house: House) -> None:
    release = stranger(house)
    wantlist.add(house.ctx, house.owner, house.demo(), release)
    asked = house.asked
    assert sync(house) == (0, 0)
    assert house.asked - asked <= 3
    wantlist.drop(house.ctx, house.owner, house.demo(), release)
    assert sync(house) == (0, 0)
    assert here(house) == at_discogs(house)


def test_a_want_without_a_date_gets_it_with_the_next_sync(house: House) -> None:
    release = stranger(house)
    house.world.add_want(house.demo(), release)
    undated = Want(Release(release, "Without a date"))
    wants.put_want(house.ctx.db, house.owner, house.demo(), undated, house.clock.now())
    assert sync(house) == (0, 0)
    assert here(house) == at_discogs(house)
    kept = {one.release_id: one for one in items.wantlist(house.ctx.db, house.owner, house.demo())}
    assert kept[release].added is not None


def test_twice_is_as_once(house: House) -> None:
    release = stranger(house)
    for change in (wantlist.add, wantlist.add, wantlist.drop, wantlist.drop):
        change(house.ctx, house.owner, house.demo(), release)
    assert release not in at_discogs(house)
    assert here(house) == at_discogs(house)


def test_what_discogs_does_not_know_changes_nothing_here(house: House) -> None:
    before = profiles.profile(house.ctx.db, house.owner, house.demo())
    with pytest.raises(NotFoundError, match="release 999999999"):
        wantlist.add(house.ctx, house.owner, house.demo(), ReleaseId(999_999_999))
    assert profiles.profile(house.ctx.db, house.owner, house.demo()) == before


def test_somebody_elses_token_changes_nothing_there_or_here(house: House) -> None:
    foreign, before = with_token(house, house.world.collectors[1].name), at_discogs(house)
    for change in (wantlist.add, wantlist.drop):
        with pytest.raises(PrivateError, match="does not let this token"):
            change(foreign.ctx, house.owner, house.demo(), ReleaseId(before[0]))
    assert here(house) == at_discogs(house) == before


def test_without_a_token_nothing_is_asked(house: House) -> None:
    ctx = house.with_parts(discogs=lambda owner, run: house.ctx.sources.discogs_by_token("")).ctx
    asked = house.asked
    with pytest.raises(PrivateError, match="Save a personal token"):
        wantlist.add(ctx, house.owner, house.demo(), stranger(house))
    assert house.asked == asked


def test_an_unreachable_discogs_changes_nothing_here(house: House) -> None:
    before, release = here(house), stranger(house)
    house.server.stop()
    with pytest.raises(UnreachableError):
        wantlist.add(house.ctx, house.owner, house.demo(), release)
    assert here(house) == before


def test_a_list_that_cannot_be_written_here_is_mended_by_the_next_sync(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*values: object) -> None:
        raise SQLAlchemyError("disk full")

    release = stranger(house)
    with monkeypatch.context() as patched:
        patched.setattr("discogs_assistant.store.profiles.wants.put_want", broken)
        with pytest.raises(SQLAlchemyError):
            wantlist.add(house.ctx, house.owner, house.demo(), release)
    assert release not in here(house)
    assert sync(house) == (1, 0)
    assert here(house) == at_discogs(house)


def test_only_with_a_token_and_for_ones_own_user_it_is_offered(house: House) -> None:
    ctx, other = house.ctx, UserName("somebody")
    assert wantlist.may_change(ctx, house.owner, house.demo())
    accounts.set_preferences(ctx.db, house.owner, Preferences(user=house.demo()))
    assert wantlist.may_change(ctx, house.owner, house.demo())
    assert not wantlist.may_change(ctx, house.owner, other)
    anonymous = house.with_parts(discogs=lambda owner, run: ctx.sources.discogs_by_token("")).ctx
    assert not wantlist.may_change(anonymous, house.owner, house.demo())


def test_who_waits_at_a_page_waits_ten_seconds_at_most(house: House) -> None:
    patience = ShortPatience(house.clock)
    patience.sleep(9.0)
    with pytest.raises(UnreachableError, match="did not answer in time"):
        patience.sleep(1.5)


@pytest.mark.parametrize("failing", [said(502), said(429, headers={"Retry-After": "30"})])
def test_a_discogs_that_keeps_failing_is_given_up_in_that_time(failing: httpx2.Response) -> None:
    clock = FakeClock()
    began = clock.now()
    api = DiscogsApi(
        open_http(API_URL, clock, transport=httpx2.MockTransport(Script([failing]))),
        FakeBudget(),
        ShortPatience(clock),
        api_url=API_URL,
        user_agent="DiscogsAssistant/1.0",
        token="secret",
    )
    with pytest.raises(UnreachableError, match="did not answer in time"):
        DiscogsClient(api).want(UserName("ana"), ReleaseId(5))
    assert clock.now() - began <= LONGEST
