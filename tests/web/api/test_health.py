"""Readiness: the database, living workers, the age of the queue, the catalogue; nothing of anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.fakes import Instance

from discogs_assistant.config import Mode
from discogs_assistant.errors import DatabaseAwayError
from discogs_assistant.model.run import RunKind
from discogs_assistant.store.runs import leases, progress
from discogs_assistant.store.runs import runs as stored_runs
from discogs_assistant.web.api import health
from discogs_assistant.web.watching import Watching


def test_an_instance_with_a_worker_is_ready_and_tells_of_its_queue(instance: Instance) -> None:
    leases.renew(instance.db, "worker-1", instance.clock.now())
    run = instance.open_run(RunKind.SYNC)
    response = instance.program().get("/ready")
    waits = (instance.clock.now() - run.created_at).total_seconds()
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "reason": None,
        "workers": 1,
        "oldest_queued": pytest.approx(waits, abs=0.1),
        "catalogue": "none",
    }


def test_runs_that_wait_too_long_make_it_unready_until_a_worker_has_them(instance: Instance) -> None:
    run = instance.open_run(RunKind.SYNC)
    instance.clock.moment = run.created_at + timedelta(seconds=instance.settings.ready_queue_age + 1)
    leases.renew(instance.db, "worker-1", instance.clock.now())
    response = instance.program().get("/ready")
    assert response.status_code == 503
    assert "wait too long" in response.json()["reason"]
    assert response.headers["Retry-After"] == "5"
    progress.start(instance.db, run.id, instance.clock.now())
    assert instance.program().get("/ready").status_code == 200
    assert stored_runs.oldest_queued(instance.db) is None


def test_dumps_are_readable_or_not(instance_with_dumps: Instance) -> None:
    program = instance_with_dumps.program()
    assert program.get("/ready").json()["catalogue"] == "readable"
    (serving,) = (instance_with_dumps.ctx.catalogue.root).glob("serving.json")
    serving.write_text("{", encoding="utf-8")
    assert instance_with_dumps.program().get("/ready").json()["catalogue"] == "unreadable"


def test_a_database_that_is_away_is_the_reason(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(ctx: object) -> None:
        raise DatabaseAwayError("The database cannot be reached.", "Start it.")

    monkeypatch.setattr(health, "readiness", away)
    response = instance.program().get("/ready")
    assert response.status_code == 503
    assert response.json()["reason"] == "The database cannot be reached."
    assert response.json()["workers"] is None


def test_in_hosted_mode_nobody_needs_to_sign_in_to_ask(instance: Instance) -> None:
    many = instance.with_settings(mode=Mode.HOSTED)
    leases.renew(many.db, "worker-1", many.clock.now())
    assert many.program().get("/ready").status_code == 200
    assert many.program().get("/health").json() == {"alive": True}


def test_a_stream_ends_in_order_when_the_process_leaves(instance: Instance) -> None:
    run = instance.open_run(RunKind.SYNC)
    browser = instance.browser()
    browser.app.state.site.leaving.set()  # type: ignore[attr-defined]
    with browser.stream("GET", f"/runs/{run.id}/stream") as answer:
        assert answer.status_code == 200
        assert list(answer.iter_lines()) == []


def test_a_stream_ends_in_order_when_the_database_goes_away(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = instance.open_run(RunKind.SYNC)
    looks = [1]

    async def revision(*_: object) -> int:
        if not looks:
            raise DatabaseAwayError("The database cannot be reached.", "Start it.")
        return looks.pop()

    monkeypatch.setattr(Watching, "revision", revision)
    with instance.program().stream("GET", f"/api/runs/{run.id}/events") as answer:
        assert len([line for line in answer.iter_lines() if line.startswith("data:")]) == 1
