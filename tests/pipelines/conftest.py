"""Fixtures of the pipelines' tests: one made-up Discogs a module, one installation a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.pipelines.installation import Installation, open_installation
from tests.store.files import empty_file, open_copy

from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.recommendations.recommend import recommend
from discogs_assistant.store.database import Database
from discogs_sandbox.app import build_app
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.entities import Account
from discogs_sandbox.world.world import World


@pytest.fixture(scope="module")
def discogs() -> Iterator[SandboxServer]:
    """A small world on a free port, without a limit of requests that tests would meet."""
    world = World.generate(3, releases=800, users=48, sellers=8, listings=1200)
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as server:
        yield server


@pytest.fixture
def installation(discogs: SandboxServer, tmp_path: Path) -> Iterator[Installation]:
    """An installation with an empty database."""
    built = open_installation(discogs, tmp_path, discography_requests=8)
    yield built
    built.ctx.db.close()


@pytest.fixture
def open_collectors(installation: Installation) -> list[Account]:
    """Collectors with both lists open and more than one page of records."""
    return [
        account
        for account in installation.world.collectors
        if not account.private_collection and not account.private_wantlist and len(account.items) > 100
    ]


@pytest.fixture(scope="module")
def synced_installation_folder(discogs: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation that has synced the collector, asked around and learned."""
    folder = tmp_path_factory.mktemp("synced_folder")
    built = open_installation(discogs, folder, discography_requests=8)
    built.carry_out(recommend, built.open(RunKind.RECOMMEND, built.demo()))
    built.ctx.db.close()
    return folder


@pytest.fixture
def synced_installation(
    discogs: SandboxServer, synced_installation_folder: Path, tmp_path: Path
) -> Iterator[Installation]:
    """An installation that knows the collector, and nothing of the market."""
    built = open_installation(discogs, tmp_path, synced_installation_folder, discography_requests=8)
    yield built
    built.ctx.db.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    opened = open_copy(empty_file(), tmp_path / "assistant.db")
    yield opened
    opened.close()
