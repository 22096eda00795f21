"""The operator's page: how the instance does, to its operators alone, and nothing of whose anything is."""

from __future__ import annotations

from datetime import timedelta

from selectolax.lexbor import LexborHTMLParser
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, USER, Instance

from discogs_assistant.model.run import RunKind
from discogs_assistant.store.runs import leases, progress
from discogs_assistant.store.runs.answer_counts import AnswerBook
from discogs_assistant.store.runs.leases import WorkerFacts

SELLER = "my_secret_seller"


def troubled(full_instance: Instance) -> str:
    """An instance with a queue, a failed run, a living worker and a silent one; the failed run."""
    full_instance.open_run(RunKind.SYNC)
    failed = full_instance.open_run(RunKind.SYNC, user="shy<b>")
    progress.start(full_instance.db, failed.id, NOW)
    sentence = f"The collection of shy<b> is private. Discogs shows nothing of “{SELLER}”."
    progress.fail(full_instance.db, failed.id, NOW, sentence, "private", f"Ask {SELLER}.")
    leases.renew(
        full_instance.db, "lively", NOW + timedelta(seconds=80), WorkerFacts("host-1", 77, NOW, "2"), 3
    )
    leases.renew(full_instance.db, "silent", NOW)
    full_instance.clock.moment = NOW + timedelta(seconds=90)
    return str(failed.id)


def test_the_page_shows_runs_queue_workers_rate_limit_and_failures(full_instance: Instance) -> None:
    failed = troubled(full_instance)
    book = AnswerBook(full_instance.db, "default", full_instance.clock)
    for status in (200, 200, 429, 0):
        book.note(True, status)
    page = LexborHTMLParser(full_instance.browser().get("/operator").text)
    text = page.body.text(separator=" ") if page.body else ""
    assert "1 worker at work · 1 run waiting, the first for 90 s" in " ".join(text.split())
    assert "A run has waited for 90 s. Start another worker" in text
    assert "host-1" in text
    assert "process 77" in text
    assert "silent" in text
    assert failed in text
    assert "The lists or the inventory are private at Discogs. private" in " ".join(text.split())
    assert "60 in 60 s" in text
    assert "25 in 60 s" in text
    assert "the next goes at once" in text
    assert "4, of them 1 × no answer, 1 × 429" in text
    assert page.html is not None
    assert "/metrics" in page.html
    assert "/api/operator" in page.html


def test_it_refreshes_itself_with_a_part_that_is_no_whole_page(full_instance: Instance) -> None:
    browser = full_instance.browser()
    page = LexborHTMLParser(browser.get("/operator").text)
    part = page.css_first("#now")
    assert part is not None
    assert part.attributes["hx-get"] == "/operator/now"
    assert part.attributes["hx-trigger"] == "every 5s"
    now = browser.get("/operator/now").text
    assert "<html" not in now
    assert '<h2 id="o-runs">' in now


def test_programs_get_the_same(full_instance: Instance) -> None:
    failed = troubled(full_instance)
    report = full_instance.program().get("/api/operator").json()
    assert report["oldest_queued_seconds"] == 90
    assert report["people"] == 1
    assert {"kind": "sync", "state": "failed", "count": 1} in report["runs"]
    (worker, silent) = report["workers"]
    assert (worker["host"], worker["at_work"], worker["alive"]) == ("host-1", 3, True)
    assert (silent["executor_id"], silent["alive"]) == ("silent", False)
    (failure,) = report["failures"]
    assert (failure["id"], failure["code"]) == (failed, "private")
    assert failure["meaning"] == "The lists or the inventory are private at Discogs."
    assert report["catalogue"]["month"] is None
    assert report["models"] == []


def test_it_holds_nothing_personal(full_instance: Instance) -> None:
    troubled(full_instance)
    for address in ("/operator/now", "/api/operator"):
        text = full_instance.program().get(address).text
        for word in (USER, "shy", SELLER, NASTY, "plattenkiste"):
            assert word not in text


def test_without_a_worker_it_says_what_to_do(instance: Instance) -> None:
    assert (
        "No worker is running, so nothing is carried out. Start one:"
        in instance.browser().get("/operator").text
    )


def test_the_dumps_that_are_served_are_shown(instance_with_dumps: Instance) -> None:
    assert "63 releases of 2026-10" in instance_with_dumps.browser().get("/operator").text
