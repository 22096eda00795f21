"""Computed pages: a few at once for a person; more wait their turn, in no thread, and then are refused."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from anyio import create_task_group, fail_after
from anyio.lowlevel import checkpoint
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from tests.web.asgi import Sent, alone
from tests.web.every_route import filled_in, route_objects
from tests.web.people import ANOTHER, OWNER, HostedInstance

from discogs_assistant.errors import TooOftenError
from discogs_assistant.model.ids import OwnerId
from discogs_assistant.web.app import create_app
from discogs_assistant.web.middleware.concurrency import Turns

COMPUTED = {
    *("/api/releases/{id}", "/api/search", "/api/users/{user}/like/{id}", "/api/users/{user}/taste"),
    *("/api/users/{user}/recommendations.csv", "/api/users/{user}/recommendations.atom"),
    *("/api/runs/{run}/what-if", "/carts/{run}", "/carts/{run}.csv", "/carts/{run}/cart/{place}"),
    *("/carts/{run}/print", "/carts/{run}/text", "/carts/{run}/plan", "/carts/{run}/plan/print"),
    *("/carts/{run}/plan.csv", "/carts/{run}/plan.json", "/carts/checks/{run}"),
    *("/feed/{secret}/recommendations.atom", "/recommendations", "/recommendations.csv"),
    *("/recommendations.atom", "/recommendations/like/{id}", "/taste", "/shop", "/shop/count"),
    *("/sellers", "/market", "/search", "/search/suggestions", "/release/{id}", "/release/{id}/why"),
    *("/artist/{id}", "/label/{id}", "/master/{id}", "/profile/export"),
}
LIGHT = {
    *("/", "/about", "/static/{name}", "/health", "/ready", "/metrics", "/api/openapi.json"),
    *("/api/operator", "/operator", "/operator/now", "/api/runs/{run}", "/api/runs/{run}/result"),
    *("/api/runs/{run}/events", "/runs/{run}", "/runs/{run}/progress", "/runs/{run}/log"),
    *("/runs/{run}/next", "/runs/{run}/stream", "/profile", "/profile/delete", "/profile/forget"),
    *("/settings", "/settings/tokens", "/shipping", "/start/made-up", "/sign-in", "/sign-in/back"),
    *("/sign-in/consent", "/plans/{run}"),
}
ONE, TWO = OwnerId(1), OwnerId(2)
SOON = 30.0


def takes_turns(dependant: Dependant) -> bool:
    return getattr(dependant.call, "__name__", "") == "turn" or any(map(takes_turns, dependant.dependencies))


def test_each_page_that_computes_takes_its_turn(hosted_instance: HostedInstance) -> None:
    read = [
        route for route in route_objects(hosted_instance.instance.program().app) if "GET" in route.methods
    ]
    computed = {route.path for route in read if isinstance(route, APIRoute) and takes_turns(route.dependant)}
    assert computed == COMPUTED
    assert {route.path for route in read} - computed == LIGHT


def test_a_person_gets_so_many_places_and_others_theirs() -> None:
    async def work() -> str:
        turns = Turns(patience=0.05)
        async with AsyncExitStack() as held:
            for _ in range(2):
                await held.enter_async_context(turns.turn(ONE, 2))
            await held.enter_async_context(turns.turn(TWO, 2))
            with pytest.raises(TooOftenError) as refused:
                await held.enter_async_context(turns.turn(ONE, 2))
        async with turns.turn(ONE, 2):
            return str(refused.value)

    assert "being computed" in alone(work)


def test_who_waits_gets_the_place_that_becomes_free() -> None:
    async def work() -> list[int]:
        turns, order, held = Turns(), [], AsyncExitStack()

        async def ask(number: int) -> None:
            async with turns.turn(ONE, 1):
                order.append(number)

        await held.enter_async_context(turns.turn(ONE, 1))
        with fail_after(SOON):
            async with create_task_group() as tasks:
                for number in range(5):
                    tasks.start_soon(ask, number)
                    await checkpoint()
                assert order == []
                await held.aclose()
        return order

    assert alone(work) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("path", ["/carts/{run}/plan", "/taste", "/api/runs/{run}/what-if"])
def test_who_asks_for_too_much_at_once_gets_an_error(hosted_instance: HostedInstance, path: str) -> None:
    app = create_app(hosted_instance.instance.ctx, hosted_instance.instance.queue)
    app.state.site = replace(app.state.site, turns=Turns(patience=0.05))
    headers = {"Cookie": f"session={hosted_instance.session(OWNER)}"}

    async def work() -> tuple[Sent, Sent]:
        address, most = (
            filled_in(path, hosted_instance.ids),
            hosted_instance.instance.settings.computations_at_once,
        )
        async with AsyncExitStack() as held:
            for _ in range(most):
                await held.enter_async_context(app.state.site.turns.turn(hosted_instance.owners[OWNER], most))
            refused = await Sent(app, "GET", address, headers).ask()
        return refused, await Sent(app, "GET", address, headers).ask()

    refused, answered = alone(work)
    assert refused.status == 429
    assert "Too many of your pages" in refused.text
    assert refused.answer_headers["retry-after"] == "1"
    assert answered.status == 200


def test_sixty_that_wait_hold_no_thread(hosted_instance: HostedInstance) -> None:
    """Forty threads answer requests: were one of them waited in, another person's page would wait too."""
    app = create_app(hosted_instance.instance.ctx, hosted_instance.instance.queue)
    app.state.site = replace(app.state.site, turns=Turns(patience=SOON))
    mine, theirs = ({"Cookie": f"session={hosted_instance.session(role)}"} for role in (OWNER, ANOTHER))
    address = filled_in("/carts/{run}/plan", hosted_instance.ids)

    async def work() -> tuple[int, list[int]]:
        most = hosted_instance.instance.settings.computations_at_once
        asked = [Sent(app, "GET", address, mine) for _ in range(60)]
        async with create_task_group() as tasks, AsyncExitStack() as held:
            for _ in range(most):
                await held.enter_async_context(app.state.site.turns.turn(hosted_instance.owners[OWNER], most))
            for request in asked:
                tasks.start_soon(request.ask)
            with fail_after(SOON / 2):
                other = await Sent(app, "GET", "/taste", theirs).ask()
            assert not any(request.begun.is_set() for request in asked)
        return other.status, [request.status for request in asked]

    assert alone(work) == (200, [200] * 60)
