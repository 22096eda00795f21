"""The wantlist at Discogs and here: changed together, or not at all, and a later sync agrees."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.exc import SQLAlchemyError
from tests.pipelines.installation import Installation, open_installation
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
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation that holds the demo collector's token and profile, in a world of its own."""
    world = World.generate(6, releases=200, users=6, sellers=2, listings=20)
    with SandboxServer(build_app(world, rate=10**6)) as server:
        built = with_token(open_installation(server, tmp_path), world.demo_user)
        built.carry_out(sync_profile, built.open(RunKind.SYNC, built.demo()))
        yield built
        built.ctx.db.close()


def with_token(installation: Installation, name: str) -> Installation:
    by_token = installation.ctx.sources.discogs_by_token
    return installation.with_parts(discogs=lambda owner, run: by_token(token_of(name)))


def stranger(installation: Installation) -> ReleaseId:
    """A release that is not wanted."""
    wanted = {want.release for want in installation.world.account(installation.demo()).wants}
    return next(ReleaseId(id) for id in installation.world.releases if id not in wanted)


def at_discogs(installation: Installation) -> list[int]:
    return sorted(want.release for want in installation.world.account(installation.demo()).wants)


def here(installation: Installation) -> list[int]:
    return sorted(items.wanted(installation.ctx.db, installation.owner, installation.demo()))


def sync(installation: Installation) -> tuple[int, int]:
    """How much a sync adds and removes."""
    result = installation.carry_out(sync_profile, installation.open(RunKind.SYNC, installation.demo()))
    return result["added"], result["removed"]


def test_an_added_record_is_wanted_there_and_here_at_once(installation: Installation) -> None:
    release = stranger(installation)
    wantlist.add(installation.ctx, installation.owner, installation.demo(), release)
    assert release in at_discogs(installation)
    assert here(installation) == at_discogs(installation)
    taste = read_taste(installation.ctx.db, installation.owner, installation.demo())
    assert release in {release_wanted.id for release_wanted in taste.wanted}


def test_a_record_taken_off_is_wanted_nowhere(installation: Installation) -> None:
    release = ReleaseId(at_discogs(installation)[0])
    wantlist.drop(installation.ctx, installation.owner, installation.demo(), release)
    assert release not in at_discogs(installation)
    assert here(installation) == at_discogs(installation)


def test_a_later_sync_agrees_and_has_nothing_to_do(installation: Installation) -> None:
    release = stranger(installation)
    wantlist.add(installation.ctx, installation.owner, installation.demo(), release)
    asked = installation.asked
    assert sync(installation) == (0, 0)
    assert installation.asked - asked <= 3
    wantlist.drop(installation.ctx, installation.owner, installation.demo(), release)
    assert sync(installation) == (0, 0)
    assert here(installation) == at_discogs(installation)


def test_a_want_without_a_date_gets_it_with_the_next_sync(installation: Installation) -> None:
    release = stranger(installation)
    installation.world.add_want(installation.demo(), release)
    undated = Want(Release(release, "Without a date"))
    wants.put_want(
        installation.ctx.db, installation.owner, installation.demo(), undated, installation.clock.now()
    )
    assert sync(installation) == (0, 0)
    assert here(installation) == at_discogs(installation)
    kept = {
        want.release_id: want
        for want in items.wantlist(installation.ctx.db, installation.owner, installation.demo())
    }
    assert kept[release].added is not None


def test_twice_is_as_once(installation: Installation) -> None:
    release = stranger(installation)
    for change in (wantlist.add, wantlist.add, wantlist.drop, wantlist.drop):
        change(installation.ctx, installation.owner, installation.demo(), release)
    assert release not in at_discogs(installation)
    assert here(installation) == at_discogs(installation)


def test_what_discogs_does_not_know_changes_nothing_here(installation: Installation) -> None:
    before = profiles.profile(installation.ctx.db, installation.owner, installation.demo())
    with pytest.raises(NotFoundError, match="release 999999999"):
        wantlist.add(installation.ctx, installation.owner, installation.demo(), ReleaseId(999_999_999))
    assert profiles.profile(installation.ctx.db, installation.owner, installation.demo()) == before


def test_somebody_elses_token_changes_nothing_there_or_here(installation: Installation) -> None:
    foreign, before = (
        with_token(installation, installation.world.collectors[1].name),
        at_discogs(installation),
    )
    for change in (wantlist.add, wantlist.drop):
        with pytest.raises(PrivateError, match="does not let this token"):
            change(foreign.ctx, installation.owner, installation.demo(), ReleaseId(before[0]))
    assert here(installation) == at_discogs(installation) == before


def test_without_a_token_nothing_is_asked(installation: Installation) -> None:
    ctx = installation.with_parts(
        discogs=lambda owner, run: installation.ctx.sources.discogs_by_token("")
    ).ctx
    asked = installation.asked
    with pytest.raises(PrivateError, match="Save a personal token"):
        wantlist.add(ctx, installation.owner, installation.demo(), stranger(installation))
    assert installation.asked == asked


def test_an_unreachable_discogs_changes_nothing_here(installation: Installation) -> None:
    before, release = here(installation), stranger(installation)
    installation.server.stop()
    with pytest.raises(UnreachableError):
        wantlist.add(installation.ctx, installation.owner, installation.demo(), release)
    assert here(installation) == before


def test_a_list_that_cannot_be_written_here_is_mended_by_the_next_sync(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*values: object) -> None:
        raise SQLAlchemyError("disk full")

    release = stranger(installation)
    with monkeypatch.context() as patched:
        patched.setattr("discogs_assistant.store.profiles.wants.put_want", broken)
        with pytest.raises(SQLAlchemyError):
            wantlist.add(installation.ctx, installation.owner, installation.demo(), release)
    assert release not in here(installation)
    assert sync(installation) == (1, 0)
    assert here(installation) == at_discogs(installation)


def test_only_with_a_token_and_for_ones_own_user_it_is_offered(installation: Installation) -> None:
    ctx, other = installation.ctx, UserName("somebody")
    assert wantlist.may_change(ctx, installation.owner, installation.demo())
    accounts.set_preferences(ctx.db, installation.owner, Preferences(user=installation.demo()))
    assert wantlist.may_change(ctx, installation.owner, installation.demo())
    assert not wantlist.may_change(ctx, installation.owner, other)
    anonymous = installation.with_parts(discogs=lambda owner, run: ctx.sources.discogs_by_token("")).ctx
    assert not wantlist.may_change(anonymous, installation.owner, installation.demo())


def test_who_waits_at_a_page_waits_ten_seconds_at_most(installation: Installation) -> None:
    patience = ShortPatience(installation.clock)
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
