"""A made-up world in place of Discogs: its server, its settings, and its collectors as our users."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from discogs_assistant.bootstrap import child_process
from discogs_assistant.bootstrap.wiring import App
from discogs_assistant.config import PolicyReading, Settings
from discogs_assistant.errors import UnreachableError
from discogs_assistant.model.ids import UserName
from discogs_assistant.model.ports import SystemClock
from discogs_assistant.model.run import RunKind
from discogs_assistant.pipelines.market import favourites
from discogs_assistant.pipelines.runtime.runs import open_at_once
from discogs_assistant.sources.discogs.wire_fields import Fields
from discogs_assistant.sources.discogs.wire_profile import read_collection_item, read_want
from discogs_assistant.store.accounts import accounts
from discogs_assistant.store.profiles import profiles, staging
from discogs_assistant.store.profiles.changes import WHOLE, apply_staged
from discogs_assistant.store.runs import progress

if TYPE_CHECKING:
    from discogs_sandbox.world.entities import Account
    from discogs_sandbox.world.world import World

RATE = 1200
WINDOW = 60.0
CONSENTING = 60
SELLERS = 40
"""Favourites to begin with: the first carts need somebody whose stock can be read."""
_HOST, _PORT = "127.0.0.1", 8400
_DEMO_USERS = 3
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class AheadClock:
    """The machine's clock, so many hours ahead: what was read before is as old as it would be then."""

    hours: int

    def now(self) -> datetime:
        """The moment in so many hours, aware, in UTC."""
        return SystemClock().now() + timedelta(hours=self.hours)

    def sleep(self, seconds: float) -> None:
        """Wait that long."""
        SystemClock().sleep(seconds)


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """`hours` have passed in the world and by this program's clock.

    A `large` one is as wide as the real market is for one person, and allows as many requests as Discogs.
    """

    hours: int = 0
    large: bool = False

    @property
    def clock(self) -> AheadClock | None:
        """The clock of this program; None for the machine's own."""
        return AheadClock(self.hours) if self.hours else None

    def settings(self, settings: Settings, url: str, token: str) -> Settings:
        """`settings` that point to the world at `url`, each kind of world with data of its own.

        With the `token` of a collector, since Discogs shows shipping to nobody else.
        """
        rates = (
            {} if self.large else {"rate_limit": RATE, "anonymous_rate_limit": RATE, "rate_window": WINDOW}
        )
        world = {
            "data_dir": settings.data_dir / ("sandbox-large" if self.large else "sandbox"),
            "discogs_api_url": url,
            "discogs_site_url": url,
            "discogs_token": SecretStr(token),
            "shipping_policies": PolicyReading.ON,
            "rate_source": "sandbox",
        }
        return settings.model_copy(update=world | rates)

    @property
    def arguments(self) -> tuple[str, ...]:
        """As arguments of the command that serves it."""
        if self.large:
            return ("--hours", str(self.hours), "--large")
        rates = ("--rate", str(RATE), "--anonymous-rate", str(RATE), "--window", str(WINDOW))
        return ("--hours", str(self.hours), *rates)


DEFAULT_WORLD = WorldOptions()


@dataclass(frozen=True)
class MadeUpWorld:
    """Settings that point to it, and its data; without a world there is only the real Discogs."""

    settings: Settings
    world: World | None = None

    @property
    def demo_users(self) -> tuple[UserName, ...]:
        """Collectors with public lists for a person to try, without users of the instance."""
        if self.world is None:
            return ()
        others = [*self._open[:1], *self._open[CONSENTING + 1 :]]
        return tuple(UserName(account.name) for account in others[:_DEMO_USERS])

    @property
    def demo_sellers(self) -> tuple[str, ...]:
        """Sellers that are favourites to begin with."""
        return tuple(seller.name for seller in self.world.sellers[:SELLERS]) if self.world else ()

    def populate(self, app: App) -> None:
        """Make 60 of its collectors users who agreed to be learned from, and sellers favourites; once."""
        if self.world is None:
            return
        from discogs_sandbox.wire.database import DatabaseJson
        from discogs_sandbox.wire.pictures import PictureAddresses
        from discogs_sandbox.wire.users import public_lists

        database, pictures = DatabaseJson(self.world), PictureAddresses(self.world)
        for account in self._open[1 : CONSENTING + 1]:
            lists = public_lists(account, database, pictures, self.settings.discogs_api_url)
            _add_user(app, UserName(account.name), *lists)
        if not profiles.profiles(app.ctx.db, app.owner):
            favourites.add_many(app.ctx.db, app.owner, self.demo_sellers)

    @property
    def _open(self) -> Sequence[Account]:
        assert self.world is not None
        return [
            account
            for account in self.world.collectors
            if not account.private_collection and not account.private_wantlist
        ]


@contextmanager
def made_up_world(
    settings: Settings, announce: Callable[[str], None], options: WorldOptions
) -> Iterator[MadeUpWorld]:
    """Serve a made-up Discogs while the context lasts.

    It is a separate process. It has its own database beside the real one, unless the settings name one, and
    the usual port if that is free, so that pictures keep their addresses.
    """
    from discogs_sandbox.server import LARGE, SandboxOptions, made_world
    from discogs_sandbox.world.world import token_of

    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = child_process.free_port(_HOST, _PORT)
    # Commands may use it without a token, and a person who tries the product should see covers.
    process = child_process.begin("sandbox", "--port", str(port), "--anonymous-images", *options.arguments)
    try:
        world = made_world(replace(LARGE if options.large else SandboxOptions(), hours=options.hours))
        _wait_for(port)
        url = f"http://{_HOST}:{port}"
        pointed = options.settings(settings, url, token_of(world.demo_user))
        announce(
            f"A made-up Discogs answers at {url}; it allows {pointed.rate_limit:,} requests per "
            f"{pointed.rate_window:g} s, where the real one allows 60 a minute."
        )
        yield MadeUpWorld(pointed, world)
    finally:
        child_process.end(process)


def _wait_for(port: int) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        connection = http.client.HTTPConnection(_HOST, port, timeout=2)
        try:
            connection.request("GET", "/")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise UnreachableError("The made-up Discogs did not start.", "Start it alone: discogs-assistant sandbox.")


def _add_user(app: App, name: UserName, item_texts: Sequence[str], want_texts: Sequence[str]) -> None:
    db, now = app.ctx.db, app.ctx.clock.now()
    owner = accounts.add_account(db, name, now)
    if profiles.profile(db, owner, name) is not None:
        return
    items = [read_collection_item(Fields(json.loads(text), ""), {}) for text in item_texts]
    wants = [read_want(Fields(json.loads(text), "")) for text in want_texts]
    run = open_at_once(app.ctx, owner, RunKind.SYNC, name, {})
    staging.stage_items(db, owner, run.id, items, now)
    staging.stage_wants(db, owner, run.id, wants, now)
    apply_staged(db, owner, name, run.id, WHOLE, WHOLE, origin="api", now=now)
    progress.finish(db, run.id, now, None)
    accounts.set_consent(db, owner, True)
