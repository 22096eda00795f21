"""The JSON API keeps the fixed part of its contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.web.fakes import USER, Instance, synced

from discogs_assistant.model.ids import new_run_id
from discogs_assistant.model.recommendation import RecommendationResult
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.runtime import runs
from discogs_assistant.store.runs import leases, progress

SHOP = {"budget": "100.00", "currency": "USD", "min_media": "VG+", "ships_from": ["US"], "must": [7]}


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [("sync", {}, "sync"), ("recommendations", {"top": 50}, "recommendations"), ("carts", SHOP, "carts")],
)
def test_a_request_is_accepted_and_queued(
    instance: Instance, path: str, body: dict[str, Any], kind: str
) -> None:
    program = instance.program()
    answer = program.post(f"/api/users/{USER}/{path}", json=body)
    assert answer.status_code == 202
    run = answer.json()["run"]
    assert instance.queue.runs == [run]
    state = program.get(f"/api/runs/{run}").json()
    assert (state["run"], state["kind"], state["state"], state["user"]) == (run, kind, "queued", USER)


def test_the_state_has_exactly_the_keys_of_the_contract(instance: Instance) -> None:
    run = instance.open_run(RunKind.SYNC).id
    assert list(instance.program().get(f"/api/runs/{run}").json()) == [
        *("run", "kind", "user", "state", "stage", "stages", "stage_name", "done", "total", "seconds_left"),
        *("waiting_for", "partial", "error", "created_at", "finished_at"),
    ]


def test_the_same_request_under_way_is_the_same_run(instance: Instance) -> None:
    program = instance.program()
    first, second = (program.post(f"/api/users/{USER}/carts", json=SHOP) for _ in range(2))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.json() == second.json()


def test_the_same_request_as_a_finished_run_has_its_answer_at_once(instance: Instance) -> None:
    program = instance.program()
    run = program.post(f"/api/users/{USER}/recommendations", json={}).json()["run"]
    now = instance.clock.now()
    made = RecommendationResult(USER, "content-1", now, 1, ())
    instance.finish(runs.find(instance.ctx.db, instance.owner, run), made)
    again = program.post(f"/api/users/{USER}/recommendations", json={})
    assert (again.status_code, again.json()["run"]) == (200, run)
    again = program.post(f"/api/users/{USER}/recommendations", json={"run_anew": True})
    assert (again.status_code, again.json()["run"] == run) == (202, False)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("carts", {"currency": "USD"}, "budget"),
        ("carts", {"budget": "-1"}, "budget"),
        ("carts", {"budget": "1" * 400}, "budget"),
        ("carts", {"budget": "NaN"}, "budget"),
        ("carts", {"budget": {"a": 1}}, "budget"),
        ("carts", {"budget": "10", "currency": "XXX"}, "currency"),
        ("carts", {"budget": "10", "min_media": "perfect"}, "min_media"),
        ("carts", {"budget": "10", "colour": "red"}, "colour"),
        ("carts", {"budget": "\ud800"}, "budget"),
        ("recommendations", {"top": 0}, "top"),
        ("recommendations", {"year_from": 2000, "year_to": 1990}, "year_from"),
        ("sync", {"full": "perhaps"}, "full"),
    ],
)
def test_bad_input_has_a_sentence_per_field(
    instance: Instance, path: str, body: dict[str, Any], field: str
) -> None:
    answer = instance.program().post(
        f"/api/users/{USER}/{path}", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["fields"][field].endswith(".")
    assert answer.json()["error"]
    assert instance.queue.runs == []


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"3", b"\xff\xfe", b'"x"', b"[" * 100_000, b'{"a":NaN', b"null"]
)
def test_a_body_that_is_no_object_is_refused(instance: Instance, body: bytes) -> None:
    answer = instance.program().post(
        f"/api/users/{USER}/sync", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize("name", ["a%00b", "%20", "a%20b", "x" * 200, "..", "a%0ab", "%E2%80%AE"])
def test_an_odd_user_name_is_bad_input(instance: Instance, name: str) -> None:
    answer = instance.program().post(f"/api/users/{name}/sync", json={})
    assert answer.status_code in {404, 422}
    assert answer.json()["error"]


@pytest.mark.parametrize("name", ["Ünïcode", "ディガー", "o'neill", "a.b-c_d"])
def test_a_user_name_of_any_script_is_taken(instance: Instance, name: str) -> None:
    assert instance.program().post(f"/api/users/{name}/sync", json={}).status_code in {202, 422}


def test_a_result_is_there_once_the_run_is_done(instance: Instance) -> None:
    program = instance.program()
    run = instance.open_run(RunKind.SYNC)
    assert program.get(f"/api/runs/{run.id}/result").status_code == 409
    instance.finish(run, synced(collection=3, added=2))
    assert program.get(f"/api/runs/{run.id}/result").json() == {
        "user": USER,
        "collection": 3,
        "wantlist": 0,
        "added": 2,
        "removed": 0,
        "partial": [],
    }


@pytest.mark.parametrize("path", ["", "/result", "/events"])
@pytest.mark.parametrize("run", ["x" * 22, "short", "a%00b", "x" * 23])
def test_an_unknown_run_is_not_found(instance: Instance, run: str, path: str) -> None:
    assert instance.program().get(f"/api/runs/{run}{path}").status_code == 404


def test_a_run_is_cancelled_once(instance: Instance) -> None:
    program = instance.program()
    run = instance.open_run(RunKind.SYNC).id
    assert program.delete(f"/api/runs/{run}").status_code == 204
    assert program.get(f"/api/runs/{run}").json()["state"] == "cancelled"
    assert program.delete(f"/api/runs/{run}").status_code == 409
    assert program.get(f"/api/runs/{run}/result").status_code == 409
    assert program.delete(f"/api/runs/{new_run_id()}").status_code == 404


def test_the_events_of_a_finished_run_are_its_last_state_and_the_end(instance: Instance) -> None:
    run = instance.finish(instance.open_run(RunKind.SYNC), synced())
    answer = instance.program().get(f"/api/runs/{run}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    (event,) = answer.text.strip().split("\n\n")
    assert json.loads(event.removeprefix("data: "))["state"] == "done"


def test_events_tell_each_change_and_the_stage_never_falls(instance: Instance) -> None:
    run = instance.open_run(RunKind.SYNC).id
    db, now = instance.db, instance.clock.now()
    changes: list[Callable[[], object]] = [
        lambda: progress.start(db, run, now),
        lambda: progress.advance(db, run, now, stage=2, done=1, total=9),
        lambda: progress.advance(db, run, now, stage=1),
        lambda: progress.finish(db, run, now, None),
    ]
    seen: list[dict[str, Any]] = []
    with instance.program().stream("GET", f"/api/runs/{run}/events") as answer:
        for line in answer.iter_lines():
            if line.startswith("data: "):
                seen.append(json.loads(line[6:]))
            if changes:
                changes.pop(0)()
    stages = [event["stage"] for event in seen]
    assert stages == sorted(stages)
    assert (seen[0]["state"], seen[-1]["state"]) == ("queued", "done")


def test_ready_tells_whether_a_worker_lives(instance: Instance) -> None:
    program = instance.program()
    assert program.get("/health").status_code == 200
    assert program.get("/ready").status_code == 503
    assert "worker" in program.get("/ready").json()["reason"]
    leases.renew(instance.db, "worker-1", instance.clock.now())
    assert program.get("/ready").status_code == 200
    instance.clock.moment += timedelta(hours=1)
    assert program.get("/ready").status_code == 503


def test_the_openapi_document_names_every_address(instance: Instance) -> None:
    document = instance.program().get("/api/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/users/{user}/sync",
        "/api/users/{user}/recommendations",
        "/api/users/{user}/recommendations.atom",
        "/api/users/{user}/recommendations.csv",
        "/api/users/{user}/carts",
        "/api/users/{user}/taste",
        "/api/users/{user}/like/{id}",
        "/api/users/{user}/wants/{id}",
        "/api/runs/{run}",
        "/api/runs/{run}/result",
        "/api/runs/{run}/what-if",
        "/api/runs/{run}/events",
        "/api/releases/{id}",
        "/api/search",
        "/api/operator",
        "/health",
        "/ready",
    }
    options = document["paths"]["/api/users/{user}/carts"]["post"]["requestBody"]["content"][
        "application/json"
    ]
    assert {"budget", "ships_from", "run_anew"} <= set(options["schema"]["properties"])
