"""The made-up Discogs as one ASGI app: the API, the sell pages, the pictures, the levers."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from discogs_sandbox.faults import Faults
from discogs_sandbox.middleware import Gate
from discogs_sandbox.oauth import OAuth
from discogs_sandbox.pages.covers import cover
from discogs_sandbox.pages.sell_pages import SellPages, Switches
from discogs_sandbox.rate_limit import RateWindow
from discogs_sandbox.routes.admin import Admin
from discogs_sandbox.routes.context import Desk
from discogs_sandbox.routes.database import Database
from discogs_sandbox.routes.marketplace import Market
from discogs_sandbox.routes.oauth import SignIn
from discogs_sandbox.routes.users import People
from discogs_sandbox.wire.database import RecordsWire
from discogs_sandbox.wire.fields import printed
from discogs_sandbox.wire.marketplace import MarketWire
from discogs_sandbox.world.world import World


class Sandbox:
    """The ASGI app, with parts that tests ask afterwards: `world`, `rate`, `faults`, `switches`, `oauth`."""

    def __init__(
        self,
        world: World,
        rate: RateWindow,
        faults: Faults | None,
        switches: Switches,
        oauth: OAuth,
        *,
        anonymous_images: bool,
    ) -> None:
        self.world = world
        self.rate = rate
        self.faults = faults
        self.switches = switches
        self.oauth = oauth
        desk = Desk(world, RecordsWire(world), MarketWire(world), anonymous_images)
        routes = [
            *SignIn(desk, oauth).routes(),
            *People(desk).routes(),
            *Market(desk).routes(),
            *Database(desk).routes(),
            *SellPages(world, switches).routes(),
            *Admin(world, rate, faults, switches).routes(),
            Route("/images/{picture}", self._picture),
            Route("/", _welcome),
        ]
        inner = Starlette(routes=routes, exception_handlers={HTTPException: _refusal})
        inner.router.redirect_slashes = False
        self._gate = Gate(inner, world, rate, faults, oauth)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._gate(scope, receive, send)

    async def _picture(self, request: Request) -> Response:
        """R-{release}-{size}.svg, or a plain one for anything else."""
        parts = request.path_params["picture"].removesuffix(".svg").split("-")
        known = len(parts) == 3 and parts[1].isdigit() and parts[2] in {"150", "600"}
        release = self.world.releases.get(int(parts[1])) if known else None
        lines = ("", "")
        if release is not None:
            work = self.world.work_of(release)
            lines = (printed(work), work.title)
        picture = cover(self.world.seed, release.id if release else 0, int(parts[2]) if known else 150, lines)
        headers = {"Cache-Control": "public, max-age=86400"}
        return Response(picture, media_type="image/svg+xml", headers=headers)


def build_app(
    world: World,
    *,
    rate: int = 60,
    anonymous_rate: int = 25,
    window: float = 60.0,
    flaky: Faults | None = None,
    now: Callable[[], float] = time.time,
    layout: str = "2026",
    challenge: bool = False,
    anonymous_images: bool = True,
) -> Sandbox:
    """A made-up Discogs over `world`.

    `rate` requests signed in and `anonymous_rate` others pass in any `window` seconds for each address.
    `layout` of the sell pages is "2020" or "2026"; with `challenge` they all show the bot check.
    Discogs gives picture links to signed-in visitors only; `anonymous_images` gives them to everybody.
    `now` gives the time in epoch seconds.
    """
    limits = RateWindow(rate, anonymous_rate, window, now)
    switches = Switches(challenge=challenge, layout=layout)
    oauth = OAuth(now)
    return Sandbox(world, limits, flaky, switches, oauth, anonymous_images=anonymous_images)


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "Method not allowed." if error.status_code == 405 else error.detail
    if error.status_code == 404 and error.detail == "Not Found":
        sentence = "The requested resource was not found."
    return JSONResponse({"message": sentence}, error.status_code, error.headers)


async def _welcome(request: Request) -> Response:
    return JSONResponse({"hello": "This is a made-up Discogs.", "api_version": "v2"})
