"""The queue: nobody has more than their runs at work at once, and nobody waits for all of somebody else's."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.pipelines.workers import at_work, make_runner, open_run, opened, until_ended
from tests.store.servers import NoPostgresError, fresh_database, postgres

from discogs_assistant.model.ids import OwnerId, RunId
from discogs_assistant.pipelines.runtime.flow import Flow
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.database import Database
from discogs_assistant.store.runs import runs


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        with opened(tmp_path / "a.db") as db:
            yield db
        return
    try:
        with postgres() as server, fresh_database(server) as address, opened(address) as db:
            yield db
    except NoPostgresError as error:
        pytest.skip(str(error))


class Watched:
    """A pipeline that notes whose runs are at work together, and in which order they end."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.now: Counter[OwnerId] = Counter()
        self.most: Counter[OwnerId] = Counter()
        self.ended: list[OwnerId] = []
        self._lock = threading.Lock()

    def __call__(self, flow: Flow) -> None:
        run = runs.run_for_worker(self.db, flow.run_id)
        assert run is not None
        flow.step("work", lambda: self._work(run.owner))

    def _work(self, owner: OwnerId) -> None:
        with self._lock:
            self.now[owner] += 1
            self.most[owner] = max(self.most[owner], self.now[owner])
        threading.Event().wait(0.15)
        with self._lock:
            self.now[owner] -= 1
            self.ended.append(owner)


def test_one_persons_many_runs_leave_room_for_everybody_else(shared: Database) -> None:
    heavy, light = (accounts.add_account(shared, name, datetime.now(UTC)) for name in ("heavy", "light"))
    watched = Watched(shared)
    with at_work(make_runner(shared, watched, workers=3, per_person=2)) as runner:
        many = [open_run(shared, owner=heavy) for _ in range(8)]
        for run in many:
            runner.enqueue(run.id)
        late = [open_run(shared, owner=light) for _ in range(2)]
        for run in late:
            runner.enqueue(run.id)
        for run in (*many, *late):
            until_ended(shared, run.id)
    assert watched.most[heavy] <= 2
    assert watched.ended.index(light) < 5
    assert watched.ended[-1] == heavy


def test_chunks_of_one_run_leave_room_for_those_of_others(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        heavy, light = (accounts.add_account(db, name, datetime.now(UTC)) for name in ("heavy", "light"))
        ended: list[int] = []

        def body(flow: Flow) -> None:
            run = runs.run_for_worker(db, flow.run_id)
            assert run is not None
            flow.fan_out("note", [run.owner] * (12 if run.owner == heavy else 2), deadline=30)

        def note(_run: RunId, owner: int) -> int:
            threading.Event().wait(0.1)
            ended.append(owner)
            return owner

        with at_work(make_runner(db, body, handlers={"note": note}, workers=2, per_person=1)) as runner:
            asked = [open_run(db, owner=owner) for owner in (heavy, light)]
            for run in asked:
                runner.enqueue(run.id)
            for run in asked:
                until_ended(db, run.id)
        assert len(ended) == 14
        assert ended.index(light) < 7
        assert ended[-1] == heavy


def test_where_nobody_is_limited_one_person_may_use_all_places(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        watched, owner = Watched(db), open_run(db).owner
        runner = make_runner(db, watched, workers=3)
        many = [open_run(db) for _ in range(6)]
        for run in many:
            runner.enqueue(run.id)
        with at_work(runner):
            for run in many:
                until_ended(db, run.id)
        assert watched.most[owner] == 3
