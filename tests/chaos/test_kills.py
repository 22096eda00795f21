"""Processes killed in the middle: the run goes on, ends once, and its result is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chaos.cases import Case, cases, prepare_data
from tests.chaos.killing import Arena, Spot
from tests.chaos.server import END, MOMENT, server_arena
from tests.chaos.workers import worker_arena
from tests.durations import only_when_long

from discogs_assistant.model.run import RunKind
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    world = World.generate(3, releases=300, users=12, sellers=6, listings=400)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


def case_of(discogs: SandboxServer, kind: RunKind) -> Case:
    return next(case for case in cases(discogs.world) if case.kind is kind)


def with_prepared_data(place: Arena, discogs: SandboxServer) -> Arena:
    prepare_data(place.app, discogs.world)
    return place


@pytest.mark.timeout(180)
def test_a_run_whose_workers_are_killed_ends_once_and_as_if_nothing_had_happened(
    discogs: SandboxServer, tmp_path: Path
) -> None:
    case = case_of(discogs, RunKind.SYNC)
    spots = {
        Spot("look at the profile", "before"),
        Spot("read the collection, part 1", "within"),
        Spot("apply the profile", "after"),
        Spot("keep the result", "after"),
    }
    with worker_arena(tmp_path / "whole", discogs.url) as quiet:
        whole = with_prepared_data(quiet, discogs).run(case, set())
    with worker_arena(tmp_path / "killed", discogs.url) as wild:
        ended = with_prepared_data(wild, discogs).run(case, spots)
    assert set(ended.trail.hit) == spots
    assert not ended.differs(whole)


@only_when_long
@pytest.mark.timeout(180)
def test_a_run_ends_once_and_the_same_though_the_server_was_killed_while_it_worked(
    discogs: SandboxServer, tmp_path: Path
) -> None:
    case = case_of(discogs, RunKind.SYNC)
    with server_arena(tmp_path / "whole", discogs.url) as quiet:
        whole = quiet.run(case, set())
    assert whole.trail.steps[0] == "look at the profile"
    assert END in whole.trail.steps
    steps = ("look at the profile", "read the collection, part 1", "read the wantlist, part 1")
    spots = {Spot(step, MOMENT) for step in steps}
    with server_arena(tmp_path / "killed", discogs.url) as wild:
        ended = wild.run(case, spots, quiet=whole)
    # A step that ends in the moment of the kill leaves the next one to be hit.
    assert len(ended.trail.hit) >= 2
    assert not ended.differs(whole)
