"""However many watch runs in a process, it looks for all of them at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from tests.pipelines.workers import open_run
from tests.web.fakes import Instance

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import progress, runs
from discogs_assistant.web.watching import Watching

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WATCHERS, ROUNDS, EVERY = 50, 3, 3600.0


def alone(work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    """Run in a loop of its own thread: a browser's tests may have one in this thread."""
    with start_blocking_portal() as portal:
        return portal.call(work, *arguments)


@pytest.fixture
def db(instance: Instance) -> Database:
    """An empty database."""
    return instance.db


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each look at the store was for."""
    sizes: list[int] = []
    look = runs.revisions

    def counted(db: Database, asked: Collection[tuple[OwnerId, RunId]]) -> dict[tuple[OwnerId, RunId], int]:
        sizes.append(len(asked))
        return look(db, asked)

    monkeypatch.setattr(runs, "revisions", counted)
    return sizes


def test_fifty_watchers_share_one_look(db: Database, looks: list[int]) -> None:
    opened, watching = [open_run(db) for _ in range(WATCHERS)], Watching()

    async def watch() -> list[list[int | None]]:
        return [
            [await watching.revision(db, run.owner, run.id, EVERY) for run in opened] for _ in range(ROUNDS)
        ]

    with ExitStack() as stack:
        for run in opened:
            stack.enter_context(watching.of(run.owner, run.id))
        assert alone(watch) == [[0] * WATCHERS] * ROUNDS
    assert looks == [WATCHERS]


def test_a_look_older_than_half_the_watchers_interval_is_repeated(db: Database, looks: list[int]) -> None:
    run, watching = open_run(db), Watching()

    async def watch() -> tuple[int | None, int | None]:
        before = await watching.revision(db, run.owner, run.id, EVERY)
        progress.start(db, run.id, NOW)
        return before, await watching.revision(db, run.owner, run.id, 0.0)

    with watching.of(run.owner, run.id):
        assert alone(watch) == (0, 1)
    assert looks == [1, 1]


def test_somebody_elses_run_is_nobodys(db: Database) -> None:
    run, watching = open_run(db), Watching()
    stranger = accounts.add_account(db, "stranger", NOW)
    with watching.of(run.owner, run.id), watching.of(stranger, run.id):
        assert alone(watching.revision, db, stranger, run.id, EVERY) is None


def test_a_run_is_looked_at_only_while_somebody_watches(db: Database, looks: list[int]) -> None:
    left, kept, watching = open_run(db), open_run(db), Watching()
    with watching.of(kept.owner, kept.id):
        with watching.of(left.owner, left.id), watching.of(left.owner, left.id):
            pass
        alone(watching.revision, db, kept.owner, kept.id, EVERY)
    assert looks == [1]
