"""The stand-in Discogs as one ASGI app: the API, the sell pages, cover pictures, and admin controls."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from discogs_sandbox.faults import Faults, PolicyFaults
from discogs_sandbox.middleware import AccessMiddleware
from discogs_sandbox.oauth import OAuth
from discogs_sandbox.pages.covers import CoverPictures
from discogs_sandbox.pages.sell_pages import SellPages, Switches
from discogs_sandbox.rate_limit import SlidingWindow
from discogs_sandbox.routes.admin import Admin
from discogs_sandbox.routes.context import InvalidParameterError, RouteContext
from discogs_sandbox.routes.database import Database
from discogs_sandbox.routes.marketplace import Marketplace
from discogs_sandbox.routes.oauth import SignIn
from discogs_sandbox.routes.users import Users
from discogs_sandbox.wire.database import DatabaseJson
from discogs_sandbox.wire.marketplace import MarketplaceJson
from discogs_sandbox.wire.pictures import PictureAddresses
from discogs_sandbox.world.world import World


class Sandbox:
    """The ASGI app; tests use `world`, `rate`, `faults`, `policy_faults`, `switches` and `oauth`."""

    def __init__(
        self,
        world: World,
        rate: SlidingWindow,
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
        pictures = PictureAddresses(world)
        self.policy_faults = policy_faults = PolicyFaults(world.seed)
        context = RouteContext(world, DatabaseJson(world), MarketplaceJson(world), anonymous_images)
        routes = [
            *SignIn(context, oauth).routes(),
            *Users(context).routes(),
            *Marketplace(context, policy_faults).routes(),
            *Database(context).routes(),
            *SellPages(world, switches, pictures).routes(),
            *CoverPictures(world, pictures).routes(),
            *Admin(world, rate, faults, policy_faults, switches).routes(),
            Route("/", _welcome),
        ]
        app = Starlette(routes=routes, exception_handlers={HTTPException: _error})
        app.router.redirect_slashes = False
        app.state.pictures = pictures
        self._app = AccessMiddleware(app, world, rate, faults, oauth)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._app(scope, receive, send)


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
    anonymous_images: bool = False,
) -> Sandbox:
    """A stand-in Discogs over `world`.

    `rate` requests signed in and `anonymous_rate` others pass in any `window` seconds for each address;
    `now` gives the time in epoch seconds. `flaky` makes some requests fail.
    `layout` of the sell pages is "2020" or "2026"; with `challenge` they all show the bot check.
    Discogs gives picture links to signed-in visitors only; `anonymous_images` gives them to everybody.
    """
    limits = SlidingWindow(rate, anonymous_rate, window, now)
    switches = Switches(challenge=challenge, layout=layout)
    return Sandbox(world, limits, flaky, switches, OAuth(now), anonymous_images=anonymous_images)


async def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, InvalidParameterError):
        return JSONResponse(error.answer, error.status_code)
    sentence = "Method not allowed." if error.status_code == 405 else error.detail
    if error.status_code == 404 and error.detail == "Not Found":
        sentence = "The requested resource was not found."
    return JSONResponse({"message": sentence}, error.status_code, error.headers)


async def _welcome(request: Request) -> Response:
    return JSONResponse({"hello": "This is a made-up Discogs.", "api_version": "v2"})
