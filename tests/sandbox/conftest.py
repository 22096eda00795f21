"""One world that the reading tests share, and visitors to it."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.sandbox.sandbox_client import open_app, small_world, visit

from discogs_sandbox.world.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """Only read it: tests that change a world make their own."""
    return small_world()


@pytest.fixture
def anyone(world: World) -> TestClient:
    return visit(open_app(world))


@pytest.fixture
def owner(world: World) -> TestClient:
    return visit(open_app(world), world.demo_user)
