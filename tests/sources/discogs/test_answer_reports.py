"""Each answer of Discogs is told with its status, and so is that none came."""

from __future__ import annotations

import httpx2
import pytest
from tests.sources.discogs.fakes import FakeBudget, FakeClock, Script, ok, said

from discogs_assistant.errors import UpstreamError
from discogs_assistant.sources.discogs.api import DiscogsApi
from discogs_assistant.sources.discogs.refusals import Subject
from discogs_assistant.sources.http import open_http

URL = "https://api.discogs.com"


def api(script: Script, told: list[tuple[bool, int]], token: str | None) -> DiscogsApi:
    clock = FakeClock()
    return DiscogsApi(
        open_http(URL, clock, httpx2.MockTransport(script)),
        FakeBudget(),
        clock,
        api_url=URL,
        user_agent="Test/1.0",
        token=token,
        on_answer=lambda signed_in, status: told.append((signed_in, status)),
    )


@pytest.mark.parametrize("token", ["a-token", None])
def test_each_answer_is_told_once(token: str | None) -> None:
    told: list[tuple[bool, int]] = []
    script = Script([said(500), said(429, headers={"Retry-After": "1"}), ok({"id": 1})])
    api(script, told, token).get("/x", Subject("the page"))
    assert told == [(token is not None, status) for status in (500, 429, 200)]


def test_that_no_answer_came_is_told() -> None:
    told: list[tuple[bool, int]] = []
    with pytest.raises(UpstreamError):
        api(Script([httpx2.ReadError("cut off")]), told, None).get("/x", Subject("the page"))
    assert told and set(told) == {(False, 0)}
