"""/metrics tells how the instance does, never whose anything is, and in hosted mode only by its token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient
from tests.store.fakes import NOW
from tests.web.fakes import NASTY, USER, Instance

from discogs_assistant.config import Mode
from discogs_assistant.model.run import RunKind
from discogs_assistant.store.runs import leases, progress
from discogs_assistant.store.runs.answer_counts import AnswerBook
from discogs_assistant.store.runs.rate_budget import SqlRateBudget

TOKEN = "a long token for metrics"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def samples(client: TestClient, **headers: str) -> dict[tuple[str, ...], float]:
    """The metrics without their common beginning, by name and values of labels, in the labels' order."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (
            sample.name.removeprefix("discogs_assistant_"),
            *(sample.labels[name] for name in sorted(sample.labels)),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_store_is_shown_as_it_is_now(full_instance: Instance) -> None:
    full_instance.open_run(RunKind.SYNC)
    failed = full_instance.open_run(RunKind.MARKET, {"sellers": ["x"]})
    progress.start(full_instance.db, failed.id, NOW)
    progress.fail(full_instance.db, failed.id, NOW, "No.", "private", "")
    leases.renew(full_instance.db, "lively", NOW + timedelta(seconds=80))
    leases.renew(full_instance.db, "silent", NOW)
    full_instance.clock.moment = NOW + timedelta(seconds=90)
    budget = SqlRateBudget(full_instance.db, "default", 60, 25, 60.0, full_instance.clock)
    for _ in range(8):
        budget.reserve(signed_in=True)
    book = AnswerBook(full_instance.db, "default", full_instance.clock)
    for status in (200, 200, 429, 0):
        book.note(True, status)
    values = samples(full_instance.program())
    assert values["api_answers", "true", "default", "200"] == 2
    assert (
        values["api_answers", "true", "default", "429"] == values["api_answers", "true", "default", "0"] == 1
    )
    assert values["runs", "sync", "queued"] == 1
    assert values["runs", "market", "failed"] == 1
    assert values["runs", "carts", "done"] == 1
    assert values["oldest_queued_seconds",] == 90
    assert values["workers_alive",] == 1
    assert values["people",] == 1
    assert values["api_seconds_until_slot", "true", "default"] == pytest.approx(4 * 60 / 55)
    assert values["api_seconds_until_slot", "false", "default"] == 0
    assert values["api_window_limit", "true", "default"] == 60
    assert values["catalogue_releases", ""] == 0


def test_the_dumps_are_shown_with_their_age(instance_with_dumps: Instance) -> None:
    values = samples(instance_with_dumps.program())
    assert values["catalogue_releases", "2026-10"] == 63
    assert "catalogue_age_seconds" in {name for name, *_ in values}


def test_requests_are_counted_by_route_and_status(full_instance: Instance) -> None:
    browser = full_instance.browser()
    run = full_instance.newest_run(RunKind.SHOP)
    for address in ("/", f"/carts/{run}", "/runs/nobody", "/nowhere", "/static/style.css"):
        browser.get(address)
    browser.get("/", headers={"Host": "evil.example"})
    browser.request("BREW", "/about")
    values = samples(browser)
    assert values["request_seconds_count", "GET", "/", "200"] == 1
    assert values["request_seconds_count", "GET", "/carts/{run}", "200"] == 1
    assert values["request_seconds_count", "GET", "/runs/{run}", "404"] == 1
    assert values["request_seconds_count", "GET", "/static/{name}", "200"] == 1
    assert values["request_seconds_count", "GET", "none of ours", "404"] == 1
    assert values["request_seconds_count", "GET", "none of ours", "421"] == 1
    assert {of[1] for of in values if of[0] == "request_seconds_count"} == {"GET", "other"}


def test_a_watched_stream_is_measured_to_its_beginning(full_instance: Instance) -> None:
    browser = full_instance.browser()
    browser.get(f"/api/runs/{full_instance.newest_run(RunKind.SHOP)}/events")
    values = samples(browser)
    assert values["request_seconds_count", "GET", "/api/runs/{run}/events", "200"] == 1


def test_nothing_personal_is_in_it(full_instance: Instance) -> None:
    browser = full_instance.browser()
    browser.get(f"/recommendations?user={USER}")
    browser.get("/release/11")
    text = browser.get("/metrics").text
    for word in (USER, NASTY, "plattenkiste", full_instance.newest_run(RunKind.SHOP)):
        assert word not in text


def test_two_applications_of_a_process_count_apart(instance: Instance) -> None:
    instance.program().get("/health")
    assert ("request_seconds_count", "GET", "/health", "200") not in samples(instance.program())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": "Bearer ü"},
    ],
)
def test_in_hosted_mode_it_is_not_there_without_its_token(
    instance: Instance, headers: dict[str, str]
) -> None:
    hosted = instance.with_settings(mode=Mode.HOSTED, metrics_token=SecretStr(TOKEN))
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = hosted.program().get("/metrics", headers=sent)
    assert answer.status_code == 404
    assert "discogs_assistant_" not in answer.text


def test_in_hosted_mode_the_token_opens_it(instance: Instance) -> None:
    hosted = instance.with_settings(mode=Mode.HOSTED, metrics_token=SecretStr(TOKEN))
    assert samples(hosted.program(), **BEARER)["workers_alive",] == 0


def test_in_hosted_mode_no_token_opens_it_where_none_is_set(instance: Instance) -> None:
    hosted = instance.with_settings(mode=Mode.HOSTED)
    for headers in ({}, {"Authorization": "Bearer "}, BEARER):
        assert hosted.program().get("/metrics", headers=headers).status_code == 404


def test_a_token_that_is_set_is_asked_for_in_local_mode_too(instance: Instance) -> None:
    local = instance.with_settings(metrics_token=SecretStr(TOKEN))
    assert local.program().get("/metrics").status_code == 404
    assert samples(local.program(), **BEARER)
