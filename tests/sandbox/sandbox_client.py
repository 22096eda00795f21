"""Small made-up worlds and visitors for the sandbox's tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

from discogs_assistant.model.grade import Grade, SleeveGrade
from discogs_assistant.model.listing import Listing
from discogs_sandbox.app import Sandbox, build_app
from discogs_sandbox.world.prices import Price
from discogs_sandbox.world.world import World, token_of


@dataclass
class FixedClock:
    """A clock that stands still until `sleep` moves it on."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 24, tzinfo=UTC))

    def now(self) -> float:
        """Epoch seconds."""
        return self.moment.timestamp()

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def small_world(seed: int = 5) -> World:
    return World.generate(seed, releases=300, users=40, sellers=20)


def open_app(world: World, **options: Any) -> Sandbox:
    return build_app(world, **{"rate": 100_000, "anonymous_rate": 100_000, **options})


def visit(app: Sandbox, user: str | None = None, address: str = "127.0.0.1") -> TestClient:
    """A visitor with a User-Agent, and with that user's token where one is named."""
    headers = {"User-Agent": "MadeUpTests/1.0"}
    if user is not None:
        headers["Authorization"] = f"Discogs token={token_of(user)}"
    return TestClient(app, headers=headers, client=(address, 50_000))


def offered(listing: Listing) -> tuple[Price, str | None, str | None]:
    """Price, media and sleeve as the product read them, in the sandbox's terms."""
    price = Price(listing.price.decimal, listing.price.currency)
    return price, words_of(listing.media), words_of(listing.sleeve)


def words_of(grade: Grade | SleeveGrade | None) -> str | None:
    """Discogs' words for a grade that the product read."""
    return None if grade is None else grade.label
