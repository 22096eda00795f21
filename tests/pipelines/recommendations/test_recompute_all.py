"""Lists for everyone: one for each account's own collector, and none twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.pipelines.installation import Installation

from discogs_assistant.errors import NotFoundError
from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.model.run import Run, RunKind, RunState
from discogs_assistant.pipelines.profiles.sync import sync_profile
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.pipelines.recommendations.recompute_all import ask_for_everyone, follow_everyone
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.runs import progress, results, runs


@dataclass
class Waiting:
    """A queue that only remembers what waits in it."""

    ids: list[RunId] = field(default_factory=list)

    def enqueue(self, run_id: RunId) -> None:
        """Let it wait."""
        self.ids.append(run_id)


def work(installation: Installation, ids: list[RunId]) -> None:
    """Carry out what waits, as a worker would."""
    for id in ids:
        run = runs.run_for_worker(installation.ctx.db, id)
        assert run is not None
        installation.carry_out(recommend, run)
        stored = results.result(installation.ctx.db, run.owner, id)
        assert stored is not None
        progress.finish(installation.ctx.db, id, installation.clock.now(), stored.id)


def add_collectors(installation: Installation, count: int) -> list[OwnerId]:
    """So many accounts, each with the profile of a public collector as its own."""
    public = [
        collector.name
        for collector in installation.world.collectors
        if not (
            collector.private_collection
            or collector.private_wantlist
            or collector.name in installation.world.vanished
        )
    ]
    owners = []
    for name in public[:count]:
        owner = accounts.add_account(installation.ctx.db, name, installation.clock.now())
        installation.carry_out(sync_profile, installation.open(RunKind.SYNC, name, owner=owner))
        owners.append(owner)
    return owners


def test_everybody_gets_a_list_and_a_second_call_finds_them_made(installation: Installation) -> None:
    owners, queue = add_collectors(installation, 3), Waiting()
    asked = ask_for_everyone(installation.ctx, queue)
    assert [owner for owner, _ in asked] == owners
    assert queue.ids == [id for _, id in asked]
    work(installation, queue.ids[:2])
    again = Waiting()
    assert ask_for_everyone(installation.ctx, again) == asked
    assert again.ids == queue.ids[2:]
    work(installation, again.ids)
    progress.cancel(installation.ctx.db, owners[0], asked[0][1], installation.clock.now())
    seen: list[tuple[int, RunState]] = []

    def show(done: int, run: Run) -> None:
        seen.append((done, run.state))

    counts = follow_everyone(installation.ctx, asked, show)
    assert counts == {"collectors": 3, "done": 3, "failed": 0, "cancelled": 0}
    assert seen == [(place, RunState.DONE) for place in range(3)]


def test_where_nobody_has_a_profile_it_says_what_to_do(installation: Installation) -> None:
    with pytest.raises(NotFoundError, match="No account"):
        ask_for_everyone(installation.ctx, Waiting())
