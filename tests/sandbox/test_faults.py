"""Faults on purpose: drawn from a seed, of every kind, and never too many in succession for a retry."""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sandbox.sandbox_client import open_app

from discogs_sandbox.faults import Fault, Faults
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World


def test_a_seed_gives_the_same_faults() -> None:
    first, second = Faults(3), Faults(3)
    assert [first.draw("a") for _ in range(500)] == [second.draw("a") for _ in range(500)]


def test_every_kind_of_fault_occurs() -> None:
    faults = Faults(1)
    for number in range(1000):
        faults.draw(f"GET /{number}")
    assert faults.counts.keys() == set(Fault)
    assert 60 < faults.counts.total() < 140


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4))
def test_a_request_fails_at_most_the_stated_number_of_times_in_succession(seed: int, most: int) -> None:
    faults, run = Faults(seed, share=0.9, in_a_row=most), 0
    for _ in range(100):
        run = run + 1 if faults.draw("GET /same") else 0
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
            return "429, with wait" if answer.headers.get("Retry-After") else "429, without wait"
        if answer.status == 520:
            return "html" if text.startswith(b"<!DOCTYPE html>") else "?"
        return "answered" if answer.status == 200 and json.loads(text) else str(answer.status)
    except http.client.IncompleteRead:
        return "cut"
    except (ConnectionResetError, http.client.RemoteDisconnected):
        return "reset"
    finally:
        connection.close()


def test_a_client_meets_every_kind_of_fault(server: SandboxServer, world: World) -> None:
    outcomes = Counter(ask(server, f"/users/{world.demo_user}?n={number}") for number in range(120))
    assert outcomes.keys() == {
        "answered",
        "500",
        "html",
        "reset",
        "cut",
        "429, with wait",
        "429, without wait",
    }
    assert server.app.rate.log.over_window == 0


def test_one_of_three_tries_always_succeeds(server: SandboxServer, world: World) -> None:
    for number in range(40):
        path = f"/users/{world.demo_user}?n={number}"
        assert "answered" in {ask(server, path) for _ in range(3)}
