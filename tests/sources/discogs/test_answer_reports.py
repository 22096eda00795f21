"""Each answer of Discogs is reported with its status, and so is a missing answer."""

from __future__ import annotations

import httpx2
import pytest
from tests.sources.discogs.fakes import FakeBudget, FakeClock, Script, ok, said

from discogs_assistant.errors import UpstreamError
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.refusals import Subject
from discogs_assistant.sources.http import open_http

URL = "https://api.discogs.com"


def api(script: Script, reported: list[tuple[bool, int]], token: str | None) -> DiscogsApi:
    clock = FakeClock()
    return DiscogsApi(
        open_http(URL, clock, httpx2.MockTransport(script)),
        FakeBudget(),
        clock,
        api_url=URL,
        user_agent="Test/1.0",
        token=token,
        on_answer=lambda signed_in, status: reported.append((signed_in, status)),
    )


@pytest.mark.parametrize("token", ["a-token", None])
def test_each_answer_is_reported_once(token: str | None) -> None:
    reported: list[tuple[bool, int]] = []
    script = Script([said(500), said(429, headers={"Retry-After": "1"}), ok({"id": 1})])
    api(script, reported, token).get("/x", Subject("the page"))
    assert reported == [(token is not None, status) for status in (500, 429, 200)]


def test_a_missing_answer_is_reported() -> None:
    reported: list[tuple[bool, int]] = []
    with pytest.raises(UpstreamError):
        api(Script([httpx2.ReadError("cut off")]), reported, None).get("/x", Subject("the page"))
    assert reported
    assert set(reported) == {(False, 0)}
