"""The web application: pages, JSON API and guard put together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from discogs_assistant.config import VERSION
from discogs_assistant.model.ids import UserName
from discogs_assistant.pipelines.runtime.caches import ShortCache
from discogs_assistant.pipelines.runtime.context import Context
from discogs_assistant.pipelines.runtime.registry import Registry
from discogs_assistant.pipelines.runtime.runs import RunQueue
from discogs_assistant.web import error_pages
from discogs_assistant.web.accounts import api_tokens_page, sign_in_page
from discogs_assistant.web.api import (
    catalogue,
    health,
    operator,
    requests,
    runs,
    users,
)
from discogs_assistant.web.assets import Assets
from discogs_assistant.web.carts import (
    carts_page,
    plan_page,
    purchases_page,
    shop_page,
)
from discogs_assistant.web.catalogue import discography_pages, release_page, search_page
from discogs_assistant.web.guard import Guard, Policy
from discogs_assistant.web.market import market_page, sellers_page, shipping_page
from discogs_assistant.web.middleware.request_timing import Measured
from discogs_assistant.web.operations import about_page, demo_page, metrics, operator_page, settings_page
from discogs_assistant.web.profiles import home_page, profile_page
from discogs_assistant.web.recommendations import feed_page, recommendations_page, similar_page, taste_page
from discogs_assistant.web.rendering import Templates
from discogs_assistant.web.route_limits import reads_files
from discogs_assistant.web.runs import new_run_page, run_page
from discogs_assistant.web.site import Site, TryOut

_PAGES = (
    home_page,
    demo_page,
    profile_page,
    recommendations_page,
    feed_page,
    similar_page,
    taste_page,
    market_page,
    shop_page,
    purchases_page,
    plan_page,
    shipping_page,
    sellers_page,
    carts_page,
    run_page,
    search_page,
    release_page,
    discography_pages,
    settings_page,
    api_tokens_page,
    sign_in_page,
    operator_page,
    about_page,
)
_API = (
    runs,
    users,
    catalogue,
    operator,
    health,
    metrics,
)


def create_app(
    ctx: Context,
    queue: RunQueue,
    *,
    demo_users: Sequence[UserName] = (),
    demo_sellers: Sequence[str] = (),
    poll: float = 1.0,
    try_out: TryOut | None = None,
) -> FastAPI:
    """The application; where it is the made-up world, `demo_users` are its collectors to try, and
    `demo_sellers` their favourites to begin with.

    `poll` is the time in seconds between two looks at a run that somebody watches; `try_out` begins a server
    of the made-up world where this is none.
    """
    app = FastAPI(
        title=ctx.settings.app_name,
        version=VERSION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    assets = Assets()
    templates = Templates(ctx.settings, assets, made_up=bool(demo_users))
    app.state.templates = templates
    demo = tuple(demo_users), tuple(demo_sellers)
    app.state.site = Site(
        ctx,
        queue,
        templates,
        ShortCache(ctx.clock.now),
        *demo,
        poll=poll,
        try_out=None if ctx.settings.hosted else try_out,
    )
    app.state.metrics = metrics.registry_of(app.state.site)
    error_pages.install(app)
    _route(app, assets, ctx.kinds)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(Guard, policy=Policy.of(ctx.settings), takes_files=_takes_files)
    app.add_middleware(Measured, registry=app.state.metrics, spans=ctx.process.spans)
    return app


@cache
def _routes(kinds: Registry) -> tuple[BaseRoute, ...]:
    """All state but the assets'; what the first requests prepare of them serves each later application.

    Overrides of dependencies, which are an application's own, do not reach them.
    """
    every = APIRouter()
    every.include_router(requests.router_of(kinds))
    every.include_router(new_run_page.router_of(kinds))
    for module in (*_API, *_PAGES):
        every.include_router(module.router)
    return tuple(every.routes)


@cache
def _upload_routes() -> tuple[BaseRoute, ...]:
    routes = (route for module in (*_API, *_PAGES) for route in module.router.routes)
    return tuple(filter(reads_files, routes))


def _takes_files(scope: Scope) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in _upload_routes())


def _route(app: FastAPI, assets: Assets, kinds: Registry) -> None:
    app.router.routes.extend(_routes(kinds))

    async def asset(request: Request) -> Response:
        return assets.answer(request)

    app.add_route("/static/{name}", asset)
