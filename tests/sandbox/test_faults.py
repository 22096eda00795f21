"""Bad days: drawn from a seed, of every kind, and never so long that patience does not help."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.made_up import open_app

from discogs_sandbox.faults import Fault, Faults
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World


def test_a_seed_gives_the_same_bad_days() -> None:
    first, second = Faults(3), Faults(3)
    assert [first.strike("a") for _ in range(500)] == [second.strike("a") for _ in range(500)]


def test_every_kind_of_fault_comes() -> None:
    faults = Faults(1)
    for number in range(1000):
        faults.strike(f"GET /{number}")
    assert faults.counts.keys() == set(Fault)
    assert 60 < faults.counts.total() < 140


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_no_request_is_spoilt_more_often_on_end_than_said(seed: int, most: int) -> None:
    faults, run = Faults(seed, share=0.9, in_a_row=most), 0
    for _ in range(100):
        run = run + 1 if faults.strike("GET /same") else 0
        assert run <= most


@pytest.fixture
def server(world: World) -> Iterator[SandboxServer]:
    with SandboxServer(open_app(world, flaky=Faults(1, share=0.5))) as running:
        yield running


def ask(server: SandboxServer, path: str) -> str:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    try:
        connection.request("GET", path, headers={"User-Agent": "MadeUpTests/1.0"})
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 429:
            return "429, told" if answer.headers.get("Retry-After") else "429, silent"
        if answer.status == 520:
            return "html" if text.startswith(b"<!DOCTYPE html>") else "?"
        return "answered" if answer.status == 200 and json.loads(text) else str(answer.status)
    except http.client.IncompleteRead:
        return "cut"
    except (ConnectionResetError, http.client.RemoteDisconnected):
        return "reset"
    finally:
        connection.close()


def test_over_the_wire_every_kind_of_fault_is_what_it_says(server: SandboxServer, world: World) -> None:
    outcomes = Counter(ask(server, f"/users/{world.demo_user}?n={number}") for number in range(120))
    assert outcomes.keys() == {"answered", "500", "html", "reset", "cut", "429, told", "429, silent"}
    assert server.app.rate.log.over_window == 0


def test_three_tries_always_get_through(server: SandboxServer, world: World) -> None:
    for number in range(40):
        path = f"/users/{world.demo_user}?n={number}"
        assert "answered" in {ask(server, path) for _ in range(3)}
