"""Controls of the sandbox itself, for this machine only: changes to the world, the request log, switches."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from discogs_sandbox.faults import Faults, PolicyFaults
from discogs_sandbox.middleware import ADMIN
from discogs_sandbox.pages.sell_pages import Switches
from discogs_sandbox.rate_limit import SlidingWindow
from discogs_sandbox.world.ageing import pass_hours
from discogs_sandbox.world.world import NotFoundError, World, token_of


class Admin:
    """Routes below /_sandbox/."""

    def __init__(
        self,
        world: World,
        rate: SlidingWindow,
        faults: Faults | None,
        policy_faults: PolicyFaults,
        switches: Switches,
    ) -> None:
        self._world = world
        self._rate = rate
        self._faults = faults
        self._policy_faults = policy_faults
        self._switches = switches

    def routes(self) -> list[Route]:
        """Two reports, and an action for each change; an action takes its arguments as a JSON object."""
        world = self._world
        actions: dict[tuple[str, str], Callable[..., Any]] = {
            ("collection", "POST"): lambda user, release_id: world.add_item(user, release_id).instance,
            ("collection", "DELETE"): world.remove_item,
            ("wants", "POST"): lambda user, release_id: world.add_want(user, release_id).release,
            ("wants", "DELETE"): world.remove_want,
            ("sell", "POST"): world.sell,
            ("price", "POST"): lambda listing_id, price: world.change_price(listing_id, Decimal(str(price))),
            ("withdraw", "POST"): world.withdraw,
            ("vanish", "POST"): world.vanish,
            ("hours", "POST"): lambda hours: asdict(pass_hours(world, int(hours))),
            ("challenge", "POST"): lambda on: setattr(self._switches, "challenge", bool(on)),
            ("policies", "POST"): lambda failing: self._policy_faults.set_share(float(failing)),
            ("reset", "POST"): self._rate.reset,
        }
        changes = [
            Route(f"{ADMIN}{name}", _endpoint(action), methods=[method])
            for (name, method), action in actions.items()
        ]
        return [Route(f"{ADMIN}stats", self.stats), Route(f"{ADMIN}users", self.users), *changes]

    async def stats(self, request: Request) -> Response:
        """The requests so far, those over the window, the share of the rate used, and faults."""
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
        """The collectors with their tokens, the true sizes of their lists, and their orders."""
        orders: dict[str, list[str]] = defaultdict(list)
        for order in self._world.orders.values():
            orders[order.buyer].append(order.number)
        return JSONResponse(
            [
                {
                    "user": account.name,
                    "token": token_of(account.name),
                    "collection": len(account.items),
                    "wantlist": len(account.wants),
                    "private_collection": account.private_collection,
                    "private_wantlist": account.private_wantlist,
                    "orders": orders[account.name],
                }
                for account in self._world.collectors
            ]
        )


def _endpoint(action: Callable[..., Any]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            arguments = json.loads(await request.body() or b"{}")
            return JSONResponse({"result": action(**arguments)})
        except NotFoundError as error:
            raise HTTPException(404, str(error)) from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise HTTPException(422, f"The arguments are not valid: {error}") from error

    return endpoint
