"""The page of a run: how far it is, with events and without, and on to its result."""

from __future__ import annotations

import pytest
from tests.web.fakes import NASTY, USER, Instance, synced

from discogs_assistant.model.ids import RunId
from discogs_assistant.model.run import RunKind
from discogs_assistant.store.runs import progress, runs

SCRIPT = {"HX-Request": "true"}


def at_work(instance: Instance) -> RunId:
    """A cart search in its sixth stage."""
    run, now = instance.open_run(RunKind.SHOP).id, instance.clock.now()
    progress.start(instance.db, run, now)
    progress.advance(instance.db, run, now, stage=6, done=30, total=120)
    progress.waiting(instance.db, run, now, "Discogs, 34 s")
    progress.add_partial(instance.db, run, f"One seller is gone: {NASTY}.")
    progress.log(instance.db, run, now, f"Reading {NASTY}")
    return run


def test_the_page_tells_stage_counts_and_what_is_waited_for(instance: Instance) -> None:
    page = instance.browser().get(f"/runs/{at_work(instance)}").text
    for wanted in (
        "Stage 6 of 8: Asking who sells them",
        "30 of 120",
        "Waiting for Discogs, 34 s",
        'value="0.656"',
    ):
        assert wanted in page
    assert NASTY not in page


def test_without_scripts_the_page_looks_again_by_itself(instance: Instance) -> None:
    run = at_work(instance)
    assert f'<noscript><meta http-equiv="refresh" content="3;url=/runs/{run}/next"></noscript>' in (
        instance.browser().get(f"/runs/{run}").text
    )


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (RunKind.SYNC, f"/profile?user={USER}"),
        (RunKind.RECOMMEND, f"/recommendations?run={{run}}&user={USER}"),
        (RunKind.SHOP, "/carts/{run}"),
    ],
)
def test_a_finished_run_leads_on_to_its_result(instance: Instance, kind: RunKind, address: str) -> None:
    browser = instance.browser()
    run = instance.open_run(kind)
    assert browser.get(f"/runs/{run.id}/next").headers["location"] == f"/runs/{run.id}"
    instance.finish(run, synced())
    expected = address.format(run=run.id)
    assert browser.get(f"/runs/{run.id}/next").headers["location"] == expected
    assert browser.get(f"/runs/{run.id}/next", headers=SCRIPT).headers["hx-redirect"] == expected
    assert browser.get(f"/runs/{run.id}/progress", headers=SCRIPT).headers["hx-redirect"] == expected
    assert expected.replace("&", "&amp;") in browser.get(f"/runs/{run.id}").text


def test_the_stream_tells_the_state_as_a_piece_of_the_page_and_then_done(instance: Instance) -> None:
    run = at_work(instance)
    lines: list[str] = []
    with instance.browser().stream("GET", f"/runs/{run}/stream") as answer:
        for line in answer.iter_lines():
            lines.append(line)
            if "Stage 6 of 8" in line:
                progress.finish(instance.db, run, instance.clock.now(), None)
    assert any("Stage 6 of 8" in line for line in lines)
    assert "event: done" in lines
    assert not any(NASTY in line for line in lines)


def test_a_run_is_cancelled_by_a_button_and_says_what_is_kept(instance: Instance) -> None:
    browser, run = instance.browser(), at_work(instance)
    assert browser.post(f"/runs/{run}/cancel").headers["location"] == f"/runs/{run}"
    assert "was cancelled" in browser.get(f"/runs/{run}").text
    assert browser.post(f"/runs/{run}/cancel").status_code == 303


@pytest.mark.parametrize(
    ("code", "help"),
    [
        ("private", "paste it here"),
        ("sign-in-needed", "paste it here"),
        ("token-refused", "paste it here"),
        ("unreachable", "still here"),
        ("no-connection", "still here"),
        ("error", "Try again"),
    ],
)
def test_a_failed_run_says_what_happened_and_what_to_do(instance: Instance, code: str, help: str) -> None:
    run, now = instance.open_run(RunKind.SYNC).id, instance.clock.now()
    progress.start(instance.db, run, now)
    progress.fail(instance.db, run, now, f"It broke {NASTY}.", code, "Do this next.")
    page = instance.browser().get(f"/runs/{run}").text
    assert "Do this next." in page
    assert help in page
    assert NASTY not in page


def test_a_failed_run_is_asked_for_again(instance: Instance) -> None:
    run = instance.open_run(RunKind.SHOP, {"budget": "20", "ships_from": ["EU"]})
    progress.cancel(instance.db, instance.owner, run.id, instance.clock.now())
    instance.browser().post(f"/runs/{run.id}/again")
    again = runs.run(instance.db, instance.owner, instance.queue.runs[0])
    assert again is not None
    assert again.criteria == run.criteria


def test_the_log_is_for_the_curious(instance: Instance) -> None:
    run = at_work(instance)
    assert "Reading &lt;script&gt;" in instance.browser().get(f"/runs/{run}/log").text
