"""Levers of the sandbox itself, for this machine only: changes to the world, the log, switches."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from discogs_sandbox.faults import Faults
from discogs_sandbox.middleware import ADMIN
from discogs_sandbox.pages.sell_pages import Switches
from discogs_sandbox.rate_limit import RateWindow
from discogs_sandbox.world.world import NotFoundError, World, token_of


class Admin:
    """Handlers over the world, the rate window and the switches."""

    def __init__(self, world: World, rate: RateWindow, faults: Faults | None, switches: Switches) -> None:
        self._world = world
        self._rate = rate
        self._faults = faults
        self._switches = switches

    def routes(self) -> list[Route]:
        """What they answer to."""
        world = self._world
        levers: dict[tuple[str, str], Callable[..., Any]] = {
            ("collection", "POST"): lambda user, release_id: world.add_item(user, release_id).instance,
            ("collection", "DELETE"): world.remove_item,
            ("wants", "POST"): lambda user, release_id: world.add_want(user, release_id).release,
            ("wants", "DELETE"): world.remove_want,
            ("sell", "POST"): world.sell,
            ("price", "POST"): lambda listing_id, price: world.change_price(listing_id, Decimal(str(price))),
            ("withdraw", "POST"): world.withdraw,
            ("vanish", "POST"): world.vanish,
            ("challenge", "POST"): lambda on: setattr(self._switches, "challenge", bool(on)),
            ("reset", "POST"): self._rate.reset,
        }
        pulled = [
            Route(f"{ADMIN}{name}", _pull(lever), methods=[method])
            for (name, method), lever in levers.items()
        ]
        return [Route(f"{ADMIN}stats", self.stats), Route(f"{ADMIN}users", self.users), *pulled]

    async def stats(self, request: Request) -> Response:
        """What was asked so far: requests, those over the window, the share of the rate used, faults."""
        rate = self._rate
        return JSONResponse(
            {
                **asdict(rate.log),
                "limit": rate.limit,
                "anonymous_limit": rate.anonymous_limit,
                "window": rate.window,
                "rate_used": rate.rate_used(),
                "faults": dict(self._faults.counts) if self._faults else {},
            }
        )

    async def users(self, request: Request) -> Response:
        """The collectors with their tokens and the true sizes of their lists."""
        return JSONResponse(
            [
                {
                    "user": account.name,
                    "token": token_of(account.name),
                    "collection": len(account.items),
                    "wantlist": len(account.wants),
                    "private_collection": account.private_collection,
                    "private_wantlist": account.private_wantlist,
                }
                for account in self._world.collectors
            ]
        )


def _pull(lever: Callable[..., Any]) -> Callable[[Request], Any]:
    async def pulled(request: Request) -> Response:
        try:
            given = json.loads(await request.body() or b"{}")
            return JSONResponse({"result": lever(**given)})
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise HTTPException(422, f"The lever does not fit: {error}") from error

    return pulled
