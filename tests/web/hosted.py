"""A hosted instance for tests: the product by its own wiring, beside a made-up Discogs to sign in with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.store.fakes import FakeClock

from discogs_assistant import bootstrap
from discogs_assistant.config import Settings
from discogs_assistant.web.app import create_app
from discogs_sandbox.app import build_app
from discogs_sandbox.oauth import APP_KEY, APP_SECRET
from discogs_sandbox.server import SandboxServer
from discogs_sandbox.world.world import World

HOME = "http://localhost"
KEY = "a key for tests that is as long as hosted mode asks"
AGENT = {"User-Agent": "MadeUpBrowser/1.0"}


@dataclass(frozen=True)
class HostedApp:
    """The parts, and browsers of people."""

    app: bootstrap.App
    discogs: SandboxServer
    clock: FakeClock
    pages: FastAPI
    home: str = HOME

    @property
    def names(self) -> list[str]:
        """Collectors of the made-up world."""
        return [account.name for account in self.discogs.world.collectors]

    def browser(self, address: str = "203.0.113.1") -> TestClient:
        """A browser at a network address, in which nobody is signed in."""
        headers = {"Origin": self.home, "Sec-Fetch-Site": "same-origin"}
        return TestClient(
            self.pages, base_url=self.home, headers=headers, follow_redirects=False, client=(address, 4711)
        )

    def program(self, token: str) -> TestClient:
        """A program that shows a token and knows no cookies."""
        bearer = {"Authorization": f"Bearer {token}"}
        return TestClient(self.pages, base_url=self.home, headers=bearer, follow_redirects=False)

    def authorize(self, browser: TestClient, next_page: str = "/") -> str:
        """Begin to sign in; Discogs' page that asks."""
        begun = browser.post("/sign-in", params={"next": next_page})
        assert begun.status_code == 303, begun.text
        return begun.headers["location"]

    def answer(self, asked: str, user: str, answer: str = "allow") -> str:
        """Answer at Discogs; the path that the browser is sent back to."""
        token = parse_qs(urlsplit(asked).query)["oauth_token"][0]
        sent = {"oauth_token": token, "user": user, "answer": answer}
        done = httpx2.post(f"{self.discogs.url}/oauth/authorize", data=sent, headers=AGENT)
        assert done.status_code == 302, done.text
        return done.headers["location"].removeprefix(self.home)

    def sign_in(self, user: str, browser: TestClient | None = None) -> TestClient:
        """A browser in which a collector is signed in."""
        browser = browser or self.browser()
        done = browser.get(self.answer(self.authorize(browser), user))
        assert done.status_code == 303, done.text
        return browser


@contextmanager
def open_hosted_app(folder: Path, home: str = HOME, **settings: Any) -> Iterator[HostedApp]:
    """A hosted instance in a folder; `home` is its public address."""
    # The library's own way prints the values of local names, at length; the product's does not.
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    world = World.generate(5, releases=120, users=30, sellers=4, listings=60)
    clock = FakeClock()
    with SandboxServer(build_app(world, rate=10**6, anonymous_rate=10**6)) as discogs:
        chosen: dict[str, Any] = {
            "data_dir": folder,
            "mode": "hosted",
            "public_url": home,
            "secret_key": KEY,
            "discogs_consumer_key": APP_KEY,
            "discogs_consumer_secret": APP_SECRET,
            "discogs_api_url": discogs.url,
            "discogs_site_url": discogs.url,
            "rate_limit": 10**6,
            "anonymous_rate_limit": 10**6,
            "sign_ins_per_address": 1000,
            "operators": [world.account(world.demo_user).id],
            **settings,
        }
        app = bootstrap.open_app(Settings(_env_file=None, **chosen), clock)  # type: ignore[call-arg]
        try:
            yield HostedApp(app, discogs, clock, create_app(app.ctx, app.runner, poll=0.001), home)
        finally:
            app.close()
            structlog.reset_defaults()
