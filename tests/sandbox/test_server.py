"""The sandbox on a real port."""

from __future__ import annotations

import json
import socket
import urllib.request
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from tests.sandbox.sandbox_client import open_app

from discogs_sandbox.server import SandboxOptions, SandboxServer, run_sandbox, sandbox_app, serve
from discogs_sandbox.world.world import World


def test_it_answers_while_open_and_closes_its_port_after(world: World) -> None:
    with SandboxServer(open_app(world)) as server:
        request = urllib.request.Request(f"{server.url}/", headers={"User-Agent": "MadeUpTests/1.0"})
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["api_version"] == "v2"
        port = int(urlsplit(server.url).port or 0)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def test_a_port_in_use_is_reported_at_once(world: World) -> None:
    server = serve(open_app(world))
    try:
        port = int(urlsplit(server.url).port or 0)
        with pytest.raises(OSError, match="in use"):
            run_sandbox("127.0.0.1", port, SandboxOptions(releases=50, users=2, sellers=1))
    finally:
        server.stop()


def test_options_set_the_world_and_the_limits() -> None:
    app = sandbox_app(SandboxOptions(seed=2, releases=60, users=3, sellers=2, rate=9, window=5.0, flaky=True))
    assert (len(app.world.releases), len(app.world.collectors), len(app.world.sellers)) == (60, 3, 2)
    assert (app.rate.limit, app.rate.window) == (9, 5.0)
    assert app.faults is not None


def test_hours_may_have_passed_before_it_answers() -> None:
    options = SandboxOptions(seed=2, releases=60, users=3, sellers=2)
    now, later = (sandbox_app(replace(options, hours=hours)).world for hours in (0, 7))
    assert later.now - now.now == timedelta(hours=7)
    assert any(listing.status == "Sold" for listing in later.listings.values())
