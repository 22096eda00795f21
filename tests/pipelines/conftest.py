"""Fixtures of the pipelines' tests: one made-up Discogs a module, one installation a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pipelines.house import House, build

from discogs_assistant.sandbox.app import build_app
from discogs_assistant.sandbox.server import SandboxServer
from discogs_assistant.sandbox.world import World
from discogs_assistant.store.database import Database, migrate, open_database


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    """A small world on a free port, without a limit of requests that tests would meet."""
    world = World.generate(3, releases=800, users=48, sellers=8, listings=1200)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


@pytest.fixture
def house(discogs: SandboxServer, tmp_path: Path) -> Iterator[House]:
    """An installation with an empty database."""
    built = build(discogs, tmp_path, discography_requests=20)
    yield built
    built.ctx.db.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    opened = open_database(f"sqlite:///{tmp_path / 'assistant.db'}")
    migrate(opened)
    yield opened
    opened.close()
